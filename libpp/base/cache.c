#include "base/cache.h"

#include <stdlib.h>

#include "base/memory.h"

enum { FIRST_PLACES = 64, MAX_PLACES = 1 << 19 };

static void put(struct pp_cache *c, const struct pp_cached *entry)
{
    size_t first = entry->key.a & (c->count - 1), i = first;
    if (c->places[i].depth && !pp_cached_is(&c->places[i], entry->key))
        i ^= 1;
    if (c->places[i].depth && !pp_cached_is(&c->places[i], entry->key))
        i = first;
    c->used += !c->places[i].depth;
    c->places[i] = *entry;
}

static void grow(struct pp_cache *c)
{
    struct pp_cache old = *c;
    c->count = old.count ? old.count * 2 : FIRST_PLACES;
    c->used = 0;
    c->places = pp_calloc(c->count, sizeof *c->places);
    for (size_t i = 0; i < old.count; i++)
        if (old.places[i].depth)
            put(c, &old.places[i]);
    free(old.places);
}

void pp_cache_add(struct pp_cache *c, struct pp_cached entry)
{
    if (c->used >= c->count / 2 && c->count < MAX_PLACES)
        grow(c);
    put(c, &entry);
}
