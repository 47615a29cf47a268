/*
 * cache.h - a cache of parsed texts, by a digest of the text, so that a text that recurs is not
 * parsed again.
 *
 * Two-way: an entry is in the slot of its digest or in the one beside it, until another replaces
 * it. The number of slots grows with the entries, up to a limit, as hostile texts never repeat.
 * Digests have 128 bits and a seed that the author of the input cannot know, so texts are not kept.
 */
#ifndef PP_BASE_CACHE_H
#define PP_BASE_CACHE_H

#include <stdbool.h>

#include "base/hash.h"
#include "base/prefetch.h"
#include "base/table.h"

struct pp_cached {
    struct pp_digest key;
    pp_id node;     /* the result, such as a stack */
    uint32_t depth; /* its number of frames, at least 1; 0: a free slot */
    uint32_t end;   /* where in the text the last frame ends, if the caller needs that */
    uint32_t unused;
};

/* How often lookups hit. Zero-initialise. */
struct pp_hit_rate {
    size_t lookups, hits;
};

/* Zero-initialise; release with free(slots). */
struct pp_cache {
    struct pp_cached *slots;
    size_t count, used;      /* slots: 0, or a power of two */
    struct pp_hit_rate rate; /* kept by the caller: several lookups of one text count once */
};

static inline void pp_hit_rate_note(struct pp_hit_rate *h, bool hit)
{
    h->lookups++;
    h->hits += hit;
}

/* True once more than `enough` lookups were made and fewer than one in `share` hit. */
static inline bool pp_hit_rate_below(const struct pp_hit_rate *h, size_t enough, size_t share)
{
    return h->lookups > enough && h->hits < h->lookups / share;
}

/* Whether the cache hits too rarely to be worth its hashing. */
static inline bool pp_cache_rarely_hits(const struct pp_cache *c)
{
    return pp_hit_rate_below(&c->rate, 1 << 12, 16);
}

/* Prefetches the slot of a digest that will be looked up soon. */
static inline void pp_cache_prefetch(const struct pp_cache *c, struct pp_digest key)
{
    if (c->count)
        pp_prefetch(&c->slots[key.a & (c->count - 1)]);
}

static inline bool pp_cached_is(const struct pp_cached *slot, struct pp_digest key)
{
    return slot->key.a == key.a && slot->key.b == key.b && slot->depth;
}

/* NULL on a miss. Valid until the next pp_cache_add(). */
static inline const struct pp_cached *pp_cache_find(const struct pp_cache *c, struct pp_digest key)
{
    if (!c->count)
        return NULL;
    size_t i = key.a & (c->count - 1);
    if (pp_cached_is(&c->slots[i], key))
        return &c->slots[i];
    return pp_cached_is(&c->slots[i ^ 1], key) ? &c->slots[i ^ 1] : NULL;
}

/* Adds an entry, whose depth is not 0, or replaces the one with its key. */
void pp_cache_add(struct pp_cache *c, struct pp_cached entry);

#endif
