/*
 * scatter.h - what is significant, where there are several runs of each side.
 *
 * How runs of one program differ holds everything that varies: sampling, the machine, the input.
 * So a change is compared with how runs scatter within their sides: Welch's t, which takes neither
 * the variances nor the numbers of runs for equal. The variance of sampling is in this scatter
 * already, and is not added. Only where a change rests on few samples can runs agree by chance (0,
 * 0 and 0 against 1, 1 and 1), and no scatter is no proof then: of both variances the larger
 * counts. docs/comparing.md has the rates of false alarms that this gives.
 */
#ifndef PP_MODEL_SCATTER_H
#define PP_MODEL_SCATTER_H

#include <stddef.h>

/* Fewer samples than these, of both sides, are few. */
enum { PP_FEW_SAMPLES = 30 };

/* The runs of both sides: one value each. */
struct pp_run_values {
    const double *before, *after;
    size_t nbefore, nafter;
};

/*
 * How far the sum of AFTER less that of BEFORE may be off, BEFORE being scaled to as many runs as
 * AFTER has. `df`: the degrees of freedom of the variance; infinite if it is that of sampling.
 */
struct pp_scatter {
    double variance, df;
};

/*
 * Of two runs a side at least. `sampling` is the variance of the same difference that follows from
 * sampling, which rests on `samples` samples; both are NAN where nothing is known of it.
 */
struct pp_scatter pp_scatter(const struct pp_run_values *v, double sampling, double samples);

/*
 * The probability that runs shared out to the sides by chance differ in their means by as much: by
 * all ways of sharing them out if these are at most 20,000, else by as many seeded ones.
 */
double pp_permutation(const struct pp_run_values *v);

/* --- all functions at once ----------------------------------------------- */

/* shares[f * runs + r]: what function f has of run r; the first `nbefore` runs are BEFORE's. */
struct pp_share_matrix {
    const double *shares;
    size_t functions, nbefore, nafter;
};

/*
 * The probability that runs of equal programs differ by as much over all functions: the squared
 * differences of their mean shares, added up, and compared with the same of runs that are shared
 * out to the sides otherwise. Permutations, as functions vary together, so that no known
 * distribution fits the sum; squares as they are, and not divided by each function's variance, as
 * that finds a large function that grew by 10 % in five runs a side three times as often (64 of 100
 * against 20, with 60 functions). NAN where there are fewer than 20 ways of sharing the runs out,
 * which can prove nothing: with three runs a side, say.
 */
double pp_permutation_of_all(const struct pp_share_matrix *m);

/*
 * The same of one run a side, where sampling alone makes the difference: whether two sets of counts
 * have the same shares, by the chi-squared test of homogeneity. Functions of which fewer than
 * PP_FEW_EXPECTED would be expected on a side are taken together. NAN where less than two are left.
 */
double pp_chi_squared_of_all(const double *before, const double *after, size_t functions);

enum { PP_FEW_EXPECTED = 5 };

#endif
