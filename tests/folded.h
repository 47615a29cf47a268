/* folded.h - profiles written as text, so that tests show input and output side by side. */
#ifndef PP_TESTS_FOLDED_H
#define PP_TESTS_FOLDED_H

#include <stdlib.h>

#include "check.h"
#include "load/load.h"

/* Where messages of the profile under test go: the last one is kept, all are counted. */
struct heard {
    struct pp_diag diag;
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

/* The profile that `text` holds in `format`; NULL, with the message in `h`, if it is refused. */
static inline struct pp_profile *read_as(const char *format, struct pp_span text, struct heard *h)
{
    struct pp_load_options o = {.from = pp_format_named(format), .keep = ~(unsigned)PP_HOLDS_TIME};
    return pp_load_bytes(text, "test", &o, &h->diag);
}

/* A profile of the stacks in `text`, such as "a;b 1\na;c 2\n". */
static inline struct pp_profile *folded(const char *text)
{
    struct heard h = heard_new();
    struct pp_profile *p = read_as("folded", pp_str(text), &h);
    if (!p)
        fprintf(stderr, "folded: %s\n", h.text);
    pp_diag_release(&h.diag);
    return p;
}

/* What `format` writes of the profile, NUL-terminated; the caller frees it. */
static inline char *written_as(const char *format, const struct pp_profile *p)
{
    struct heard h = heard_new();
    struct pp_out out;
    pp_out_memory(&out, &h.diag);
    pp_format_named(format)->write(p, &out);
    pp_putc(&out, '\0');
    pp_diag_release(&h.diag);
    return out.buf;
}

static inline void check_folded(const char *file, int line, const struct pp_profile *p,
                                const char *want)
{
    char *got = p ? written_as("folded", p) : NULL;
    if (!got || strcmp(got, want) != 0) {
        fprintf(stderr, "%s:%d: wanted:\n%sgot:\n%s", file, line, want, got ? got : "nothing\n");
        check_failures++;
    }
    free(got);
}

#define CHECK_FOLDED(p, want) check_folded(__FILE__, __LINE__, p, want)

#endif
