/* Probabilities as in statistical tables; false discovery rates computed by hand. */
#include "base/statistics.h"

#include <math.h>
#include <stdbool.h>

#include "check.h"

static bool near(double got, double want, double within)
{
    return fabs(got - want) <= within;
}

/* Critical values for 5 % and 1 %, two-sided, from the tables of the t distribution. */
static void test_t_is_as_tabulated(void)
{
    static const struct {
        double df, at_5, at_1;
    } rows[] = {{1, 12.7062, 63.6567},       {2, 4.3027, 9.9248},  {5, 2.5706, 4.0321},
                {10, 2.2281, 3.1693},        {30, 2.0423, 2.7500}, {120, 1.9799, 2.6174},
                {INFINITY, 1.95996, 2.57583}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CHECK(near(pp_t_two_sided(rows[i].at_5, rows[i].df), 0.05, 1e-5));
        CHECK(near(pp_t_two_sided(-rows[i].at_1, rows[i].df), 0.01, 1e-5));
    }
}

/* With one degree of freedom it is Cauchy's distribution, with two a closed form. */
static void test_t_is_exact_where_there_is_a_formula(void)
{
    for (double t = 0.1; t < 1e6; t *= 7) {
        CHECK(near(pp_t_two_sided(t, 1), 2 * atan(1 / t) / M_PI, 1e-12));
        CHECK(near(pp_t_two_sided(t, 2), 1 - t / sqrt(2 + t * t), 1e-12));
    }
}

static void test_extremes_of_t(void)
{
    CHECK(near(pp_t_two_sided(0, 3), 1, 1e-15));
    CHECK(pp_t_two_sided(INFINITY, 3) == 0);
    CHECK(pp_t_two_sided(40, INFINITY) < 1e-300);
    CHECK(isnan(pp_t_two_sided(NAN, 3)));
}

static void test_sums_of_squares_are_as_tabulated(void)
{
    CHECK(near(pp_chi_squared_above(3.8415, 1), 0.05, 1e-5));
    CHECK(near(pp_chi_squared_above(11.0705, 5), 0.05, 1e-5));
    CHECK(near(pp_chi_squared_above(15.0863, 5), 0.01, 1e-5));
    CHECK(near(pp_chi_squared_above(124.342, 100), 0.05, 1e-5));
    CHECK(near(pp_chi_squared_above(70.065, 100), 0.99, 1e-5));
    CHECK(near(pp_chi_squared_above(3, 2), exp(-1.5), 1e-13)); /* a closed form */
    CHECK(pp_chi_squared_above(0, 4) == 1);
}

/* The example on page 294 of Benjamini and Hochberg, who reject the first four at 5 %. */
static void test_rates_of_false_discoveries(void)
{
    double p[] = {0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344,
                  0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.000};
    double q[15];
    size_t found = 0;
    pp_q_values(p, q, 15);
    for (size_t i = 0; i < 15; i++)
        found += q[i] <= 0.05;
    CHECK_INT(found, 4);
    CHECK(near(q[0], 0.0015, 1e-9)); /* 0.0001 * 15 / 1 */
    CHECK(near(q[3], 0.035625, 1e-9));
    CHECK(near(q[14], 1, 1e-9));
}

static void test_a_rate_is_no_larger_than_that_of_a_less_likely_one(void)
{
    double p[] = {0.04, 0.03, NAN, 0.02}, q[4];
    pp_q_values(p, q, 4); /* 0.02 * 3, 0.03 * 3 / 2, 0.04 * 3 / 3 */
    CHECK(near(q[0], 0.04, 1e-12));
    CHECK(near(q[1], 0.04, 1e-12));
    CHECK(isnan(q[2]));
    CHECK(near(q[3], 0.04, 1e-12));
}

/* Equal variances of means of n values each: twice n - 1 degrees of freedom. */
static void test_welch(void)
{
    struct pp_welch w = pp_welch(2, 5, 2, 5);
    CHECK(near(w.variance, 4, 1e-12));
    CHECK(near(w.df, 8, 1e-12));
    w = pp_welch(3, 4, 0, 9); /* a side without scatter: the degrees of freedom of the other */
    CHECK(near(w.df, 3, 1e-12));
    CHECK(isinf(pp_welch(0, 4, 0, 4).df));
}

static void test_chance_is_even_and_repeats(void)
{
    struct pp_chance a = {7}, b = {7};
    size_t seen[10] = {0};
    for (int i = 0; i < 100000; i++) {
        size_t v = pp_chance_below(&a, 10);
        CHECK_INT(v, pp_chance_below(&b, 10));
        seen[v]++;
    }
    for (int i = 0; i < 10; i++)
        CHECK(seen[i] > 9500 && seen[i] < 10500); /* five standard deviations */
}

/* Of the four, those with 0.2 and 0.04 can't be below 0.05 / 2: two are left. */
static void test_what_cannot_be_significant_has_no_q(void)
{
    const double p[] = {0.01, 0.3, 0.04, 0.5}, least[] = {1e-9, 0.2, 0.04, 1e-3};
    double q[4];
    pp_q_values_of_able(p, least, 0.05, q, 4);
    CHECK(near(q[0], 0.02, 1e-12));
    CHECK(isnan(q[1]));
    CHECK(isnan(q[2]));
    CHECK(near(q[3], 0.5, 1e-12));
    pp_q_values_of_able(p, (const double[]){0, 0, 0, 0}, 0.05, q, 4);
    CHECK(near(q[0], 0.04, 1e-12));
    CHECK(near(q[3], 0.5, 1e-12));
}

CHECK_MAIN(test_what_cannot_be_significant_has_no_q, test_t_is_as_tabulated,
           test_t_is_exact_where_there_is_a_formula, test_extremes_of_t,
           test_sums_of_squares_are_as_tabulated, test_rates_of_false_discoveries,
           test_a_rate_is_no_larger_than_that_of_a_less_likely_one, test_welch,
           test_chance_is_even_and_repeats)
