/*
 * cache.h - what a text stood for, by a digest of the text: so that a text that comes again is not
 * taken apart again.
 *
 * An entry is at its digest or in the slot next to it, until another takes the slot. The number of
 * slots grows with what is added, up to a limit, as hostile texts never repeat. A digest has 128
 * bits and a seed that the input's author cannot know, so that the texts are not kept.
 */
#ifndef PP_BASE_CACHE_H
#define PP_BASE_CACHE_H

#include <stdbool.h>

#include "base/hash.h"
#include "base/prefetch.h"
#include "base/table.h"

struct pp_cached {
    struct pp_digest key;
    pp_id node;     /* what the text stands for, such as a stack */
    uint32_t depth; /* how many frames that has, 1 at least; 0: the slot is free */
    uint32_t end;   /* where in the text the last of them ends, where a user needs that */
    uint32_t unused;
};

/* How often something was looked up, and found. Zero-initialise. */
struct pp_hits {
    size_t asked, found;
};

/* Zero-initialise; release with free(places). */
struct pp_cache {
    struct pp_cached *places;
    size_t count, used;  /* slots: 0, or a power of two */
    struct pp_hits hits; /* noted by the user: of several look-ups for one text, one counts */
};

static inline void pp_hits_note(struct pp_hits *h, bool found)
{
    h->asked++;
    h->found += found;
}

/* Whether, after more than `enough` look-ups, fewer than one of `share` has found something. */
static inline bool pp_hits_too_few(const struct pp_hits *h, size_t enough, size_t share)
{
    return h->asked > enough && h->found < h->asked / share;
}

/* Whether hits are so few that making digests and adding what is new costs more than it saves. */
static inline bool pp_cache_in_vain(const struct pp_cache *c)
{
    return pp_hits_too_few(&c->hits, 1 << 12, 16);
}

/* Prefetches the slot of a digest that will be looked up soon. */
static inline void pp_cache_prefetch(const struct pp_cache *c, struct pp_digest key)
{
    if (c->count)
        pp_prefetch(&c->places[key.a & (c->count - 1)]);
}

static inline bool pp_cached_is(const struct pp_cached *at, struct pp_digest key)
{
    return at->key.a == key.a && at->key.b == key.b && at->depth;
}

/* NULL if it is not there. Valid until something is added. */
static inline const struct pp_cached *pp_cache_find(const struct pp_cache *c, struct pp_digest key)
{
    if (!c->count)
        return NULL;
    size_t i = key.a & (c->count - 1);
    if (pp_cached_is(&c->places[i], key))
        return &c->places[i];
    return pp_cached_is(&c->places[i ^ 1], key) ? &c->places[i ^ 1] : NULL;
}

/* Adds an entry, whose depth is not 0, or replaces the one with its key. */
void pp_cache_add(struct pp_cache *c, struct pp_cached entry);

#endif
