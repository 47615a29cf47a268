/*
 * renames.h - functions that are called otherwise after than before.
 *
 * A function that was renamed is gone, and a new one has come. Such a pair is taken for one
 * function if both are called by the same functions, call the same functions, and take about as
 * much. Functions that were renamed themselves count as the same once they are paired, so a chain
 * of renamed functions is paired from its outermost on.
 */
#ifndef PP_TRANSFORM_RENAMES_H
#define PP_TRANSFORM_RENAMES_H

#include "model/profile.h"

/*
 * Gives both functions of each pair the name "OLD -> NEW" in a compared profile of stacks by name
 * (compare.h); `before` and `after` are its columns. How many pairs there are. Where several would
 * do nearly as well, none is taken. Of more than 64 functions that one function calls no more, or
 * newly, the largest 64 are looked at.
 */
size_t pp_pair_renames(struct pp_profile *p, unsigned before, unsigned after);

#endif
