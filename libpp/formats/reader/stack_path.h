/*
 * stack_path.h - from the frames of a stack to its node. Walking down the tree is a chain of
 * dependent lookups. A path therefore starts where it leaves the previous stack, and skips eight
 * frames at once along stretches walked before.
 */
#ifndef PP_READER_STACK_PATH_H
#define PP_READER_STACK_PATH_H

#include "model/profile.h"

enum pp_order { PP_LEAF_FIRST, PP_ROOT_FIRST };

/* Through one profile. Zero-initialise. */
struct pp_stack_path {
    pp_id *frames;            /* of the last stack, outermost first */
    struct pp_step_end *ends; /* where each of its steps led */
    size_t count, frames_cap, ends_cap;
    struct pp_step *steps; /* that were taken, each at its hash until another takes the place */
    size_t nsteps;         /* slots for them: 0, or a power of two */
};

/* The node of the stack of these `n` frames; nodes are added as needed. */
pp_id pp_stack_path_node(struct pp_stack_path *path, struct pp_profile *p, const pp_id *frames,
                         size_t n, enum pp_order order);

void pp_stack_path_release(struct pp_stack_path *path);

#endif
