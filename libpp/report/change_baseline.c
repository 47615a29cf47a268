/* Changes against a baseline: makes the rows of the table for one new run. */
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "model/scatter.h"
#include "model/totals.h"
#include "report/baseline.h"
#include "report/change_private.h"
#include "report/functions.h"

enum { BEFORE = PP_BEFORE_SIDE, AFTER = PP_AFTER_SIDE };

/* The parameters for comparing values. */
struct comparing {
    struct pp_changes *c;
    const struct pp_baseline *b;
    double one;        /* the value of a stored 1 in the column's unit */
    double share_of;   /* the total of the new run, if shares are compared; else 0 */
    double per_sample; /* the value of a sample; 0 if unknown */
};

/*
 * A cell of the new run's `value` (as stored) and the values of the baseline's runs. A mean that
 * differs by less than the column can hold is shown as equal.
 */
static struct pp_change_cell cell_of(const struct comparing *x, int64_t value, const double *values)
{
    static const double none[PP_MAX_BASELINE_RUNS];
    struct pp_usual usual = pp_baseline_usual(x->b, values ? values : none, x->share_of);
    double mean = usual.mean / x->one, n = x->b->runs, now = (double)value * x->one;
    struct pp_change_cell cell = {
        .sides = {fabs(mean) < 9e18 ? (int64_t)llround(mean) : 0, value},
        .variance = usual.variance,
        .df = n - 1,
        .exact = NAN,
    };
    if (x->per_sample > 0)
        cell.samples = (fabs(now) + n * fabs(usual.mean)) / x->per_sample;
    double sampling = (fabs(now) + fabs(usual.mean) / n) * x->per_sample;
    bool few = cell.samples < PP_FEW_SAMPLES || usual.variance <= 0;
    if (n < 2 || (few && sampling > usual.variance)) {
        cell.variance = sampling;
        cell.df = 0;
    }
    return cell;
}

static struct pp_change_row row_of(const struct comparing *x, struct pp_span name, int64_t self,
                                   int64_t total, const struct pp_baseline_row *usual)
{
    return (struct pp_change_row){
        .name = name,
        .self = cell_of(x, self, usual ? usual->self : NULL),
        .total = cell_of(x, total, usual ? usual->total : NULL),
    };
}

static void add(struct pp_changes *c, struct pp_change_row row)
{
    if (row.self.sides[BEFORE] || row.self.sides[AFTER] || row.total.sides[BEFORE] ||
        row.total.sides[AFTER])
        c->rows[c->nrows++] = row;
}

/* Functions of the new run, and then those that only the baseline has. */
static void collect(const struct comparing *x)
{
    const struct pp_profile *p = x->c->p;
    struct pp_function_values v = pp_function_values(p, x->c->o->column);
    bool *seen = pp_calloc(x->b->nrows + 1, sizeof *seen);
    x->c->rows = pp_calloc(p->functions.count + x->b->nrows, sizeof *x->c->rows);
    for (pp_id f = 1; f < p->functions.count; f++) {
        struct pp_span name = pp_text(p, pp_function(p, f)->name);
        const struct pp_baseline_row *usual = pp_baseline_find(x->b, name);
        if (!v.self[f] && !v.total[f])
            continue;
        if (usual)
            seen[usual - x->b->rows] = true;
        add(x->c, row_of(x, name, v.self[f], v.total[f], usual));
    }
    for (size_t i = 0; i < x->b->nrows; i++)
        if (!seen[i])
            add(x->c, row_of(x, pp_string_at(&x->b->names, (pp_id)i), 0, 0, &x->b->rows[i]));
    free(seen);
    pp_function_values_release(&v);
}

/* The value per sample, from the variance of all samples together: see model/sampling.h. */
static double value_of_a_sample(const struct pp_changes *c, double total)
{
    int variance = pp_variance_column(c->p, c->p->columns[c->o->column].side);
    return variance >= 0 && total > 0
               ? (double)pp_sum(c->p, (unsigned)variance) * c->o->after.unit / total
               : 0;
}

bool pp_changes_find_by_baseline(struct pp_changes *c)
{
    const struct pp_baseline *b = c->o->baseline;
    struct comparing x = {c, b, pow(10, -(double)c->p->columns[c->o->column].decimals), 0, 0};
    double total = (double)pp_sum(c->p, c->o->column) * x.one;
    c->columns[BEFORE] = c->columns[AFTER] = (int)c->o->column;
    x.per_sample = value_of_a_sample(c, total);
    x.share_of = c->o->per ? total : 0;
    c->known = c->sampled = b->runs > 1 || x.per_sample > 0;
    c->differ = NAN;
    c->sum = cell_of(&x, pp_sum(c->p, c->o->column), b->all);
    collect(&x);
    pp_changes_judge(c);
    return true;
}
