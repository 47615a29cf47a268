/*
 * pairing.h - functions that are named, or divided, differently before and after.
 *
 * A function that was renamed, split or inlined is gone, and others are new or have grown. They are
 * shown as one function where the calls around them say that they are the same:
 *
 *     old -> new       renamed: the same functions call both, both call the same functions, and
 *                      both take about as much
 *     old -> a, b      split: the same is true of a and b together. Likewise "a, b -> new"
 *     f, old -> f      inlined: old is gone, and its callers took over what it took itself, and its
 *                      calls. Likewise "f -> f, new", where a part of f became a function
 *
 * Functions that are paired count as the same from then on, so a chain of renamed functions is
 * paired from its outermost on, and one function can be in several of these cases.
 */
#ifndef PP_TRANSFORM_PAIRING_H
#define PP_TRANSFORM_PAIRING_H

#include "model/sampling.h"

/*
 * Gives the functions of each pair one name, and frames that were inlined on one side to their
 * callers on the other, in a compared profile of stacks by name (compare.h); `before` and `after`
 * are its columns, `units` those of the variances of both sides (struct pp_sampling), 0 where
 * nothing is known of these. Returns how many functions were paired. The sum of each column stays
 * what it is.
 *
 * Where several pairs would do nearly as well, none is made; where chance may have moved so little,
 * nothing counts as inlined. Of more than 64 functions that one function calls no more, or newly,
 * the largest 64 are looked at.
 */
size_t pp_pair_functions(struct pp_profile *p, unsigned before, unsigned after,
                         const double units[2]);

#endif
