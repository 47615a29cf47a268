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
 * Scales a column of `before` to the sum of a column of `after`; each value is cut to a whole
 * number of its last decimal, as difffolded.pl -n does. Does nothing where the sum of `before`
 * is 0. False, with nothing changed, if a value would exceed 64 bits.
 */
bool pp_normalize(struct pp_profile *before, unsigned column, const struct pp_profile *after,
                  unsigned after_column);

/* Forgets labels, times and repetitions: samples of the same stack become one. */
void pp_only_stacks(struct pp_profile *p);

#endif
