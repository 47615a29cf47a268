#include "base/cache.h"

#include <stdlib.h>

#include "base/memory.h"

enum { FIRST_SLOTS = 64, MAX_SLOTS = 1 << 19 };

static void put(struct pp_cache *c, const struct pp_cached *entry)
{
    size_t first = entry->key.a & (c->count - 1), i = first;
    if (c->slots[i].depth && !pp_cached_is(&c->slots[i], entry->key))
        i ^= 1;
    if (c->slots[i].depth && !pp_cached_is(&c->slots[i], entry->key))
        i = first;
    c->used += !c->slots[i].depth;
    c->slots[i] = *entry;
}

static void grow(struct pp_cache *c)
{
    struct pp_cache old = *c;
    c->count = old.count ? old.count * 2 : FIRST_SLOTS;
    c->used = 0;
    c->slots = pp_calloc(c->count, sizeof *c->slots);
    for (size_t i = 0; i < old.count; i++)
        if (old.slots[i].depth)
            put(c, &old.slots[i]);
    free(old.slots);
}

void pp_cache_add(struct pp_cache *c, struct pp_cached entry)
{
    if (c->used >= c->count / 2 && c->count < MAX_SLOTS)
        grow(c);
    put(c, &entry);
}
