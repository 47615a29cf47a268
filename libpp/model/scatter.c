#include "model/scatter.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/statistics.h"

enum { MOST_WAYS = 20000, LEAST_WAYS = 20 };

double pp_effective_samples(double value, double variance)
{
    return variance > 0 ? value * value / variance : 0;
}

/* --- one value ----------------------------------------------------------- */

struct moments {
    double mean, variance; /* of one value */
};

static struct moments moments_of(const double *v, size_t n)
{
    struct moments m = {0};
    for (size_t i = 0; i < n; i++)
        m.mean += v[i] / (double)n;
    for (size_t i = 0; i < n; i++)
        m.variance += (v[i] - m.mean) * (v[i] - m.mean) / ((double)n - 1);
    return m;
}

struct pp_scatter pp_scatter(const struct pp_run_values *v, double sampling, double samples)
{
    double nb = (double)v->nbefore, na = (double)v->nafter;
    struct pp_welch w = pp_welch(moments_of(v->before, v->nbefore).variance / nb, nb,
                                 moments_of(v->after, v->nafter).variance / na, na);
    struct pp_scatter between = {w.variance * na * na, w.df}; /* of sums, not of means */
    bool few = samples < PP_FEW_SAMPLES || between.variance <= 0;
    if (few && sampling > between.variance)
        return (struct pp_scatter){sampling, INFINITY};
    return between;
}

/* --- ways of assigning runs to sides ------------------------------------- */

/*
 * Enumerates the ways to choose `k` of `n` runs, either all of them or random ones. chosen[i] is
 * the i-th run of BEFORE in the current way; the first way is that of the files.
 */
struct ways {
    size_t n, k, done, count;
    bool all;
    size_t *chosen;
    struct pp_chance chance;
};

/* n over k, but at most `most` + 1. */
static size_t choices(size_t n, size_t k, size_t most)
{
    double c = 1;
    for (size_t i = 1; i <= k; i++)
        c = c * (double)(n - k + i) / (double)i;
    return c > (double)most ? most + 1 : (size_t)(c + 0.5);
}

static void ways_begin(struct ways *w, size_t n, size_t k)
{
    *w = (struct ways){.n = n, .k = k, .chance = {n * 31 + k}};
    size_t count = choices(n, k, MOST_WAYS);
    w->all = count <= MOST_WAYS;
    w->count = w->all ? count : MOST_WAYS;
    w->chosen = pp_calloc(n, sizeof *w->chosen);
    for (size_t i = 0; i < n; i++)
        w->chosen[i] = i;
}

/* The next choice in lexicographic order. */
static void step(struct ways *w)
{
    size_t i = w->k;
    while (i-- > 0 && w->chosen[i] == w->n - w->k + i)
        ;
    if (i == SIZE_MAX)
        return;
    size_t next = w->chosen[i] + 1;
    for (; i < w->k; i++)
        w->chosen[i] = next++;
}

static void shuffle(struct ways *w)
{
    for (size_t i = 0; i < w->k; i++) {
        size_t j = i + pp_chance_below(&w->chance, w->n - i), kept = w->chosen[i];
        w->chosen[i] = w->chosen[j];
        w->chosen[j] = kept;
    }
}

static bool ways_next(struct ways *w)
{
    if (w->done && w->all)
        step(w);
    else if (w->done)
        shuffle(w);
    return w->done++ < w->count;
}

/* As large as the observed value, up to rounding. */
static bool is_as_large(double v, double seen)
{
    return v >= seen * (1 - 1e-9);
}

double pp_permutation(const struct pp_run_values *v)
{
    size_t n = v->nbefore + v->nafter, as_large = 0;
    double seen = 0, sum = 0;
    struct ways w;
    for (size_t i = 0; i < n; i++)
        sum += i < v->nbefore ? v->before[i] : v->after[i - v->nbefore];
    for (ways_begin(&w, n, v->nbefore); ways_next(&w);) {
        double before = 0;
        for (size_t i = 0; i < w.k; i++) {
            size_t r = w.chosen[i];
            before += r < v->nbefore ? v->before[r] : v->after[r - v->nbefore];
        }
        double apart = fabs(before / (double)v->nbefore - (sum - before) / (double)v->nafter);
        seen = w.done == 1 ? apart : seen;
        as_large += is_as_large(apart, seen);
    }
    free(w.chosen);
    return (double)as_large / (double)w.count;
}

/* --- all functions at once ----------------------------------------------- */

/* The sum of squares if the marked runs are those of BEFORE. */
static double apart_by(const struct pp_share_matrix *m, const bool *is_before)
{
    size_t runs = m->nbefore + m->nafter;
    double sum = 0;
    for (size_t f = 0; f < m->functions; f++) {
        const double *v = m->shares + f * runs;
        double before = 0, after = 0;
        for (size_t r = 0; r < runs; r++)
            *(is_before[r] ? &before : &after) += v[r];
        double delta = before / (double)m->nbefore - after / (double)m->nafter;
        sum += delta * delta;
    }
    return sum;
}

double pp_permutation_of_all(const struct pp_share_matrix *m)
{
    size_t runs = m->nbefore + m->nafter, as_large = 0;
    double seen = 0;
    struct ways w;
    if (choices(runs, m->nbefore, LEAST_WAYS) < LEAST_WAYS)
        return NAN;
    bool *is_before = pp_calloc(runs, sizeof *is_before);
    for (ways_begin(&w, runs, m->nbefore); ways_next(&w);) {
        for (size_t r = 0; r < runs; r++)
            is_before[r] = false;
        for (size_t i = 0; i < w.k; i++)
            is_before[w.chosen[i]] = true;
        double apart = apart_by(m, is_before);
        seen = w.done == 1 ? apart : seen;
        as_large += is_as_large(apart, seen);
    }
    free(w.chosen);
    free(is_before);
    return (double)as_large / (double)w.count;
}

/*
 * The contribution of a function to the sum of squares, of `b` of `before` and `a` of `after`
 * counts.
 */
static double square(double b, double a, double before, double after)
{
    double all = before + after, b_expected = (b + a) * before / all;
    double a_expected = (b + a) * after / all;
    return (b - b_expected) * (b - b_expected) / b_expected +
           (a - a_expected) * (a - a_expected) / a_expected;
}

double pp_chi_squared_of_all(const double *before, const double *after, size_t functions)
{
    double sum_b = 0, sum_a = 0, few_b = 0, few_a = 0, squares = 0;
    size_t kinds = 0;
    for (size_t f = 0; f < functions; f++) {
        sum_b += before[f];
        sum_a += after[f];
    }
    if (sum_b <= 0 || sum_a <= 0)
        return NAN;
    double least = PP_FEW_EXPECTED * (sum_b + sum_a) / fmin(sum_b, sum_a);
    for (size_t f = 0; f < functions; f++) {
        if (before[f] + after[f] < least) {
            few_b += before[f];
            few_a += after[f];
            continue;
        }
        squares += square(before[f], after[f], sum_b, sum_a);
        kinds++;
    }
    if (few_b + few_a >= least) {
        squares += square(few_b, few_a, sum_b, sum_a);
        kinds++;
    }
    return kinds < 2 ? NAN : pp_chi_squared_above(squares, (double)kinds - 1);
}
