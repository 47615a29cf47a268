/* subtract.h - one profile minus another, as in pprof's -base, -diff_base and -normalize. */
#ifndef PP_TRANSFORM_SUBTRACT_H
#define PP_TRANSFORM_SUBTRACT_H

#include "model/profile.h"

/*
 * Adds the samples of `before` to `*after` with the opposite sign. Only common columns remain. With
 * `mark`, they get the label pprof::base=true, so that nothing cancels and pprof can distinguish
 * them; otherwise equal stacks cancel, and samples with only zeros are dropped. Addresses are
 * aligned as in transform/combine.h, so that two runs of a program match. Replaces `*after`, and
 * changes `before`. False if the sums overflow or there are no common columns; `*why` says so, and
 * `*after` must still be freed.
 */
bool pp_subtract(struct pp_profile **after, struct pp_profile *before, bool mark, const char **why);

/*
 * Scales each column of `p` to the sum of the column of the same type and unit in `base`, as in
 * pprof's -normalize; rounded, halves away from zero; to 0 if there is nothing to scale. False,
 * with the reason in `*why`, if a value would exceed 64 bits.
 */
bool pp_scale_to(struct pp_profile *p, const struct pp_profile *base, const char **why);

#endif
