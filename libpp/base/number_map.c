#include "base/number_map.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/memory.h"

static struct pp_number_slot *slot_of(const struct pp_number_map *m, uint64_t key)
{
    size_t i = pp_mix(key ^ (uintptr_t)m, UINT64_C(0x9e3779b97f4a7c15)) & m->mask;
    while (m->slots[i].used && m->slots[i].key != key)
        i = (i + 1) & m->mask;
    return &m->slots[i];
}

uint32_t pp_number_find(const struct pp_number_map *m, uint64_t key, uint32_t otherwise)
{
    const struct pp_number_slot *slot = m->slots ? slot_of(m, key) : NULL;
    return slot && slot->used ? slot->value : otherwise;
}

/* Keeps at least a third of the slots free. */
static void grow(struct pp_number_map *m)
{
    struct pp_number_map larger = {.count = m->count, .mask = m->slots ? m->mask * 2 + 1 : 15};
    larger.slots = pp_calloc(larger.mask + 1, sizeof *larger.slots);
    struct pp_number_map old = *m;
    *m = larger; /* slots are hashed with the address of the map */
    for (size_t i = 0; old.slots && i <= old.mask; i++)
        if (old.slots[i].used)
            *slot_of(m, old.slots[i].key) = old.slots[i];
    free(old.slots);
}

uint32_t *pp_number_at(struct pp_number_map *m, uint64_t key, uint32_t fresh)
{
    if (!m->slots || m->count >= m->mask - m->mask / 3)
        grow(m);
    struct pp_number_slot *slot = slot_of(m, key);
    if (!slot->used) {
        *slot = (struct pp_number_slot){key, fresh, true};
        m->count++;
    }
    return &slot->value;
}
