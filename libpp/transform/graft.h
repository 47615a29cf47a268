/* graft.h - stacks put on top of other stacks, each pair of the two once. */
#ifndef PP_TRANSFORM_GRAFT_H
#define PP_TRANSFORM_GRAFT_H

#include "model/profile.h"

/* What was grafted before. Must be initialised before use, and released after it. */
struct pp_graft {
    struct pp_table pairs; /* of a root and a node */
    pp_id *images;         /* for each pair, where it went */
    pp_id *path;           /* the pairs that wait for what is under them */
    size_t images_cap, path_cap;
};

void pp_graft_init(struct pp_graft *g);
void pp_graft_release(struct pp_graft *g);

/*
 * The stack that has the frames of the stack `root` and on top of them those of `node`. Asked
 * for all samples, this takes as long as the result has nodes.
 */
pp_id pp_graft(struct pp_graft *g, struct pp_profile *p, pp_id root, pp_id node);

#endif
