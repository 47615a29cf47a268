/*
 * callgrind_calls.c - samples of a call graph for callers that need no stacks: see pp_cg_target.
 * Functions in no cluster give their costs and calls as they are; in a cluster, those of each path
 * through it.
 */
#include <stdlib.h>

#include "base/memory.h"
#include "formats/valgrind/callgrind_flow.h"

struct calls {
    struct pp_cg_flow *f;
    int64_t *taken; /* by node and event: the cost of calls of it, as far as they begin */
    pp_id *begins;  /* at this frame */

    pp_id from, frame, caller; /* the last caller: the stack `from` with `frame` on top */
    uint32_t from_depth, caller_depth;
};

/* --- whether it is possible ---------------------------------------------- */

/*
 * Adds what calls from outside of its cluster bring to `roots`. False if some function costs less
 * than the calls of it, or if sums may not fit.
 */
static bool add_arrivals(const struct pp_cg_flow *f, int64_t *roots)
{
    bool fits = true;
    int64_t *all = pp_calloc(f->g->nnodes * f->n + 1, sizeof *all), sum = 0;
    for (size_t b = 0; b < f->b.count; b++) {
        const struct pp_cg_budget *budget = &f->b.list[b];
        for (unsigned e = 0; e < f->n; e++) {
            int64_t v = f->b.kinds.left[b * f->n + e];
            size_t to = (size_t)budget->to * f->n + e;
            if (e < f->nshown)
                pp_cg_add_up(&sum, v);
            if (budget->to == PP_CG_SELF)
                continue;
            pp_cg_add_up(&all[to], v);
            if (!budget->local)
                pp_cg_add_up(&roots[to], v);
        }
    }
    for (size_t i = 0; i < f->g->nnodes; i++)
        for (unsigned e = 0; e < f->nshown; e++)
            fits = fits && all[i * f->n + e] <= f->b.left[i * f->n + e];
    free(all);
    return fits && sum < INT64_MAX / 2;
}

/* --- samples ------------------------------------------------------------- */

/* The function at `frame` no longer has the cost of a call as its own. */
static void subtract(struct calls *c, pp_id node, pp_id frame, const int64_t *values)
{
    struct pp_cg_flow *f = c->f;
    int64_t *taken = c->taken + (size_t)node * f->n;
    if (!c->begins[node])
        c->begins[node] = frame;
    if (c->begins[node] == frame) {
        for (unsigned e = 0; e < f->nshown; e++)
            taken[e] -= values[e];
        return;
    }
    for (unsigned e = 0; e < f->nshown; e++)
        f->one[e] = -values[e];
    pp_cg_add_leaf(f, 0, 0, frame, f->one, 0);
}

static void add_call(struct calls *c, pp_id stack, uint32_t depth, const struct pp_cg_cost *cost,
                     const int64_t *values, int64_t calls)
{
    struct pp_cg_flow *f = c->f;
    if (!c->caller || c->from != stack || c->frame != cost->frame || c->from_depth != depth) {
        c->from = stack;
        c->from_depth = c->caller_depth = depth;
        c->frame = cost->frame;
        c->caller = pp_cg_push(f, stack, &c->caller_depth, cost->frame);
    }
    pp_cg_add_leaf(f, c->caller, c->caller_depth, cost->callee_frame, values, calls);
    subtract(c, cost->callee, cost->callee_frame, values);
}

/* Adds the parts of a budget; those that look the same together. */
static void add_budget(struct calls *c, const struct pp_cg_budget *b, int64_t *sum)
{
    struct pp_cg_flow *f = c->f;
    for (size_t i = b->first, next; i < b->end; i = next) {
        const struct pp_cg_cost *cost = &f->g->costs[f->b.cost_of[i]];
        int64_t calls = 0;
        memset(sum, 0, f->n * sizeof *sum);
        for (next = i; next < b->end; next++) {
            const struct pp_cg_cost *other = &f->g->costs[f->b.cost_of[next]];
            if (other->frame != cost->frame || other->callee_frame != cost->callee_frame)
                break;
            for (unsigned e = 0; e < f->nshown; e++)
                sum[e] += f->b.parts.left[next * f->n + e];
            pp_cg_add_up(&calls, other->calls);
        }
        if (b->to == PP_CG_SELF)
            pp_cg_add_leaf(f, 0, 0, cost->frame, sum, 0);
        else
            add_call(c, 0, 0, cost, sum, calls);
    }
}

static void add_node(struct calls *c, pp_id node, int64_t *sum)
{
    const struct pp_cg_budgets *b = &c->f->b;
    for (size_t i = b->first[node]; i < b->first[node + 1]; i++)
        add_budget(c, &b->list[i], sum);
}

/* Adds the ends of all paths of a cluster. */
static void add_paths(struct calls *c)
{
    struct pp_cg_flow *f = c->f;
    const struct pp_cg_paths *s = &f->paths;
    pp_id *stack = pp_calloc(s->count, sizeof *stack);
    uint32_t *depth = pp_calloc(s->count, sizeof *depth);
    for (size_t i = 0; i < s->count; i++) {
        pp_id parent = s->list[i].parent;
        if (parent == i)
            continue;
        depth[i] = depth[parent];
        stack[i] = pp_cg_push(f, stack[parent], &depth[i], s->list[i].frame);
    }
    for (size_t i = 0; i < s->nends; i++) {
        const struct pp_cg_path_end *end = &s->ends[i];
        const int64_t *values = s->values + i * f->n;
        pp_id at = stack[end->path];
        if (end->to == PP_CG_SELF)
            pp_cg_add_leaf(f, at, depth[end->path], end->at, values, end->calls);
        else
            add_call(c, at, depth[end->path], &f->g->costs[f->b.cost_of[end->at]], values,
                     end->calls);
    }
    free(stack);
    free(depth);
}

void pp_cg_add_own(struct pp_cg_flow *f)
{
    const struct pp_cg *g = f->g;
    for (size_t i = 0; i < g->ncosts && f->ok; i++) {
        const struct pp_cg_cost *c = &g->costs[i];
        if (c->callee == PP_CG_SELF)
            pp_cg_add_leaf(f, 0, 0, c->frame, pp_cg_values(g, i), 0);
        else if (c->calls)
            pp_cg_add_leaf(f, 0, 0, c->callee_frame, NULL, c->calls);
    }
    f->p->about.calls_only = true;
}

/* --- entry point --------------------------------------------------------- */

static void add_taken(struct calls *c)
{
    for (size_t i = 0; i < c->f->g->nnodes; i++)
        if (c->begins[i])
            pp_cg_add_leaf(c->f, 0, 0, c->begins[i], c->taken + i * c->f->n, 0);
}

bool pp_cg_add_graph(struct pp_cg_flow *f, int64_t *roots)
{
    const struct pp_cg *g = f->g;
    struct calls c = {.f = f};
    if (!add_arrivals(f, roots))
        return false;
    c.taken = pp_calloc(g->nnodes * f->n + 1, sizeof *c.taken);
    c.begins = pp_calloc(g->nnodes + 1, sizeof *c.begins);
    int64_t *sum = pp_calloc(f->n + 1, sizeof *sum);
    for (size_t from = 0, to; from < g->nnodes && f->ok; from = to) {
        to = pp_cg_cluster_end(g, from);
        if (pp_cg_is_cluster(f, from, to)) {
            pp_cg_make_paths(f, from, to, roots);
            add_paths(&c);
            continue;
        }
        for (size_t i = from; i < to; i++)
            add_node(&c, g->order[i], sum);
    }
    add_taken(&c);
    f->p->about.calls_only = true;
    free(sum);
    free(c.taken);
    free(c.begins);
    return true;
}
