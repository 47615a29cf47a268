/*
 * Functions that are called differently on the other side, or were split: of those that a function
 * calls on one side only, one before and one after, or a few, that are alike.
 */
#include <stdlib.h>

#include "base/memory.h"
#include "transform/pairing_private.h"

enum {
    BEFORE = PP_PAIR_BEFORE,
    AFTER = PP_PAIR_AFTER,
    SIDES = PP_PAIR_SIDES,
    MOST_OF_A_CALLER = 64,
    MOST_SPLIT = 16, /* of a caller's functions, the largest are looked at for splits */
    MOST_PARTS = 8,
    MOST_CALLS = 64, /* of a function on one side only, for its calls to be looked at */
    MOST_ROUNDS = 64,
};

/* How much of two functions' callers, and callees, must be the same; how alike they must be in
 * size, and the parts of a split one together; by how much a pair must be better than the next
 * best; and the least share that a part of a split function has of it. */
static const double LEAST_ALIKE = 0.75, LEAST_SIZE = 0.67, LEAST_SIZE_OF_PARTS = 0.8,
                    LEAST_LEAD = 0.1, LEAST_PART = 0.1;

/* Functions of one side, which are taken as one. */
struct set {
    pp_id functions[MOST_PARTS];
    size_t n;
};

static struct set set_of(pp_id f)
{
    return (struct set){{f}, 1};
}

static bool is_in(const struct set *set, pp_id f)
{
    for (size_t i = 0; i < set->n; i++)
        if (set->functions[i] == f)
            return true;
    return false;
}

static struct set with(struct set set, pp_id f)
{
    set.functions[set.n++] = f;
    return set;
}

/* What a function counts as; all that are on one side only, and not paired, are alike. */
static pp_id known_as(const struct pp_pairing *g, pp_id f)
{
    if (!f)
        return 0;
    if (g->as[f])
        return pp_pair_root(g, f);
    return pp_pair_is_extra(g, f, BEFORE) || pp_pair_is_extra(g, f, AFTER) ? g->one_sided : f;
}

/* --- how alike two sets are ----------------------------------------------- */

/* Calls `visit` for the edges of a set from callers, or to callees, that are not in it. */
struct visit {
    struct pp_pairing *g;
    bool callers;
    int side;
    double all; /* the sum of the values */
    double common;
    void (*visit)(struct visit *v, pp_id other, double value);
};

/* A call of a function that may be inlined on the other side: what that takes, and its calls. */
static void visit_call(struct visit *v, pp_id callee, double value)
{
    const struct pp_pairing *g = v->g;
    size_t first = g->first_call[callee], end = g->first_call[callee + 1];
    double all = 0;
    for (size_t i = first; i < end && end - first <= MOST_CALLS; i++)
        all += g->flows[g->calls[i]].value[v->side];
    if (all <= 0) {
        v->visit(v, g->one_sided, value);
        return;
    }
    for (size_t i = first; i < end; i++) {
        pp_id other = ((const struct pp_pair_edge *)pp_row(&g->edges, g->calls[i]))->callee;
        v->visit(v, known_as(g, other), value * g->flows[g->calls[i]].value[v->side] / all);
    }
}

static void visit_edges(struct visit *v, const struct set *set)
{
    const struct pp_pairing *g = v->g;
    const pp_id *first = v->callers ? g->first_caller : g->first_call;
    const pp_id *list = v->callers ? g->callers : g->calls;
    for (size_t k = 0; k < set->n; k++)
        g->in_set[set->functions[k]] = true;
    for (size_t k = 0; k < set->n; k++)
        for (size_t i = first[set->functions[k]]; i < first[set->functions[k] + 1]; i++) {
            const struct pp_pair_edge *e = pp_row(&g->edges, list[i]);
            pp_id other = v->callers ? e->caller : e->callee;
            double value = g->flows[list[i]].value[v->side];
            if (g->in_set[other])
                continue;
            if (!v->callers && known_as(g, other) == g->one_sided)
                visit_call(v, other, value);
            else
                v->visit(v, known_as(g, other), value);
        }
    for (size_t k = 0; k < set->n; k++)
        g->in_set[set->functions[k]] = false;
}

static void add_up(struct visit *v, pp_id other, double value)
{
    (void)other;
    v->all += value;
}

static void add_share(struct visit *v, pp_id other, double value)
{
    v->g->shares[v->side][other] += v->all > 0 ? value / v->all : 0;
}

/* Takes the shares back; what both sides had in common. */
static void take_common(struct visit *v, pp_id other, double value)
{
    double b = v->g->shares[BEFORE][other], a = v->g->shares[AFTER][other];
    (void)value;
    v->common += b < a ? b : a;
    v->g->shares[BEFORE][other] = v->g->shares[AFTER][other] = 0;
}

static double value_of(struct pp_pairing *g, const struct set *set, bool callers, int side)
{
    struct visit v = {g, callers, side, 0, 0, add_up};
    visit_edges(&v, set);
    return v.all;
}

static void add_shares(struct pp_pairing *g, const struct set *set, bool callers, int side)
{
    struct visit v = {g, callers, side, value_of(g, set, callers, side), 0, add_share};
    visit_edges(&v, set);
}

/* How much of the callers, or callees, of one set and the other, of the other side, is the same:
 * 0 to 1. */
static double alike(struct pp_pairing *g, const struct set *one, const struct set *other, int side,
                    bool callers)
{
    struct visit v = {g, callers, side, 0, 0, take_common};
    add_shares(g, one, callers, side);
    add_shares(g, other, callers, !side);
    visit_edges(&v, one);
    visit_edges(&(struct visit){g, callers, !side, 0, 0, take_common}, other);
    return v.common;
}

/* 0: they are not the same; else the higher the better. `one` is of `side`, the other is not. */
static double score_of(struct pp_pairing *g, const struct set *one, const struct set *other,
                       int side)
{
    double x = value_of(g, one, true, side), y = value_of(g, other, true, !side);
    double size = x < y ? x / y : y / x;
    double callers = size < LEAST_SIZE ? 0 : alike(g, one, other, side, true);
    double callees = callers < LEAST_ALIKE ? 0 : alike(g, one, other, side, false);
    return callees < LEAST_ALIKE ? 0 : callers + callees + size;
}

/* --- functions that may be paired ----------------------------------------- */

/* Functions that the same function calls most: at first the largest of them. */
struct group {
    pp_id functions[MOST_OF_A_CALLER];
    size_t n;
};

static void add_to_group(const struct pp_pairing *g, struct group *group, pp_id f, int side)
{
    size_t i = group->n < MOST_OF_A_CALLER ? group->n++ : group->n;
    for (; i > 0 && g->totals[side][group->functions[i - 1]] < g->totals[side][f]; i--)
        if (i < MOST_OF_A_CALLER)
            group->functions[i] = group->functions[i - 1];
    if (i < MOST_OF_A_CALLER)
        group->functions[i] = f;
}

/* The caller that most of a function comes from; one_sided if that is not known. */
static pp_id main_caller(const struct pp_pairing *g, pp_id f, int side)
{
    pp_id most = g->one_sided;
    double value = 0;
    for (size_t i = g->first_caller[f]; i < g->first_caller[f + 1]; i++)
        if (g->flows[g->callers[i]].value[side] > value) {
            value = g->flows[g->callers[i]].value[side];
            most = known_as(
                g, ((const struct pp_pair_edge *)pp_row(&g->edges, g->callers[i]))->caller);
        }
    return most;
}

static bool is_free(const struct pp_pairing *g, pp_id f)
{
    return !g->as[f] && !g->joined[f];
}

static void make_same(struct pp_pairing *g, pp_id f, const struct set *others)
{
    for (size_t i = 0; i < others->n; i++)
        g->as[others->functions[i]] = f;
    g->joined[f] = g->joined[f] || others->n > 0;
}

/* --- splits --------------------------------------------------------------- */

/* Adds to `set` what makes it more like `one`, as long as that is so, and returns the score. */
static double grow(struct pp_pairing *g, const struct set *one, struct set *set,
                   const struct group *group, int side)
{
    double score = score_of(g, one, set, side);
    while (set->n < MOST_PARTS) {
        double best = score;
        struct set grown = *set;
        for (size_t i = 0; i < group->n && i < MOST_SPLIT; i++) {
            const struct set larger = with(*set, group->functions[i]);
            bool fits = is_free(g, group->functions[i]) && !is_in(set, group->functions[i]);
            double s = fits ? score_of(g, one, &larger, side) : 0;
            if (s > best) {
                best = s;
                grown = larger;
            }
        }
        if (best < score + LEAST_LEAD || grown.n == set->n)
            return score;
        *set = grown;
        score = best;
    }
    return score;
}

/* Whether another function would do nearly as well in place of one of the parts, or beside them. */
static bool is_ambiguous(struct pp_pairing *g, const struct set *one, const struct set *set,
                         const struct group *group, int side, double score)
{
    double least = LEAST_PART * value_of(g, set, true, !side);
    for (size_t i = 0; i < group->n && i < MOST_SPLIT; i++) {
        pp_id f = group->functions[i];
        if (is_in(set, f) || !is_free(g, f) || g->totals[!side][f] < least)
            continue;
        for (size_t k = 0; k < set->n; k++) {
            struct set changed = *set;
            changed.functions[k] = f;
            if (score_of(g, one, &changed, side) > score - LEAST_LEAD)
                return true;
        }
        if (set->n < MOST_PARTS) {
            const struct set larger = with(*set, f);
            if (score_of(g, one, &larger, side) > score - LEAST_LEAD)
                return true;
        }
    }
    return false;
}

/* Whether each part is a part that counts, and together they are as large. */
static bool are_parts(struct pp_pairing *g, const struct set *one, const struct set *set, int side)
{
    double x = value_of(g, one, true, side), y = value_of(g, set, true, !side);
    for (size_t i = 0; i < set->n; i++)
        if (g->totals[!side][set->functions[i]] < LEAST_PART * y)
            return false;
    return (x < y ? x / y : y / x) >= LEAST_SIZE_OF_PARTS;
}

/* Whether another function of the same side would do nearly as well as `f`. */
static bool has_rival(struct pp_pairing *g, pp_id f, const struct set *set,
                      const struct group *group, int side, double score)
{
    for (size_t i = 0; i < group->n && i < MOST_SPLIT; i++) {
        const struct set rival = set_of(group->functions[i]);
        if (group->functions[i] != f && is_free(g, group->functions[i]) &&
            score_of(g, &rival, set, side) > score - LEAST_LEAD)
            return true;
    }
    return false;
}

/* The parts, of the group of the other side, that a function was split into; none if n is 0. */
static struct set parts_of(struct pp_pairing *g, pp_id f, const struct group *own,
                           const struct group *other, int side)
{
    const struct set one = set_of(f);
    struct set best = {.n = 0};
    double score = 0;
    for (size_t i = 0; i < other->n && i < MOST_SPLIT; i++) {
        struct set set = set_of(other->functions[i]);
        double s = is_free(g, other->functions[i]) ? grow(g, &one, &set, other, side) : 0;
        if (s > score && set.n > 1) {
            score = s;
            best = set;
        }
    }
    if (best.n && are_parts(g, &one, &best, side) &&
        !is_ambiguous(g, &one, &best, other, side, score) &&
        !has_rival(g, f, &best, own, side, score))
        return best;
    return (struct set){.n = 0};
}

/* Splits of functions of `side`; of the other it is functions that were taken together. */
static size_t find_splits(struct pp_pairing *g, const struct group *own, const struct group *other,
                          int side)
{
    size_t found = 0;
    for (size_t i = 0; i < own->n && i < MOST_SPLIT && other->n > 1; i++) {
        pp_id f = own->functions[i];
        struct set parts = {.n = 0};
        if (is_free(g, f))
            parts = parts_of(g, f, own, other, side);
        make_same(g, f, &parts);
        found += parts.n > 0;
    }
    return found;
}

/* --- renames -------------------------------------------------------------- */

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

/* Whether one of the two is more like the other with a third. */
static bool is_part(struct pp_pairing *g, pp_id gone, pp_id new, const struct group groups[SIDES])
{
    const struct set ends[SIDES] = {set_of(gone), set_of(new)};
    double score = score_of(g, &ends[BEFORE], &ends[AFTER], BEFORE);
    for (int s = 0; s < SIDES; s++) {
        struct set larger = ends[s];
        if (grow(g, &ends[!s], &larger, &groups[s], !s) > score)
            return true;
    }
    return false;
}

/* Pairs those that are each other's best by far. */
static size_t find_renames(struct pp_pairing *g, const struct group groups[SIDES])
{
    struct best of_gone[MOST_OF_A_CALLER] = {{0}}, of_new[MOST_OF_A_CALLER] = {{0}};
    const struct group *gone = &groups[BEFORE], *new = &groups[AFTER];
    bool paired[MOST_OF_A_CALLER] = {0};
    size_t pairs = 0;
    for (size_t i = 0; i < gone->n; i++)
        for (size_t k = 0; k < new->n; k++) {
            const struct set one = set_of(gone->functions[i]), other = set_of(new->functions[k]);
            double score = score_of(g, &one, &other, BEFORE);
            note(&of_gone[i], k, score);
            note(&of_new[k], i, score);
        }
    for (size_t i = 0; i < gone->n; i++) {
        size_t k = of_gone[i].at;
        paired[i] = leads(&of_gone[i]) && leads(&of_new[k]) && of_new[k].at == i &&
                    !is_part(g, gone->functions[i], new->functions[k], groups);
        pairs += paired[i];
    }
    for (size_t i = 0; i < gone->n; i++)
        if (paired[i]) {
            const struct set other = set_of(new->functions[of_gone[i].at]);
            make_same(g, gone->functions[i], &other);
        }
    return pairs;
}

/* --- rounds --------------------------------------------------------------- */

/* All that is on one side only, where its main caller is known: groups of both sides by caller. */
struct groups {
    struct group (*of)[SIDES];
    pp_id *number; /* by caller, from 1 */
    size_t n;
};

static void number_callers(const struct pp_pairing *g, struct groups *all)
{
    for (pp_id f = 1; f < g->p->functions.count; f++) {
        pp_id caller =
            pp_pair_is_surely_extra(g, f, BEFORE) ? main_caller(g, f, BEFORE) : g->one_sided;
        if (caller != g->one_sided && !all->number[caller])
            all->number[caller] = (pp_id)++all->n;
    }
}

static struct groups group_by_caller(const struct pp_pairing *g)
{
    struct groups all = {.number = pp_calloc(g->p->functions.count, sizeof *all.number)};
    number_callers(g, &all);
    all.of = pp_calloc(all.n + 1, sizeof *all.of);
    for (pp_id f = 1; f < g->p->functions.count; f++) {
        int side = pp_pair_is_extra(g, f, BEFORE) ? BEFORE : AFTER;
        if (!pp_pair_is_surely_extra(g, f, side))
            continue;
        pp_id caller = main_caller(g, f, side);
        if (caller != g->one_sided && all.number[caller])
            add_to_group(g, &all.of[all.number[caller]][side], f, side);
    }
    return all;
}

static size_t pair_once(struct pp_pairing *g)
{
    struct groups all = group_by_caller(g);
    size_t found = 0;
    for (size_t i = 1; i <= all.n; i++)
        found += find_renames(g, all.of[i]);
    for (size_t i = 1; i <= all.n && !found; i++)
        found += find_splits(g, &all.of[i][BEFORE], &all.of[i][AFTER], BEFORE) +
                 find_splits(g, &all.of[i][AFTER], &all.of[i][BEFORE], AFTER);
    free(all.of);
    free(all.number);
    return found;
}

size_t pp_pair_renamed(struct pp_pairing *g)
{
    size_t all = 0, found = 1;
    for (int round = 0; round < MOST_ROUNDS && found; round++) {
        found = pair_once(g);
        all += found;
    }
    return all;
}
