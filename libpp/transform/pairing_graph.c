/* The graph of calls of both sides, in which functions that are paired are one. */
#include <stdlib.h>
#include <string.h>

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
static void add(struct pp_pairing *g, pp_id edge, bool itself, pp_id node)
{
    struct pp_pair_flow *flow = &g->flows[edge];
    int64_t *const *values = itself ? g->self : g->total;
    int64_t *const *variances = itself ? g->self_variance : g->total_variance;
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
    for (pp_id n = 1; n < p->nodes.count; n++) {
        pp_id f = pp_frame(p, pp_node(p, n)->frame)->function;
        pp_id caller = g->of_node[pp_node(p, n)->parent];
        g->of_node[n] = g->inlined[f] && caller ? caller : pp_pair_root(g, f);
    }
}

/* The edge of a node's call, which is looked up only if it is another one than last time. */
static pp_id edge_of(struct pp_pairing *g, pp_id node, pp_id caller)
{
    const struct pp_pair_edge *last = pp_row(&g->edges, g->edge_of_node[node]);
    if (last->caller != caller || last->callee != g->of_node[node])
        g->edge_of_node[node] = pp_pair_edge(g, caller, g->of_node[node]);
    return g->edge_of_node[node];
}

static void add_total(struct pp_pairing *g, pp_id f, pp_id node)
{
    for (int s = 0; s < SIDES; s++) {
        g->totals[s][f] += (double)g->total[s][node];
        if (g->total_variance[s])
            g->errors[s][f] += (double)g->total_variance[s][node] * g->variance_of[s];
    }
}

static void find_edges(struct pp_pairing *g)
{
    const struct pp_profile *p = g->p;
    pp_id *own = pp_calloc(p->functions.count, sizeof *own);
    for (pp_id n = 1; n < p->nodes.count; n++) {
        pp_id f = g->of_node[n], caller = g->of_node[pp_node(p, n)->parent];
        if (!own[f])
            own[f] = pp_pair_edge(g, f, 0);
        add(g, own[f], true, n);
        if (caller == f)
            continue;
        add(g, edge_of(g, n, caller), false, n);
        add_total(g, f, n);
    }
    free(own);
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

void pp_pair_graph_init(struct pp_pairing *g)
{
    size_t functions = g->p->functions.count;
    pp_table_init(&g->edges, sizeof(struct pp_pair_edge));
    PP_GROW(g->flows, 1, g->flows_cap);
    g->of_node = pp_calloc(g->p->nodes.count, sizeof *g->of_node);
    g->edge_of_node = pp_calloc(g->p->nodes.count, sizeof *g->edge_of_node);
    for (int s = 0; s < SIDES; s++) {
        g->totals[s] = pp_calloc(functions, sizeof *g->totals[s]);
        g->errors[s] = pp_calloc(functions, sizeof *g->errors[s]);
    }
}

static void release_lists(struct pp_pairing *g)
{
    free(g->first_call);
    free(g->first_caller);
    free(g->calls);
    free(g->callers);
    g->first_call = g->first_caller = g->calls = g->callers = NULL;
}

void pp_pair_graph_make(struct pp_pairing *g)
{
    size_t functions = g->p->functions.count;
    release_lists(g);
    for (int s = 0; s < SIDES; s++) {
        memset(g->totals[s], 0, functions * sizeof *g->totals[s]);
        memset(g->errors[s], 0, functions * sizeof *g->errors[s]);
    }
    memset(g->flows, 0, g->edges.count * sizeof *g->flows);
    find_functions(g);
    find_edges(g);
    list_edges(g, true, &g->first_call, &g->calls);
    list_edges(g, false, &g->first_caller, &g->callers);
}

void pp_pair_graph_release(struct pp_pairing *g)
{
    release_lists(g);
    pp_table_release(&g->edges);
    free(g->flows);
    free(g->of_node);
    free(g->edge_of_node);
    for (int s = 0; s < SIDES; s++) {
        free(g->totals[s]);
        free(g->errors[s]);
    }
}
