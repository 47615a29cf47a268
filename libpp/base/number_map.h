/* number_map.h - a hash table from 64-bit numbers to 32-bit ones, such as from a thread to its row.
 */
#ifndef PP_BASE_NUMBER_MAP_H
#define PP_BASE_NUMBER_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pp_number_slot {
    uint64_t key;
    uint32_t value;
    bool used;
};

/*
 * Zero-initialise; release with free(slots). Hashes are seeded, so an input cannot make keys
 * collide.
 */
struct pp_number_map {
    struct pp_number_slot *slots;
    size_t count, mask;
};

/* The value of `key`, or `otherwise`. */
uint32_t pp_number_find(const struct pp_number_map *m, uint64_t key, uint32_t otherwise);

/*
 * A pointer to the value of `key`, which is added with the value `fresh` if it is new. Valid until
 * the next call.
 */
uint32_t *pp_number_at(struct pp_number_map *m, uint64_t key, uint32_t fresh);

#endif
