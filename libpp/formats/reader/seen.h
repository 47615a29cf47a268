/*
 * seen.h - stacks that were read before, by a digest of the text that they were read from: so that
 * a text that comes again is not taken apart again.
 */
#ifndef PP_FORMATS_SEEN_H
#define PP_FORMATS_SEEN_H

#include "base/hash.h"
#include "base/table.h"
#include "formats/reader/worth.h"

struct pp_seen {
    struct pp_digest text;
    pp_id node;     /* of the stack */
    uint32_t depth; /* its frames; 0: nothing is known, as an empty stack needs no finding */
    uint32_t end;   /* where in the text the last of them ended: for the user of this */
    uint32_t unused;
};

/*
 * Each is at its digest or next to it, where it stays until another takes the place: there is a
 * limit to how many places there are, as hostile texts never repeat. Zero-initialise; release with
 * free(places).
 */
struct pp_seen_texts {
    struct pp_seen *places;
    size_t count, used;    /* places: 0, or a power of two */
    struct pp_worth worth; /* for the user of this to note whether asking has helped */
};

/* Whether it helps so seldom that it is not worth to make digests, and to remember what is new. */
static inline bool pp_seen_in_vain(const struct pp_seen_texts *t)
{
    return pp_in_vain(&t->worth, 1 << 12, 16);
}

/* To be asked for soon. */
static inline void pp_seen_prefetch(const struct pp_seen_texts *t, struct pp_digest text)
{
    if (t->count)
        pp_prefetch(&t->places[text.a & (t->count - 1)]);
}

static inline bool pp_seen_is(const struct pp_seen *at, struct pp_digest text)
{
    return at->text.a == text.a && at->text.b == text.b && at->depth;
}

/* NULL if it is not known. */
static inline const struct pp_seen *pp_seen_find(const struct pp_seen_texts *t,
                                                 struct pp_digest text)
{
    if (!t->count)
        return NULL;
    size_t i = text.a & (t->count - 1);
    if (pp_seen_is(&t->places[i], text))
        return &t->places[i];
    return pp_seen_is(&t->places[i ^ 1], text) ? &t->places[i ^ 1] : NULL;
}

void pp_seen_add(struct pp_seen_texts *t, struct pp_seen seen);

#endif
