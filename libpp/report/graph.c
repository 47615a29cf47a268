#include "report/graph.h"

#include <stdlib.h>

#include "base/memory.h"
#include "model/totals.h"

/* --- walking the stacks -------------------------------------------------- */

/* Lists the children of each stack, in order. */
static void link_stacks(struct pp_graph *g)
{
    size_t count = g->p->nodes.count;
    g->child = pp_calloc(count, sizeof *g->child);
    g->sibling = pp_calloc(count, sizeof *g->sibling);
    for (pp_id n = (pp_id)count; n-- > 1;) {
        pp_id parent = pp_node(g->p, n)->parent;
        if (!g->touched[n])
            continue;
        g->sibling[n] = g->child[parent];
        g->child[parent] = n;
    }
}

/*
 * Walks through all stacks with samples in or above them, depth first: enter() on the way up and
 * leave() on the way back. The frames that were entered and not left are the current stack.
 */
static void walk(struct pp_graph *g, void (*enter)(struct pp_graph *, pp_id, void *),
                 void (*leave)(struct pp_graph *, pp_id, void *), void *ctx)
{
    pp_id n = g->child[0];
    while (n) {
        enter(g, n, ctx);
        if (g->child[n]) {
            n = g->child[n];
            continue;
        }
        while (n && !g->sibling[n]) {
            leave(g, n, ctx);
            n = pp_node(g->p, n)->parent;
        }
        if (n) {
            leave(g, n, ctx);
            n = g->sibling[n];
        }
    }
}

/* --- nodes --------------------------------------------------------------- */

static void number_entries(struct pp_graph *g)
{
    for (size_t n = 1; n < g->p->nodes.count; n++)
        g->node_of[n] = g->entries.of_frame[pp_node(g->p, (pp_id)n)->frame];
    g->nnodes = g->entries.rows.count;
    g->nodes = pp_calloc(g->nnodes, sizeof *g->nodes);
    for (size_t i = 0; i < g->nnodes; i++)
        g->nodes[i].entry = (pp_id)i;
}

/* In a call tree, a node is an entry called by a node; number 0 is above all. */
static void number_calls(struct pp_graph *g)
{
    struct call {
        pp_id parent, entry;
    };
    struct pp_table calls;
    pp_table_init(&calls, sizeof(struct call));
    for (size_t n = 1; n < g->p->nodes.count; n++) {
        const struct pp_node *node = pp_node(g->p, (pp_id)n);
        struct call row = {g->node_of[node->parent], g->entries.of_frame[node->frame]};
        g->node_of[n] = pp_number(&calls, &row);
    }
    g->nnodes = calls.count;
    g->nodes = pp_calloc(g->nnodes, sizeof *g->nodes);
    for (size_t i = 0; i < g->nnodes; i++)
        g->nodes[i].entry = ((const struct call *)pp_row(&calls, (pp_id)i))->entry;
    pp_table_release(&calls);
}

/* Marks the stacks that matter: those of samples with a value other than zero. */
static void touch(struct pp_graph *g)
{
    const struct pp_report *r = g->r;
    const int64_t *values = g->p->columns[r->column].values, *divisors = g->p->columns[0].values;
    g->touched = pp_calloc(g->p->nodes.count, sizeof *g->touched);
    for (size_t s = 0; s < g->p->samples.count; s++)
        if (values[s] || (r->mean && divisors[s]))
            g->touched[pp_sample(g->p, (pp_id)s)->node] = true;
    for (size_t n = g->p->nodes.count; n-- > 1;)
        if (g->touched[n])
            g->touched[pp_node(g->p, (pp_id)n)->parent] = true;
}

static void enter_node(struct pp_graph *g, pp_id stack, void *ctx)
{
    uint32_t *depth = ctx;
    struct pp_graph_node *node = &g->nodes[g->node_of[stack]];
    if (depth[g->node_of[stack]]++)
        return;
    node->cum += g->total[stack];
    if (g->total_divisor)
        node->cum_divisor += g->total_divisor[stack];
}

static void leave_node(struct pp_graph *g, pp_id stack, void *ctx)
{
    uint32_t *depth = ctx;
    depth[g->node_of[stack]]--;
}

static void sum_nodes(struct pp_graph *g)
{
    uint32_t *depth = pp_calloc(g->nnodes, sizeof *depth);
    walk(g, enter_node, leave_node, depth);
    free(depth);
    for (size_t n = 1; n < g->p->nodes.count; n++) {
        struct pp_graph_node *node = &g->nodes[g->node_of[n]];
        node->flat += g->self[n];
        if (g->self_divisor)
            node->flat_divisor += g->self_divisor[n];
    }
}

void pp_graph_init(struct pp_graph *g, const struct pp_report *r)
{
    *g = (struct pp_graph){.r = r, .p = r->p};
    pp_entries_init(&g->entries, r->p, r->parts, &r->paths);
    g->self = pp_self(r->p, r->column);
    g->total = pp_totals(r->p, r->column);
    if (r->mean) {
        g->self_divisor = pp_self(r->p, 0);
        g->total_divisor = pp_totals(r->p, 0);
    }
    touch(g);
    link_stacks(g);
    g->node_of = pp_calloc(r->p->nodes.count, sizeof *g->node_of);
    if (r->call_tree)
        number_calls(g);
    else
        number_entries(g);
    sum_nodes(g);
    for (size_t i = 0; i < g->nnodes; i++)
        g->nodes[i].kept = true;
}

void pp_graph_release(struct pp_graph *g)
{
    pp_entries_release(&g->entries);
    free(g->nodes);
    free(g->edges);
    free(g->in);
    free(g->out);
    free(g->shown);
    free(g->node_of);
    free(g->child);
    free(g->sibling);
    free(g->self);
    free(g->total);
    free(g->self_divisor);
    free(g->total_divisor);
    free(g->touched);
}

/* --- edges --------------------------------------------------------------- */

struct joining {
    struct pp_table pairs; /* of nodes; its rows are the edges, from 1 */
    struct pp_graph_edge *edges;
    size_t cap;
    uint32_t *depth; /* by edge: how often it is in the stack */
    size_t depth_cap;
    pp_id *edge_of; /* by stack: the edge to its last frame; 0: none */
    pp_id *nearest; /* by stack: the nearest stack down from it, including itself, whose last frame
                       is kept */
    bool *over;     /* by stack: its last frame is not kept */
    bool *hides;    /* by stack, in a call tree: the frames between it and `nearest` are inlined */
    bool *wanted;   /* by node; NULL: all */
};

static pp_id edge_between(struct joining *j, pp_id from, pp_id to)
{
    size_t before = j->pairs.count;
    pp_id id = pp_intern(&j->pairs, &(struct pp_node){from, to});
    if (id < before)
        return id;
    size_t old = j->depth_cap;
    PP_GROW(j->edges, (size_t)id + 1, j->cap);
    PP_GROW(j->depth, (size_t)id + 1, j->depth_cap);
    memset(j->depth + old, 0, (j->depth_cap - old) * sizeof *j->depth);
    j->edges[id] = (struct pp_graph_edge){.from = from, .to = to, .inlined = true};
    return id;
}

/* Whether the frames from the nearest kept one to this one belong to one function. */
static bool is_inlined(struct pp_graph *g, struct joining *j, pp_id stack)
{
    const struct pp_node *n = pp_node(g->p, stack);
    bool inlined = pp_frame(g->p, n->frame)->inlined;
    return g->r->call_tree && j->over[n->parent] ? inlined && j->hides[n->parent] : inlined;
}

static void enter_edge(struct pp_graph *g, pp_id stack, void *ctx)
{
    struct joining *j = ctx;
    pp_id parent = pp_node(g->p, stack)->parent, under = j->nearest[parent];
    pp_id to = g->node_of[stack], from = g->node_of[under];
    j->over[stack] = !g->nodes[to].kept;
    j->nearest[stack] = j->over[stack] ? under : stack;
    j->hides[stack] = is_inlined(g, j, stack);
    j->edge_of[stack] = 0;
    if (j->over[stack] || !under || from == to || (j->wanted && !j->wanted[to]))
        return;
    pp_id id = edge_between(j, from, to);
    j->edge_of[stack] = id;
    if (j->depth[id]++)
        return;
    struct pp_graph_edge *e = &j->edges[id];
    e->weight += g->total[stack];
    if (g->total_divisor)
        e->divisor += g->total_divisor[stack];
    e->residual |= j->over[parent];
    e->inlined &= j->hides[stack];
}

static void leave_edge(struct pp_graph *g, pp_id stack, void *ctx)
{
    struct joining *j = ctx;
    (void)g;
    if (j->edge_of[stack])
        j->depth[j->edge_of[stack]]--;
}

/* The nodes with an inlined frame. NULL if there are none. */
static bool *find_inlined(const struct pp_graph *g)
{
    bool *inlined = pp_calloc(g->nnodes, sizeof *inlined), any = false;
    for (size_t n = 1; n < g->p->nodes.count; n++)
        if (pp_frame(g->p, pp_node(g->p, (pp_id)n)->frame)->inlined)
            inlined[g->node_of[n]] = any = true;
    if (any)
        return inlined;
    free(inlined);
    return NULL;
}

static int compare_edges(const void *a, const void *b, void *ctx)
{
    const struct pp_graph *g = ctx;
    const struct pp_graph_edge *x = &g->edges[*(const pp_id *)a], *y = &g->edges[*(const pp_id *)b];
    int64_t wx = pp_abs(x->weight), wy = pp_abs(y->weight);
    if (wx != wy)
        return wx < wy ? 1 : -1;
    int order = pp_compare_spans(pp_node_text(g, x->from), pp_node_text(g, y->from));
    if (!order)
        order = pp_compare_spans(pp_node_text(g, x->to), pp_node_text(g, y->to));
    return order ? order : (x > y) - (x < y);
}

/* From the numbers of edges of each node, where each node's edges begin in a list of all. */
static void index_edges(struct pp_graph *g)
{
    uint32_t in = 0, out = 0;
    free(g->in);
    free(g->out);
    g->in = pp_calloc(g->nedges, sizeof *g->in);
    g->out = pp_calloc(g->nedges, sizeof *g->out);
    for (size_t i = 0; i < g->nnodes; i++)
        g->nodes[i].nin = g->nodes[i].nout = 0;
    for (size_t e = 0; e < g->nedges; e++) {
        g->nodes[g->edges[e].to].nin++;
        g->nodes[g->edges[e].from].nout++;
    }
    for (size_t i = 0; i < g->nnodes; i++) {
        struct pp_graph_node *n = &g->nodes[i];
        n->first_in = in;
        n->first_out = out;
        in += n->nin;
        out += n->nout;
        n->nin = n->nout = 0;
    }
    for (size_t e = 0; e < g->nedges; e++) {
        struct pp_graph_node *to = &g->nodes[g->edges[e].to], *from = &g->nodes[g->edges[e].from];
        g->in[to->first_in + to->nin++] = (pp_id)e;
        g->out[from->first_out + from->nout++] = (pp_id)e;
    }
    for (size_t i = 0; i < g->nnodes; i++) {
        const struct pp_graph_node *n = &g->nodes[i];
        if (!n->nin && !n->nout)
            continue;
        qsort_r(g->in + n->first_in, n->nin, sizeof *g->in, compare_edges, g);
        qsort_r(g->out + n->first_out, n->nout, sizeof *g->out, compare_edges, g);
    }
}

static void find_edges(struct pp_graph *g, bool *wanted)
{
    size_t count = g->p->nodes.count;
    struct joining j = {
        .edge_of = pp_calloc(count, sizeof *j.edge_of),
        .nearest = pp_calloc(count, sizeof *j.nearest),
        .over = pp_calloc(count, sizeof *j.over),
        .hides = pp_calloc(count, sizeof *j.hides),
        .wanted = wanted,
    };
    pp_table_init(&j.pairs, sizeof(struct pp_node));
    walk(g, enter_edge, leave_edge, &j);
    free(g->edges);
    g->nedges = j.pairs.count - 1;
    g->edges = pp_calloc(g->nedges, sizeof *g->edges);
    if (g->nedges)
        memcpy(g->edges, j.edges + 1, g->nedges * sizeof *g->edges);
    index_edges(g);
    pp_table_release(&j.pairs);
    free(j.edges);
    free(j.depth);
    free(j.edge_of);
    free(j.nearest);
    free(j.over);
    free(j.hides);
}

void pp_graph_edges(struct pp_graph *g, bool inlined_only)
{
    bool *wanted = inlined_only ? find_inlined(g) : NULL;
    if (wanted || !inlined_only)
        find_edges(g, wanted);
    free(wanted);
}

/* --- output -------------------------------------------------------------- */

static int64_t mean(int64_t v, int64_t divisor)
{
    return divisor ? v / divisor : v;
}

int64_t pp_node_flat(const struct pp_graph_node *n)
{
    return mean(n->flat, n->flat_divisor);
}

int64_t pp_node_cum(const struct pp_graph_node *n)
{
    return mean(n->cum, n->cum_divisor);
}

int64_t pp_edge_weight(const struct pp_graph_edge *e)
{
    return mean(e->weight, e->divisor);
}
