/*
 * callgrind_graph.h - the contents of a callgrind file, and the stacks made of them: functions,
 * their self costs, and their calls, with count and cost.
 *
 * A call graph does not say by which path a function was reached, so stacks are estimated, by one
 * rule: an arrival at a function, which is a stack with a cost, is divided among the function's
 * self cost and its calls, in proportion to what is left of each. Costs are whole numbers, and the
 * last arrival gets exactly what is left; so the costs of functions and calls, and the totals, are
 * exact whatever the stacks are. If there is only one path to each function, the stacks are exact,
 * too. To keep stacks from multiplying at every fork, a small arrival is not divided, but takes one
 * path: the next one with something left.
 *
 * Callers are processed before callees. Functions in a cycle are processed with a queue; what has
 * not left the cycle after many rounds goes under a frame "[...]", followed by the function that
 * has the cost.
 */
#ifndef PP_VALGRIND_CALLGRIND_GRAPH_H
#define PP_VALGRIND_CALLGRIND_GRAPH_H

#include "formats/format.h"

/* A function. All arrays belong to the graph. */
struct pp_cg_node {
    pp_id shown; /* the function that users see: its recursion levels share it */
};

/* The self cost of a function at one place, or the cost of its calls of another one there. */
struct pp_cg_cost {
    pp_id node, frame;
    pp_id callee;       /* the callee's node; PP_CG_SELF if it is not a call */
    pp_id callee_frame; /* the start of the callee */
    int64_t calls;      /* number of calls */
};

#define PP_CG_SELF UINT32_MAX

/* Zero-initialise, add nodes and costs, then make stacks once. */
struct pp_cg {
    unsigned nevents;
    struct pp_cg_node *nodes;
    struct pp_cg_cost *costs;
    int64_t *values; /* costs * nevents */
    size_t nnodes, nodes_cap, ncosts, costs_cap, values_cap;

    pp_id *component; /* by node: its strongly connected component; callers have larger numbers */
    size_t ncomponents;
    pp_id *order; /* nodes, callers first; those of a component are consecutive */
};

/* Adds a node or a cost, and returns its index; the values of a cost are zero. */
pp_id pp_cg_node(struct pp_cg *g, pp_id shown);
pp_id pp_cg_cost(struct pp_cg *g, struct pp_cg_cost cost);

static inline int64_t *pp_cg_values(const struct pp_cg *g, size_t cost)
{
    return g->values + cost * g->nevents;
}

/* Fills `component` and `order`. */
void pp_cg_order(struct pp_cg *g);

/* How certain the stacks are. */
struct pp_cg_doubt {
    int64_t certain, total; /* of the first event: with only one possible path, and all */
    size_t cyclic;          /* functions in cycles; recursion levels count as one */
};
struct pp_cg_doubt pp_cg_doubt(const struct pp_cg *g);

/* Where stacks go: the columns of the events, that of calls or -1, and the labels of samples. */
struct pp_cg_target {
    struct pp_reader *r;
    const int *columns;
    int calls;
    pp_id labels;
};

/*
 * Makes the stacks of the graph, and uses up its values. `*lost` is the cost of calls beyond that
 * of the callees, in the first event, which is in no stack.
 */
bool pp_cg_stacks(struct pp_cg *g, const struct pp_cg_target *to, int64_t *lost);

void pp_cg_release(struct pp_cg *g);

/*
 * Remarks, once the stacks are made: that they are estimated, unless each has one possible path,
 * which the profile's comments say too; and that calls cost more than their callees, by `lost` as
 * pp_cg_stacks() has it, if that is more than a thousandth of the total.
 */
void pp_cg_say_doubt(struct pp_reader *r, const struct pp_cg_doubt *d);
void pp_cg_say_lost(struct pp_reader *r, const struct pp_cg_doubt *d, int64_t lost);

#endif
