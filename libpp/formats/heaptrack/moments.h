/*
 * moments.h - the time line of a recording of heaptrack: the live blocks at some moments, which
 * become the dumps of a series.
 */
#ifndef PP_HEAPTRACK_MOMENTS_H
#define PP_HEAPTRACK_MOMENTS_H

#include "formats/heaptrack/blocks.h"

/* The live blocks of each kind at one time. */
struct pp_heaptrack_moment {
    uint64_t time; /* ms */
    struct pp_heaptrack_live {
        size_t kind;
        int64_t count;
    } * live;
    size_t count;
};

/*
 * Moments, evenly spread over the recorded times: at most 128, as a recording has 100 a second.
 * Zero-initialise, and release.
 */
struct pp_heaptrack_moments {
    struct pp_heaptrack_moment *list;
    size_t count, cap;
    uint64_t times, step; /* recorded times; one of `step` of them is kept */
};

/* The recording has a time here, which may become a moment; the last one always does. */
void pp_heaptrack_moment(struct pp_heaptrack_moments *m, const struct pp_heaptrack_blocks *b,
                         uint64_t time, bool last);

void pp_heaptrack_moments_release(struct pp_heaptrack_moments *m);

#endif
