/*
 * callgrind_budgets.h - the costs of a call graph by function: what each costs itself, and what its
 * calls of each other function cost. Each of these is a budget that arrivals use up, and has parts:
 * the places in the code that the cost is at.
 */
#ifndef PP_VALGRIND_CALLGRIND_BUDGETS_H
#define PP_VALGRIND_CALLGRIND_BUDGETS_H

#include "formats/valgrind/callgrind_graph.h"
#include "formats/valgrind/callgrind_shares.h"

struct pp_cg_budget {
    pp_id to;         /* the node called, or PP_CG_SELF */
    pp_id first, end; /* its parts */
    bool inner;       /* to a node of the same component */
};

/* Those of a node follow each other: its own first, then calls, those within its component last. */
struct pp_cg_budgets {
    const struct pp_cg *g;
    unsigned n; /* events */
    struct pp_cg_budget *list;
    size_t count;
    pp_id *first;            /* by node, and one more: its first budget */
    pp_id *cost_of;          /* by part: its cost in the graph */
    struct pp_cg_rows parts; /* taken from by budgets */
    struct pp_cg_rows kinds; /* of budgets, taken from by nodes */
    int64_t *left;           /* by node and event */
};

/* `g` is in order, and no value of it is negative. Its values are needed no more afterwards. */
void pp_cg_budgets_init(struct pp_cg_budgets *b, const struct pp_cg *g);
void pp_cg_budgets_release(struct pp_cg_budgets *b);

/* Adds, up to INT64_MAX. */
static inline void pp_cg_add_up(int64_t *sum, int64_t v)
{
    if (__builtin_add_overflow(*sum, v, sum))
        *sum = INT64_MAX;
}

#endif
