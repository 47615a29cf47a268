/* The graph of calls of both sides, in which functions that are paired are one. */
#include <stdlib.h>

#include "base/memory.h"
#include "transform/pairing_private.h"

enum { BEFORE = PP_PAIR_BEFORE, AFTER = PP_PAIR_AFTER, SIDES = PP_PAIR_SIDES };

pp_id pp_pair_edge(struct pp_pairing *g, pp_id caller, pp_id callee)
{
    size_t known = g->edges.count;
    const struct pp_pair_edge edge = {caller, callee};
    pp_id id = pp_intern(&g->edges, &edge);
    PP_GROW(g->flows, (size_t)id + 1, g->flows_cap);
    if (id >= known)
        g->flows[id] = (struct pp_pair_flow){{0}, {0}};
    return id;
}

/* Adds what a node takes, itself or with what it calls, to an edge. */
static void add(struct pp_pairing *g, pp_id caller, pp_id callee, pp_id node)
{
    pp_id edge = pp_pair_edge(g, caller, callee);
    struct pp_pair_flow *flow = &g->flows[edge];
    int64_t *const *values = callee ? g->total : g->self;
    int64_t *const *variances = callee ? g->total_variance : g->self_variance;
    for (int s = 0; s < SIDES; s++) {
        flow->value[s] += (double)values[s][node];
        if (variances[s])
            flow->variance[s] += (double)variances[s][node] * g->variance_of[s];
    }
}

/* The function of each node: that of its caller, where it is inlined. */
static void find_functions(struct pp_pairing *g)
{
    const struct pp_profile *p = g->p;
    g->of_node = pp_calloc(p->nodes.count, sizeof *g->of_node);
    for (pp_id n = 1; n < p->nodes.count; n++) {
        pp_id f = pp_frame(p, pp_node(p, n)->frame)->function;
        pp_id caller = g->of_node[pp_node(p, n)->parent];
        g->of_node[n] = g->inlined[f] && caller ? caller : pp_pair_root(g, f);
    }
}

static void find_edges(struct pp_pairing *g)
{
    const struct pp_profile *p = g->p;
    for (pp_id n = 1; n < p->nodes.count; n++) {
        pp_id f = g->of_node[n], caller = g->of_node[pp_node(p, n)->parent];
        add(g, f, 0, n);
        if (caller == f)
            continue;
        add(g, caller, f, n);
        for (int s = 0; s < SIDES; s++) {
            g->totals[s][f] += (double)g->total[s][n];
            if (g->total_variance[s])
                g->errors[s][f] += (double)g->total_variance[s][n] * g->variance_of[s];
        }
    }
}

/* Lists the edges by one of their ends. */
static void list_edges(const struct pp_pairing *g, bool by_caller, pp_id **first, pp_id **list)
{
    size_t functions = g->p->functions.count, n = g->edges.count;
    *first = pp_calloc(functions + 2, sizeof **first);
    *list = pp_calloc(n, sizeof **list);
    for (int fill = 0; fill < 2; fill++) {
        for (pp_id e = 1; e < n; e++) {
            const struct pp_pair_edge *edge = pp_row(&g->edges, e);
            pp_id f = by_caller ? edge->caller : edge->callee;
            if (fill)
                (*list)[(*first)[f + 1]++] = e;
            else
                (*first)[f + 2]++;
        }
        for (size_t f = 2; f < functions + 2 && !fill; f++)
            (*first)[f] += (*first)[f - 1];
    }
}

void pp_pair_graph_make(struct pp_pairing *g)
{
    pp_pair_graph_release(g);
    pp_table_init(&g->edges, sizeof(struct pp_pair_edge));
    PP_GROW(g->flows, 1, g->flows_cap);
    g->flows[0] = (struct pp_pair_flow){{0}, {0}};
    for (int s = 0; s < SIDES; s++) {
        g->totals[s] = pp_calloc(g->p->functions.count, sizeof *g->totals[s]);
        g->errors[s] = pp_calloc(g->p->functions.count, sizeof *g->errors[s]);
    }
    find_functions(g);
    find_edges(g);
    list_edges(g, true, &g->first_call, &g->calls);
    list_edges(g, false, &g->first_caller, &g->callers);
}

void pp_pair_graph_release(struct pp_pairing *g)
{
    pp_table_release(&g->edges);
    free(g->of_node);
    free(g->first_call);
    free(g->first_caller);
    free(g->calls);
    free(g->callers);
    g->of_node = g->first_call = g->first_caller = g->calls = g->callers = NULL;
    for (int s = 0; s < SIDES; s++) {
        free(g->totals[s]);
        free(g->errors[s]);
        g->totals[s] = g->errors[s] = NULL;
    }
}
