/*
 * callgrind_graph.h - what a callgrind file holds: functions, what each costs itself, and who calls
 * whom, how often, and at what cost; and the stacks that can be made of that.
 *
 * A call graph does not say by which way a function was reached, so stacks are estimated, by one
 * rule: what arrives at a function, a stack and so many units of cost, is shared among what the
 * function costs itself and its calls, in proportion to what is left of each. All is done in whole
 * units, and what is left when the last arrival comes is what it brings; so the costs of functions,
 * calls and totals come out exact, whatever the stacks are. Where there is only one way to each
 * function, they are exact as well. To keep stacks from multiplying at every fork, an arrival that
 * is worth little goes by one way, the next of those that something is left of, instead of being
 * shared among all.
 *
 * Callers come before callees. Functions that call each other in a cycle are worked off by a queue;
 * what has not left the cycle after many turns goes under a frame "[...]", followed by the function
 * that has the cost.
 */
#ifndef PP_VALGRIND_CALLGRIND_GRAPH_H
#define PP_VALGRIND_CALLGRIND_GRAPH_H

#include "formats/format.h"

/* A function. Release nothing: all arrays are the graph's. */
struct pp_cg_node {
    pp_id shown; /* what is one function to a user: its levels of recursion share it */
};

/* What a function costs itself at one place, or what its calls of another cost there. */
struct pp_cg_cost {
    pp_id node, frame;
    pp_id callee;       /* the node called; of what is not a call PP_CG_SELF */
    pp_id callee_frame; /* where the callee begins */
    int64_t calls;      /* how often */
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
    pp_id *order; /* nodes, callers first, those of a component together */
};

/* The index of the node or cost that was added; the values of a cost are zero. */
pp_id pp_cg_node(struct pp_cg *g, pp_id shown);
pp_id pp_cg_cost(struct pp_cg *g, struct pp_cg_cost cost);

static inline int64_t *pp_cg_values(const struct pp_cg *g, size_t cost)
{
    return g->values + cost * g->nevents;
}

/* Fills `component` and `order`. */
void pp_cg_order(struct pp_cg *g);

/* How sure the stacks will be. */
struct pp_cg_doubt {
    int64_t certain, total; /* of the first event: what has one possible path, and all */
    size_t cyclic;          /* functions in cycles, levels of recursion being one */
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
 * Makes the stacks of the graph, whose values and calls are used up. `*lost` is what calls cost
 * beyond what was called, of the first event, which is in no stack.
 */
bool pp_cg_stacks(struct pp_cg *g, const struct pp_cg_target *to, int64_t *lost);

void pp_cg_release(struct pp_cg *g);

#endif
