/*
 * profiles.h - profiles for tests, written as text, so that a test shows input and output side by
 * side; their messages; and comparisons.
 */
#ifndef PP_TESTS_UNIT_PROFILES_H
#define PP_TESTS_UNIT_PROFILES_H

#include <stdlib.h>

#include "check.h"
#include "load/load.h"

/* --- messages ------------------------------------------------------------ */

/* For tests that expect no message. */
static inline void show_message(struct pp_diag *d, const struct pp_message *m)
{
    (void)d;
    fprintf(stderr, "%s\n", m->text);
}

/* For tests that expect messages: keeps the last one; `diag` counts all. */
struct heard {
    struct pp_diag diag; /* the first member, so that `emit` can find the others */
    char text[1024];
};

static inline void hear(struct pp_diag *d, const struct pp_message *m)
{
    struct heard *h = (struct heard *)d;
    snprintf(h->text, sizeof h->text, "%s", m->text);
}

static inline struct heard heard_new(void)
{
    return (struct heard){.diag = {.emit = hear}};
}

/* --- reading ------------------------------------------------------------- */

static inline struct pp_profile *read_in_pieces(const char *format, struct pp_span text,
                                                unsigned jobs, struct pp_diag *diag)
{
    struct pp_load_options o = {.from = pp_format_named(format), .keep = ~0u, .jobs = jobs};
    o.keep &= ~(unsigned)PP_HOLDS_TIME;
    return pp_load_bytes(text, "test", &o, diag);
}

/* Reads `text` in `format`; NULL, with the message in `h`, if it is refused. */
static inline struct pp_profile *read_as(const char *format, struct pp_span text, struct heard *h)
{
    return read_in_pieces(format, text, 0, &h->diag);
}

/* Reads `text`, in `format`, in `jobs` pieces. */
static inline struct pp_profile *profile_of(const char *format, struct pp_span text, unsigned jobs)
{
    struct pp_diag diag = {.emit = show_message};
    struct pp_profile *p = read_in_pieces(format, text, jobs, &diag);
    pp_diag_release(&diag);
    CHECK(p != NULL);
    return p;
}

/* A profile of the stacks in `text`, such as "a;b 1\na;c 2\n". */
static inline struct pp_profile *folded(const char *text)
{
    return profile_of("folded", pp_str(text), 1);
}

/* --- writing ------------------------------------------------------------- */

/* `p` written in `format`, NUL-terminated; the caller frees it. `emit` gets the messages. */
static inline char *written_saying(const struct pp_profile *p, const char *format,
                                   void (*emit)(struct pp_diag *d, const struct pp_message *m))
{
    struct pp_diag diag = {.emit = emit};
    struct pp_out out;
    pp_out_memory(&out, &diag);
    CHECK(pp_format_named(format)->write(p, &out));
    pp_putc(&out, '\0');
    pp_diag_release(&diag);
    return out.buf;
}

static inline char *written(const struct pp_profile *p, const char *format)
{
    return written_saying(p, format, show_message);
}

static inline void check_written(const struct pp_profile *p, const char *format, const char *want,
                                 const char *where, int line)
{
    char *got = p ? written(p, format) : NULL;
    if (!got || strcmp(got, want) != 0) {
        fprintf(stderr, "%s:%d: got:\n%swanted:\n%s", where, line, got ? got : "nothing\n", want);
        check_failures++;
    }
    free(got);
}

#define CHECK_FOLDED(p, want) check_written(p, "folded", want, __func__, __LINE__)

/* --- comparing ----------------------------------------------------------- */

static inline bool same_rows(const struct pp_table *a, const struct pp_table *b)
{
    return a->count == b->count && memcmp(a->rows, b->rows, a->count * a->width) == 0;
}

static inline bool same_strings(const struct pp_profile *a, const struct pp_profile *b)
{
    bool same = a->strings.count == b->strings.count;
    for (size_t i = 0; same && i < a->strings.count; i++)
        same = pp_same(pp_text(a, (pp_id)i), pp_text(b, (pp_id)i));
    return same;
}

/* All tables equal, row by row and id by id; all columns equal. */
static inline bool same_profile(const struct pp_profile *a, const struct pp_profile *b)
{
    bool same = same_strings(a, b) && same_rows(&a->mappings, &b->mappings) &&
                same_rows(&a->functions, &b->functions) && same_rows(&a->frames, &b->frames) &&
                same_rows(&a->nodes, &b->nodes) && same_rows(&a->labels, &b->labels) &&
                same_rows(&a->samples, &b->samples) && a->ncolumns == b->ncolumns;
    for (unsigned c = 0; same && c < a->ncolumns; c++) {
        const struct pp_column *x = &a->columns[c], *y = &b->columns[c];
        same = x->type == y->type && x->unit == y->unit && x->side == y->side &&
               x->decimals == y->decimals && x->weight == y->weight &&
               memcmp(x->values, y->values, a->samples.count * sizeof *x->values) == 0;
    }
    return same;
}

#endif
