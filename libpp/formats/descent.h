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

struct pp_descent {
    struct pp_table *nodes;
    struct pp_fork *forks; /* the nodes that do not follow their parents, at their hash */
    size_t mask, count;    /* the number of places, a power of two, less one; those in use */
    uint64_t seed;
};

/* Until it is released, nobody else may add nodes to the profile. */
void pp_descent_init(struct pp_descent *d, struct pp_profile *p);
void pp_descent_release(struct pp_descent *d);

/*
 * Finds the nodes of `n` stacks, at most PP_FLOCK; nodes are added as needed, in the order of the
 * stacks: they get the numbers that they would get one by one.
 */
void pp_descend(struct pp_descent *d, struct pp_walk *walks, size_t n);

#endif
