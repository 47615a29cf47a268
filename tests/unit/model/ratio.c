/* Amounts per something: their errors by hand, and the false alarms that they lead to. */
#include "model/ratio.h"

#include "model/scatter.h"
#include "unit/simulate.h"

static bool near(double got, double want)
{
    return fabs(got - want) <= 1e-9 * (1 + fabs(want));
}

/* --- by hand ------------------------------------------------------------- */

/* 30 of 100 samples: the binomial variance 100 * 0.3 * 0.7. All of 100 can be nothing else. */
static void test_a_share_has_the_error_of_the_binomial(void)
{
    const struct pp_denominator all = {.value = 100, .variance = 100};
    CHECK(near(pp_ratio_variance(30, 30, 30, &all), 21));
    CHECK(near(pp_ratio_variance(100, 100, 100, &all), 0));
}

/* 30 samples, 10 of them in the 50 of the denominator: 30 + 0.36 * 50 - 2 * 0.6 * 10. */
static void test_samples_in_common_count_once(void)
{
    const struct pp_denominator some = {.value = 50, .variance = 50};
    CHECK(near(pp_ratio_variance(30, 30, 10, &some), 36));
    CHECK(near(pp_ratio_variance(30, 30, 0, &some), 48));
}

static void test_what_was_counted_adds_no_error(void)
{
    const struct pp_denominator counted = {.value = 7};
    CHECK(near(pp_ratio_variance(30, 30, 0, &counted), 30));
    CHECK(near(pp_ratio_variance(30, 30, 30, NULL), 30));
}

static void test_runs_are_brought_to_the_mean_of_after(void)
{
    const struct pp_denominator before = {.runs = {10, 40}}, after = {.runs = {20, 60}};
    CHECK(near(pp_run_weight(&before, &after, 2, 0), 4));
    CHECK(near(pp_run_weight(&before, &after, 2, 1), 1));
    CHECK(near(pp_run_weight(&after, &after, 2, 1), 40.0 / 60));
    CHECK(near(pp_run_weight(NULL, &after, 2, 1), 1));
}

/* --- by simulation ------------------------------------------------------- */

static struct pp_chance chance = {23};

/* One side: what is in X alone, in D alone, and in both. */
struct amounts {
    double x, d, shared;
};

static struct amounts draw(double x_alone, double d_alone, double shared, double requests)
{
    double both = poisson(&chance, shared * requests);
    return (struct amounts){poisson(&chance, x_alone * requests) + both,
                            poisson(&chance, d_alone * requests) + both, both};
}

/* The p-value for two sides, with X of `before` brought to D of `after`. */
static double compare(const struct amounts *before, const struct amounts *after, bool ratio)
{
    double scale = after->d / before->d, square = scale * scale;
    const struct pp_denominator db = {.value = after->d, .variance = before->d * square};
    const struct pp_denominator da = {.value = after->d, .variance = after->d};
    double v = pp_ratio_variance(before->x * scale, before->x * square, before->shared * square,
                                 ratio ? &db : NULL) +
               pp_ratio_variance(after->x, after->x, after->shared, ratio ? &da : NULL);
    double delta = after->x - before->x * scale;
    return fabs(delta) < 1e-9 ? 1 : pp_t_two_sided(delta / sqrt(v), INFINITY);
}

/* Of programs that take the same for each request, the second with half as many again. */
static void false_alarms(double x_alone, double d_alone, double shared, bool ratio,
                         size_t alarms[2])
{
    for (size_t i = 0; i < simulations() * 5; i++) {
        struct amounts before = draw(x_alone, d_alone, shared, 1);
        struct amounts after = draw(x_alone, d_alone, shared, 1.5);
        double p = compare(&before, &after, ratio);
        alarms[0] += p <= 0.05;
        alarms[1] += p <= 0.01;
    }
}

static void test_false_alarms_are_as_rare_as_asked_for(void)
{
    static const double kinds[][3] = {
        {400, 300, 0},   /* what happens outside of the requests */
        {0, 900, 100},   /* a small part of the denominator */
        {0, 100, 900},   /* most of it */
        {300, 200, 400}, /* a function that is called in requests and elsewhere */
    };
    size_t n = simulations() * 5;
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        size_t alarms[2] = {0};
        false_alarms(kinds[k][0], kinds[k][1], kinds[k][2], true, alarms);
        CHECK(is_rate(alarms[0], n, 0.05, 0.04));
        CHECK(is_rate(alarms[1], n, 0.01, 0.006));
    }
}

/* So the test above is able to fail: without the denominator's error one in five is an alarm, and
 * without what is shared, of a large share there are none. */
static void test_both_parts_of_the_error_are_needed(void)
{
    size_t n = simulations() * 5, ignored[2] = {0}, large[2] = {0};
    false_alarms(400, 300, 0, false, ignored);
    false_alarms(0, 100, 900, false, large);
    CHECK((double)ignored[0] / (double)n > 0.15);
    CHECK((double)large[0] / (double)n < 0.001);
}

/* Five runs a side, each with a different number of requests. */
static void test_runs_with_different_numbers_of_requests(void)
{
    enum { RUNS = 5 };
    size_t n = simulations() * 5, alarms[2] = {0};
    for (size_t i = 0; i < n; i++) {
        struct pp_denominator per[2] = {{0}};
        double v[2][RUNS], sums[2] = {0};
        for (unsigned r = 0; r < 2 * RUNS; r++) {
            struct amounts a = draw(50, 300, 100, exp(0.3 * normal(&chance)));
            v[r % 2][r / 2] = a.x;
            per[r % 2].runs[r / 2] = a.d;
        }
        for (unsigned r = 0; r < 2 * RUNS; r++) {
            v[r % 2][r / 2] *= pp_run_weight(&per[r % 2], &per[1], RUNS, r / 2);
            sums[r % 2] += v[r % 2][r / 2];
        }
        struct pp_scatter s = pp_scatter(&(struct pp_run_values){v[0], v[1], RUNS, RUNS}, NAN, NAN);
        double p = pp_t_two_sided((sums[1] - sums[0]) / sqrt(s.variance), s.df);
        alarms[0] += p <= 0.05;
        alarms[1] += p <= 0.01;
    }
    CHECK(is_rate(alarms[0], n, 0.05, 0.04));
    CHECK(is_rate(alarms[1], n, 0.01, 0.006));
}

CHECK_MAIN(test_a_share_has_the_error_of_the_binomial, test_samples_in_common_count_once,
           test_what_was_counted_adds_no_error, test_runs_are_brought_to_the_mean_of_after,
           test_false_alarms_are_as_rare_as_asked_for, test_both_parts_of_the_error_are_needed,
           test_runs_with_different_numbers_of_requests)
