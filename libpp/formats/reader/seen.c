#include "formats/reader/seen.h"

#include <stdlib.h>

#include "base/memory.h"

enum { FIRST_PLACES = 64, MAX_PLACES = 1 << 19 };

static void put(struct pp_seen_texts *t, const struct pp_seen *seen)
{
    size_t first = seen->text.a & (t->count - 1), i = first;
    if (t->places[i].depth && !pp_seen_is(&t->places[i], seen->text))
        i ^= 1;
    if (t->places[i].depth && !pp_seen_is(&t->places[i], seen->text))
        i = first;
    t->used += !t->places[i].depth;
    t->places[i] = *seen;
}

static void grow(struct pp_seen_texts *t)
{
    struct pp_seen_texts old = *t;
    t->count = old.count ? old.count * 2 : FIRST_PLACES;
    t->used = 0;
    t->places = pp_calloc(t->count, sizeof *t->places);
    for (size_t i = 0; i < old.count; i++)
        if (old.places[i].depth)
            put(t, &old.places[i]);
    free(old.places);
}

void pp_seen_add(struct pp_seen_texts *t, struct pp_seen seen)
{
    if (t->used >= t->count / 2 && t->count < MAX_PLACES)
        grow(t);
    put(t, &seen);
}
