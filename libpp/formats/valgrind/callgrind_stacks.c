/* callgrind_stacks.c - makes stacks of a call graph, by the rule in callgrind_graph.h. */
#include <stdlib.h>

#include "base/memory.h"
#include "formats/valgrind/callgrind_flow.h"

/* An arrival smaller than this part of all cost takes one path. */
enum { FINE = 1 << 12 };

/* A negative cost cannot be divided: it becomes a stack of its own, so that sums are right. */
static bool take_negative(struct pp_cg_flow *f, size_t cost)
{
    const struct pp_cg_cost *c = &f->g->costs[cost];
    int64_t *row = pp_cg_values(f->g, cost);
    bool any = false;
    for (unsigned e = 0; e < f->n; e++) {
        if (row[e] >= 0)
            continue;
        struct pp_sample sample = {.node = pp_child(f->p, 0, c->frame), .labels = f->to->labels};
        if (c->callee == PP_CG_SELF)
            f->ok &= pp_reader_add(f->to->r, f->to->r->in.p, pp_sample_id(f->p, &sample),
                                   f->to->columns[e], row[e]);
        row[e] = 0;
        any = true;
    }
    return any;
}

/*
 * By node and event: cost of a function beyond the cost of calls of it, so it was entered by a path
 * that the file does not have.
 */
static int64_t *find_roots(const struct pp_cg_flow *f)
{
    int64_t *root = pp_calloc(f->g->nnodes * f->n + 1, sizeof *root);
    memcpy(root, f->b.left, f->g->nnodes * f->n * sizeof *root);
    for (size_t b = 0; b < f->b.count; b++)
        for (unsigned e = 0; f->b.list[b].to != PP_CG_SELF && e < f->n; e++) {
            int64_t *to = &root[(size_t)f->b.list[b].to * f->n + e];
            if (__builtin_sub_overflow(*to, f->b.kinds.left[b * f->n + e], to))
                *to = INT64_MIN;
        }
    for (size_t i = 0; i < f->g->nnodes * f->n; i++)
        if (root[i] < 0)
            root[i] = 0;
    return root;
}

static void do_all(struct pp_cg_flow *f, int64_t *roots)
{
    const struct pp_cg *g = f->g;
    for (size_t i = 0; i < g->nnodes; i++)
        if (pp_cg_any(roots + i * f->n, f->n))
            pp_cg_send(f, (pp_id)i, (struct pp_cg_arrival){0}, roots + i * f->n);
    memset(roots, 0, g->nnodes * f->n * sizeof *roots);
    for (size_t from = 0, to; from < g->nnodes && f->ok; from = to) {
        to = pp_cg_cluster_end(g, from);
        if (pp_cg_is_cluster(f, from, to))
            pp_cg_do_cluster(f, from, to, roots);
        else
            pp_cg_do_components(f, from, to);
    }
}

/* Costs without an arrival: only if sums of calls exceed 64 bits. */
static void end_orphans(struct pp_cg_flow *f)
{
    for (size_t b = 0; b < f->b.count && f->ok; b++)
        for (size_t i = f->b.list[b].first; i < f->b.list[b].end; i++) {
            struct pp_cg_arrival a = {0};
            int64_t *left = f->b.parts.left + i * f->n;
            if (f->b.list[b].to == PP_CG_SELF && pp_cg_any(left, f->n))
                pp_cg_use_part(f, &f->b.list[b], i, &a, left);
        }
}

/* Returns whether some cost is negative. */
static bool flow_init(struct pp_cg_flow *f)
{
    struct pp_cg *g = f->g;
    size_t nodes = g->nnodes + 1;
    bool negative = false;
    for (size_t i = 0; i < g->ncosts; i++)
        negative |= take_negative(f, i);
    f->lost = pp_cg_take_excess(g);
    pp_cg_budgets_init(&f->b, g);
    free(g->values);
    g->values = NULL;
    f->first = pp_calloc(nodes, sizeof *f->first);
    f->last = pp_calloc(nodes, sizeof *f->last);
    f->lead = pp_calloc(nodes, sizeof *f->lead);
    f->root = pp_calloc(nodes, sizeof *f->root);
    f->shares.at = pp_calloc(g->ncosts + 1, sizeof *f->shares.at);
    f->places.at = pp_calloc(g->ncosts + 1, sizeof *f->places.at);
    f->one = pp_calloc(f->n + 1, sizeof *f->one);
    int64_t total = 0;
    for (size_t b = 0; b < f->b.count; b++)
        if (f->b.list[b].to == PP_CG_SELF)
            pp_cg_add_up(&total, f->b.kinds.left[b * f->n]);
    f->fine = total / FINE;
    return negative;
}

static void flow_release(struct pp_cg_flow *f)
{
    void *const owned[] = {
        f->arrivals,    f->values,        f->first,         f->last,
        f->lead,        f->root,          f->shares.rows,   f->shares.at,
        f->places.rows, f->shares.values, f->places.values, f->places.at,
        f->keys,        f->queue,         f->rest,          f->one,
    };
    for (size_t i = 0; i < sizeof owned / sizeof *owned; i++)
        free(owned[i]);
    pp_cg_paths_release(&f->paths);
    pp_cg_budgets_release(&f->b);
}

bool pp_cg_stacks(struct pp_cg *g, const struct pp_cg_target *to, int64_t *lost)
{
    struct pp_cg_flow f = {.g = g, .to = to, .p = to->r->out, .n = g->nevents, .ok = true};
    f.nshown = to->use == PP_USE_TOTALS && !(to->r->keep & PP_HOLDS_COLUMNS) && f.n ? 1 : f.n;
    if (to->use == PP_USE_OWN) {
        pp_cg_add_own(&f);
        *lost = 0;
        return f.ok;
    }
    bool negative = flow_init(&f);
    int64_t *roots = find_roots(&f);
    if (to->use == PP_USE_STACKS || negative || !pp_cg_add_graph(&f, roots)) {
        f.nshown = f.n;
        free(roots);
        roots = find_roots(&f);
        do_all(&f, roots);
        end_orphans(&f);
    } else {
    }
    free(roots);
    if (f.cut)
        pp_warn(to->r, to->r->in.p,
                "the deepest stacks have a frame '[...]' in place of some callers");
    *lost = f.lost;
    flow_release(&f);
    return f.ok;
}
