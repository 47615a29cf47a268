/*
 * statistics.h - tail probabilities, several tests at once, and chance that can be repeated.
 *
 * Probabilities are two-sided: that chance alone makes a difference at least as large, in either
 * direction. They are right to about 12 digits (NIST, Digital Library of Mathematical Functions,
 * 8.17 and 7.2: https://dlmf.nist.gov/8.17).
 */
#ifndef PP_BASE_STATISTICS_H
#define PP_BASE_STATISTICS_H

#include <stddef.h>
#include <stdint.h>

/* Of a difference of `t` standard errors, as estimated with `df` degrees of freedom: more than 0,
 * and infinite where the errors are known. 0 for an infinite `t`. */
double pp_t_two_sided(double t, double df);

/* Of a sum of squares of `df` independent normal deviates that is `x` or more (one-sided). */
double pp_chi_squared_above(double x, double df);

/*
 * For each of `n` probabilities the least rate of false discoveries at which it would count as one:
 * Benjamini and Hochberg, J. R. Stat. Soc. B 57 (1995), 289. What is not a number is of no test,
 * and stays so. `q` may be `p`.
 */
void pp_q_values(const double *p, double *q, size_t n);

/*
 * Welch's comparison of two means, B. L. Welch, Biometrika 34 (1947), 28: the variances of both
 * means, from `n` values each, give that of the difference and its degrees of freedom.
 */
struct pp_welch {
    double variance, df;
};

struct pp_welch pp_welch(double variance_a, double n_a, double variance_b, double n_b);

/* A generator of pseudo-random numbers (splitmix64): the same from the same seed, everywhere. */
struct pp_chance {
    uint64_t state;
};

uint64_t pp_chance_next(struct pp_chance *c);

/* A number from 0 to `n` - 1, each as likely as the others. */
size_t pp_chance_below(struct pp_chance *c, size_t n);

#endif
