/*
 * statistics.h - tail probabilities, corrections for several tests, and reproducible random
 * numbers.
 *
 * Probabilities are two-sided: that chance alone causes a difference at least as large, in either
 * direction. They are exact to about 12 digits (NIST, Digital Library of Mathematical Functions,
 * 8.17 and 7.2: https://dlmf.nist.gov/8.17).
 */
#ifndef PP_BASE_STATISTICS_H
#define PP_BASE_STATISTICS_H

#include <stddef.h>
#include <stdint.h>

/*
 * For a difference of `t` standard errors, estimated with `df` degrees of freedom, which are more
 * than 0, and infinite if the errors are known. 0 for an infinite `t`.
 */
double pp_t_two_sided(double t, double df);

/*
 * The probability of `x` or more as a sum of squares of `df` independent normal deviates
 * (one-sided).
 */
double pp_chi_squared_above(double x, double df);

/*
 * For each of `n` probabilities, the smallest rate of false discoveries at which it would count as
 * one: Benjamini and Hochberg, J. R. Stat. Soc. B 57 (1995), 289. NAN is not a test, and stays NAN.
 * `q` may be `p`.
 */
void pp_q_values(const double *p, double *q, size_t n);

/*
 * The same, but only over the tests that could be significant at all. least[i] is the lowest p that
 * test i can have whatever the difference: with two samples it is 16 %. Many such tests would only
 * raise the q of all others. Let m(k) be the number of tests that can reach rate / k, and K the
 * smallest k with m(k) <= k: the m(K) tests are kept, all others get no q (NAN). P. B. Gilbert,
 * J. R. Stat. Soc. C 54 (2005), 143, after R. E. Tarone, Biometrics 46 (1990), 515. `q` may be `p`.
 */
void pp_q_values_of_able(const double *p, const double *least, double rate, double *q, size_t n);

/*
 * Welch's comparison of two means, B. L. Welch, Biometrika 34 (1947), 28: from the variances of
 * both means, of `n` values each, the variance of the difference and its degrees of freedom.
 */
struct pp_welch {
    double variance, df;
};

struct pp_welch pp_welch(double variance_a, double n_a, double variance_b, double n_b);

/*
 * A generator of pseudo-random numbers (splitmix64): the same seed gives the same numbers
 * everywhere.
 */
struct pp_chance {
    uint64_t state;
};

uint64_t pp_chance_next(struct pp_chance *c);

/* A number from 0 to `n` - 1; all are equally likely. */
size_t pp_chance_below(struct pp_chance *c, size_t n);

#endif
