#include "transform/renames.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/out.h"
#include "model/merge.h"
#include "model/totals.h"

enum { BEFORE, AFTER, SIDES, MOST_OF_A_CALLER = 64, MOST_ROUNDS = 64 };

/* How much of two functions' callers, and callees, must be the same; how alike they must be in
 * size; and by how much a pair must be better than the next best. */
static const double LEAST_ALIKE = 0.75, LEAST_SIZE = 0.5, LEAST_LEAD = 0.1;

/* The total of `callee` where `caller` has called it; 0 is the root. A function's own samples are
 * those of its call of 0. */
struct edge {
    pp_id caller, callee;
};

struct pairing {
    struct pp_profile *p;
    struct pp_table edges;
    double *weights[SIDES]; /* by edge */
    size_t caps[SIDES];
    double *totals[SIDES];  /* by function: of all calls */
    pp_id *partner;         /* by function: what it is paired with; 0: nothing */
    pp_id *first_call;      /* by function: its calls in `calls`; one more at the end */
    pp_id *first_caller;    /* the same of its callers */
    pp_id *calls, *callers; /* edges */
    pp_id one_sided;        /* stands for all functions on one side only that are not paired */
    double *shares[SIDES];  /* by what functions count as: room for alike(), all 0 between calls */
};

/* --- the graph ----------------------------------------------------------- */

static void add_weight(struct pairing *g, pp_id caller, pp_id callee, const double weight[SIDES])
{
    size_t known = g->edges.count;
    const struct edge edge = {caller, callee};
    pp_id id = pp_intern(&g->edges, &edge);
    for (int s = 0; s < SIDES; s++) {
        PP_GROW(g->weights[s], (size_t)id + 1, g->caps[s]);
        g->weights[s][id] = (id >= known ? 0 : g->weights[s][id]) + weight[s];
    }
}

static pp_id function_of(const struct pp_profile *p, pp_id node)
{
    return pp_frame(p, pp_node(p, node)->frame)->function;
}

static void find_edges(struct pairing *g, const unsigned columns[SIDES])
{
    const struct pp_profile *p = g->p;
    int64_t *totals[SIDES], *self[SIDES];
    for (int s = 0; s < SIDES; s++) {
        totals[s] = pp_totals(p, columns[s]);
        self[s] = pp_self(p, columns[s]);
        g->totals[s] = pp_calloc(p->functions.count, sizeof *g->totals[s]);
    }
    for (pp_id n = 1; n < p->nodes.count; n++) {
        pp_id f = function_of(p, n), parent = pp_node(p, n)->parent;
        pp_id caller = parent ? function_of(p, parent) : 0;
        if (caller != f || !parent)
            add_weight(g, caller, f,
                       (double[]){(double)totals[BEFORE][n], (double)totals[AFTER][n]});
        add_weight(g, f, 0, (double[]){(double)self[BEFORE][n], (double)self[AFTER][n]});
        for (int s = 0; s < SIDES && caller != f; s++)
            g->totals[s][f] += (double)totals[s][n];
    }
    for (int s = 0; s < SIDES; s++) {
        free(totals[s]);
        free(self[s]);
    }
}

/* Lists the edges by one of their ends. */
static void list_edges(const struct pairing *g, bool by_caller, pp_id **first, pp_id **list)
{
    size_t functions = g->p->functions.count, n = g->edges.count;
    *first = pp_calloc(functions + 2, sizeof **first);
    *list = pp_calloc(n, sizeof **list);
    for (int fill = 0; fill < 2; fill++) {
        for (pp_id e = 1; e < n; e++) {
            const struct edge *edge = pp_row(&g->edges, e);
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

static bool is_gone(const struct pairing *g, pp_id f)
{
    return g->totals[BEFORE][f] > 0 && g->totals[AFTER][f] <= 0 && !g->partner[f];
}

static bool is_new(const struct pairing *g, pp_id f)
{
    return g->totals[AFTER][f] > 0 && g->totals[BEFORE][f] <= 0 && !g->partner[f];
}

/* What a function counts as: those that are paired as the one that is gone. */
static pp_id known_as(const struct pairing *g, pp_id f)
{
    if (!f)
        return 0;
    if (g->partner[f])
        return g->totals[BEFORE][f] > 0 ? f : g->partner[f];
    return is_gone(g, f) || is_new(g, f) ? g->one_sided : f;
}

/* --- how alike two functions are ----------------------------------------- */

/* Adds up the shares of the callers, or callees, of `f` on a side. */
static void add_shares(struct pairing *g, pp_id f, bool callers, int side)
{
    const pp_id *first = callers ? g->first_caller : g->first_call;
    const pp_id *list = callers ? g->callers : g->calls;
    double all = 0;
    for (size_t i = first[f]; i < first[f + 1]; i++)
        all += g->weights[side][list[i]];
    for (size_t i = first[f]; i < first[f + 1] && all > 0; i++) {
        const struct edge *e = pp_row(&g->edges, list[i]);
        g->shares[side][known_as(g, callers ? e->caller : e->callee)] +=
            g->weights[side][list[i]] / all;
    }
}

/* Takes the shares of the callers, or callees, of `f` back; what both sides had in common. */
static double take_common(struct pairing *g, pp_id f, bool callers)
{
    const pp_id *first = callers ? g->first_caller : g->first_call;
    const pp_id *list = callers ? g->callers : g->calls;
    double common = 0;
    for (size_t i = first[f]; i < first[f + 1]; i++) {
        const struct edge *e = pp_row(&g->edges, list[i]);
        pp_id other = known_as(g, callers ? e->caller : e->callee);
        double b = g->shares[BEFORE][other], a = g->shares[AFTER][other];
        common += b < a ? b : a;
        g->shares[BEFORE][other] = g->shares[AFTER][other] = 0;
    }
    return common;
}

/* How much of the callers, or callees, of one before and the other after is the same: 0 to 1. */
static double alike(struct pairing *g, pp_id gone, pp_id new, bool callers)
{
    add_shares(g, gone, callers, BEFORE);
    add_shares(g, new, callers, AFTER);
    double common = take_common(g, gone, callers);
    take_common(g, new, callers);
    return common;
}

/* 0: they are no pair; else the higher the better. */
static double score_of(struct pairing *g, pp_id gone, pp_id new)
{
    double b = g->totals[BEFORE][gone], a = g->totals[AFTER][new];
    double size = b < a ? b / a : a / b;
    double callers = size < LEAST_SIZE ? 0 : alike(g, gone, new, true);
    double callees = callers < LEAST_ALIKE ? 0 : alike(g, gone, new, false);
    return callees < LEAST_ALIKE ? 0 : callers + callees + size;
}

/* --- pairing ------------------------------------------------------------- */

/* Functions that the same function calls most: at first the largest of them. */
struct group {
    pp_id functions[MOST_OF_A_CALLER];
    size_t n;
};

static void add_to_group(const struct pairing *g, struct group *group, pp_id f, int side)
{
    size_t i = group->n < MOST_OF_A_CALLER ? group->n++ : group->n;
    for (; i > 0 && g->totals[side][group->functions[i - 1]] < g->totals[side][f]; i--)
        if (i < MOST_OF_A_CALLER)
            group->functions[i] = group->functions[i - 1];
    if (i < MOST_OF_A_CALLER)
        group->functions[i] = f;
}

/* The caller that most of a function comes from; one_sided if that is not known. */
static pp_id main_caller(const struct pairing *g, pp_id f, int side)
{
    pp_id most = g->one_sided;
    double weight = 0;
    for (size_t i = g->first_caller[f]; i < g->first_caller[f + 1]; i++)
        if (g->weights[side][g->callers[i]] > weight) {
            weight = g->weights[side][g->callers[i]];
            most = known_as(g, ((const struct edge *)pp_row(&g->edges, g->callers[i]))->caller);
        }
    return most;
}

/* The best and the next best of what a function could be paired with. */
struct best {
    size_t at;
    double score, next;
};

static void note(struct best *b, size_t at, double score)
{
    if (score > b->score)
        *b = (struct best){at, score, b->score};
    else if (score > b->next)
        b->next = score;
}

static bool leads(const struct best *b)
{
    return b->score > 0 && b->score >= b->next + LEAST_LEAD;
}

/* Pairs those that are each other's best by far. */
static size_t pair_group(struct pairing *g, const struct group *gone, const struct group *new)
{
    struct best of_gone[MOST_OF_A_CALLER] = {{0}}, of_new[MOST_OF_A_CALLER] = {{0}};
    size_t pairs = 0;
    for (size_t i = 0; i < gone->n; i++)
        for (size_t k = 0; k < new->n; k++) {
            double score = score_of(g, gone->functions[i], new->functions[k]);
            note(&of_gone[i], k, score);
            note(&of_new[k], i, score);
        }
    for (size_t i = 0; i < gone->n; i++) {
        size_t k = of_gone[i].at;
        if (!leads(&of_gone[i]) || !leads(&of_new[k]) || of_new[k].at != i)
            continue;
        g->partner[gone->functions[i]] = new->functions[k];
        g->partner[new->functions[k]] = gone->functions[i];
        pairs++;
    }
    return pairs;
}

/* One round: all that is gone or new is looked at where its main caller is known. */
static size_t pair_once(struct pairing *g)
{
    size_t functions = g->p->functions.count, pairs = 0;
    struct group *groups[SIDES];
    pp_id *number = pp_calloc(functions, sizeof *number), count = 0;
    for (pp_id f = 1; f < functions; f++) {
        pp_id caller = is_gone(g, f) ? main_caller(g, f, BEFORE) : g->one_sided;
        if (caller != g->one_sided && !number[caller])
            number[caller] = ++count;
    }
    for (int s = 0; s < SIDES; s++)
        groups[s] = pp_calloc((size_t)count + 1, sizeof *groups[s]);
    for (pp_id f = 1; f < functions; f++) {
        int side = is_gone(g, f) ? BEFORE : AFTER;
        if (side == AFTER && !is_new(g, f))
            continue;
        pp_id caller = main_caller(g, f, side);
        if (caller != g->one_sided && number[caller])
            add_to_group(g, &groups[side][number[caller]], f, side);
    }
    for (pp_id i = 1; i <= count; i++)
        pairs += pair_group(g, &groups[BEFORE][i], &groups[AFTER][i]);
    for (int s = 0; s < SIDES; s++)
        free(groups[s]);
    free(number);
    return pairs;
}

/* --- renaming ------------------------------------------------------------ */

/* The frame of the pair that `f` is in, f being on either side. */
static pp_id frame_of_pair(struct pairing *g, pp_id f, struct pp_out *name)
{
    bool gone = g->totals[BEFORE][f] > 0;
    pp_id old = gone ? f : g->partner[f], new = gone ? g->partner[f] : f;
    name->len = 0;
    pp_put(name, pp_text(g->p, pp_function(g->p, old)->name));
    pp_puts(name, " -> ");
    pp_put(name, pp_text(g->p, pp_function(g->p, new)->name));
    return pp_frame_named(g->p, pp_out_bytes(name));
}

static void rename_pairs(struct pairing *g)
{
    struct pp_profile *p = g->p;
    size_t nodes = p->nodes.count, frames = p->frames.count;
    pp_id *image = pp_calloc(nodes, sizeof *image), *to = pp_calloc(frames, sizeof *to);
    struct pp_out name;
    pp_out_memory(&name, NULL);
    for (pp_id f = 1; f < frames; f++) {
        pp_id function = pp_frame(p, f)->function;
        to[f] = g->partner[function] ? frame_of_pair(g, function, &name) : f;
    }
    for (pp_id n = 1; n < nodes; n++)
        image[n] = pp_child(p, image[pp_node(p, n)->parent], to[pp_node(p, n)->frame]);
    pp_move_samples(p, image);
    pp_out_release(&name);
    free(image);
    free(to);
}

static void release(struct pairing *g)
{
    pp_table_release(&g->edges);
    for (int s = 0; s < SIDES; s++) {
        free(g->weights[s]);
        free(g->totals[s]);
        free(g->shares[s]);
    }
    free(g->partner);
    free(g->first_call);
    free(g->first_caller);
    free(g->calls);
    free(g->callers);
}

size_t pp_pair_renames(struct pp_profile *p, unsigned before, unsigned after)
{
    struct pairing g = {.p = p, .partner = pp_calloc(p->functions.count, sizeof *g.partner)};
    size_t pairs = 0, found = 1;
    g.one_sided = (pp_id)p->functions.count;
    for (int s = 0; s < SIDES; s++)
        g.shares[s] = pp_calloc(p->functions.count + 1, sizeof *g.shares[s]);
    pp_table_init(&g.edges, sizeof(struct edge));
    find_edges(&g, (const unsigned[]){before, after});
    list_edges(&g, true, &g.first_call, &g.calls);
    list_edges(&g, false, &g.first_caller, &g.callers);
    for (int round = 0; round < MOST_ROUNDS && found; round++) {
        found = pair_once(&g);
        pairs += found;
    }
    if (pairs)
        rename_pairs(&g);
    release(&g);
    return pairs;
}
