/* What changed, by function: the rows of the table, and their sum. */
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/statistics.h"
#include "model/scatter.h"
#include "model/totals.h"
#include "report/change_private.h"
#include "report/functions.h"

enum { BEFORE = PP_BEFORE_SIDE, AFTER = PP_AFTER_SIDE, SIDES = PP_SIDES };

static const enum pp_side side_names[SIDES] = {PP_BEFORE, PP_AFTER};

/* --- differences --------------------------------------------------------- */

/* What a value that is stored as 1 is worth in the column's unit. */
static double one_of(const struct pp_changes *c)
{
    return pow(10, -(double)c->p->columns[c->columns[AFTER]].decimals);
}

struct pp_delta pp_change_delta(const struct pp_changes *c, const struct pp_change_cell *cell)
{
    double one = one_of(c);
    return (struct pp_delta){(double)cell->sides[BEFORE] * one, (double)cell->sides[AFTER] * one,
                             cell->variance, cell->df};
}

/* --- rows ---------------------------------------------------------------- */

/* Values of both sides are at most INT64_MAX in size, and their difference may be twice that. */
static double size_of_change(const struct pp_change_cell *c)
{
    return fabs((double)c->sides[AFTER] - (double)c->sides[BEFORE]);
}

/* What is significant first, and of that and of the rest what changed most. */
static int compare_rows(const void *a, const void *b)
{
    const struct pp_change_row *x = a, *y = b;
    double self_x = size_of_change(&x->self), self_y = size_of_change(&y->self);
    double total_x = size_of_change(&x->total), total_y = size_of_change(&y->total);
    if (x->noise != y->noise)
        return x->noise ? 1 : -1;
    if (self_x < self_y || self_x > self_y)
        return self_x < self_y ? 1 : -1;
    if (total_x < total_y || total_x > total_y)
        return total_x < total_y ? 1 : -1;
    return pp_compare_spans(x->name, y->name);
}

static bool changed(const struct pp_change_cell *c)
{
    return c->sides[BEFORE] != c->sides[AFTER];
}

static bool is_nothing(const struct pp_change_cell *c)
{
    return !c->sides[BEFORE] && !c->sides[AFTER];
}

/* Drops the rows that did not change, and counts them. */
static void drop_unchanged(struct pp_changes *c)
{
    size_t kept = 0;
    for (size_t i = 0; i < c->nrows; i++)
        if (changed(&c->rows[i].self) || changed(&c->rows[i].total))
            c->rows[kept++] = c->rows[i];
    c->unchanged = c->nrows - kept;
    c->nrows = kept;
}

/* --- what chance makes --------------------------------------------------- */

static void find_p(const struct pp_changes *c, struct pp_change_cell *cell)
{
    struct pp_delta d = pp_change_delta(c, cell);
    cell->p = is_nothing(cell) ? NAN : pp_delta_p(&d);
}

/* The lowest p that a cell can have: at best all of its samples are on one side. */
static double least_p(const struct pp_change_cell *cell)
{
    return cell->samples > 0 ? pp_t_two_sided(sqrt(cell->samples), INFINITY) : 0;
}

/*
 * Of all functions at once, self and total together, so that of two equal programs no function is
 * shown as changed in 19 of 20 comparisons. What did not change counts among them; what has too few
 * samples ever to be significant does not. That depends on the sum of both sides alone, and so says
 * nothing of the difference.
 */
static void find_q(struct pp_changes *c)
{
    size_t n = 2 * c->nrows;
    double *p = pp_calloc(n + 1, sizeof *p), *least = pp_calloc(n + 1, sizeof *least);
    for (size_t i = 0; i < n; i++) {
        struct pp_change_cell *cell = i % 2 ? &c->rows[i / 2].total : &c->rows[i / 2].self;
        find_p(c, cell);
        p[i] = cell->p;
        least[i] = least_p(cell);
    }
    pp_q_values_of_able(p, least, PP_NOISE_RATE, p, n);
    for (size_t i = 0; i < n; i++)
        *(i % 2 ? &c->rows[i / 2].total.q : &c->rows[i / 2].self.q) = p[i];
    free(least);
    free(p);
}

static bool is_noise(const struct pp_change_cell *cell)
{
    return isnan(cell->q) || cell->q > PP_NOISE_RATE;
}

/* Marks the rows that are noise, and leaves them out if that is asked for. */
static void mark_noise(struct pp_changes *c)
{
    size_t kept = 0;
    for (size_t i = 0; i < c->nrows; i++) {
        struct pp_change_row row = c->rows[i];
        row.noise = is_noise(&row.self) && is_noise(&row.total);
        c->noise += row.noise;
        if (!row.noise || !c->o->ignore_noise)
            c->rows[kept++] = row;
    }
    c->left_out = c->nrows - kept;
    c->nrows = kept;
}

/* Effective counts of samples of each function, as if only sampling made the differences. */
static double differ_by_sampling(const struct pp_changes *c, const double *const counts[SIDES])
{
    bool known = c->o->before.how != PP_SAMPLED_NOT && c->o->after.how != PP_SAMPLED_NOT;
    return known ? pp_chi_squared_of_all(counts[BEFORE], counts[AFTER], c->p->functions.count)
                 : NAN;
}

/* --- collecting ---------------------------------------------------------- */

/* The values of each function, their variances, and what of these they share with the denominator;
 * of a side without variances all are 0. */
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
 * Adds what sampling says of one side: the variance of its value, and that of the samples which
 * this shares with the denominator. Returns the samples that the value rests on.
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

/* The same from the values of a function, self or total; NULL for `shared` without denominators. */
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
    if (pp_changes_are_tested(c))
        find_q(c);
    drop_unchanged(c);
    if (pp_changes_are_tested(c))
        mark_noise(c);
    c->differ = c->runs      ? pp_change_runs_differ(c->runs, count)
                : c->sampled ? differ_by_sampling(c, (const double *const[]){counts[0], counts[1]})
                             : NAN;
    for (int s = 0; s < SIDES; s++) {
        pp_function_values_release(&sides[s].values);
        pp_function_values_release(&sides[s].variances);
        pp_function_values_release(&sides[s].shared);
        free(counts[s]);
    }
    qsort(c->rows, c->nrows, sizeof *c->rows, compare_rows);
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
    find_p(c, &c->sum);
    c->sum.q = NAN; /* one question, not one of many */
}

bool pp_changes_find(struct pp_changes *c, const struct pp_profile *p,
                     const struct pp_changes_options *options)
{
    int other = pp_column_other(p, options->column);
    if (other < 0)
        return false;
    bool is_before = p->columns[options->column].side == PP_BEFORE;
    enum pp_sampled before = options->before.how, after = options->after.how;
    *c = (struct pp_changes){.p = p, .o = options};
    c->columns[BEFORE] = is_before ? (int)options->column : other;
    c->columns[AFTER] = is_before ? other : (int)options->column;
    c->known = before != PP_SAMPLED_UNKNOWN && after != PP_SAMPLED_UNKNOWN;
    c->sampled = c->known && (before != PP_SAMPLED_NOT || after != PP_SAMPLED_NOT);
    c->runs = pp_change_runs_new(p, options->per);
    sum_up(c);
    collect_rows(c);
    return true;
}
