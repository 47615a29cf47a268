/* What changed, by function: the rows of the table, and their sum. */
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "model/totals.h"
#include "report/change_private.h"
#include "report/functions.h"

enum { BEFORE = PP_BEFORE_SIDE, AFTER = PP_AFTER_SIDE, SIDES = PP_SIDES };

/* --- differences --------------------------------------------------------- */

struct pp_delta pp_change_delta(const struct pp_changes *c, const struct pp_change_cell *cell)
{
    double one = pow(10, -(double)c->p->columns[c->columns[AFTER]].decimals);
    return (struct pp_delta){(double)cell->sides[BEFORE] * one, (double)cell->sides[AFTER] * one,
                             cell->variance};
}

static bool is_noise(const struct pp_changes *c, const struct pp_change_cell *cell)
{
    struct pp_delta d = pp_change_delta(c, cell);
    return pp_delta_is_noise(&d);
}

/* --- rows ---------------------------------------------------------------- */

/* Values of both sides are at most INT64_MAX in size, and their difference may be twice that. */
static double size_of_change(const struct pp_change_cell *c)
{
    return fabs((double)c->sides[AFTER] - (double)c->sides[BEFORE]);
}

static int compare_rows(const void *a, const void *b)
{
    const struct pp_change_row *x = a, *y = b;
    double self_x = size_of_change(&x->self), self_y = size_of_change(&y->self);
    double total_x = size_of_change(&x->total), total_y = size_of_change(&y->total);
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

static void add_row(struct pp_changes *c, struct pp_change_row row)
{
    if (!changed(&row.self) && !changed(&row.total)) {
        c->unchanged += row.total.sides[BEFORE] != 0 || row.self.sides[BEFORE] != 0;
        return;
    }
    row.noise = c->sampled && is_noise(c, &row.self) && is_noise(c, &row.total);
    c->noise += row.noise;
    if (row.noise && c->o->ignore_noise)
        c->left_out++;
    else
        c->rows[c->nrows++] = row;
}

/* The values of each function, and their variances; of a side without these all are 0. */
struct side {
    struct pp_function_values values, variances;
    double unit;
};

static struct side side_of(const struct pp_changes *c, int side)
{
    const struct pp_sampling *sampling = side == BEFORE ? &c->o->before : &c->o->after;
    int variance = pp_variance_column(c->p, side == BEFORE ? PP_BEFORE : PP_AFTER);
    struct side s = {.values = pp_function_values(c->p, (unsigned)c->columns[side])};
    if (c->sampled && variance >= 0) {
        s.variances = pp_function_values(c->p, (unsigned)variance);
        s.unit = sampling->unit;
    }
    return s;
}

static void collect_rows(struct pp_changes *c)
{
    struct side sides[SIDES];
    for (int s = 0; s < SIDES; s++)
        sides[s] = side_of(c, s);
    c->rows = pp_calloc(c->p->functions.count, sizeof *c->rows);
    for (size_t f = 0; f < c->p->functions.count; f++) {
        struct pp_change_row r = {.name = pp_text(c->p, pp_function(c->p, (pp_id)f)->name)};
        for (int s = 0; s < SIDES; s++) {
            r.self.sides[s] = sides[s].values.self[f];
            r.total.sides[s] = sides[s].values.total[f];
            if (!sides[s].variances.self)
                continue;
            r.self.variance += (double)sides[s].variances.self[f] * sides[s].unit;
            r.total.variance += (double)sides[s].variances.total[f] * sides[s].unit;
        }
        add_row(c, r);
    }
    for (int s = 0; s < SIDES; s++) {
        pp_function_values_release(&sides[s].values);
        pp_function_values_release(&sides[s].variances);
    }
    qsort(c->rows, c->nrows, sizeof *c->rows, compare_rows);
}

static void sum_up(struct pp_changes *c)
{
    for (int s = 0; s < SIDES; s++) {
        int variance = pp_variance_column(c->p, s == BEFORE ? PP_BEFORE : PP_AFTER);
        double unit = s == BEFORE ? c->o->before.unit : c->o->after.unit;
        c->sum.sides[s] = pp_sum(c->p, (unsigned)c->columns[s]);
        if (c->sampled && variance >= 0)
            c->sum.variance += (double)pp_sum(c->p, (unsigned)variance) * unit;
    }
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
    sum_up(c);
    collect_rows(c);
    return true;
}
