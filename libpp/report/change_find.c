/*
 * Finds changes by function: makes the rows of the table, and their sum, from a profile with two
 * sides.
 */
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "model/scatter.h"
#include "model/totals.h"
#include "report/change_private.h"
#include "report/functions.h"

enum { BEFORE = PP_BEFORE_SIDE, AFTER = PP_AFTER_SIDE, SIDES = PP_SIDES };

static const enum pp_side side_names[SIDES] = {PP_BEFORE, PP_AFTER};

/* The value of a stored 1 in the column's unit. */
static double one_of(const struct pp_changes *c)
{
    return pow(10, -(double)c->p->columns[c->columns[AFTER]].decimals);
}

static bool is_nothing(const struct pp_change_cell *c)
{
    return !c->sides[BEFORE] && !c->sides[AFTER];
}

/* Effective numbers of samples of each function, as if all variance came from sampling. */
static double differ_by_sampling(const struct pp_changes *c, const double *const counts[SIDES])
{
    bool known = c->o->before.how != PP_SAMPLED_NOT && c->o->after.how != PP_SAMPLED_NOT;
    return known ? pp_chi_squared_of_all(counts[BEFORE], counts[AFTER], c->p->functions.count)
                 : NAN;
}

/* --- collecting ---------------------------------------------------------- */

/*
 * The values of each function, their variances, and the parts shared with the denominator; all
 * variances of a side without them are 0.
 */
struct side {
    struct pp_function_values values, variances, shared;
    double unit;
};

static struct side side_of(const struct pp_changes *c, int side)
{
    const struct pp_sampling *sampling = side == BEFORE ? &c->o->before : &c->o->after;
    int variance = pp_variance_column(c->p, side_names[side]);
    struct side s = {.values = pp_function_values(c->p, (unsigned)c->columns[side])};
    if (c->sampled && variance >= 0) {
        s.variances = pp_function_values(c->p, (unsigned)variance);
        if (c->o->per)
            s.shared = pp_function_values(c->p, (unsigned)pp_shared_column(c->p, side_names[side]));
        s.unit = sampling->unit;
    }
    return s;
}

/*
 * Adds the variance of one side by sampling, including the covariance with the denominator. Returns
 * the number of samples behind the value.
 */
static double add_sampling(const struct pp_changes *c, struct pp_change_cell *cell, int side,
                           double variance, double shared)
{
    double value = (double)cell->sides[side] * one_of(c);
    double samples = pp_effective_samples(value, variance);
    cell->variance +=
        pp_ratio_variance(value, variance, shared, c->o->per ? &c->o->per[side] : NULL);
    cell->samples += samples;
    return samples;
}

/*
 * Makes a cell from the values of a function, self or total; `shared` is NULL without denominators.
 */
static double add_function(const struct pp_changes *c, struct pp_change_cell *cell, int side,
                           int64_t variance, const int64_t *shared, double unit)
{
    return add_sampling(c, cell, side, (double)variance * unit,
                        shared ? (double)*shared * unit : 0);
}

static struct pp_change_row row_of(const struct pp_changes *c, const struct side *sides, size_t f,
                                   double *const counts[SIDES])
{
    struct pp_change_row r = {.name = pp_text(c->p, pp_function(c->p, (pp_id)f)->name)};
    r.self.exact = r.total.exact = NAN;
    for (int s = 0; s < SIDES; s++) {
        r.self.sides[s] = sides[s].values.self[f];
        r.total.sides[s] = sides[s].values.total[f];
        const struct side *side = &sides[s];
        if (!side->variances.self)
            continue;
        const int64_t *self = side->shared.self, *total = side->shared.total;
        counts[s][f] = add_function(c, &r.self, s, side->variances.self[f], self ? self + f : NULL,
                                    side->unit);
        add_function(c, &r.total, s, side->variances.total[f], total ? total + f : NULL,
                     side->unit);
    }
    if (c->runs)
        pp_change_runs_take(c->runs, f, c->o->exact, &r);
    return r;
}

static void collect_rows(struct pp_changes *c)
{
    size_t count = c->p->functions.count;
    struct side sides[SIDES];
    double *counts[SIDES];
    for (int s = 0; s < SIDES; s++) {
        sides[s] = side_of(c, s);
        counts[s] = pp_calloc(count, sizeof *counts[s]);
    }
    c->rows = pp_calloc(count, sizeof *c->rows);
    for (size_t f = 0; f < count; f++) {
        struct pp_change_row row = row_of(c, sides, f, counts);
        if (!is_nothing(&row.self) || !is_nothing(&row.total))
            c->rows[c->nrows++] = row;
    }
    c->differ = c->runs      ? pp_change_runs_differ(c->runs, count)
                : c->sampled ? differ_by_sampling(c, (const double *const[]){counts[0], counts[1]})
                             : NAN;
    for (int s = 0; s < SIDES; s++) {
        pp_function_values_release(&sides[s].values);
        pp_function_values_release(&sides[s].variances);
        pp_function_values_release(&sides[s].shared);
        free(counts[s]);
    }
}

static void sum_up(struct pp_changes *c)
{
    for (int s = 0; s < SIDES; s++) {
        int variance = pp_variance_column(c->p, side_names[s]);
        double unit = s == BEFORE ? c->o->before.unit : c->o->after.unit;
        c->sum.sides[s] = pp_sum(c->p, (unsigned)c->columns[s]);
        if (!c->sampled || variance < 0)
            continue;
        int shared = pp_shared_column(c->p, side_names[s]);
        add_sampling(c, &c->sum, s, (double)pp_sum(c->p, (unsigned)variance) * unit,
                     (double)pp_sum(c->p, (unsigned)shared) * unit);
    }
    c->sum.exact = NAN;
    if (c->runs)
        pp_change_runs_take_sum(c->runs, c->o->exact, &c->sum);
}

bool pp_changes_find(struct pp_changes *c, const struct pp_profile *p,
                     const struct pp_changes_options *options)
{
    *c = (struct pp_changes){.p = p, .o = options};
    if (options->baseline)
        return pp_changes_find_by_baseline(c);
    int other = pp_column_other(p, options->column);
    if (other < 0)
        return false;
    bool is_before = p->columns[options->column].side == PP_BEFORE;
    enum pp_sampled before = options->before.how, after = options->after.how;
    c->columns[BEFORE] = is_before ? (int)options->column : other;
    c->columns[AFTER] = is_before ? other : (int)options->column;
    c->known = before != PP_SAMPLED_UNKNOWN && after != PP_SAMPLED_UNKNOWN;
    c->sampled = c->known && (before != PP_SAMPLED_NOT || after != PP_SAMPLED_NOT);
    c->runs = pp_change_runs_new(p, options->per);
    sum_up(c);
    collect_rows(c);
    pp_changes_judge(c);
    return true;
}
