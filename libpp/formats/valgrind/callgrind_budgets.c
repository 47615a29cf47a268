#include "formats/valgrind/callgrind_budgets.h"

#include <stdlib.h>

#include "base/memory.h"

struct call_key {
    pp_id inner, callee, cost;
};

static int compare_calls(const void *x, const void *y)
{
    const struct call_key *a = x, *b = y;
    if (a->inner != b->inner)
        return a->inner < b->inner ? -1 : 1;
    if (a->callee != b->callee)
        return a->callee < b->callee ? -1 : 1;
    return a->cost < b->cost ? -1 : a->cost > b->cost;
}

/* Sorts the costs by node: its own first, then calls, with those within the component last. */
static struct call_key *sort_costs(const struct pp_cg_budgets *b, size_t *begins)
{
    const struct pp_cg *g = b->g;
    struct call_key *keys = pp_calloc(g->ncosts + 1, sizeof *keys);
    size_t *own = pp_calloc(g->nnodes + 1, sizeof *own),
           *end = pp_calloc(g->nnodes + 1, sizeof *end);
    for (size_t i = 0; i < g->ncosts; i++) {
        begins[g->costs[i].node + 1]++;
        own[g->costs[i].node] += g->costs[i].callee == PP_CG_SELF;
    }
    for (size_t i = 0; i < g->nnodes; i++) {
        begins[i + 1] += begins[i];
        end[i] = begins[i] + own[i];
        own[i] = begins[i];
    }
    for (size_t i = 0; i < g->ncosts; i++) {
        const struct pp_cg_cost *c = &g->costs[i];
        bool self = c->callee == PP_CG_SELF;
        keys[self ? own[c->node]++ : end[c->node]++] = (struct call_key){
            !self && g->component[c->node] == g->component[c->callee], c->callee, (pp_id)i};
    }
    for (size_t i = 0; i < g->nnodes; i++)
        if (end[i] - own[i] > 1)
            qsort(keys + own[i], end[i] - own[i], sizeof *keys, compare_calls);
    free(own);
    free(end);
    return keys;
}

static void add_part(struct pp_cg_budgets *b, size_t part, pp_id cost)
{
    int64_t *row = b->parts.left + part * b->n;
    b->cost_of[part] = cost;
    memcpy(row, pp_cg_values(b->g, cost), b->n * sizeof *row);
    for (unsigned e = 0; e < b->n; e++)
        pp_cg_add_up(&b->kinds.left[(b->count - 1) * b->n + e], row[e]);
}

static void start_budget(struct pp_cg_budgets *b, size_t node, size_t part, struct call_key key)
{
    bool local = key.callee != PP_CG_SELF && b->g->cluster[key.callee] == b->g->cluster[node];
    b->list[b->count++] =
        (struct pp_cg_budget){key.callee, (pp_id)part, (pp_id)part, key.inner, local};
}

/* Whether a budget begins at this cost: another callee, or another node. */
static bool is_start(const struct call_key *keys, const size_t *begins, size_t node, size_t i)
{
    return i == begins[node] || keys[i].callee != keys[i - 1].callee;
}

/* There are far fewer budgets than places of calls, so they are counted before allocating. */
static void make_room(struct pp_cg_budgets *b, const struct call_key *keys, const size_t *begins)
{
    size_t count = 0, n = b->n ? b->n : 1;
    for (size_t node = 0; node < b->g->nnodes; node++)
        for (size_t i = begins[node]; i < begins[node + 1]; i++)
            count += is_start(keys, begins, node, i);
    b->list = pp_calloc(count + 1, sizeof *b->list);
    b->parts.cursors = pp_calloc(count * n + 1, sizeof *b->parts.cursors);
    b->kinds.left = pp_calloc(count * n + 1, sizeof *b->kinds.left);
}

static void make_budgets(struct pp_cg_budgets *b)
{
    const struct pp_cg *g = b->g;
    size_t *begins = pp_calloc(g->nnodes + 2, sizeof *begins);
    struct call_key *keys = sort_costs(b, begins);
    make_room(b, keys, begins);
    for (size_t node = 0; node < g->nnodes; node++) {
        b->first[node] = (pp_id)b->count;
        for (size_t i = begins[node]; i < begins[node + 1]; i++) {
            if (is_start(keys, begins, node, i))
                start_budget(b, node, i, keys[i]);
            add_part(b, i, keys[i].cost);
            b->list[b->count - 1].end++;
        }
    }
    b->first[g->nnodes] = (pp_id)b->count;
    free(keys);
    free(begins);
}

static void start_cursors(struct pp_cg_budgets *b)
{
    for (size_t k = 0; k < b->count; k++)
        for (unsigned e = 0; e < b->n; e++)
            b->parts.cursors[k * b->n + e] = b->list[k].first;
    for (size_t i = 0; i < b->g->nnodes; i++)
        for (unsigned e = 0; e < b->n; e++) {
            b->kinds.cursors[i * b->n + e] = b->first[i];
            for (size_t k = b->first[i]; k < b->first[i + 1]; k++)
                pp_cg_add_up(&b->left[i * b->n + e], b->kinds.left[k * b->n + e]);
        }
}

void pp_cg_budgets_init(struct pp_cg_budgets *b, const struct pp_cg *g)
{
    size_t costs = g->ncosts + 1, nodes = g->nnodes + 1, n = g->nevents ? g->nevents : 1;
    *b = (struct pp_cg_budgets){.g = g, .n = g->nevents};
    b->cost_of = pp_calloc(costs, sizeof *b->cost_of);
    b->parts.left = pp_calloc(costs * n, sizeof *b->parts.left);
    b->kinds.cursors = pp_calloc(nodes * n, sizeof *b->kinds.cursors);
    b->first = pp_calloc(nodes, sizeof *b->first);
    b->left = pp_calloc(nodes * n, sizeof *b->left);
    make_budgets(b);
    start_cursors(b);
}

void pp_cg_budgets_release(struct pp_cg_budgets *b)
{
    free(b->cost_of);
    free(b->list);
    free(b->parts.left);
    free(b->parts.cursors);
    free(b->kinds.left);
    free(b->kinds.cursors);
    free(b->first);
    free(b->left);
}
