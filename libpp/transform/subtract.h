/* subtract.h - one profile less another, as pprof's -base, -diff_base and -normalize have it. */
#ifndef PP_TRANSFORM_SUBTRACT_H
#define PP_TRANSFORM_SUBTRACT_H

#include "model/profile.h"

/*
 * Adds the samples of `before` to `*after`, with the opposite sign. Only columns that both have
 * are left. With `mark`, they get the label pprof::base=true, so that nothing cancels and pprof
 * can tell them; without, equal stacks cancel, and samples of which nothing is left go. Addresses
 * are aligned as by transform/combine.h, so that two runs of a program agree. Replaces `*after`,
 * and changes `before`. False if the sums overflow or there are no common columns; `*why` says so,
 * and
 * `*after` is still there to be freed.
 */
bool pp_subtract(struct pp_profile **after, struct pp_profile *before, bool mark, const char **why);

/*
 * Scales each column of `p` to the sum of that of the same type and unit in `base`, as pprof's
 * -normalize does; halves go away from zero, and to 0 where there is nothing to scale. False,
 * with `*why` saying so, if a value would exceed 64 bits.
 */
bool pp_scale_to(struct pp_profile *p, const struct pp_profile *base, const char **why);

#endif
