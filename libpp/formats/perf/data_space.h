/*
 * data_space.h - what is mapped where in a process: ranges of addresses that do not overlap.
 *
 * A child process begins with what its parent has, and forks are many, changes few. So spaces share
 * their nodes: copying one costs nothing, and a change copies the nodes on its way, as long as
 * others use them too. Each change takes a number of steps that is logarithmic in the ranges.
 */
#ifndef PP_FORMATS_PERF_DATA_SPACE_H
#define PP_FORMATS_PERF_DATA_SPACE_H

#include <stdint.h>

/* A space without a range is all zero. */
struct pp_data_space {
    struct pp_data_range *root;
    uint64_t version; /* spaces of one version have the same ranges; 0: none */
};

/* Counts versions, for all spaces of a recording. Zero-initialise. */
struct pp_data_versions {
    uint64_t last;
};

/* Maps [start, end), which is not empty, to `map`; what lay there before is cut, or goes. */
void pp_data_space_add(struct pp_data_space *s, struct pp_data_versions *versions, uint64_t start,
                       uint64_t end, uint32_t map);

/* Takes what lies in [start, end) out. */
void pp_data_space_cut(struct pp_data_space *s, struct pp_data_versions *versions, uint64_t start,
                       uint64_t end);

/* The number that the range of `address` is mapped to; 0 if there is none. */
uint32_t pp_data_space_find(const struct pp_data_space *s, uint64_t address);

/* Calls `visit` for each range, in the order of addresses. */
void pp_data_space_walk(const struct pp_data_space *s,
                        void (*visit)(void *ctx, uint64_t start, uint64_t end, uint32_t map),
                        void *ctx);

/* Makes `*to`, which is released, the same as `from`. */
void pp_data_space_copy(struct pp_data_space *to, const struct pp_data_space *from);
void pp_data_space_release(struct pp_data_space *s);

#endif
