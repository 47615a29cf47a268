#include "base/statistics.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"

/* --- continued fractions ------------------------------------------------- */

enum { MOST_STEPS = 10000 };

/* A tiny number in place of 0 as a divisor. */
static const double TINY = 1e-300;

static double not_zero(double v)
{
    return fabs(v) < TINY ? TINY : v;
}

/* A step of Lentz's method: the fraction so far times the effect of its next term. */
struct fraction {
    double c, d, value;
};

/* Whether the term a / (b + ...) changed the result. */
static int add_term(struct fraction *f, double a, double b)
{
    f->d = 1 / not_zero(b + a * f->d);
    f->c = not_zero(b + a / f->c);
    f->value *= f->c * f->d;
    return fabs(f->c * f->d - 1) > DBL_EPSILON;
}

/* The regularised incomplete beta function where the fraction of DLMF 8.17.22 converges fast. */
static double incomplete_beta_small(double x, double a, double b)
{
    double front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x)) / a;
    struct fraction f = {1, 1 / not_zero(1 - (a + b) * x / (a + 1)), 0};
    f.value = f.d;
    for (int m = 1; m < MOST_STEPS; m++) {
        double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        add_term(&f, even, 1);
        if (!add_term(&f, odd, 1))
            break;
    }
    return front * f.value;
}

static double incomplete_beta(double x, double a, double b)
{
    if (x <= 0 || x >= 1)
        return x <= 0 ? 0 : 1;
    return x < (a + 1) / (a + b + 2) ? incomplete_beta_small(x, a, b)
                                     : 1 - incomplete_beta_small(1 - x, b, a);
}

double pp_t_two_sided(double t, double df)
{
    if (isnan(t) || isnan(df))
        return NAN;
    if (isinf(t))
        return 0;
    return isinf(df) ? erfc(fabs(t) / sqrt(2)) : incomplete_beta(df / (df + t * t), df / 2, 0.5);
}

/* --- sums of squares ----------------------------------------------------- */

/* The lower part of the regularised incomplete gamma function, as a series (DLMF 8.7.1). */
static double gamma_series(double a, double x)
{
    double term = 1 / a, sum = term;
    for (int n = 1; n < MOST_STEPS && term > sum * DBL_EPSILON; n++) {
        term *= x / (a + n);
        sum += term;
    }
    return sum * exp(a * log(x) - x - lgamma(a));
}

/* The upper part, as a continued fraction (DLMF 8.9.2). */
static double gamma_fraction(double a, double x)
{
    double b = x + 1 - a;
    struct fraction f = {1 / TINY, 1 / not_zero(b), 0};
    f.value = f.d;
    for (int n = 1; n < MOST_STEPS; n++)
        if (!add_term(&f, n * (a - n), b + 2 * n))
            break;
    return f.value * exp(a * log(x) - x - lgamma(a));
}

double pp_chi_squared_above(double x, double df)
{
    double a = df / 2;
    if (isnan(x) || x <= 0)
        return isnan(x) ? NAN : 1;
    x /= 2;
    return x < a + 1 ? 1 - gamma_series(a, x) : gamma_fraction(a, x);
}

/* --- several tests ------------------------------------------------------- */

struct test {
    double p;
    size_t at;
};

static int by_p(const void *a, const void *b)
{
    const struct test *x = a, *y = b;
    if (x->p < y->p || x->p > y->p)
        return x->p < y->p ? -1 : 1;
    return x->at < y->at ? -1 : x->at > y->at;
}

void pp_q_values(const double *p, double *q, size_t n)
{
    struct test *tests = pp_calloc(n + 1, sizeof *tests);
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        if (!isnan(p[i]))
            tests[count++] = (struct test){p[i], i};
    qsort(tests, count, sizeof *tests, by_p);
    double least = 1;
    for (size_t i = 0; i < n; i++)
        q[i] = NAN;
    for (size_t i = count; i-- > 0;) {
        double rate = tests[i].p * (double)count / (double)(i + 1);
        least = rate < least ? rate : least;
        q[tests[i].at] = least;
    }
    free(tests);
}

static int by_value(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* The highest `least` of a test that is kept: rate / K. */
static double bound_of_able(const double *least, size_t n, double rate)
{
    double *sorted = pp_calloc(n + 1, sizeof *sorted);
    size_t able = 0, k = 1;
    for (size_t i = 0; i < n; i++)
        if (least[i] <= rate)
            sorted[able++] = least[i];
    qsort(sorted, able, sizeof *sorted, by_value);
    for (;; k++) {
        while (able && sorted[able - 1] > rate / (double)k)
            able--;
        if (able <= k)
            break;
    }
    free(sorted);
    return rate / (double)k;
}

void pp_q_values_of_able(const double *p, const double *least, double rate, double *q, size_t n)
{
    double bound = bound_of_able(least, n, rate);
    for (size_t i = 0; i < n; i++)
        q[i] = least[i] <= bound ? p[i] : NAN;
    pp_q_values(q, q, n);
}

struct pp_welch pp_welch(double variance_a, double n_a, double variance_b, double n_b)
{
    double sum = variance_a + variance_b;
    double down = variance_a * variance_a / (n_a - 1) + variance_b * variance_b / (n_b - 1);
    return (struct pp_welch){sum, down > 0 ? sum * sum / down : INFINITY};
}

/* --- chance -------------------------------------------------------------- */

uint64_t pp_chance_next(struct pp_chance *c)
{
    uint64_t z = c->state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

size_t pp_chance_below(struct pp_chance *c, size_t n)
{
    uint64_t limit = UINT64_MAX - UINT64_MAX % n, v; /* larger values would favour some numbers */
    do
        v = pp_chance_next(c);
    while (v >= limit);
    return (size_t)(v % n);
}
