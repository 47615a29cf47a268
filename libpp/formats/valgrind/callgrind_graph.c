/* callgrind_graph.c - the graph, its cycles, and how certain its stacks are. */
#include "formats/valgrind/callgrind_graph.h"

#include <stdlib.h>

#include "base/memory.h"

pp_id pp_cg_node(struct pp_cg *g, struct pp_cg_node node)
{
    PP_GROW(g->nodes, g->nnodes + 1, g->nodes_cap);
    g->nodes[g->nnodes] = node;
    return (pp_id)g->nnodes++;
}

pp_id pp_cg_cost(struct pp_cg *g, struct pp_cg_cost cost)
{
    PP_GROW(g->costs, g->ncosts + 1, g->costs_cap);
    PP_GROW(g->values, (g->ncosts + 1) * g->nevents, g->values_cap);
    g->costs[g->ncosts] = cost;
    memset(pp_cg_values(g, g->ncosts), 0, g->nevents * sizeof *g->values);
    return (pp_id)g->ncosts++;
}

void pp_cg_release(struct pp_cg *g)
{
    free(g->nodes);
    free(g->costs);
    free(g->values);
    free(g->component);
    free(g->cluster);
    free(g->order);
    *g = (struct pp_cg){0};
}

/* --- arrows -------------------------------------------------------------- */

/* The edges: the callees of node n are to[first[n]] up to to[first[n + 1]]. */
struct arrows {
    size_t *first;
    pp_id *to;
};

static bool is_arrow(const struct pp_cg *g, size_t cost)
{
    if (g->costs[cost].callee == PP_CG_SELF)
        return false;
    for (unsigned e = 0; e < g->nevents; e++)
        if (pp_cg_values(g, cost)[e])
            return true;
    return false;
}

/* `group` maps nodes to the `n` ends of edges; NULL: the nodes themselves. */
static void make_arrows(struct arrows *a, const struct pp_cg *g, const pp_id *group, size_t n)
{
    a->first = pp_calloc(n + 2, sizeof *a->first);
    for (size_t i = 0; i < g->ncosts; i++)
        if (is_arrow(g, i))
            a->first[(group ? group[g->costs[i].node] : g->costs[i].node) + 2]++;
    for (size_t i = 2; i < n + 2; i++)
        a->first[i] += a->first[i - 1];
    a->to = pp_calloc(a->first[n + 1] + 1, sizeof *a->to);
    for (size_t i = 0; i < g->ncosts; i++) {
        pp_id from = g->costs[i].node, to = g->costs[i].callee;
        if (is_arrow(g, i))
            a->to[a->first[(group ? group[from] : from) + 1]++] = group ? group[to] : to;
    }
}

static void release_arrows(struct arrows *a)
{
    free(a->first);
    free(a->to);
}

/* --- components ---------------------------------------------------------- */

/* Tarjan's algorithm, with a stack of its own: https://doi.org/10.1137/0201010 */
struct tarjan {
    const struct arrows *arrows;
    pp_id *index, *low;    /* by node; an index of 0: not visited */
    pp_id *component;      /* by node, plus one; 0: none yet */
    pp_id *path, *pending; /* the current path; nodes without a component */
    size_t *next;          /* by node: the next edge to follow */
    size_t depth, npending, ncomponents;
    pp_id count;
};

static void enter(struct tarjan *t, pp_id node)
{
    t->index[node] = t->low[node] = ++t->count;
    t->next[node] = t->arrows->first[node];
    t->path[t->depth++] = node;
    t->pending[t->npending++] = node;
}

static void leave(struct tarjan *t, pp_id node)
{
    t->depth--;
    if (t->depth) {
        pp_id caller = t->path[t->depth - 1];
        if (t->low[node] < t->low[caller])
            t->low[caller] = t->low[node];
    }
    if (t->low[node] != t->index[node])
        return;
    t->ncomponents++;
    pp_id member;
    do {
        member = t->pending[--t->npending];
        t->component[member] = (pp_id)t->ncomponents;
    } while (member != node);
}

static void walk(struct tarjan *t, pp_id root)
{
    enter(t, root);
    while (t->depth) {
        pp_id node = t->path[t->depth - 1];
        if (t->next[node] == t->arrows->first[node + 1]) {
            leave(t, node);
            continue;
        }
        pp_id to = t->arrows->to[t->next[node]++];
        if (!t->index[to])
            enter(t, to);
        else if (!t->component[to] && t->index[to] < t->low[node])
            t->low[node] = t->index[to];
    }
}

/* Finds the component of each of `n` nodes, from 0; callees have smaller numbers than callers. */
static pp_id *find_components(const struct arrows *a, size_t n, size_t *count)
{
    struct tarjan t = {.arrows = a};
    t.index = pp_calloc(n + 1, sizeof *t.index);
    t.low = pp_calloc(n + 1, sizeof *t.low);
    t.component = pp_calloc(n + 1, sizeof *t.component);
    t.path = pp_calloc(n + 1, sizeof *t.path);
    t.pending = pp_calloc(n + 1, sizeof *t.pending);
    t.next = pp_calloc(n + 1, sizeof *t.next);
    for (size_t i = 0; i < n; i++)
        if (!t.index[i])
            walk(&t, (pp_id)i);
    for (size_t i = 0; i < n; i++)
        t.component[i]--;
    free(t.index);
    free(t.low);
    free(t.path);
    free(t.pending);
    free(t.next);
    *count = t.ncomponents;
    return t.component;
}

/* A number for each node, from 0 to `*count`: its function, or its name. */
static pp_id *group_nodes(const struct pp_cg *g, bool by_name, size_t *count)
{
    pp_id *group = pp_calloc(g->nnodes + 1, sizeof *group);
    *count = 0;
    for (size_t i = 0; i < g->nnodes; i++) {
        group[i] = by_name ? g->nodes[i].name : g->nodes[i].shown;
        *count = group[i] >= *count ? (size_t)group[i] + 1 : *count;
    }
    return group;
}

static void find_clusters(struct pp_cg *g)
{
    size_t ngroups;
    struct arrows a;
    pp_id *group = group_nodes(g, true, &ngroups);
    make_arrows(&a, g, group, ngroups);
    pp_id *component = find_components(&a, ngroups, &g->nclusters);
    release_arrows(&a);
    g->cluster = pp_calloc(g->nnodes + 1, sizeof *g->cluster);
    for (size_t i = 0; i < g->nnodes; i++)
        g->cluster[i] = component[group[i]];
    free(component);
    free(group);
}

/* Sorts `nodes` into `to` by a number below `n` of each, the largest first. */
static void sort_nodes(const pp_id *nodes, pp_id *to, size_t count, const pp_id *number, size_t n)
{
    size_t *at = pp_calloc(n + 1, sizeof *at);
    for (size_t i = 0; i < count; i++)
        at[number[nodes[i]]]++;
    for (size_t c = n, sum = 0; c-- > 0;) {
        size_t some = at[c];
        at[c] = sum;
        sum += some;
    }
    for (size_t i = 0; i < count; i++)
        to[at[number[nodes[i]]]++] = nodes[i];
    free(at);
}

void pp_cg_order(struct pp_cg *g)
{
    struct arrows a;
    make_arrows(&a, g, NULL, g->nnodes);
    g->component = find_components(&a, g->nnodes, &g->ncomponents);
    release_arrows(&a);
    find_clusters(g);
    pp_id *sorted = pp_calloc(g->nnodes + 1, sizeof *sorted);
    g->order = pp_calloc(g->nnodes + 1, sizeof *g->order);
    for (size_t i = 0; i < g->nnodes; i++)
        g->order[i] = (pp_id)i;
    sort_nodes(g->order, sorted, g->nnodes, g->component, g->ncomponents);
    sort_nodes(sorted, g->order, g->nnodes, g->cluster, g->nclusters);
    free(sorted);
}

/* --- certainty ----------------------------------------------------------- */

/*
 * A path to a function: the path to its caller, and the function; its recursion levels count as
 * one.
 */
struct way {
    pp_id caller, shown, one;
};

enum { NO_WAY = 0 };

/* By node: the only path to it, or NO_WAY. */
struct ways {
    struct pp_table table;
    pp_id *known;
    bool *called; /* by another node */
    bool *odd;    /* by several paths */
};

static pp_id way_through(struct ways *w, const struct pp_cg *g, pp_id caller, pp_id node)
{
    pp_id shown = g->nodes[node].shown;
    if (g->nodes[caller].shown == shown)
        return w->known[caller];
    struct way way = {w->known[caller], shown, 1};
    return way.caller ? pp_intern(&w->table, &way) : NO_WAY;
}

static void add_call(struct ways *w, const struct pp_cg *g, pp_id caller, pp_id node)
{
    pp_id way = way_through(w, g, caller, node);
    w->odd[node] = w->odd[node] || !way || (w->called[node] && w->known[node] != way);
    w->called[node] = true;
    w->known[node] = way;
}

/* Whether each function was also entered from outside: if its costs exceed those of calls of it. */
static bool *find_entered(const struct pp_cg *g)
{
    int64_t *balance = pp_calloc(g->nnodes + 1, sizeof *balance);
    bool *entered = pp_calloc(g->nnodes + 1, sizeof *entered);
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < g->ncosts; i++) {
            const struct pp_cg_cost *c = &g->costs[i];
            int64_t v = pp_cg_values(g, i)[0];
            if (pass == 0 && __builtin_add_overflow(balance[c->node], v, &balance[c->node]))
                balance[c->node] = INT64_MAX;
            if (pass == 1 && c->callee != PP_CG_SELF &&
                __builtin_sub_overflow(balance[c->callee], v, &balance[c->callee]))
                balance[c->callee] = INT64_MIN;
        }
    for (size_t i = 0; i < g->nnodes; i++)
        entered[i] = balance[i] > 0;
    free(balance);
    return entered;
}

static void end_node(struct ways *w, const struct pp_cg *g, pp_id node, bool entered)
{
    struct way root = {0, g->nodes[node].shown, 2};
    if (!w->called[node])
        w->known[node] = pp_intern(&w->table, &root);
    else if (w->odd[node] || entered)
        w->known[node] = NO_WAY;
}

/* Callers come first, so their paths are known; in cycles they are not. */
static void find_ways(struct ways *w, const struct pp_cg *g)
{
    struct arrows a;
    bool *entered = find_entered(g);
    pp_table_init(&w->table, sizeof(struct way));
    w->known = pp_calloc(g->nnodes + 1, sizeof *w->known);
    w->called = pp_calloc(g->nnodes + 1, sizeof *w->called);
    w->odd = pp_calloc(g->nnodes + 1, sizeof *w->odd);
    make_arrows(&a, g, NULL, g->nnodes);
    for (size_t node = 0; node < g->nnodes; node++)
        for (size_t k = a.first[node]; k < a.first[node + 1]; k++)
            if (a.to[k] != node && g->component[a.to[k]] == g->component[node])
                w->called[a.to[k]] = w->odd[a.to[k]] = true;
    for (size_t i = 0; i < g->nnodes; i++) {
        pp_id node = g->order[i];
        end_node(w, g, node, entered[node]);
        for (size_t k = a.first[node]; k < a.first[node + 1]; k++)
            if (a.to[k] != node)
                add_call(w, g, node, a.to[k]);
    }
    release_arrows(&a);
    free(entered);
}

static void release_ways(struct ways *w)
{
    pp_table_release(&w->table);
    free(w->known);
    free(w->called);
    free(w->odd);
}

/*
 * Counts functions in cycles, apart from those with only one path; recursion levels count as one.
 */
static size_t count_cyclic(const struct pp_cg *g, const struct ways *w)
{
    size_t ngroups, ncomponents, cyclic = 0;
    struct arrows a;
    pp_id *group = group_nodes(g, false, &ngroups);
    make_arrows(&a, g, group, ngroups);
    pp_id *component = find_components(&a, ngroups, &ncomponents);
    pp_id *members = pp_calloc(ncomponents + 1, sizeof *members);
    bool *counted = pp_calloc(ngroups + 1, sizeof *counted);
    for (size_t i = 0; i < ngroups; i++)
        members[component[i]]++;
    for (size_t i = 0; i < g->nnodes; i++) {
        if (w->known[i] || counted[group[i]] || members[component[group[i]]] < 2)
            continue;
        counted[group[i]] = true;
        cyclic++;
    }
    release_arrows(&a);
    free(component);
    free(members);
    free(counted);
    free(group);
    return cyclic;
}

struct pp_cg_doubt pp_cg_doubt(const struct pp_cg *g)
{
    struct pp_cg_doubt d = {0};
    struct ways w;
    find_ways(&w, g);
    d.cyclic = count_cyclic(g, &w);
    for (size_t i = 0; i < g->ncosts; i++) {
        int64_t v = pp_cg_values(g, i)[0];
        if (g->costs[i].callee != PP_CG_SELF || v < 0)
            continue;
        d.total += v;
        d.certain += w.known[g->costs[i].node] ? v : 0;
    }
    release_ways(&w);
    return d;
}
