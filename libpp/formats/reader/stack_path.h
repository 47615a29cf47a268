/*
 * stack_path.h - finds the node of a stack's frames. Walking down the tree is a chain of dependent
 * lookups. A path therefore starts where it leaves the previous stack, and skips eight frames at
 * once along stretches that it has walked before.
 */
#ifndef PP_READER_STACK_PATH_H
#define PP_READER_STACK_PATH_H

#include "model/profile.h"

enum pp_order { PP_LEAF_FIRST, PP_ROOT_FIRST };

/* A path through one profile. Zero-initialise; release with pp_stack_path_release(). */
struct pp_stack_path {
    pp_id *frames;            /* of the last stack, root first */
    struct pp_step_end *ends; /* where each of its steps led */
    size_t count, frames_cap, ends_cap;
    struct pp_step *steps; /* a cache of steps by hash */
    size_t nsteps;         /* number of slots: 0, or a power of two */
};

/* The node of the stack of these `n` frames, none of which is 0; missing nodes are added to `p`. */
pp_id pp_stack_path_node(struct pp_stack_path *path, struct pp_profile *p, const pp_id *frames,
                         size_t n, enum pp_order order);

void pp_stack_path_release(struct pp_stack_path *path);

#endif
