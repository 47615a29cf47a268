/* compare.h - joins two profiles side by side in one. */
#ifndef PP_TRANSFORM_COMPARE_H
#define PP_TRANSFORM_COMPARE_H

#include "model/profile.h"

/*
 * Merges `after` into `before`, where the columns of `before` get the side PP_BEFORE and those of
 * `after` PP_AFTER, with the same decimals. False if the sums overflow; `*why` says so, and
 * `before` can then only be freed.
 */
bool pp_compare(struct pp_profile *before, const struct pp_profile *after, const char **why);

/*
 * Scales a column of `before` to the sum of a column of `after`. Does nothing if the sum of
 * `before` is 0. False if a value would exceed 64 bits.
 */
enum pp_normalizing {
    /*
     * To exactly that sum: with as many decimals as fit, and what truncation loses given to the
     * values that lost most.
     */
    PP_NORMALIZE_EXACTLY,
    /*
     * Each value is truncated to a whole number of its last decimal, as in difffolded.pl -n: counts
     * of 1 that are scaled down vanish.
     */
    PP_NORMALIZE_CUT,
};
bool pp_normalize(struct pp_profile *before, unsigned column, const struct pp_profile *after,
                  unsigned after_column, enum pp_normalizing how);

/*
 * Multiplies a column by up / down, neither of which is 0, just as exactly. False if a value would
 * exceed 64 bits.
 */
bool pp_scale_by(struct pp_profile *p, unsigned column, int64_t up, int64_t down);

/*
 * Reduces a column to at most this many decimals. Its sum is rounded, and values are rounded up or
 * down to match it: those that would lose most are rounded up.
 */
void pp_round_column(struct pp_profile *p, unsigned column, unsigned decimals);

/* Removes labels, times and copy numbers: samples of the same stack become one. */
void pp_only_stacks(struct pp_profile *p);

/*
 * The same, but labels stay that mean the same in another recording: all but those of processes,
 * threads and runs, pid, tid and PP_RUN_LABEL (model/runs.h).
 */
void pp_only_labelled_stacks(struct pp_profile *p);

#endif
