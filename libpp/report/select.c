#include "report/select.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"

/* --- order --------------------------------------------------------------- */

struct ranked {
    const struct pp_graph *g;
    const int64_t *score; /* by node: the sort key instead of flat */
};

static int by_size(int64_t a, int64_t b)
{
    a = pp_abs(a);
    b = pp_abs(b);
    return (a < b) - (a > b);
}

/* By flat value, name, and what distinguishes nodes of the same name. */
static int compare_nodes(const void *a, const void *b, void *ctx)
{
    const struct ranked *r = ctx;
    pp_id x = *(const pp_id *)a, y = *(const pp_id *)b;
    const struct pp_graph_node *n = &r->g->nodes[x], *m = &r->g->nodes[y];
    int order = r->score ? by_size(r->score[x], r->score[y]) : by_size(n->flat, m->flat);
    if (!order)
        order = pp_compare_spans(pp_node_text(r->g, x), pp_node_text(r->g, y));
    if (!order)
        order = r->score ? by_size(n->flat, m->flat) : by_size(n->cum, m->cum);
    return order ? order : (x > y) - (x < y);
}

/* How evenly a node's value is distributed over its edges, in bits. */
static double spread(const struct pp_graph *g, const pp_id *edges, size_t n, int64_t self)
{
    double total = (double)self, bits = 0;
    for (size_t i = 0; i < n; i++)
        if (g->edges[edges[i]].weight > 0)
            total += (double)g->edges[edges[i]].weight;
    if (total == 0)
        return 0;
    for (size_t i = 0; i < n; i++) {
        double part = fabs((double)g->edges[edges[i]].weight) / total;
        bits -= part > 0 ? part * log2(part) : 0;
    }
    double part = (double)self / total;
    return self > 0 ? bits - part * log2(part) : bits;
}

/* In a picture, a node that only passes values on has less weight than one that branches. */
static int64_t interest(const struct pp_graph *g, const struct pp_graph_node *n)
{
    double in = n->nin ? spread(g, g->in + n->first_in, n->nin, 0) : 1;
    double out = n->nout ? spread(g, g->out + n->first_out, n->nout, n->flat) : 1;
    double score = (in + out) * (double)n->cum;
    int64_t sum, whole = score < 0 ? INT64_MIN / 2 : INT64_MAX / 2;
    if (fabs(score) < 0x1p62)
        whole = (int64_t)score;
    return __builtin_add_overflow(whole, n->flat, &sum) ? whole : sum;
}

static void sort_shown(struct pp_graph *g, bool picture)
{
    struct ranked ranked = {.g = g};
    int64_t *score = NULL;
    if (picture || g->r->by_cum) {
        score = pp_calloc(g->nnodes, sizeof *score);
        for (size_t i = 0; i < g->nshown; i++) {
            const struct pp_graph_node *n = &g->nodes[g->shown[i]];
            score[g->shown[i]] = picture ? interest(g, n) : n->cum;
        }
    }
    ranked.score = score;
    qsort_r(g->shown, g->nshown, sizeof *g->shown, compare_nodes, &ranked);
    free(score);
}

/* --- nodes --------------------------------------------------------------- */

static bool is_negative(const struct pp_graph_node *n)
{
    return n->flat < 0 || (n->flat == 0 && n->cum < 0);
}

static void collect(struct pp_graph *g)
{
    g->shown = pp_calloc(g->nnodes, sizeof *g->shown);
    for (size_t i = 0; i < g->nnodes; i++) {
        const struct pp_graph_node *n = &g->nodes[i];
        if ((n->cum || n->flat) && !(g->r->drop_negative && is_negative(n)))
            g->shown[g->nshown++] = (pp_id)i;
    }
}

/* Keeps only the nodes that are shown. */
static void keep_shown(struct pp_graph *g)
{
    for (size_t i = 0; i < g->nnodes; i++)
        g->nodes[i].kept = false;
    for (size_t i = 0; i < g->nshown; i++)
        g->nodes[g->shown[i]].kept = true;
}

/* The fraction of the sum of all flat values. */
static int64_t cutoff(const struct pp_graph *g, double fraction)
{
    double sum = 0;
    for (size_t i = 0; i < g->nshown; i++)
        sum += (double)g->nodes[g->shown[i]].flat;
    return pp_abs(pp_whole(sum * fraction));
}

static void drop_light_nodes(struct pp_graph *g, int64_t least)
{
    size_t kept = 0;
    for (size_t i = 0; i < g->nshown; i++)
        if (pp_abs(g->nodes[g->shown[i]].cum) >= least)
            g->shown[kept++] = g->shown[i];
    g->about.dropped_nodes = g->nshown - kept;
    g->nshown = kept;
    if (g->about.dropped_nodes)
        keep_shown(g);
}

/* How many of the nodes fit, counting their tags. */
static size_t room_for(const struct pp_graph *g, const struct pp_node_tags *tags, int64_t least)
{
    enum { MOST_TAGS = 4 };
    size_t used = 0, i, *count = pp_count_node_tags(tags, g, least);
    for (i = 0; i < g->nshown; i++) {
        size_t n = count[g->shown[i]];
        used += (n < MOST_TAGS ? n : MOST_TAGS) + 1;
        if (used >= g->r->most_nodes)
            break;
    }
    free(count);
    return i < g->nshown ? i + 1 : g->r->most_nodes;
}

/* --- edges --------------------------------------------------------------- */

/* Drops the edges below `least`, and those with a node that is not kept. */
static size_t drop_light_edges(struct pp_graph *g, int64_t least)
{
    size_t dropped = 0;
    for (size_t i = 0; i < g->nshown; i++) {
        const struct pp_graph_node *n = &g->nodes[g->shown[i]];
        for (size_t e = 0; e < n->nin; e++) {
            struct pp_graph_edge *edge = &g->edges[g->in[n->first_in + e]];
            if (pp_abs(edge->weight) >= least)
                continue;
            edge->gone = true;
            dropped++;
        }
    }
    return dropped;
}

/* Whether there is another path from edge->from to edge->to; `mark` holds visited nodes. */
static bool is_redundant(const struct pp_graph *g, pp_id edge, pp_id *queue, pp_id *mark)
{
    size_t done = 0, n = 0;
    queue[n++] = g->edges[edge].to;
    mark[g->edges[edge].to] = edge + 1;
    while (done < n) {
        const struct pp_graph_node *node = &g->nodes[queue[done++]];
        for (size_t i = 0; i < node->nin; i++) {
            pp_id e = g->in[node->first_in + i], from = g->edges[e].from;
            if (e == edge || g->edges[e].gone || mark[from] == edge + 1)
                continue;
            if (from == g->edges[edge].from)
                return true;
            mark[from] = edge + 1;
            queue[n++] = from;
        }
    }
    return false;
}

/* Drops residual edges, the smallest first, while all nodes stay reachable. */
static void drop_redundant_edges(struct pp_graph *g)
{
    pp_id *queue = pp_calloc(g->nnodes, sizeof *queue), *mark = pp_calloc(g->nnodes, sizeof *mark);
    for (size_t i = g->nshown; i-- > 0;) {
        const struct pp_graph_node *n = &g->nodes[g->shown[i]];
        for (size_t e = n->nin; e-- > 0;) {
            pp_id id = g->in[n->first_in + e];
            if (g->edges[id].gone)
                continue;
            if (!g->edges[id].residual)
                break;
            g->edges[id].gone = is_redundant(g, id, queue, mark);
        }
    }
    free(queue);
    free(mark);
}

/* --- units --------------------------------------------------------------- */

/* The magnitude of the smallest value shown other than 0. */
static int64_t smallest(const struct pp_graph *g)
{
    int64_t least = 0;
    for (size_t i = 0; i < g->nshown; i++) {
        const struct pp_graph_node *n = &g->nodes[g->shown[i]];
        int64_t v = pp_abs(pp_node_flat(n));
        if (!v)
            v = pp_abs(pp_node_cum(n));
        if (v && (!least || v < least))
            least = v;
    }
    return least ? least : g->r->total;
}

/*
 * One unit for all: that of the smallest value; but if the total has another unit and is more than
 * 100 times as large, one in which the smallest is at least a hundredth.
 */
static void choose_unit(const struct pp_graph *g, struct pp_report *r)
{
    struct pp_span of_least, of_most;
    if (!pp_is(r->unit, PP_UNIT_MINIMUM) || !g->nshown)
        return;
    double least = (double)smallest(g), most = (double)r->total;
    if (r->divide_by > 0 && r->divide_by != 1) {
        least = trunc(least / r->divide_by);
        most = trunc(most / r->divide_by);
    }
    double one = pow(10, -(double)r->p->columns[r->column].decimals);
    pp_convert(least * one, pp_report_unit(r), r->unit, &of_least);
    pp_convert(most * one, pp_report_unit(r), r->unit, &of_most);
    if (!pp_same(of_least, of_most) && least * 100 < most)
        pp_convert(100 * least * one, pp_report_unit(r), r->unit, &of_least);
    r->unit = pp_empty(of_least) ? pp_report_unit(r) : of_least;
}

/* --- entry point --------------------------------------------------------- */

static void limit(struct pp_graph *g, bool picture, const struct pp_node_tags *tags,
                  int64_t node_cutoff)
{
    size_t most = g->r->most_nodes;
    if (picture)
        most = room_for(g, tags, node_cutoff);
    if (most >= g->nshown)
        return;
    g->nshown = most;
    keep_shown(g);
    if (picture) {
        pp_graph_edges(g, false);
        sort_shown(g, picture);
    }
}

void pp_graph_select(struct pp_graph *g, struct pp_report *r, enum pp_graph_use use,
                     struct pp_node_tags *tags)
{
    bool picture = use == PP_GRAPH_PICTURE;
    collect(g);
    int64_t node_cutoff = cutoff(g, r->node_fraction), edge_cutoff = cutoff(g, r->edge_fraction);
    g->least = node_cutoff;
    if (node_cutoff > 0)
        drop_light_nodes(g, node_cutoff);
    g->about.of = g->nshown;
    if (picture)
        pp_graph_edges(g, false);
    sort_shown(g, picture);
    if (r->most_nodes)
        limit(g, picture, tags, node_cutoff);
    if (!picture)
        pp_graph_edges(g, use == PP_GRAPH_TABLE);
    g->about.shown = g->nshown;
    g->about.dropped_edges = drop_light_edges(g, edge_cutoff);
    if (picture)
        drop_redundant_edges(g);
    for (size_t i = 0; i < g->nshown; i++)
        g->about.flat += pp_node_flat(&g->nodes[g->shown[i]]);
    choose_unit(g, r);
}
