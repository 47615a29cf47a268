/* The errors of sampled values. */
#include "model/sampling.h"

#include <math.h>

#include "model/merge.h"
#include "model/totals.h"
#include "unit/heaps.h"

static bool near(double got, double want, double tolerance)
{
    if (fabs(got - want) <= tolerance * fabs(want))
        return true;
    fprintf(stderr, "got %.9g, wanted %.9g\n", got, want);
    return false;
}

/* The kind of sampling of `column`; `*variance` is the variance of its total. */
static enum pp_sampled sampled(struct pp_profile *p, unsigned column, double *variance)
{
    struct pp_sampling s = pp_keep_sampled(p, column, false);
    int c = pp_variance_column(p, PP_ONLY);
    *variance = c < 0 ? 0 : (double)pp_sum(p, (unsigned)c) * s.unit;
    return s.how;
}

/* A heap of `n` objects with `space` bytes in total, on one stack. */
static struct pp_profile *heap(int64_t n, int64_t space, int64_t interval)
{
    struct pp_profile *p = empty_heap(interval);
    add_heap_stack(p, "f", n, space);
    return p;
}

/*
 * 100,000 objects of 4 KiB, sampled every 512 KiB: each is hit with p = 1 - exp(-1/128), and
 * 778.2 of them are; s sqrt((1 - p) / k) is 1.462e7 bytes.
 */
static void test_the_error_of_a_heap_follows_from_the_number_of_samples(void)
{
    double variance, p = 1 - exp(-1.0 / 128), k = 100000 * p;
    struct pp_profile *h = heap(100000, 409600000, 524288);
    CHECK_INT(sampled(h, 1, &variance), PP_SAMPLED_SPACE);
    CHECK(near(sqrt(variance), 409600000 * sqrt((1 - p) / k), 1e-9));
    CHECK(near(sqrt(variance), 1.462e7, 1e-3));
    pp_profile_free(h);
    h = heap(100000, 409600000, 524288);
    CHECK_INT(sampled(h, 0, &variance), PP_SAMPLED_SPACE);
    CHECK(near(sqrt(variance), 100000 * sqrt((1 - p) / k), 1e-9));
    pp_profile_free(h);
}

/* Pseudo-random numbers, the same each time. */
static double next_random(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (double)(*state >> 11) * 0x1p-53;
}

/* The law itself: 500 objects are sampled 4,000 times, and their sizes estimated. */
static void test_estimates_scatter_as_stated(void)
{
    enum { RUNS = 4000, OBJECTS = 500, SIZE = 3000, INTERVAL = 10000 };
    double p = 1 - exp(-(double)SIZE / INTERVAL), sum = 0, squares = 0, variance;
    uint64_t state = 1;
    for (int run = 0; run < RUNS; run++) {
        double estimate = 0;
        for (int i = 0; i < OBJECTS; i++)
            estimate += next_random(&state) < p ? SIZE / p : 0;
        sum += estimate;
        squares += estimate * estimate;
    }
    double mean = sum / RUNS;
    struct pp_profile *h = heap(OBJECTS, OBJECTS * SIZE, INTERVAL);
    sampled(h, 1, &variance);
    CHECK(near(mean, (double)OBJECTS * SIZE, 0.01));
    CHECK(near(squares / RUNS - mean * mean, variance, 0.1)); /* 4 sigma of 4,000 runs */
    pp_profile_free(h);
}

static void test_a_heap_in_which_all_was_counted_has_no_error(void)
{
    double variance;
    struct pp_profile *h = heap(100, 4096, 1);
    CHECK_INT(sampled(h, 1, &variance), PP_SAMPLED_NOT);
    CHECK(variance == 0);
    CHECK_INT(h->ncolumns, 1);
    pp_profile_free(h);
    h = heap(3, 300000000, 4096); /* large ones are always sampled */
    CHECK_INT(sampled(h, 1, &variance), PP_SAMPLED_SPACE);
    CHECK(variance == 0);
    pp_profile_free(h);
}

static void test_without_a_period_nothing_is_known_of_a_heap(void)
{
    double variance;
    struct pp_profile *h = heap(100, 4096, 0);
    CHECK_INT(sampled(h, 1, &variance), PP_SAMPLED_UNKNOWN);
    pp_profile_free(h);
    h = heap(100, 4096, 524288);
    CHECK_INT(pp_keep_sampled(h, 1, true).how, PP_SAMPLED_UNKNOWN); /* raw counts */
    CHECK_INT(h->ncolumns, 1);
    pp_profile_free(h);
}

static void test_a_count_of_samples_has_itself_as_variance(void)
{
    double variance;
    struct pp_profile *p = folded("a;b 70\na 30\n");
    CHECK_INT(sampled(p, 0, &variance), PP_SAMPLED_EVENTS);
    CHECK(near(variance, 100, 1e-12));
    pp_profile_free(p);
}

/*
 * A profile of one stack, with value `v` in a column, next to a column `events` if that has a name.
 */
static struct pp_profile *timed(const char *events, int64_t n, const char *type, int64_t v)
{
    struct pp_profile *p = pp_profile_new();
    pp_id id = pp_sample_id(
        p, &(struct pp_sample){.node = pp_child(p, 0, pp_frame_named(p, pp_str("f")))});
    int c = pp_column(p, pp_str(type), pp_str("nanoseconds"));
    CHECK(pp_add(p, id, (unsigned)c, v));
    if (events)
        CHECK(pp_add(p, id, (unsigned)pp_column(p, pp_str(events), pp_str("count")), n));
    return p;
}

/* 25 samples of 10 ms: sqrt(25) samples are 50 ms. */
static void test_time_is_off_by_whole_periods(void)
{
    double variance;
    struct pp_profile *p = timed("samples", 25, "cpu", 250000000);
    CHECK_INT(sampled(p, 0, &variance), PP_SAMPLED_EVENTS);
    CHECK(near(sqrt(variance), 50e6, 1e-9));
    pp_profile_free(p);
    p = timed("cycles.samples", 25, "cycles", 250000000);
    CHECK_INT(sampled(p, 0, &variance), PP_SAMPLED_EVENTS);
    CHECK(near(sqrt(variance), 50e6, 1e-9));
    pp_profile_free(p);
    p = timed(NULL, 0, "cpu", 250000000);
    p->about.period = 10000000;
    p->about.period_type = pp_cstring(p, "cpu");
    CHECK_INT(sampled(p, 0, &variance), PP_SAMPLED_EVENTS);
    CHECK(near(sqrt(variance), 50e6, 1e-9));
    pp_profile_free(p);
}

/* Go's contention profiles: 1 of 5 events is sampled, and counts for 5; 20 of 100 are sampled. */
static void test_events_that_stand_for_several(void)
{
    double variance;
    struct pp_profile *p = timed("contentions", 100, "delay", 3000);
    p->about.period = 5;
    p->about.period_type = pp_cstring(p, "contentions");
    p->about.period_unit = pp_cstring(p, "count");
    CHECK_INT(sampled(p, 0, &variance), PP_SAMPLED_EVENTS);
    CHECK(near(sqrt(variance), 3000 / sqrt(20), 1e-9));
    pp_profile_free(p);
}

static void test_a_column_without_known_sampling(void)
{
    double variance;
    struct pp_profile *p = timed(NULL, 0, "delay", 3000);
    CHECK_INT(sampled(p, 0, &variance), PP_SAMPLED_UNKNOWN);
    pp_profile_free(p);
}

static void test_variances_go_where_samples_go(void)
{
    struct pp_profile *p = folded("a;b 70\na;c 30\n");
    struct pp_sampling s = pp_keep_sampled(p, 0, false);
    unsigned column = (unsigned)pp_variance_column(p, PP_ONLY);
    const pp_id image[] = {0, 1, 1, PP_DROPPED};
    pp_move_samples(p, image);
    CHECK_INT(pp_sum(p, 0), 70);
    CHECK(near((double)pp_sum(p, column) * s.unit, 70, 1e-12));
    pp_profile_free(p);
}

/* The variance of the largest value still fits. */
static void test_the_largest_values(void)
{
    double variance;
    struct pp_profile *h = heap(INT64_MAX / 8, INT64_MAX, INT64_MAX);
    sampled(h, 1, &variance);
    CHECK(near(variance, 0x1p126, 1e-6));
    pp_profile_free(h);
    h = heap(INT64_MAX, INT64_MAX, INT64_MAX);
    sampled(h, 0, &variance);
    CHECK(near(variance, 0x1p126, 1e-6));
    pp_profile_free(h);
}

static void test_percent_and_sigmas(void)
{
    struct pp_delta d = {100, 110, 25};
    CHECK(pp_delta_percent(&d) == 10);
    CHECK(pp_delta_sigmas(&d) == 2 && !pp_delta_is_noise(&d));
    d = (struct pp_delta){-100, -90, 36};
    CHECK(pp_delta_percent(&d) == 10);
    CHECK(pp_delta_is_noise(&d));
    d = (struct pp_delta){0, -1, 0};
    CHECK(isinf(pp_delta_percent(&d)) && pp_delta_percent(&d) < 0);
    CHECK(isinf(pp_delta_sigmas(&d)) && !pp_delta_is_noise(&d));
    d = (struct pp_delta){0, 0, 0};
    CHECK(pp_delta_percent(&d) == 0 && pp_delta_sigmas(&d) == 0);
}

CHECK_MAIN(test_the_error_of_a_heap_follows_from_the_number_of_samples,
           test_estimates_scatter_as_stated, test_a_heap_in_which_all_was_counted_has_no_error,
           test_without_a_period_nothing_is_known_of_a_heap,
           test_a_count_of_samples_has_itself_as_variance, test_time_is_off_by_whole_periods,
           test_events_that_stand_for_several, test_a_column_without_known_sampling,
           test_variances_go_where_samples_go, test_the_largest_values, test_percent_and_sigmas)
