/*
 * callgrind_flow.h - how costs flow through a call graph, from callers to callees, by the rule in
 * callgrind_graph.h: the parts of callgrind_stacks.c.
 *
 * Each function has budgets: one for its self cost, and one for its calls of each other function. A
 * budget has parts, the places in the code with the cost. An amount is taken from the parts one
 * after the other, so that the number of stacks does not grow with that of places.
 *
 * Functions of one name that can reach each other are a cluster: a recursive function, a cycle, or
 * functions that are shown as one. What happens in a cluster does not depend on its callers.
 * All that arrives at a member is one arrival, and its stacks begin there: they are the paths
 * through the cluster (callgrind_paths.h). Then the real arrivals are divided among the paths. So a
 * function's total is the same whether stacks are made or not.
 */
#ifndef PP_VALGRIND_CALLGRIND_FLOW_H
#define PP_VALGRIND_CALLGRIND_FLOW_H

#include "formats/valgrind/callgrind_budgets.h"
#include "formats/valgrind/callgrind_graph.h"
#include "formats/valgrind/callgrind_paths.h"

/* The depth of a stack that ends in "[...]", and is not extended. */
#define PP_CG_SQUASHED UINT32_MAX

/* A stack that arrives at a node; its values have the same index. In a cluster, it is a path. */
struct pp_cg_arrival {
    pp_id stack, entry; /* `entry`: the stack with which it entered a cycle */
    uint32_t depth, entry_depth, turns;
    pp_id next;         /* index plus one; 0: the last */
    pp_id callee_frame; /* the start of the node at which it arrives, */
    int64_t calls;      /* and the number of calls; 0 once that is added */
};

struct pp_cg_key {
    int64_t weight;
    pp_id arrival, place;
};

struct pp_cg_flow {
    struct pp_cg *g;
    const struct pp_cg_target *to;
    struct pp_profile *p;
    unsigned n;      /* number of events */
    unsigned nshown; /* the first of these go to samples */

    struct pp_cg_budgets b;
    int64_t fine, lost;

    struct pp_cg_arrival *arrivals; /* a pool */
    int64_t *values;
    size_t narrivals, arrivals_cap, values_cap;
    pp_id unused;               /* a free arrival plus one; 0: none */
    pp_id *first, *last;        /* by node: its arrivals, plus one */
    struct pp_cg_arrival *lead; /* by node: its first arrival, with `next` 1; or all 0 */

    struct pp_cg_pieces shares, places;
    struct pp_cg_key *keys;
    size_t keys_cap;
    pp_id *queue; /* of a cycle: pairs of nodes and arrivals */
    size_t queued, queue_cap;
    pp_id *rest; /* arrivals of a cycle that did not leave it */
    size_t nrest, rest_cap;
    int64_t *one;
    pp_id dots;

    bool in_cluster; /* stacks are paths */
    struct pp_cg_paths paths;
    pp_id *root; /* by node: its root among the paths, or 0 */

    uint64_t beyond; /* number of frames of stacks beyond the first DEEP of each */
    bool cut, ok;
};

static inline int64_t *pp_cg_values_of(const struct pp_cg_flow *f, size_t arrival)
{
    return f->values + arrival * f->n;
}

static inline bool pp_cg_any(const int64_t *v, unsigned n)
{
    for (unsigned e = 0; e < n; e++)
        if (v[e])
            return true;
    return false;
}

/* The frame "[...]", which stands for unknown ones. */
pp_id pp_cg_dots(struct pp_cg_flow *f);

/*
 * Lowers the costs of calls, of all events, so that no function costs less than the calls of it,
 * but for some cycles. Returns the excess of the first event.
 */
int64_t pp_cg_take_excess(struct pp_cg *g);

/* --- stacks -------------------------------------------------------------- */

/* The stack with a call at `frame`, to be extended by another frame. */
pp_id pp_cg_push(struct pp_cg_flow *f, pp_id stack, uint32_t *depth, pp_id frame);

/* Adds values of all events, and calls, to the stack with `frame` as the leaf. `values` may be
 * NULL. */
void pp_cg_add_leaf(struct pp_cg_flow *f, pp_id stack, uint32_t depth, pp_id frame,
                    const int64_t *values, int64_t calls);

/* --- arrivals ------------------------------------------------------------ */

pp_id pp_cg_new_arrival(struct pp_cg_flow *f, struct pp_cg_arrival a, const int64_t *values);
void pp_cg_free_arrival(struct pp_cg_flow *f, pp_id id);

/* Frees an arrival, whose remaining values are in no stack. */
void pp_cg_lose(struct pp_cg_flow *f, pp_id arrival);

/* Adds an arrival to the list of a node. */
void pp_cg_send(struct pp_cg_flow *f, pp_id node, struct pp_cg_arrival a, const int64_t *values);

/* Moves the arrivals at a node to f->keys, the largest first; returns their number. */
size_t pp_cg_sort_arrivals(struct pp_cg_flow *f, pp_id node);
int pp_cg_compare_keys(const void *x, const void *y);

/* Adds the calls of an arrival, if no cost has added them. */
void pp_cg_add_calls(struct pp_cg_flow *f, struct pp_cg_arrival *a);

/* Divides an arrival among the budgets of a node; what fits none stays in its values. */
void pp_cg_work_off(struct pp_cg_flow *f, pp_id node, pp_id id);

/* Takes the values of a budget from its parts, and puts these on the stack. */
void pp_cg_use_budget(struct pp_cg_flow *f, size_t budget, struct pp_cg_arrival *a,
                      const int64_t *values);

/* The cost at `part` of a budget: its self cost becomes a stack, or a call an arrival. */
void pp_cg_use_part(struct pp_cg_flow *f, const struct pp_cg_budget *b, size_t part,
                    struct pp_cg_arrival *a, const int64_t *values);

/* Adds calls of a node through which nothing went. */
void pp_cg_rest_of_calls(struct pp_cg_flow *f, pp_id node);

/* Works off all arrivals at a node that is in no cycle. */
void pp_cg_do_node(struct pp_cg_flow *f, pp_id node);

/* Works off all arrivals at the nodes order[from] up to order[to], which are whole components. */
void pp_cg_do_components(struct pp_cg_flow *f, size_t from, size_t to);

/* --- clusters ------------------------------------------------------------ */

/* Whether a call of one of these nodes is within its cluster. */
bool pp_cg_is_cluster(const struct pp_cg_flow *f, size_t from, size_t to);

/* Makes the paths through a cluster; `arrivals`, by node and event, is what arrives at each. */
void pp_cg_make_paths(struct pp_cg_flow *f, size_t from, size_t to, const int64_t *arrivals);

/* Works off all arrivals at a cluster; `sums`, by node and event, is zero before and after. */
void pp_cg_do_cluster(struct pp_cg_flow *f, size_t from, size_t to, int64_t *sums);

/* Of the calls at the end of a path, as many as correspond to `given` of `given + left`. */
int64_t pp_cg_path_calls(struct pp_cg_path_end *end, int64_t given, int64_t left);

/*
 * Adds samples from which own costs, totals and calls of functions are right, in place of stacks:
 * see pp_cg_target. `roots`, by node and event, is what arrives from outside; it is overwritten.
 * False, with nothing added, if the costs do not allow that.
 */
bool pp_cg_add_graph(struct pp_cg_flow *f, int64_t *roots);

/* Adds samples of own costs, and of the calls of each function. */
void pp_cg_add_own(struct pp_cg_flow *f);

#endif
