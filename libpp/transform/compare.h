/* compare.h - two profiles side by side in one. */
#ifndef PP_TRANSFORM_COMPARE_H
#define PP_TRANSFORM_COMPARE_H

#include "model/profile.h"

/*
 * Merges `after` into `before`, with the columns of `before` being of side PP_BEFORE and those
 * of `after` of PP_AFTER, all of the same decimals. False if the sums overflow; `*why` says so, and
 * `before` is of no more use.
 */
bool pp_compare(struct pp_profile *before, const struct pp_profile *after, const char **why);

/*
 * Scales a column of `before` to the sum of a column of `after`. Does nothing where the sum of
 * `before` is 0. False if a value would exceed 64 bits.
 */
enum pp_normalizing {
    /* To exactly that sum: with as many decimals as there is room for, and what rounding the last
     * takes away given to those values of which it takes most. */
    PP_NORMALIZE_EXACTLY,
    /* Each value cut to a whole number of its last decimal, as difffolded.pl -n does it: of counts
     * of 1 that are scaled down nothing is left. */
    PP_NORMALIZE_CUT,
};
bool pp_normalize(struct pp_profile *before, unsigned column, const struct pp_profile *after,
                  unsigned after_column, enum pp_normalizing how);

/*
 * Multiplies a column by up / down, which are not 0, as exactly. False if a value would exceed 64
 * bits.
 */
bool pp_scale_by(struct pp_profile *p, unsigned column, int64_t up, int64_t down);

/*
 * Leaves a column so many decimals at most. Of its values as many are rounded up as make the sum
 * what it was, rounded: those of which most would be cut off.
 */
void pp_round_column(struct pp_profile *p, unsigned column, unsigned decimals);

/* Forgets labels, times and repetitions: samples of the same stack become one. */
void pp_only_stacks(struct pp_profile *p);

#endif
