/* only_leaves.h - what was executed, without what has called it. */
#ifndef PP_TRANSFORM_ONLY_LEAVES_H
#define PP_TRANSFORM_ONLY_LEAVES_H

#include "model/profile.h"

/* Leaves of each stack the leaf, and the frames that it is inlined in. */
void pp_only_leaves(struct pp_profile *p);

#endif
