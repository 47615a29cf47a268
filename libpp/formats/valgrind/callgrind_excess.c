/*
 * callgrind_excess.c - calls of a function may cost more than it does: in a truncated file, where
 * valgrind was switched on in the middle, or by two units with --cache-sim. The excess is taken
 * from the calls, in proportion to their costs, and so from the calls of their callers.
 */
#include <stdlib.h>

#include "base/memory.h"
#include "formats/valgrind/callgrind_flow.h"

/* In cycles, an excess may move round many times. */
enum { MAX_PASSES = 16 };

struct excess {
    struct pp_cg *g;
    unsigned e;      /* the event */
    int64_t *budget; /* by node: its costs; recursive calls count in none of the two */
    int64_t *in;     /* by node: the cost of calls of it */
    pp_id *first;    /* by node: its first row of `calls`; and the end */
    pp_id *calls;    /* costs by callee; made when they are needed */
};

static bool is_call(const struct pp_cg_cost *c)
{
    return c->callee != PP_CG_SELF && c->callee != c->node;
}

static int64_t *value_of(const struct excess *x, size_t cost)
{
    return &pp_cg_values(x->g, cost)[x->e];
}

static void add_up(struct excess *x)
{
    memset(x->budget, 0, x->g->nnodes * sizeof *x->budget);
    memset(x->in, 0, x->g->nnodes * sizeof *x->in);
    for (size_t i = 0; i < x->g->ncosts; i++) {
        const struct pp_cg_cost *c = &x->g->costs[i];
        if (c->callee != c->node)
            pp_cg_add_up(&x->budget[c->node], *value_of(x, i));
        if (is_call(c))
            pp_cg_add_up(&x->in[c->callee], *value_of(x, i));
    }
}

/* The sum of what calls cost too much; -1: sums do not fit. */
static int64_t sum_excess(const struct excess *x)
{
    int64_t sum = 0;
    for (size_t i = 0; i < x->g->nnodes; i++) {
        if (x->in[i] == INT64_MAX || x->budget[i] == INT64_MAX)
            return -1;
        if (x->in[i] > x->budget[i])
            pp_cg_add_up(&sum, x->in[i] - x->budget[i]);
    }
    return sum;
}

static void list_calls(struct excess *x)
{
    const struct pp_cg *g = x->g;
    x->first = pp_calloc(g->nnodes + 2, sizeof *x->first);
    x->calls = pp_calloc(g->ncosts + 1, sizeof *x->calls);
    for (size_t i = 0; i < g->ncosts; i++)
        if (is_call(&g->costs[i]))
            x->first[g->costs[i].callee + 2]++;
    for (size_t i = 2; i < g->nnodes + 2; i++)
        x->first[i] += x->first[i - 1];
    for (size_t i = 0; i < g->ncosts; i++)
        if (is_call(&g->costs[i]))
            x->calls[x->first[g->costs[i].callee + 1]++] = (pp_id)i;
}

static void take_from_calls(struct excess *x, pp_id node)
{
    int64_t all = x->in[node], excess = all - x->budget[node], before = 0, taken = 0;
    for (size_t i = x->first[node]; i < x->first[node + 1]; i++) {
        int64_t *v = value_of(x, x->calls[i]);
        before += *v;
        int64_t some = pp_cg_portion(excess, before, all) - taken;
        *v -= some;
        x->budget[x->g->costs[x->calls[i]].node] -= some;
        taken += some;
    }
    x->in[node] -= taken;
}

/* Callees come first. Returns whether there was an excess. */
static bool pass(struct excess *x)
{
    bool any = false;
    for (size_t i = x->g->nnodes; i-- > 0;) {
        pp_id node = x->g->order[i];
        if (x->in[node] <= x->budget[node])
            continue;
        take_from_calls(x, node);
        any = true;
    }
    return any;
}

int64_t pp_cg_take_excess(struct pp_cg *g)
{
    struct excess x = {.g = g};
    int64_t lost = 0;
    x.budget = pp_calloc(g->nnodes + 1, sizeof *x.budget);
    x.in = pp_calloc(g->nnodes + 1, sizeof *x.in);
    for (x.e = 0; x.e < g->nevents; x.e++) {
        add_up(&x);
        int64_t sum = sum_excess(&x);
        if (sum <= 0)
            continue;
        if (!x.first)
            list_calls(&x);
        lost = x.e ? lost : sum;
        for (int i = 0; i < MAX_PASSES && pass(&x); i++)
            ;
    }
    free(x.budget);
    free(x.in);
    free(x.first);
    free(x.calls);
    return lost;
}
