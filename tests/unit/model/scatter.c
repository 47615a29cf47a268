/*
 * What is significant between runs: worked out by hand, and by simulation. A simulation draws runs
 * of equal programs, where every alarm is false: their number must lie within what the binomial
 * distribution allows of the rate that was asked for.
 */
#include "model/scatter.h"

#include "unit/simulate.h"

static bool near(double got, double want)
{
    return fabs(got - want) <= 1e-9 * (1 + fabs(want));
}

/* --- by hand ------------------------------------------------------------- */

/* Means 2 and 6, variances of a value 1 and 4, three runs each: of the sums 9 * (1/3 + 4/3). */
static void test_scatter_is_welchs(void)
{
    const double before[] = {1, 2, 3}, after[] = {4, 6, 8};
    struct pp_scatter s = pp_scatter(&(struct pp_run_values){before, after, 3, 3}, 1, 1000);
    CHECK(near(s.variance, 15));
    CHECK(near(s.df, 25.0 / 9 / (1.0 / 18 + 16.0 / 18)));
}

/* Three times nothing and three times one: not to differ among themselves proves little. */
static void test_few_samples_are_off_by_sampling_at_least(void)
{
    const double before[] = {0, 0, 0}, after[] = {1, 1, 1};
    const struct pp_run_values v = {before, after, 3, 3};
    CHECK(near(pp_scatter(&v, 3, 3).variance, 3));
    CHECK(isinf(pp_scatter(&v, 3, 3).df));
    CHECK(near(pp_scatter(&v, NAN, NAN).variance, 0)); /* nothing is known of sampling */
}

static void test_many_samples_are_off_as_runs_are(void)
{
    const double before[] = {100, 101, 102}, after[] = {100, 101, 102};
    const struct pp_run_values v = {before, after, 3, 3};
    CHECK(near(pp_scatter(&v, 606, 606).variance, 6));
}

/* Of the 20 ways to share 6 runs out, only this one and its mirror image are as far apart. */
static void test_permutations_are_counted(void)
{
    const double before[] = {1, 2, 3}, after[] = {4, 5, 6};
    CHECK(near(pp_permutation(&(struct pp_run_values){before, after, 3, 3}), 2.0 / 20));
    CHECK(near(pp_permutation(&(struct pp_run_values){before, before, 3, 3}), 1));
}

static void test_permutations_of_many_runs_are_drawn(void)
{
    double before[12], after[12];
    for (int i = 0; i < 12; i++) {
        before[i] = i;
        after[i] = i + 100;
    }
    CHECK(pp_permutation(&(struct pp_run_values){before, after, 12, 12}) <= 1e-4);
    CHECK(near(pp_permutation(&(struct pp_run_values){before, before, 12, 12}), 1));
}

static void test_all_functions_at_once(void)
{
    const double shares[] = {0.5, 0.51, 0.49, 0.50, 0.6, 0.61, 0.59, 0.6,
                             0.5, 0.49, 0.51, 0.50, 0.4, 0.39, 0.41, 0.4};
    CHECK(near(pp_permutation_of_all(&(struct pp_share_matrix){shares, 2, 4, 4}), 2.0 / 70));
    CHECK(isnan(pp_permutation_of_all(&(struct pp_share_matrix){shares, 2, 2, 2})));
}

/* --- by simulation ------------------------------------------------------- */

static struct pp_chance chance = {20};

/* Objects of `size` bytes, `n` of them, as a heap profile with a sample every 512 KiB sees them. */
static double heap(double n, double size)
{
    double hit = -expm1(-size / 524288);
    return poisson(&chance, n * hit) / hit * size;
}

enum kind { POISSON, HEAP, EXTRA, KINDS };

static double draw(enum kind kind, double size)
{
    switch (kind) {
    case HEAP:
        return heap(size, 4096);
    case EXTRA:
        return poisson(&chance, size * exp(0.1 * normal(&chance)));
    default:
        return poisson(&chance, size);
    }
}

/* False alarms at 5 % and 1 % of a function in `runs` runs a side. */
static void false_alarms(enum kind kind, double size, size_t runs, size_t alarms[2])
{
    double v[2][16];
    for (size_t n = simulations() * 5; n > 0; n--) {
        double sums[2] = {0};
        for (size_t i = 0; i < 2 * runs; i++)
            sums[i % 2] += v[i % 2][i / 2] = draw(kind, size);
        double delta = sums[1] - sums[0];
        double sampling = kind == HEAP ? NAN : sums[0] + sums[1];
        struct pp_scatter s =
            pp_scatter(&(struct pp_run_values){v[0], v[1], runs, runs}, sampling, sampling);
        double p = delta == 0 ? 1 : pp_t_two_sided(delta / sqrt(s.variance), s.df);
        alarms[0] += p <= 0.05;
        alarms[1] += p <= 0.01;
    }
}

static void test_equal_programs_raise_no_more_false_alarms_than_asked_for(void)
{
    static const double sizes[] = {1, 10, 100, 3000};
    static const size_t runs[] = {3, 5, 8};
    size_t n = simulations() * 5;
    for (int kind = 0; kind < KINDS; kind++)
        for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++)
            for (size_t r = 0; r < sizeof runs / sizeof *runs; r++) {
                size_t alarms[2] = {0};
                false_alarms((enum kind)kind, kind == HEAP ? sizes[s] * 1000 : sizes[s], runs[r],
                             alarms);
                /* Welch's test is known to be careful with three runs, and counts below 10 are
                   whole numbers: nothing is asked from below there. */
                bool full = runs[r] >= 5 && sizes[s] >= 10;
                CHECK(is_rate(alarms[0], n, 0.05, full ? 0.04 : 0));
                CHECK(is_rate(alarms[1], n, 0.01, full ? 0.006 : 0));
            }
}

/* Sixty functions; ten of them vary together from run to run. */
enum { FUNCTIONS = 60, MOST_RUNS = 12 };

static void draw_runs(double shares[FUNCTIONS * MOST_RUNS], size_t runs, double extra)
{
    for (size_t r = 0; r < runs; r++) {
        double together = exp(extra * normal(&chance)), sum = 0;
        for (size_t f = 0; f < FUNCTIONS; f++) {
            double mean = 2000.0 / (double)((f + 1) * (f + 1)) + 2;
            shares[f * runs + r] = poisson(&chance, f < 10 ? mean * together : mean);
            sum += shares[f * runs + r];
        }
        for (size_t f = 0; f < FUNCTIONS; f++)
            shares[f * runs + r] /= sum;
    }
}

static void test_equal_programs_differ_as_a_whole_no_more_often_than_asked_for(void)
{
    static double shares[FUNCTIONS * MOST_RUNS];
    static const double extras[] = {0, 0.2};
    for (size_t e = 0; e < 2; e++) {
        size_t alarms[2] = {0}, n = simulations();
        for (size_t i = 0; i < n; i++) {
            draw_runs(shares, 10, extras[e]);
            double p = pp_permutation_of_all(&(struct pp_share_matrix){shares, FUNCTIONS, 5, 5});
            alarms[0] += p <= 0.05;
            alarms[1] += p <= 0.01;
        }
        CHECK(is_rate(alarms[0], n, 0.05, 0.045)); /* 12 of 252 ways are 4.8 % */
        CHECK(is_rate(alarms[1], n, 0.01, 0.007)); /* 2 of 252 are 0.8 % */
    }
}

/* 30 and 20 against 20 and 30: four squares of 5 over 25. */
static void test_shares_of_one_run_a_side(void)
{
    const double before[] = {30, 20, 1, 0}, after[] = {20, 30, 0, 1};
    double two = pp_chi_squared_of_all(before, after, 2);
    CHECK(near(two, pp_chi_squared_above(4, 1)));
    CHECK(near(pp_chi_squared_of_all(before, before, 2), 1));
    CHECK(isnan(pp_chi_squared_of_all(before, after, 1)));
    /* those with one count each are too few even together, and count for the sums only */
    CHECK(fabs(pp_chi_squared_of_all(before, after, 4) - two) < 0.01);
}

static void test_equal_shares_of_one_run_a_side_raise_few_false_alarms(void)
{
    double v[2][FUNCTIONS];
    size_t alarms[2] = {0}, n = simulations() * 2;
    for (size_t i = 0; i < n; i++) {
        for (size_t f = 0; f < FUNCTIONS; f++)
            for (size_t side = 0; side < 2; side++)
                v[side][f] = poisson(&chance, (2000.0 / (double)((f + 1) * (f + 1)) + 2) *
                                                  (side ? 1.5 : 1)); /* recorded for longer */
        double p = pp_chi_squared_of_all(v[0], v[1], FUNCTIONS);
        alarms[0] += p <= 0.05;
        alarms[1] += p <= 0.01;
    }
    CHECK(is_rate(alarms[0], n, 0.05, 0.04));
    CHECK(is_rate(alarms[1], n, 0.01, 0.006));
}

CHECK_MAIN(test_shares_of_one_run_a_side,
           test_equal_shares_of_one_run_a_side_raise_few_false_alarms, test_scatter_is_welchs,
           test_few_samples_are_off_by_sampling_at_least, test_many_samples_are_off_as_runs_are,
           test_permutations_are_counted, test_permutations_of_many_runs_are_drawn,
           test_all_functions_at_once,
           test_equal_programs_raise_no_more_false_alarms_than_asked_for,
           test_equal_programs_differ_as_a_whole_no_more_often_than_asked_for)
