/* Judges changes: computes p and q, marks noise, and sorts the rows. */
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/statistics.h"
#include "report/change_private.h"

enum { BEFORE = PP_BEFORE_SIDE, AFTER = PP_AFTER_SIDE };

/* --- differences --------------------------------------------------------- */

struct pp_delta pp_change_delta(const struct pp_changes *c, const struct pp_change_cell *cell)
{
    double one = pow(10, -(double)c->p->columns[c->columns[AFTER]].decimals);
    return (struct pp_delta){(double)cell->sides[BEFORE] * one, (double)cell->sides[AFTER] * one,
                             cell->variance, cell->df};
}

/* --- rows ---------------------------------------------------------------- */

/* The magnitude of the change. Values are at most INT64_MAX, so differences may be twice that. */
static double size_of_change(const struct pp_change_cell *c)
{
    return fabs((double)c->sides[AFTER] - (double)c->sides[BEFORE]);
}

/* Significant changes first, each group by size. */
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

/* Drops and counts the rows that did not change. */
static void drop_unchanged(struct pp_changes *c)
{
    size_t kept = 0;
    for (size_t i = 0; i < c->nrows; i++)
        if (changed(&c->rows[i].self) || changed(&c->rows[i].total))
            c->rows[kept++] = c->rows[i];
    c->unchanged = c->nrows - kept;
    c->nrows = kept;
}

/* --- noise --------------------------------------------------------------- */

static void find_p(const struct pp_changes *c, struct pp_change_cell *cell)
{
    struct pp_delta d = pp_change_delta(c, cell);
    cell->p = is_nothing(cell) ? NAN : pp_delta_p(&d);
}

/* The lowest p that a cell could have, with all of its samples on one side. */
static double least_p(const struct pp_change_cell *cell)
{
    return cell->samples > 0 ? pp_t_two_sided(sqrt(cell->samples), INFINITY) : 0;
}

/*
 * Computes q over all functions, self and total together, so that two equal programs show no
 * changed function in 19 of 20 comparisons. Functions that did not change are counted as tests;
 * those with too few samples ever to be significant are not. That depends only on the sum of both
 * sides, so it does not depend on the difference.
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

/* Marks the rows that are noise, and drops them if the options say so. */
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

void pp_changes_judge(struct pp_changes *c)
{
    find_p(c, &c->sum);
    c->sum.q = NAN; /* a single test needs no q */
    if (pp_changes_are_tested(c))
        find_q(c);
    if (!c->o->unchanged)
        drop_unchanged(c);
    if (pp_changes_are_tested(c))
        mark_noise(c);
    qsort(c->rows, c->nrows, sizeof *c->rows, compare_rows);
}
