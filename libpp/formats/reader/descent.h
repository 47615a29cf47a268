/*
 * descent.h - from stacks to their nodes, several stacks at once. To go down the tree is a chain of
 * lookups, of which each waits for the memory of the one before. Where the stacks of an input are
 * hardly alike, that waiting is most of the work of reading it; so while one waits, the others go
 * on. path.h is for stacks that come one by one.
 */
#ifndef PP_FORMATS_DESCENT_H
#define PP_FORMATS_DESCENT_H

#include "model/profile.h"

/* So many stacks at once are enough that none has to wait for long. */
enum { PP_FLOCK = 32 };

/* One stack on its way down: set the first two, the others are for pp_descend(). */
struct pp_walk {
    const pp_id *frames; /* outermost first; none of them is 0 */
    size_t count;
    size_t depth; /* how many of them lead to `node` */
    pp_id node;   /* the result */
    pp_id child;  /* may be the next node; 0 if none is known */
};

/*
 * Finds the nodes of `n` stacks, at most PP_FLOCK; nodes are added as needed, in the order of the
 * stacks: they get the numbers that they would get one by one.
 */
void pp_descend(struct pp_profile *p, struct pp_walk *walks, size_t n);

#endif
