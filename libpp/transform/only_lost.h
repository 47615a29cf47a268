/* only_lost.h - keeps what only the first side of a comparison has. */
#ifndef PP_TRANSFORM_ONLY_LOST_H
#define PP_TRANSFORM_ONLY_LOST_H

#include "model/profile.h"

/*
 * Drops the samples of stacks that the column `after` has, themselves or as a part of others. What
 * remains has values before, and none after.
 */
void pp_only_lost(struct pp_profile *p, unsigned after);

#endif
