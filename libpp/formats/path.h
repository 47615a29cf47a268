/*
 * path.h - from the frames of a stack to its node. To go down the tree frame by frame is a chain of
 * lookups, each of which waits for the one before. So a path begins where the last stack turned
 * off, and takes several frames in one step where it has been before.
 */
#ifndef PP_FORMATS_PATH_H
#define PP_FORMATS_PATH_H

#include "model/profile.h"

enum pp_order { PP_LEAF_FIRST, PP_ROOT_FIRST };

/* Through one profile. Zero-initialise. */
struct pp_path {
    pp_id *frames;            /* of the last stack, outermost first */
    struct pp_landing *lands; /* where each of its steps led */
    size_t count, frames_cap, lands_cap;
    struct pp_step *steps; /* that were taken, each at its hash until another takes the place */
    size_t nsteps;         /* places for them: 0, or a power of two */
};

/* The node of the stack of these `n` frames; nodes are added as needed. */
pp_id pp_path_node(struct pp_path *path, struct pp_profile *p, const pp_id *frames, size_t n,
                   enum pp_order order);

void pp_path_release(struct pp_path *path);

#endif
