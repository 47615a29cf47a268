/*
 * sampling.h - how far the values of a sampled profile may be off, because it was sampled.
 *
 * A value is the sum of what its samples stand for. Had the program been sampled again, other
 * events would have been hit; the variance says by how much the value would scatter then, its
 * square root is the standard error. Samples are independent of each other, so that variances add
 * up: over stacks, and over the two sides of a difference.
 *
 * Heap profiles, with a sample every R bytes on average (a period of type "space"): an allocation
 * of x bytes is hit with probability p = 1 - exp(-x / R), and one that is hit stands for 1 / p of
 * its kind. So its bytes are estimated by x / p with probability p and by 0 otherwise, the variance
 * of which is x^2 (1 - p) / p. For n objects of s bytes in all, x = s / n, that adds up to
 *
 *     var(bytes) = s x (1 - p) / p = s x / (exp(x / R) - 1)        var(objects) = var(bytes) / x^2
 *
 * or with k = n p, the number of samples, a relative standard error of sqrt((1 - p) / k). It is
 * at most s R. It is too small where a stack has objects of very different sizes, of which only the
 * mean is known; in dumps of jemalloc 5.3 that is all of it, in those of tcmalloc nothing.
 *
 * Profiles of events, one sample of which stands for w of what the column counts (a count of
 * samples for 1, CPU time for a period): the number of samples k is as good as distributed by
 * Poisson's law, with a variance of k. So the variance of a value v = k w is k w^2 = v w. Where
 * both k and v are known, as with perf, it is v^2 / k: too small where the periods differ within a
 * stack.
 */
#ifndef PP_MODEL_SAMPLING_H
#define PP_MODEL_SAMPLING_H

#include "model/profile.h"

enum pp_sampled {
    PP_SAMPLED_UNKNOWN, /* the profile doesn't say how */
    PP_SAMPLED_NOT,     /* everything was counted: no value is off */
    PP_SAMPLED_EVENTS,
    PP_SAMPLED_SPACE,
};

/* How a column was sampled. */
struct pp_sampling {
    enum pp_sampled how;
    double unit; /* what the column of variances below is in: times it, the square of the unit */
};

/*
 * Leaves a profile of one side one column only, as pp_keep_column() does, but with the variances of
 * its values beside it if it was sampled: as a column of the type "variance", that is merged,
 * filtered and added up like any other. Its values are whole numbers of `unit`, chosen so that all
 * of them are 2^53 in sum. With `raw` the counts stand for themselves, and it is not known how far
 * they may be off.
 */
struct pp_sampling pp_keep_sampled(struct pp_profile *p, unsigned column, bool raw);

/* The column of variances of this side, or -1. */
int pp_variance_column(const struct pp_profile *p, enum pp_side side);

/* --- differences --------------------------------------------------------- */

/*
 * What a column has before and after, in its unit, and the variance of the difference, with the
 * degrees of freedom with which that is known: 0 stands for any number of them.
 */
struct pp_delta {
    double before, after, variance, df;
};

/* What chance makes more often than this is called noise. */
#define PP_NOISE_RATE 0.05

/* The same in standard errors, where all that is known is their number. */
#define PP_NOISE_SIGMAS 2.0

/* The difference in percent of what was before: infinite if that is 0, but 0 if nothing changed. */
double pp_delta_percent(const struct pp_delta *d);

/* The difference in standard errors: infinite where these are 0, but 0 if nothing changed. */
double pp_delta_sigmas(const struct pp_delta *d);

/* How likely chance alone is to make a difference as large: 1 where nothing changed. */
double pp_delta_p(const struct pp_delta *d);

/* Whether chance makes such a difference in more than one of twenty comparisons. */
bool pp_delta_is_noise(const struct pp_delta *d);

#endif
