#include "transform/pairing.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "model/totals.h"
#include "transform/pairing_private.h"

enum { BEFORE = PP_PAIR_BEFORE, AFTER = PP_PAIR_AFTER, SIDES = PP_PAIR_SIDES, MOST_ROUNDS = 16 };

static void start(struct pp_pairing *g, const unsigned columns[SIDES], const double units[SIDES])
{
    static const enum pp_side names[SIDES] = {PP_BEFORE, PP_AFTER};
    const struct pp_profile *p = g->p;
    size_t functions = p->functions.count;
    for (int s = 0; s < SIDES; s++) {
        int variance = pp_variance_column(p, names[s]);
        g->self[s] = pp_self(p, columns[s]);
        g->total[s] = pp_totals(p, columns[s]);
        g->shares[s] = pp_calloc(functions + 1, sizeof *g->shares[s]);
        if (variance < 0 || !(units[s] > 0))
            continue;
        g->self_variance[s] = pp_self(p, (unsigned)variance);
        g->total_variance[s] = pp_totals(p, (unsigned)variance);
        g->variance_of[s] = units[s] * pow(100, (double)p->columns[columns[s]].decimals);
    }
    g->as = pp_calloc(functions, sizeof *g->as);
    g->joined = pp_calloc(functions, sizeof *g->joined);
    g->inlined = pp_calloc(functions, sizeof *g->inlined);
    g->in_set = pp_calloc(functions + 1, sizeof *g->in_set);
    g->one_sided = (pp_id)functions;
    pp_pair_graph_init(g);
}

static void release(struct pp_pairing *g)
{
    pp_pair_graph_release(g);
    for (int s = 0; s < SIDES; s++) {
        free(g->self[s]);
        free(g->total[s]);
        free(g->self_variance[s]);
        free(g->total_variance[s]);
        free(g->shares[s]);
    }
    free(g->as);
    free(g->joined);
    free(g->inlined);
    free(g->inlines);
    free(g->in_set);
}

/* Whether any function is on one side only: mostly none is, and then there is nothing to pair. */
static bool are_one_sided(const struct pp_profile *p, const unsigned columns[SIDES])
{
    unsigned char *sides = pp_calloc(p->functions.count, sizeof *sides);
    bool found = false;
    for (int s = 0; s < SIDES; s++) {
        int64_t *total = pp_totals(p, columns[s]);
        for (pp_id n = 1; n < p->nodes.count; n++)
            if (total[n])
                sides[pp_frame(p, pp_node(p, n)->frame)->function] |= 1u << s;
        free(total);
    }
    for (pp_id f = 1; f < p->functions.count; f++)
        found = found || sides[f] == 1u << BEFORE || sides[f] == 1u << AFTER;
    free(sides);
    return found;
}

/*
 * What is inlined comes first: only then do values grow by what a function had, while one that is
 * like another in the same place may be so by chance.
 */
static size_t pair_once(struct pp_pairing *g)
{
    pp_pair_graph_make(g);
    size_t found = pp_pair_inlined(g, BEFORE);
    if (!found)
        found = pp_pair_inlined(g, AFTER);
    return found ? found : pp_pair_renamed(g);
}

size_t pp_pair_functions(struct pp_profile *p, unsigned before, unsigned after,
                         const double units[2])
{
    struct pp_pairing g = {.p = p};
    const unsigned columns[] = {before, after};
    size_t all = 0, found = 1;
    if (!are_one_sided(p, columns))
        return 0;
    start(&g, columns, units);
    for (int round = 0; round < MOST_ROUNDS && found; round++) {
        found = pair_once(&g);
        all += found;
    }
    if (all) {
        pp_pair_graph_make(&g);
        pp_pair_apply(&g);
    }
    release(&g);
    return all;
}
