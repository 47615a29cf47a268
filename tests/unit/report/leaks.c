/* What grows over a series of heap dumps, and what only seems to. */
#include "report/leaks.h"

#include <math.h>

#include "transform/naming.h"
#include "unit/heaps.h"

enum { MOST = 64, KB = 1024 };

static bool near(double got, double want, double tolerance)
{
    if (fabs(got - want) <= tolerance * fabs(want) + 1e-9)
        return true;
    fprintf(stderr, "got %.9g, wanted %.9g\n", got, want);
    return false;
}

/* --- series by hand ------------------------------------------------------ */

/* A heap with one stack per line: `bytes` in objects of 1 KiB, sampled every `interval`. */
static struct pp_profile *heap(const char *const *stacks, const double *bytes, size_t n,
                               int64_t interval)
{
    struct pp_profile *p = empty_heap(interval);
    for (size_t i = 0; i < n; i++)
        add_heap_stack(p, stacks[i], (int64_t)(bytes[i] / KB), (int64_t)bytes[i]);
    return p;
}

struct found {
    struct pp_series series;
    struct pp_profile *p;
    struct pp_leaks leaks;
};

static void find(struct found *f, struct pp_combined *all, enum pp_leaks_by by)
{
    f->p = pp_series_end(all);
    pp_by_name(&f->p, &(struct pp_naming){0});
    pp_leaks_find(&f->leaks, f->p, &f->series, by, 0, false);
}

static void found_release(struct found *f)
{
    pp_leaks_release(&f->leaks);
    pp_profile_free(f->p);
    pp_series_release(&f->series);
}

/* The trend of the values of one stack; the leak itself in `*leak`. */
static enum pp_trend trend_of(const double *values, size_t n, int64_t interval,
                              struct pp_leak *leak)
{
    static const char *const stack[] = {"main;f"};
    struct found f = {0};
    struct pp_combined *all = pp_combine_new();
    for (size_t d = 0; d < n; d++)
        add_heap_dump(&f.series, all, heap(stack, &values[d], 1, interval));
    find(&f, all, PP_LEAKS_BY_STACK);
    *leak = f.leaks.count ? f.leaks.rows[0] : (struct pp_leak){.trend = PP_TRENDS};
    found_release(&f);
    return leak->trend;
}

/* --- trends -------------------------------------------------------------- */

static void test_a_line_grows_by_its_slope(void)
{
    const double values[] = {10 * KB, 12 * KB, 14 * KB, 16 * KB, 18 * KB};
    struct pp_leak leak;
    CHECK_INT(trend_of(values, 5, 1, &leak), PP_GROWS);
    CHECK(near(leak.growth, 2 * KB, 1e-12));
    CHECK(leak.growth_error == 0);
    CHECK(near(leak.loss, 10 * KB, 1e-12)); /* 5 more dumps */
    CHECK(near(leak.fit, 1, 1e-12));
    CHECK(leak.first == 10 * KB && leak.last == 18 * KB);
    CHECK_INT(leak.grew, 4);
    CHECK_INT(leak.since, 0);
}

static void test_two_dumps_are_a_series(void)
{
    const double up[] = {0, 5 * KB}, down[] = {5 * KB, 4 * KB}, same[] = {KB, KB};
    struct pp_leak leak;
    CHECK_INT(trend_of(up, 2, 1, &leak), PP_GROWS);
    CHECK(near(leak.growth, 5 * KB, 1e-12));
    CHECK_INT(leak.since, 1);
    CHECK_INT(trend_of(down, 2, 1, &leak), PP_NO_GROWTH);
    CHECK_INT(trend_of(same, 2, 1, &leak), PP_NO_GROWTH);
}

/* For any part of the series that it takes to fill the cache, up to two thirds. */
static void test_a_cache_levels_off(void)
{
    double values[MOST];
    struct pp_leak leak;
    for (size_t n = 8; n <= 40; n += 4)
        for (size_t full = 1; full < 2 * n / 3; full++) {
            for (size_t d = 0; d < n; d++)
                values[d] = (double)(100 * KB * (d < full ? d : full)) + KB;
            enum pp_trend trend = trend_of(values, n, 1, &leak);
            CHECK(trend == PP_LEVELS_OFF || (trend == PP_GROWS && full > n / 2));
        }
}

/* A leak keeps growing: at the end it differs from a cache that is full halfway. */
static void test_half_a_series_is_enough_for_a_cache(void)
{
    double values[MOST];
    struct pp_leak leak;
    for (size_t d = 0; d < 20; d++)
        values[d] = (double)(100 * KB * (d < 10 ? d : 10));
    CHECK_INT(trend_of(values, 20, 1, &leak), PP_LEVELS_OFF);
    CHECK(leak.fit > 0.75); /* which is not conclusive */
}

/* For any period, beginning anywhere in it. */
static void test_a_swing_is_not_a_leak(void)
{
    double values[MOST];
    struct pp_leak leak;
    for (size_t period = 2; period <= 8; period++)
        for (size_t phase = 0; phase < period; phase++) {
            for (size_t d = 0; d < 17; d++)
                values[d] = (double)(50 * KB * ((d + phase) % period)) + KB;
            CHECK(trend_of(values, 17, 1, &leak) != PP_GROWS);
        }
}

static void test_a_leak_may_breathe(void)
{
    double values[MOST];
    struct pp_leak leak;
    for (size_t d = 0; d < 20; d++)
        values[d] = (double)(20 * KB * d + 40 * KB * (d % 4));
    CHECK_INT(trend_of(values, 20, 1, &leak), PP_GROWS);
    CHECK(near(leak.growth, 20 * KB, 0.1));
}

/* Sums of rounded numbers are not 0, but a constant does not grow. */
static void test_a_constant_does_not_grow(void)
{
    double values[MOST];
    struct pp_leak leak;
    for (size_t n = 2; n < MOST; n++) {
        for (size_t d = 0; d < n; d++)
            values[d] = 1234567 * 8;
        CHECK_INT(trend_of(values, n, 1, &leak), PP_NO_GROWTH);
        CHECK(leak.growth == 0);
    }
}

static void test_a_single_step_is_a_jump(void)
{
    double values[MOST];
    struct pp_leak leak;
    for (size_t d = 0; d < 20; d++)
        values[d] = d < 15 ? KB : 900 * KB;
    CHECK_INT(trend_of(values, 20, 1, &leak), PP_JUMPED);
    CHECK_INT(leak.grew, 1);
}

/* --- sampling ------------------------------------------------------------ */

/* Pseudo-random numbers, the same each time. */
static double next_random(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (double)(*state >> 11) * 0x1p-53;
}

/* The estimate for `objects` of 1 KiB, sampled every 16 KiB. */
enum { INTERVAL = 16 * KB };
static double estimate(size_t objects, uint64_t *state)
{
    double p = 1 - exp(-(double)KB / INTERVAL), sum = 0;
    for (size_t i = 0; i < objects; i++)
        sum += next_random(state) < p ? KB / p : 0;
    return sum;
}

/* The scatter of growths, and the stated errors, both as squares. */
struct scatter {
    double growths, squares, said;
    size_t grows;
};

static void scatter_add(struct scatter *s, const struct pp_leak *leak)
{
    s->growths += leak->growth;
    s->squares += leak->growth * leak->growth;
    s->said += leak->growth_error * leak->growth_error;
    s->grows += leak->trend != PP_NOISE && leak->trend != PP_NO_GROWTH;
}

enum { RUNS = 400, DUMPS = 12, OBJECTS = 2000 };

static double scattered(const struct scatter *s)
{
    double mean = s->growths / RUNS;
    return s->squares / RUNS - mean * mean;
}

static double said(const struct scatter *s)
{
    return s->said / RUNS;
}

/*
 * Many series, in whose dumps `objects` are sampled anew, in addition, with `keep`, to the old
 * ones.
 */
static struct scatter scatter_of(size_t objects, bool keep)
{
    struct scatter s = {0};
    uint64_t state = 7;
    for (size_t run = 0; run < RUNS; run++) {
        double values[DUMPS];
        struct pp_leak leak;
        for (size_t d = 0; d < DUMPS; d++)
            values[d] = (keep && d ? values[d - 1] : 0) + estimate(objects, &state);
        trend_of(values, DUMPS, INTERVAL, &leak);
        scatter_add(&s, &leak);
    }
    return s;
}

/* A heap of constant size in which everything is replaced between two dumps. */
static void test_objects_that_are_replaced_scatter_as_stated(void)
{
    struct scatter s = scatter_of(OBJECTS, false);
    /* the larger of two errors is at least this one, and less than twice as large */
    CHECK(said(&s) > 0.9 * scattered(&s) && said(&s) < 2 * scattered(&s));
    CHECK(s.grows < RUNS * 5 / 100); /* 2.3 of 100 are expected above 2 sigma */
}

static void test_objects_that_stay_scatter_as_stated(void)
{
    struct scatter s = scatter_of(OBJECTS / DUMPS, true);
    CHECK(near(said(&s), scattered(&s), 0.2)); /* 3 sigma of 400 runs */
    CHECK(near(s.growths / RUNS, (double)KB * (OBJECTS / DUMPS), 0.03));
    CHECK_INT(s.grows, RUNS);
}

static void test_a_slow_leak_is_noise_until_it_is_seen(void)
{
    const double values[] = {100 * KB, 101 * KB, 102 * KB, 103 * KB, 104 * KB};
    struct pp_leak leak;
    CHECK_INT(trend_of(values, 5, 512 * KB, &leak), PP_NOISE);
    CHECK_INT(trend_of(values, 5, 1, &leak), PP_GROWS);
}

/* --- stacks and functions ------------------------------------------------ */

static void two_stacks(struct found *f, enum pp_leaks_by by)
{
    static const char *const stacks[] = {"main;a;new", "main;b;new", "main;a"};
    struct pp_combined *all = pp_combine_new();
    for (size_t d = 0; d < 4; d++) {
        const double bytes[] = {(double)(d * KB), (double)(3 * d * KB), KB};
        add_heap_dump(&f->series, all, heap(stacks, bytes, 3, 1));
    }
    find(f, all, by);
}

static void test_stacks_come_by_loss(void)
{
    struct found f = {0};
    two_stacks(&f, PP_LEAKS_BY_STACK);
    CHECK_INT(f.leaks.count, 3);
    CHECK_INT(f.leaks.trends[PP_GROWS], 2);
    CHECK(near(f.leaks.rows[0].growth, 3 * KB, 1e-12));
    CHECK(near(f.leaks.rows[1].growth, KB, 1e-12));
    CHECK(near(f.leaks.all.growth, 4 * KB, 1e-12));
    CHECK(f.leaks.values[3] == 9 * KB); /* of the first row in the last dump */
    struct pp_profile *grows = pp_leaks_profile(&f.leaks);
    CHECK_FOLDED(grows, "main;a;new 4096\nmain;b;new 12288\n");
    pp_profile_free(grows);
    found_release(&f);
}

static double growth_of(const struct found *f, const char *function)
{
    for (size_t r = 0; r < f->leaks.count; r++) {
        struct pp_span name = pp_text(f->p, pp_function(f->p, f->leaks.rows[r].id)->name);
        if (pp_is(name, function))
            return f->leaks.rows[r].growth;
    }
    return NAN;
}

static void test_functions_have_what_their_stacks_have(void)
{
    struct found f = {0};
    two_stacks(&f, PP_LEAKS_BY_SELF);
    CHECK_INT(f.leaks.count, 2);
    CHECK(near(growth_of(&f, "new"), 4 * KB, 1e-12));
    CHECK(near(growth_of(&f, "a"), 0, 1e-12));
    CHECK(near(f.leaks.all.growth, 4 * KB, 1e-12));
    found_release(&f);
    f = (struct found){0};
    two_stacks(&f, PP_LEAKS_BY_TOTAL);
    CHECK_INT(f.leaks.count, 4);
    CHECK(near(growth_of(&f, "main"), 4 * KB, 1e-12));
    CHECK(near(growth_of(&f, "a"), KB, 1e-12));
    CHECK(near(f.leaks.all.growth, 4 * KB, 1e-12));
    found_release(&f);
}

static void test_recursion_counts_once(void)
{
    static const char *const stack[] = {"f;f;f"};
    struct found f = {0};
    struct pp_combined *all = pp_combine_new();
    for (size_t d = 0; d < 3; d++) {
        const double bytes = (double)(d * KB);
        add_heap_dump(&f.series, all, heap(stack, &bytes, 1, 1));
    }
    find(&f, all, PP_LEAKS_BY_TOTAL);
    CHECK(near(growth_of(&f, "f"), KB, 1e-12));
    found_release(&f);
}

/* --- time ---------------------------------------------------------------- */

static void test_times_order_the_dumps_and_space_them(void)
{
    static const int64_t minutes[] = {10, 0, 2, 4};
    static const char *const stack[] = {"f"};
    struct found f = {0};
    struct pp_combined *all = pp_combine_new();
    for (size_t d = 0; d < 4; d++) {
        const double bytes = (double)(minutes[d] * 60 * KB);
        struct pp_profile *p = heap(stack, &bytes, 1, 1);
        p->about.time_ns = (1000000 + minutes[d] * 60) * INT64_C(1000000000);
        add_heap_dump(&f.series, all, p);
    }
    CHECK(pp_series_sort(&f.series));
    CHECK(strcmp(f.series.dumps[3].name, "dumps/heap.0") == 0);
    find(&f, all, PP_LEAKS_BY_STACK);
    CHECK(near(f.leaks.interval_s, 200, 1e-12));
    CHECK(near(f.leaks.rows[0].growth / f.leaks.interval_s, KB, 1e-12));
    CHECK(near(f.leaks.rows[0].fit, 1, 1e-12));
    pp_leaks_release(&f.leaks);
    pp_leaks_find(&f.leaks, f.p, &f.series, PP_LEAKS_BY_STACK, 3600, true);
    CHECK(near(f.leaks.horizon, 18, 1e-12));
    CHECK(near(f.leaks.rows[0].loss, 3600 * KB, 1e-12));
    found_release(&f);
}

/* Events at the same time have no slope. */
static void test_dumps_of_the_same_time_do_not_level_off(void)
{
    static const int64_t seconds[] = {1, 9, 9};
    static const char *const stack[] = {"f"};
    struct found f = {0};
    struct pp_combined *all = pp_combine_new();
    for (size_t d = 0; d < 3; d++) {
        const double bytes = (double)(seconds[d] * KB);
        struct pp_profile *p = heap(stack, &bytes, 1, 1);
        p->about.time_ns = seconds[d] * INT64_C(1000000000);
        add_heap_dump(&f.series, all, p);
    }
    find(&f, all, PP_LEAKS_BY_STACK);
    CHECK_INT(f.leaks.rows[0].trend, PP_GROWS);
    CHECK(near(f.leaks.rows[0].growth / f.leaks.interval_s, KB, 1e-12));
    found_release(&f);
}

static void test_without_times_dumps_stay_as_they_are(void)
{
    struct pp_dump dumps[] = {{.time_ns = 5}, {.time_ns = 0}};
    CHECK(!pp_series_sort(&(struct pp_series){dumps, 2, 2}));
    CHECK_INT(dumps[0].time_ns, 5);
}

static int sign(int order)
{
    return (order > 0) - (order < 0);
}

static void check_before(const char *a, const char *b)
{
    CHECK_INT(sign(pp_compare_naturally(pp_str(a), pp_str(b))), -1);
    CHECK_INT(sign(pp_compare_naturally(pp_str(b), pp_str(a))), 1);
    CHECK_INT(pp_compare_naturally(pp_str(a), pp_str(a)), 0);
}

static void test_numbers_in_names_count_as_numbers(void)
{
    check_before("jeprof.15.9.i9.heap", "jeprof.15.10.i10.heap");
    check_before("jeprof.15.15.i15.heap", "jeprof.15.16.f.heap");
    check_before("out-0.heap", "out-1.heap");
    check_before("a2", "a10");
    check_before("a02", "a10");
    check_before("a02", "a2"); /* the same number, so the spelling decides */
    check_before("a", "a1");
    check_before("", "0");
    check_before("a99999999999999999999999999", "a100000000000000000000000000");
    check_before("9", "a");
}

/* --- runs ---------------------------------------------------------------- */

/* A dump whose program is mapped at `base`; with ASLR it differs in each run. */
static struct pp_profile *dump_at(uint64_t base, int bytes)
{
    char text[512];
    struct heard h = heard_new();
    snprintf(text, sizeof text,
             "heap_v2/1\n  t*: 1: %d [0: 0]\n@ 0x%llx 0x%llx\n  t*: 1: %d [0: 0]\n"
             "\nMAPPED_LIBRARIES:\n%llx-%llx r-xp 00001000 fe:00 11 /usr/bin/prog\n",
             bytes, (unsigned long long)base + 0x235, (unsigned long long)base + 0x101, bytes,
             (unsigned long long)base, (unsigned long long)base + 0x1000);
    struct pp_profile *p = read_as("jemalloc", pp_str(text), &h);
    CHECK(p != NULL);
    pp_diag_release(&h.diag);
    return p;
}

static void test_an_address_is_the_same_in_all_runs(void)
{
    struct found f = {0};
    struct pp_combined *all = pp_combine_new();
    add_heap_dump(&f.series, all, dump_at(0x561e56164000, 1000));
    add_heap_dump(&f.series, all, dump_at(0x7f0000000000, 3000));
    f.p = pp_series_end(all);
    pp_by_name(&f.p, &(struct pp_naming){.offsets = true});
    pp_leaks_find(&f.leaks, f.p, &f.series, PP_LEAKS_BY_STACK, 0, false);
    CHECK_INT(f.leaks.count, 1);
    struct pp_profile *grows = pp_leaks_profile(&f.leaks);
    CHECK_FOLDED(grows, "prog+0x1100;prog+0x1234 4000\n");
    pp_profile_free(grows);
    found_release(&f);
}

CHECK_MAIN(test_a_line_grows_by_its_slope, test_two_dumps_are_a_series, test_a_cache_levels_off,
           test_half_a_series_is_enough_for_a_cache, test_a_swing_is_not_a_leak,
           test_a_leak_may_breathe, test_a_constant_does_not_grow, test_a_single_step_is_a_jump,
           test_objects_that_are_replaced_scatter_as_stated,
           test_objects_that_stay_scatter_as_stated, test_a_slow_leak_is_noise_until_it_is_seen,
           test_stacks_come_by_loss, test_functions_have_what_their_stacks_have,
           test_recursion_counts_once, test_times_order_the_dumps_and_space_them,
           test_dumps_of_the_same_time_do_not_level_off, test_without_times_dumps_stay_as_they_are,
           test_numbers_in_names_count_as_numbers, test_an_address_is_the_same_in_all_runs)
