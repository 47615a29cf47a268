/* only_leaves.h - keeps what was executed, without its callers. */
#ifndef PP_TRANSFORM_ONLY_LEAVES_H
#define PP_TRANSFORM_ONLY_LEAVES_H

#include "model/profile.h"

/* Reduces each stack to its leaf, and the frames in which that is inlined. */
void pp_only_leaves(struct pp_profile *p);

#endif
