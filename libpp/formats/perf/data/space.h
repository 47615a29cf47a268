/*
 * space.h - the mappings of a process: ranges of addresses that do not overlap.
 *
 * A child process starts with the mappings of its parent; forks are many and changes few. Spaces
 * therefore share nodes: copying a space is free, and a change copies only the shared nodes on its
 * path. A change takes logarithmic time.
 */
#ifndef PP_FORMATS_PERF_DATA_SPACE_H
#define PP_FORMATS_PERF_DATA_SPACE_H

#include <stdint.h>

/* An empty space is all zero. */
struct pp_data_space {
    struct pp_data_range *root;
    uint64_t version; /* spaces of the same version have the same ranges; 0: none */
};

/* Counts versions, for all spaces of a recording. Zero-initialise. */
struct pp_data_versions {
    uint64_t last;
};

/* Maps [start, end), which is not empty, to `map`; ranges that overlap it are cut or removed. */
void pp_data_space_add(struct pp_data_space *s, struct pp_data_versions *versions, uint64_t start,
                       uint64_t end, uint32_t map);

/* Removes [start, end). */
void pp_data_space_cut(struct pp_data_space *s, struct pp_data_versions *versions, uint64_t start,
                       uint64_t end);

/* The map of the range that contains `address`; 0 if there is none. */
uint32_t pp_data_space_find(const struct pp_data_space *s, uint64_t address);

/* The range that was found last, as the next address is often in it. Zero-initialise. */
struct pp_data_found {
    uint64_t version, start, end;
    uint32_t map;
};

/* Finds the range that contains `address`, or the gap between ranges, which has no map. */
void pp_data_space_find_range(const struct pp_data_space *s, uint64_t address,
                              struct pp_data_found *out);

/* The same as pp_data_space_find(). */
static inline uint32_t pp_data_space_find_near(const struct pp_data_space *s,
                                               struct pp_data_found *last, uint64_t address)
{
    if (s->version != last->version || address < last->start || address >= last->end)
        pp_data_space_find_range(s, address, last);
    return last->map;
}

/* Calls `visit` for each range, in ascending order. */
void pp_data_space_walk(const struct pp_data_space *s,
                        void (*visit)(void *ctx, uint64_t start, uint64_t end, uint32_t map),
                        void *ctx);

/* Makes `*to`, whose old ranges are released, equal to `from`. */
void pp_data_space_copy(struct pp_data_space *to, const struct pp_data_space *from);
void pp_data_space_release(struct pp_data_space *s);

#endif
