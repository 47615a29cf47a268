/* only_lost.h - of a comparison, what is no more. */
#ifndef PP_TRANSFORM_ONLY_LOST_H
#define PP_TRANSFORM_ONLY_LOST_H

#include "model/profile.h"

/*
 * Drops the samples of stacks that are in the column `after`, by themselves or under others: what
 * stays was there before, and nothing of it is now.
 */
void pp_only_lost(struct pp_profile *p, unsigned after);

#endif
