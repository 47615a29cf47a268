/*
 * scatter.h - which changes are significant, if there are several runs of each side.
 *
 * The scatter of runs of one program includes everything that varies: sampling, the machine, the
 * input. So a change is compared with the scatter within the sides, by Welch's t, which assumes
 * neither equal variances nor equal numbers of runs. The scatter includes the variance of sampling,
 * which is not added. But if a change rests on few samples, runs can agree by chance (0, 0 and 0
 * against 1, 1 and 1): then the larger of both variances counts. docs/comparing.md has the
 * resulting rates of false alarms.
 */
#ifndef PP_MODEL_SCATTER_H
#define PP_MODEL_SCATTER_H

#include <stddef.h>

/* Fewer samples than these, of both sides together, are few. */
enum { PP_FEW_SAMPLES = 30 };

/*
 * As many samples as would make a value be off by as much: of Poisson's law, where the variance is
 * the mean. 0 where nothing is known of the variance. Those of two sides add up.
 */
double pp_effective_samples(double value, double variance);

/* The runs of both sides: one value each. */
struct pp_run_values {
    const double *before, *after;
    size_t nbefore, nafter;
};

/*
 * The error of the sum of AFTER minus that of BEFORE, where BEFORE is scaled to the number of runs
 * of AFTER. `df`: the degrees of freedom of the variance; infinite if it is that of sampling.
 */
struct pp_scatter {
    double variance, df;
};

/*
 * Each side has at least two runs. `sampling` is the variance of the same difference from sampling,
 * which rests on `samples` samples; both are NAN if unknown.
 */
struct pp_scatter pp_scatter(const struct pp_run_values *v, double sampling, double samples);

/*
 * The probability that runs assigned to the sides at random differ as much in their means: over all
 * assignments if these are at most 20,000, else over as many seeded random ones.
 */
double pp_permutation(const struct pp_run_values *v);

/* --- all functions at once ----------------------------------------------- */

/*
 * shares[f * runs + r]: the share of function f in run r; the first `nbefore` runs are those of
 * BEFORE.
 */
struct pp_share_matrix {
    const double *shares;
    size_t functions, nbefore, nafter;
};

/*
 * The probability that runs of equal programs differ as much over all functions. The squared
 * differences of the functions' mean shares are added up, and compared with the same sum for other
 * assignments of the runs to the sides. These are permutations, because functions vary together, so
 * that no known distribution fits the sum. The squares are not divided by each function's variance:
 * that finds a large function that grew by 10 % in five runs a side less often (20 times of 100
 * instead of 64, with 60 functions). NAN if there are fewer than 20 assignments, which can prove
 * nothing, as with three runs a side.
 */
double pp_permutation_of_all(const struct pp_share_matrix *m);

/*
 * The same for one run a side, where only sampling makes a difference: whether two sets of counts
 * have the same shares, by the chi-squared test of homogeneity. Functions with an expected count
 * below PP_FEW_EXPECTED on a side are taken together. NAN if fewer than two are left.
 */
double pp_chi_squared_of_all(const double *before, const double *after, size_t functions);

enum { PP_FEW_EXPECTED = 5 };

#endif
