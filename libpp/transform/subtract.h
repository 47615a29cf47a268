/* subtract.h - one profile less another, as pprof's -base and -diff_base take it. */
#ifndef PP_TRANSFORM_SUBTRACT_H
#define PP_TRANSFORM_SUBTRACT_H

#include "model/profile.h"

/*
 * Adds the samples of `before` to `after`, with the opposite sign. Only columns that both have
 * are left. With `mark`, they get the label pprof::base=true, so that nothing cancels and pprof
 * can tell them; without, equal stacks cancel, and samples of which nothing is left go. Changes
 * `before`. False if the sums overflow or there are no common columns; `*why` says so.
 */
bool pp_subtract(struct pp_profile *after, struct pp_profile *before, bool mark, const char **why);

#endif
