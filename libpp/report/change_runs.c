/* Several runs of each side: how they scatter, function by function. */
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/statistics.h"
#include "model/runs.h"
#include "model/scatter.h"
#include "model/totals.h"
#include "report/change_private.h"
#include "report/functions.h"

enum { BEFORE = PP_BEFORE_SIDE, AFTER = PP_AFTER_SIDE, SIDES = PP_SIDES };

static const enum pp_side side_names[SIDES] = {PP_BEFORE, PP_AFTER};

/* --- runs ---------------------------------------------------------------- */

/* A run: the values of each function, and the factor that makes them comparable with other runs. */
struct run {
    struct pp_function_values values;
    double total;         /* in the column's unit */
    double scale, weight; /* `weight` also converts stored values to the column's unit */
};

struct pp_change_runs {
    struct run runs[SIDES][PP_MAX_RUNS];
    size_t n[SIDES];
};

static double one_of(const struct pp_profile *p, int column)
{
    return pow(10, -(double)p->columns[column].decimals);
}

struct pp_change_runs *pp_change_runs_new(const struct pp_profile *p,
                                          const struct pp_denominator *per)
{
    if (pp_run_count(p, PP_BEFORE) < 2 || pp_run_count(p, PP_AFTER) < 2)
        return NULL;
    struct pp_change_runs *r = pp_calloc(1, sizeof *r);
    for (int s = 0; s < SIDES; s++) {
        r->n[s] = pp_run_count(p, side_names[s]);
        for (unsigned i = 0; i < r->n[s]; i++) {
            int column = pp_run_column(p, side_names[s], i + 1);
            double one = one_of(p, column);
            double scale = pp_run_weight(per ? &per[s] : NULL, per ? &per[AFTER] : NULL,
                                         pp_run_count(p, PP_AFTER), i);
            r->runs[s][i] = (struct run){.values = pp_function_values(p, (unsigned)column),
                                         .total = (double)pp_sum(p, (unsigned)column) * one,
                                         .scale = scale,
                                         .weight = one * scale};
        }
    }
    return r;
}

void pp_change_runs_free(struct pp_change_runs *r)
{
    for (int s = 0; r && s < SIDES; s++)
        for (size_t i = 0; i < r->n[s]; i++)
            pp_function_values_release(&r->runs[s][i].values);
    free(r);
}

/* --- a function ---------------------------------------------------------- */

/* Adds the scatter of the runs to a cell whose variance by sampling is set. */
static void take_scatter(const struct pp_run_values *v, bool exact, struct pp_change_cell *cell)
{
    struct pp_scatter scatter =
        pp_scatter(v, cell->samples > 0 ? cell->variance : NAN, cell->samples);
    cell->variance = scatter.variance;
    cell->df = isinf(scatter.df) ? 0 : scatter.df;
    cell->exact = exact ? pp_permutation(v) : NAN;
}

static void take_function(const struct pp_change_runs *r, size_t function, bool self, bool exact,
                          struct pp_change_cell *cell)
{
    double v[SIDES][PP_MAX_RUNS];
    for (int s = 0; s < SIDES; s++)
        for (size_t i = 0; i < r->n[s]; i++) {
            const struct run *run = &r->runs[s][i];
            const int64_t *values = self ? run->values.self : run->values.total;
            v[s][i] = (double)values[function] * run->weight;
        }
    take_scatter(&(struct pp_run_values){v[BEFORE], v[AFTER], r->n[BEFORE], r->n[AFTER]}, exact,
                 cell);
}

void pp_change_runs_take(const struct pp_change_runs *r, size_t function, bool exact,
                         struct pp_change_row *row)
{
    take_function(r, function, true, exact, &row->self);
    take_function(r, function, false, exact, &row->total);
}

void pp_change_runs_take_sum(const struct pp_change_runs *r, bool exact, struct pp_change_cell *sum)
{
    double v[SIDES][PP_MAX_RUNS];
    for (int s = 0; s < SIDES; s++)
        for (size_t i = 0; i < r->n[s]; i++)
            v[s][i] = r->runs[s][i].total * r->runs[s][i].scale;
    take_scatter(&(struct pp_run_values){v[BEFORE], v[AFTER], r->n[BEFORE], r->n[AFTER]}, exact,
                 sum);
}

/* --- all of them --------------------------------------------------------- */

double pp_change_runs_differ(const struct pp_change_runs *r, size_t functions)
{
    size_t runs = r->n[BEFORE] + r->n[AFTER];
    double *shares = pp_calloc(functions * runs, sizeof *shares);
    for (int s = 0; s < SIDES; s++)
        for (size_t i = 0; i < r->n[s]; i++) {
            const struct run *run = &r->runs[s][i];
            size_t column = s == BEFORE ? i : r->n[BEFORE] + i;
            for (size_t f = 0; f < functions && run->total > 0; f++)
                shares[f * runs + column] = (double)run->values.self[f] / run->total;
        }
    double p = pp_permutation_of_all(
        &(struct pp_share_matrix){shares, functions, r->n[BEFORE], r->n[AFTER]});
    free(shares);
    return p;
}
