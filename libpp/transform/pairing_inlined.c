/*
 * Functions that are inlined on the other side. Where f called old, and old called x, f now has
 * taken over what old took itself, and calls x: the values of these calls of f grew by what old
 * had there.
 *
 * That is judged by the part of it that is found: 1 if f grew by all of it, 0 if f did not grow.
 * Inlined code takes less time than before, or none, and then it is not found; but of what was
 * found, by half or more, nothing was wrong in 30 pairs of recordings of real programs.
 * docs/comparing.md has the numbers.
 */
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "transform/pairing_private.h"

enum { SIDES = PP_PAIR_SIDES, MOST_PASSES = 64 };

/* How much of a function must be found in its callers, and how much of its calls must be from
 * functions that are on both sides; what part of the most that a caller has of it gives a caller
 * its name. */
static const double LEAST_FOUND = 0.5, LEAST_CALLED = 0.5, LEAST_OF_MOST = 0.1;

/* What an extra function contributes to an edge of a function that called it. */
struct part {
    pp_id function, edge;
};

struct inlining {
    struct pp_pairing *g;
    int side;             /* that of the extra functions */
    struct pp_table rows; /* struct part */
    double *values;       /* by part */
    size_t cap;
    pp_id *order;      /* parts, by function */
    double *used;      /* by edge: by how much accepted functions explain its growth */
    pp_id *candidates; /* extra functions that have parts, the largest first */
    size_t ncandidates;
    pp_id *first;    /* by function: its parts in `order`; one more at the end */
    double *weights; /* by function: the sum of its parts */
    bool *accepted;  /* by function */
};

/* --- parts ---------------------------------------------------------------- */

static void add_part(struct inlining *in, pp_id function, pp_id caller, pp_id callee, double value)
{
    if (value <= 0)
        return;
    const struct part part = {function, pp_pair_edge(in->g, caller, callee)};
    size_t known = in->rows.count;
    pp_id id = pp_intern(&in->rows, &part);
    PP_GROW(in->values, (size_t)id + 1, in->cap);
    in->values[id] = (id >= known ? 0 : in->values[id]) + value;
    in->weights[function] += value;
}

/* Each extra function's own values, and calls, go to the nearest caller that is on both sides. */
static void find_parts(struct inlining *in)
{
    struct pp_pairing *g = in->g;
    const struct pp_profile *p = g->p;
    pp_id *nearest = pp_calloc(p->nodes.count, sizeof *nearest);
    for (pp_id n = 1; n < p->nodes.count; n++) {
        pp_id parent = pp_node(p, n)->parent, f = g->of_node[n], caller = g->of_node[parent];
        bool extra = pp_pair_is_extra(g, f, in->side);
        nearest[n] = extra ? nearest[parent] : f;
        if (extra && nearest[n])
            add_part(in, f, nearest[n], 0, (double)g->self[in->side][n]);
        else if (!extra && caller && nearest[parent] && nearest[parent] != f &&
                 pp_pair_is_extra(g, caller, in->side))
            add_part(in, caller, nearest[parent], f, (double)g->total[in->side][n]);
    }
    free(nearest);
}

static void list_parts(struct inlining *in)
{
    size_t functions = in->g->p->functions.count, n = in->rows.count;
    in->first = pp_calloc(functions + 2, sizeof *in->first);
    in->order = pp_calloc(n, sizeof *in->order);
    for (pp_id i = 1; i < n; i++)
        in->first[((const struct part *)pp_row(&in->rows, i))->function + 2]++;
    for (size_t f = 2; f < functions + 2; f++)
        in->first[f] += in->first[f - 1];
    for (pp_id i = 1; i < n; i++)
        in->order[in->first[((const struct part *)pp_row(&in->rows, i))->function + 1]++] = i;
}

struct weighed {
    pp_id function;
    double weight;
};

static int compare_weights(const void *a, const void *b)
{
    const struct weighed *x = a, *y = b;
    if (x->weight < y->weight || x->weight > y->weight)
        return x->weight < y->weight ? 1 : -1;
    return x->function < y->function ? -1 : x->function > y->function;
}

static void list_candidates(struct inlining *in)
{
    size_t functions = in->g->p->functions.count, n = 0;
    struct weighed *list = pp_calloc(functions, sizeof *list);
    for (pp_id f = 1; f < functions; f++)
        if (in->weights[f] > 0)
            list[n++] = (struct weighed){f, in->weights[f]};
    qsort(list, n, sizeof *list, compare_weights);
    in->candidates = pp_calloc(n, sizeof *in->candidates);
    for (size_t i = 0; i < n; i++)
        in->candidates[i] = list[i].function;
    in->ncandidates = n;
    free(list);
}

/* --- judging -------------------------------------------------------------- */

static const struct part *part_of(const struct inlining *in, size_t i)
{
    return pp_row(&in->rows, in->order[i]);
}

/* By how much the value of a part's edge grew that no accepted function explains. */
static double growth_of(const struct inlining *in, const struct part *part)
{
    const struct pp_pair_flow *flow = &in->g->flows[part->edge];
    return flow->value[!in->side] - flow->value[in->side] - in->used[part->edge];
}

static double between(double low, double v, double high)
{
    return v < low ? low : v > high ? high : v;
}

/*
 * Whether enough of the function is found in its callers. Where it called or was called by many,
 * that is many small differences, which chance makes up or down; so for the error, what callers
 * shrank by counts against what they grew by.
 */
static bool is_found(const struct inlining *in, pp_id f)
{
    double found = 0, difference = 0, variance = 0;
    for (size_t i = in->first[f]; i < in->first[f + 1]; i++) {
        const struct part *part = part_of(in, i);
        const struct pp_pair_flow *flow = &in->g->flows[part->edge];
        double value = in->values[in->order[i]], growth = growth_of(in, part);
        found += between(0, growth, value);
        difference += between(-value, growth, value);
        variance += flow->variance[0] + flow->variance[1];
    }
    return found >= LEAST_FOUND * in->weights[f] && difference >= PP_PAIR_SIGMAS * sqrt(variance);
}

static void accept(struct inlining *in, pp_id f)
{
    in->accepted[f] = true;
    for (size_t i = in->first[f]; i < in->first[f + 1]; i++)
        in->used[part_of(in, i)->edge] += in->values[in->order[i]];
}

/* Whether enough of its calls are from functions on both sides, or from such as are inlined. */
static bool is_called(const struct inlining *in, pp_id f)
{
    const struct pp_pairing *g = in->g;
    double good = 0, all = 0;
    for (size_t i = g->first_caller[f]; i < g->first_caller[f + 1]; i++) {
        pp_id caller = ((const struct pp_pair_edge *)pp_row(&g->edges, g->callers[i]))->caller;
        double value = g->flows[g->callers[i]].value[in->side];
        all += value;
        if (caller && (in->accepted[caller] || !pp_pair_is_extra(g, caller, in->side)))
            good += value;
    }
    return good >= LEAST_CALLED * all;
}

/* Takes back what is called by functions that are not inlined. False if that has no end soon. */
static bool check_callers(struct inlining *in)
{
    bool changed = true;
    for (int pass = 0; pass < MOST_PASSES && changed; pass++) {
        changed = false;
        for (size_t i = 0; i < in->ncandidates; i++) {
            pp_id f = in->candidates[i];
            if (!in->accepted[f] || is_called(in, f))
                continue;
            in->accepted[f] = false;
            changed = true;
        }
    }
    return !changed;
}

/* --- deciding ------------------------------------------------------------- */

static pp_id caller_of(const struct inlining *in, const struct part *part)
{
    return ((const struct pp_pair_edge *)pp_row(&in->g->edges, part->edge))->caller;
}

/* Notes in which functions it is inlined: not those with a few stray samples. */
static void note_inlined(struct inlining *in, pp_id f)
{
    struct pp_pairing *g = in->g;
    double *shares = g->shares[in->side], most = 0;
    g->inlined[f] = true;
    for (size_t i = in->first[f]; i < in->first[f + 1]; i++) {
        pp_id caller = caller_of(in, part_of(in, i));
        shares[caller] += in->values[in->order[i]];
        most = shares[caller] > most ? shares[caller] : most;
    }
    for (size_t i = in->first[f]; i < in->first[f + 1]; i++) {
        pp_id caller = caller_of(in, part_of(in, i));
        if (shares[caller] > 0 && shares[caller] >= LEAST_OF_MOST * most) {
            PP_GROW(g->inlines, g->ninlines + 1, g->inlines_cap);
            g->inlines[g->ninlines++] =
                (struct pp_pair_inlined){caller, f, shares[caller], in->side};
        }
        shares[caller] = 0;
    }
}

static void release(struct inlining *in)
{
    pp_table_release(&in->rows);
    free(in->values);
    free(in->order);
    free(in->used);
    free(in->candidates);
    free(in->first);
    free(in->weights);
    free(in->accepted);
}

size_t pp_pair_inlined(struct pp_pairing *g, int side)
{
    size_t functions = g->p->functions.count, found = 0;
    struct inlining in = {.g = g,
                          .side = side,
                          .weights = pp_calloc(functions, sizeof *in.weights),
                          .accepted = pp_calloc(functions, sizeof *in.accepted)};
    pp_table_init(&in.rows, sizeof(struct part));
    find_parts(&in);
    list_parts(&in);
    list_candidates(&in);
    in.used = pp_calloc(g->edges.count, sizeof *in.used);
    for (size_t i = 0; i < in.ncandidates; i++)
        if (is_found(&in, in.candidates[i]))
            accept(&in, in.candidates[i]);
    bool settled = check_callers(&in);
    for (size_t i = 0; i < in.ncandidates && settled; i++)
        if (in.accepted[in.candidates[i]]) {
            note_inlined(&in, in.candidates[i]);
            found++;
        }
    release(&in);
    return found;
}
