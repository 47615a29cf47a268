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
    pp_id name;  /* the same for all functions that a table shows in one row */
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
    pp_id *cluster;   /* by node: the same, if nodes with one name are taken for one */
    size_t ncomponents, nclusters;
    pp_id *order; /* nodes, callers first; those of a cluster, and of a component in it, are
                     consecutive */
};

/* Adds a node or a cost, and returns its index; the values of a cost are zero. */
pp_id pp_cg_node(struct pp_cg *g, struct pp_cg_node node);
pp_id pp_cg_cost(struct pp_cg *g, struct pp_cg_cost cost);

static inline int64_t *pp_cg_values(const struct pp_cg *g, size_t cost)
{
    return g->values + cost * g->nevents;
}

/* Fills `component`, `cluster` and `order`. */
void pp_cg_order(struct pp_cg *g);

/* The end of the cluster that begins at order[from]. */
static inline size_t pp_cg_cluster_end(const struct pp_cg *g, size_t from)
{
    size_t to = from;
    while (to < g->nnodes && g->cluster[g->order[to]] == g->cluster[g->order[from]])
        to++;
    return to;
}

/* How certain the stacks are. */
struct pp_cg_doubt {
    int64_t certain, total; /* of the first event: with only one possible path, and all */
    size_t cyclic;          /* functions in cycles; recursion levels count as one */
};
struct pp_cg_doubt pp_cg_doubt(const struct pp_cg *g);

/*
 * Where stacks go: the columns of the events, that of calls or -1, and the labels of samples.
 *
 * If not all of stacks is used, there are far fewer samples. For PP_USE_TOTALS, a call from f to g
 * that costs 5 is the stack f;g with 5 and the stack g with -5. So the total of f includes 5, while
 * the own cost of g, its total, and the sum of all are what they are with stacks. Only paths
 * through clusters are followed.
 */
struct pp_cg_target {
    struct pp_reader *r;
    const int *columns;
    int calls;
    pp_id labels;
    enum pp_use use;
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
