/*
 * simulate.h - chance for simulations, seeded, so that a test gives the same numbers each time.
 * PP_SIMULATIONS says how many comparisons of each kind to make; default: 400.
 */
#ifndef PP_TESTS_UNIT_SIMULATE_H
#define PP_TESTS_UNIT_SIMULATE_H

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/statistics.h"
#include "check.h"

static inline size_t simulations(void)
{
    const char *n = getenv("PP_SIMULATIONS");
    return n ? strtoul(n, NULL, 10) : 400;
}

/* Above 0 and at most 1. */
static inline double uniform(struct pp_chance *chance)
{
    return ((double)(pp_chance_next(chance) >> 11) + 1) * 0x1p-53;
}

static inline double normal(struct pp_chance *chance)
{
    double u = uniform(chance);
    return sqrt(-2 * log(u)) * cos(6.283185307179586 * uniform(chance));
}

/* Poisson's distribution; from 500 on by the normal one, which is as good there. */
static inline double poisson(struct pp_chance *chance, double mean)
{
    double limit = exp(-mean), product = 1, n = -1;
    if (mean > 500)
        return floor(fmax(0, mean + sqrt(mean) * normal(chance) + 0.5));
    do {
        product *= uniform(chance);
        n++;
    } while (product > limit);
    return n;
}

/*
 * Whether `k` of `n` are no more than a rate allows, nor fewer than `least` does: 3.3 standard
 * errors, which one simulation in a thousand exceeds by chance. With PP_RATES it prints the rate.
 */
static inline bool is_rate(size_t k, size_t n, double rate, double least)
{
    double error = sqrt(rate * (1 - rate) / (double)n), got = (double)k / (double)n;
    if (getenv("PP_RATES"))
        printf("%.4g %% allowed: %5.2f %% in %zu comparisons, %+.1f standard errors\n", 100 * rate,
               100 * got, n, (got - rate) / error);
    return got <= rate + 3.3 * error && got >= least - 3.3 * error;
}

#endif
