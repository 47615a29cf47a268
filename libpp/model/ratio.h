/*
 * ratio.h - amounts per something: shares of a total, or what each request takes.
 *
 * An amount X and what it is divided by, D, are both estimates where the profile is sampled, and
 * they have samples in common. To first order (the delta method) the error of R = X / D is
 *
 *     var(R) = (var(X) + R^2 var(D) - 2 R cov(X, D)) / D^2
 *
 * Samples are independent of each other, so cov(X, D) is the variance of the samples that X and D
 * have in common. Of a share this is the binomial N R (1 - R) / N^2: a function that takes all of
 * a recording takes all of any other.
 */
#ifndef PP_MODEL_RATIO_H
#define PP_MODEL_RATIO_H

#include "model/runs.h"

/* What the amounts of a side are divided by. */
struct pp_denominator {
    double value,
        variance; /* in the unit of the column; a number that was counted has no variance */
    double runs[PP_MAX_RUNS]; /* of each run that is kept apart */
};

/*
 * The variance of `x` at a denominator of d->value: var(R) times that squared. `variance` is that
 * of `x`, `shared` that of the samples which it has in common with the denominator. Without a
 * denominator (NULL), or with one that was counted: `variance`.
 */
double pp_ratio_variance(double x, double variance, double shared, const struct pp_denominator *d);

/* By what to multiply the values of run `run`, from 0, so that all have the mean denominator of
 * AFTER's `n` runs; 1 without denominators (NULL) or where that of the run is 0. */
double pp_run_weight(const struct pp_denominator *of_side, const struct pp_denominator *of_after,
                     unsigned n, unsigned run);

/*
 * Adds to a profile of one side, whose first column is compared, a column of the variances of those
 * samples that are `in` the denominator (by sample), if it has variances at all.
 */
void pp_share_variances(struct pp_profile *p, const bool *in);

/* The column of the variances that amounts share with the denominator: where none was added, all of
 * them. -1 if there are none. */
int pp_shared_column(const struct pp_profile *p, enum pp_side side);

#endif
