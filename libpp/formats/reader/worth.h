/* worth.h - whether looking for what was seen before pays. */
#ifndef PP_FORMATS_WORTH_H
#define PP_FORMATS_WORTH_H

#include <stdbool.h>
#include <stddef.h>

/* How often it was asked for, and found. Zero-initialise. */
struct pp_worth {
    size_t asked, found;
};

static inline void pp_worth_note(struct pp_worth *w, bool found)
{
    w->asked++;
    w->found += found;
}

/* After more than `enough` tries: whether less than one of `share` has found something. */
static inline bool pp_in_vain(const struct pp_worth *w, size_t enough, size_t share)
{
    return w->asked > enough && w->found < w->asked / share;
}

#endif
