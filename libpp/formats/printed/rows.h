/*
 * rows.h - trees that are printed a row a node, each with its depth and what it is worth: own, or
 * with all below it. And what stands in such rows: numbers with decimals, fields of CSV.
 */
#ifndef PP_PRINTED_ROWS_H
#define PP_PRINTED_ROWS_H

#include "formats/format.h"

/* Zero-initialise all but `r`; release with pp_rows_release(). */
struct pp_rows {
    struct pp_reader *r;
    struct pp_row_open { /* the rows on the way to the last one, outermost first */
        pp_id frame;
        pp_id node;   /* of the stack of these frames, root first */
        int64_t left; /* of its total, what no row below it has taken */
    } * rows;
    size_t count, cap;
    unsigned hidden; /* outer rows that are no frames, but a thread or a total */
    /* Takes what the last row has of its own; false after failing. NULL: `total` is not used. */
    bool (*own)(struct pp_rows *t, const char *at, int64_t own);
};

/*
 * Closes the rows at `depth` and deeper, and opens one there. False after failing: also if a level
 * is skipped, as then nobody knows what the row belongs to.
 */
bool pp_rows_open(struct pp_rows *t, const char *at, size_t depth, pp_id frame, int64_t total);

/* Closes all rows from `depth` on. */
bool pp_rows_close(struct pp_rows *t, const char *at, size_t depth);

/* The last row that is open, or NULL. */
static inline const struct pp_row_open *pp_rows_last(const struct pp_rows *t)
{
    return t->count ? &t->rows[t->count - 1] : NULL;
}
void pp_rows_release(struct pp_rows *t);

/*
 * The number that `*s` begins with, "1,234.5e-3", times `unit`, rounded, halves away from zero.
 * Moves past it. False if there is none, or too large.
 */
bool pp_take_scaled(struct pp_span *s, int64_t unit, int64_t *out);

/*
 * The next field of a line of CSV, without its quotation marks; false at the end of the line. It is
 * a part of the line, or of `arena` if it holds quotation marks.
 */
bool pp_csv_field(struct pp_span *line, struct pp_arena *arena, struct pp_span *field);

/* The lines of `in`, without byte order mark. */
static inline struct pp_span pp_without_mark(struct pp_span in)
{
    in.p += pp_starts(in, "\xef\xbb\xbf") ? 3 : 0;
    return in;
}

#endif
