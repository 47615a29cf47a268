/*
 * callgrind_budgets.h - the costs of a call graph by function: its self cost, and the cost of its
 * calls of each other function. Each of these is a budget, which arrivals use up. A budget has
 * parts: the places in the code with its cost.
 */
#ifndef PP_VALGRIND_CALLGRIND_BUDGETS_H
#define PP_VALGRIND_CALLGRIND_BUDGETS_H

#include "formats/valgrind/callgrind_graph.h"
#include "formats/valgrind/callgrind_shares.h"

struct pp_cg_budget {
    pp_id to;         /* the callee, or PP_CG_SELF */
    pp_id first, end; /* range of its parts */
    bool inner;       /* the callee is in the same component, */
    bool local;       /* or in the same cluster */
};

/*
 * The budgets of a node are consecutive: its own first, then calls, with those within its component
 * last.
 */
struct pp_cg_budgets {
    const struct pp_cg *g;
    unsigned n; /* number of events */
    struct pp_cg_budget *list;
    size_t count;
    pp_id *first;            /* by node: its first budget; and the end */
    pp_id *cost_of;          /* by part: its cost in the graph */
    struct pp_cg_rows parts; /* what parts have left; their takers are budgets */
    struct pp_cg_rows kinds; /* what budgets have left; their takers are nodes */
    int64_t *left;           /* by node and event */
};

/*
 * The components of `g` are ordered, and none of its values is negative. Its values are not needed
 * afterwards.
 */
void pp_cg_budgets_init(struct pp_cg_budgets *b, const struct pp_cg *g);
void pp_cg_budgets_release(struct pp_cg_budgets *b);

/* Adds, saturating at INT64_MAX. */
static inline void pp_cg_add_up(int64_t *sum, int64_t v)
{
    if (__builtin_add_overflow(*sum, v, sum))
        *sum = INT64_MAX;
}

#endif
