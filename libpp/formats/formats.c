#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "formats/format.h"

#define PP_FORMAT(name) extern const struct pp_format pp_format_##name;
#include "formats/formats.def"
#undef PP_FORMAT

const struct pp_format *const pp_formats[] = {
#define PP_FORMAT(name) &pp_format_##name,
#include "formats/formats.def"
#undef PP_FORMAT
    NULL,
};

/* --- finding ------------------------------------------------------------- */

const struct pp_format *pp_format_named(const char *name)
{
    for (const struct pp_format *const *f = pp_formats; *f; f++)
        if (strcmp((*f)->name, name) == 0)
            return *f;
    return NULL;
}

bool pp_format_has_suffix(const struct pp_format *f, struct pp_span file)
{
    for (const char *const *s = f->suffixes; s && *s; s++)
        if (pp_ends(file, *s))
            return true;
    return false;
}

const struct pp_format *pp_format_for_output(const char *file)
{
    struct pp_span name = pp_str(file);
    if (pp_ends(name, ".gz"))
        name.end -= strlen(".gz");
    for (const struct pp_format *const *f = pp_formats; *f; f++)
        if ((*f)->write && pp_format_has_suffix(*f, name))
            return *f;
    return NULL;
}

/*
 * Whether the head cannot be text: more than one in sixteen of its first bytes is a control
 * character that text does not have. Forty text formats then need not search it line by line, which
 * took longer than reading a small pprof.
 */
static bool is_binary(struct pp_span head)
{
    enum { LOOK_AT = 1024, MOST = 16 };
    size_t n = pp_len(head) < LOOK_AT ? pp_len(head) : LOOK_AT, odd = 0;
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)head.p[i];
        odd += c < ' ' && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != 0x1b;
    }
    return n == LOOK_AT && odd * MOST > n; /* searching a short one is cheap */
}

const struct pp_format *pp_format_detect(struct pp_span head, const char *file)
{
    const struct pp_format *best = NULL;
    unsigned best_bid = 0;
    bool binary = is_binary(head);
    for (const struct pp_format *const *f = pp_formats; *f; f++) {
        if (binary && !(*f)->binary && !(*f)->also_binary)
            continue;
        unsigned bid = (*f)->bid ? (*f)->bid(head) * 2 : 0;
        if (bid && pp_format_has_suffix(*f, pp_str(file)))
            bid++;
        if (bid > best_bid) {
            best = *f;
            best_bid = bid;
        }
    }
    return best;
}

const struct pp_format *pp_format_guess(struct pp_span head)
{
    for (const struct pp_format *const *f = pp_formats; *f; f++)
        if ((*f)->may_be && (*f)->may_be(head))
            return *f;
    return NULL;
}
