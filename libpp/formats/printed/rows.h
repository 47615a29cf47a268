/*
 * rows.h - trees printed with one node a row, each with its depth and its value, self or total.
 * Also parses what such rows contain: numbers with decimals, and fields of CSV.
 */
#ifndef PP_PRINTED_ROWS_H
#define PP_PRINTED_ROWS_H

#include "formats/printed/stack_lines.h"

/* Zero-initialise all but `r`; release with pp_rows_release(). */
struct pp_rows {
    struct pp_reader *r;
    struct pp_row_open { /* the rows that lead to the last one, root first */
        pp_id frame;
        pp_id node;   /* of the stack of these frames, root first */
        int64_t left; /* its total minus those of the rows directly below it so far */
    } * rows;
    size_t count, cap;
    unsigned hidden; /* outer rows that are not frames, but a thread or a total */
    /*
     * Adds the self value of the row that was last; false after failing. NULL: `total` is not used.
     */
    bool (*own)(struct pp_rows *t, const char *at, int64_t own);
};

/*
 * Closes the rows at `depth` and deeper, and opens one there. False after failing, also if a level
 * is skipped, as the row then has no parent.
 */
bool pp_rows_open(struct pp_rows *t, const char *at, size_t depth, pp_id frame, int64_t total);

/* Closes all rows from `depth` on. */
bool pp_rows_close(struct pp_rows *t, const char *at, size_t depth);

/*
 * For own() of trees of samples that were taken `every` nanoseconds: adds `own` samples of the last
 * row with `labels` to column 0, and the time they stand for to column 1, unless `every` is 0.
 */
bool pp_rows_add_samples(struct pp_rows *t, const char *at, int64_t own, pp_id labels,
                         int64_t every);

/* The innermost open row, or NULL. */
static inline const struct pp_row_open *pp_rows_last(const struct pp_rows *t)
{
    return t->count ? &t->rows[t->count - 1] : NULL;
}
void pp_rows_release(struct pp_rows *t);

/*
 * The state of a format whose lines are those of stack_lines.h and whose rows make a tree; its
 * struct pp_format has PP_ROWS_FORMAT. on_line() closes the rows at the end.
 */
struct pp_row_lines {
    struct pp_stack_lines s;
    struct pp_rows rows;
};
bool pp_rows_read(struct pp_reader *r, struct pp_span in,
                  bool (*own)(struct pp_rows *t, const char *at, int64_t own),
                  bool (*on_line)(struct pp_stack_lines *s));
void pp_rows_release_state(struct pp_reader *r);

#define PP_ROWS_FORMAT(state) PP_STACK_FORMAT_END(state, pp_rows_release_state)

/*
 * Takes the number at the start of `*s`, such as "1,234.5e-3", times `unit`, rounded, halves away
 * from zero. False if there is none, or it is too large.
 */
bool pp_take_scaled(struct pp_span *s, int64_t unit, int64_t *out);

/*
 * Takes the next field of a line of CSV, without its quotation marks; false at the end of the line.
 * It lies in the line, or in `arena` if it contains quotation marks.
 */
bool pp_csv_field(struct pp_span *line, struct pp_arena *arena, struct pp_span *field);

/* The lines of `in` without a byte order mark. */
static inline struct pp_span pp_without_mark(struct pp_span in)
{
    in.p += pp_starts(in, "\xef\xbb\xbf") ? 3 : 0;
    return in;
}

#endif
