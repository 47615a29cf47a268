/*
 * sampling.h - the errors of a profile's values that come from sampling.
 *
 * A value is the sum of what its samples stand for. Sampling the program again would hit other
 * events; the variance says how much the value would scatter, and its square root is the standard
 * error. Samples are independent, so variances add up: over stacks, and over the two sides of a
 * difference.
 *
 * Heap profiles, with a sample every R bytes on average (a period of type "space"): an allocation
 * of x bytes is hit with probability p = 1 - exp(-x / R), and one that is hit stands for 1 / p of
 * its kind. So its bytes are estimated as x / p with probability p, and as 0 otherwise, which has a
 * variance of x^2 (1 - p) / p. For n objects of s bytes in all, x = s / n, that adds up to
 *
 *     var(bytes) = s x (1 - p) / p = s x / (exp(x / R) - 1)        var(objects) = var(bytes) / x^2
 *
 * or with k = n p, the number of samples, a relative standard error of sqrt((1 - p) / k). It is at
 * most s R. It is too small if a stack has objects of very different sizes and only their mean is
 * known, as in dumps of jemalloc 5.3, but not in those of tcmalloc.
 *
 * Profiles of events, in which a sample stands for w units of the column (1 in a count of samples,
 * the period in CPU time): the number of samples k nearly has a Poisson distribution, with a
 * variance of k. So the variance of a value v = k w is k w^2 = v w. If both k and v are known, as
 * with perf, it is v^2 / k, which is too small if periods differ within a stack.
 */
#ifndef PP_MODEL_SAMPLING_H
#define PP_MODEL_SAMPLING_H

#include "model/profile.h"

enum pp_sampled {
    PP_SAMPLED_UNKNOWN, /* the profile does not say how */
    PP_SAMPLED_NOT,     /* everything was counted: values are exact */
    PP_SAMPLED_EVENTS,
    PP_SAMPLED_SPACE,
};

/* How a column was sampled. */
struct pp_sampling {
    enum pp_sampled how;
    double unit; /* unit of the column of variances: they are in this times the square of the
                    column's unit */
};

/*
 * Reduces a profile of one side to one column, as pp_keep_column() does; but if it was sampled,
 * with the variances of its values: a column of the type "variance", which is merged, filtered and
 * summed like any other. Its values are whole numbers of `unit`, chosen so that their sum is 2^53.
 * With `raw`, counts are not scaled, and their errors are unknown.
 */
struct pp_sampling pp_keep_sampled(struct pp_profile *p, unsigned column, bool raw);

/* The column of variances of this side, or -1. */
int pp_variance_column(const struct pp_profile *p, enum pp_side side);

/* --- differences --------------------------------------------------------- */

/*
 * The values of a column before and after, in its unit, and the variance of the difference, with
 * its degrees of freedom: 0 stands for infinitely many.
 */
struct pp_delta {
    double before, after, variance, df;
};

/* A change that chance makes more often than this is called noise. */
#define PP_NOISE_RATE 0.05

/* The same in standard errors, if only their number is known. */
#define PP_NOISE_SIGMAS 2.0

/*
 * The difference in percent of the value before: infinite if that is 0, but 0 if nothing changed.
 */
double pp_delta_percent(const struct pp_delta *d);

/* The difference in standard errors: infinite where these are 0, but 0 if nothing changed. */
double pp_delta_sigmas(const struct pp_delta *d);

/* The probability that chance alone makes a difference as large: 1 if nothing changed. */
double pp_delta_p(const struct pp_delta *d);

/* Whether chance makes such a difference in more than one of twenty comparisons. */
bool pp_delta_is_noise(const struct pp_delta *d);

#endif
