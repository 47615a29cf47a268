/* graft.h - puts stacks on top of other stacks, each pair once. */
#ifndef PP_TRANSFORM_GRAFT_H
#define PP_TRANSFORM_GRAFT_H

#include "model/profile.h"

/* A cache of pairs. Initialise it before use, and release it. */
struct pp_graft {
    struct pp_table pairs; /* of a root and a node */
    pp_id *images;         /* by pair: its stack */
    pp_id *path;           /* pairs that need the stack below them first */
    size_t images_cap, path_cap;
};

void pp_graft_init(struct pp_graft *g);
void pp_graft_release(struct pp_graft *g);

/*
 * The stack with the frames of the stack `root`, and those of `node` on top. For all samples
 * together, this takes as many steps as the result has nodes.
 */
pp_id pp_graft(struct pp_graft *g, struct pp_profile *p, pp_id root, pp_id node);

#endif
