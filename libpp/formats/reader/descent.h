/*
 * descent.h - finds the nodes of several stacks at once. Walking down the tree is a chain of
 * dependent lookups, each waiting for memory. If the stacks of an input have little in common,
 * this latency dominates reading; so while one walk waits for memory, the others go on.
 * stack_path.h is for stacks that come one by one.
 */
#ifndef PP_FORMATS_DESCENT_H
#define PP_FORMATS_DESCENT_H

#include "model/profile.h"

/* Batch size: enough walks in flight to hide the latency of memory. */
enum { PP_WALK_BATCH = 32 };

/* The walk of one stack: set the first two, pp_descend() uses the others. */
struct pp_walk {
    const pp_id *frames; /* root first; none of them is 0 */
    size_t count;
    size_t depth; /* how many of them have led to `node` */
    pp_id node;   /* the result */
    pp_id child;  /* a candidate for the next node; 0: none */
};

/*
 * Finds the nodes of `n` stacks, at most PP_WALK_BATCH. Missing nodes are added in the order of the
 * stacks, with the same ids as if the stacks were walked one by one.
 */
void pp_descend(struct pp_profile *p, struct pp_walk *walks, size_t n);

#endif
