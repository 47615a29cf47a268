/* Baselines: what is kept of runs, and how rarely a run like the others is taken for another. */
#include "report/baseline.h"

#include "unit/profiles.h"
#include "unit/simulate.h"

static bool near(double got, double want)
{
    return fabs(got - want) <= 1e-9 * (1 + fabs(want));
}

static void add(struct pp_baseline *b, const char *text, unsigned most)
{
    const char *why;
    struct pp_profile *p = folded(text);
    CHECK(pp_baseline_add(b, p, 0, most, &why));
    pp_profile_free(p);
}

/* What a baseline is written as; the caller frees it. */
static char *text_of(const struct pp_baseline *b)
{
    struct pp_out out;
    pp_out_memory(&out, NULL);
    pp_baseline_write(b, &out);
    pp_putc(&out, '\0');
    return out.buf;
}

static void check_text(const struct pp_baseline *b, const char *want)
{
    char *got = text_of(b);
    if (strcmp(got, want) != 0) {
        fprintf(stderr, "got:\n%swanted:\n%s", got, want);
        check_failures++;
    }
    free(got);
}

static const char two_runs[] = "# pp baseline 1\n"
                               "runs 2\n"
                               "column \"samples\" \"count\"\n"
                               "all 15 20 \n"
                               "0 0 | 15 20 \"main\"\n"
                               "10 0 | 10 0 \"a \\\"b\\\"\"\n"
                               "5 20 | 5 20 \"work\"\n";

static void test_it_has_the_values_of_each_run(void)
{
    struct pp_baseline b, again;
    struct heard h = heard_new();
    pp_baseline_init(&b);
    pp_baseline_init(&again);
    add(&b, "main;a \"b\" 10\nmain;work 5\n", 10);
    add(&b, "main;work 20\n", 10);
    check_text(&b, two_runs);
    CHECK(pp_baseline_read(&again, pp_str(two_runs), "test", &h.diag));
    check_text(&again, two_runs);
    const struct pp_baseline_row *row = pp_baseline_find(&again, pp_str("work"));
    CHECK(row && near(row->self[0], 5) && near(row->total[1], 20));
    CHECK(!pp_baseline_find(&again, pp_str("none")));
    pp_baseline_release(&b);
    pp_baseline_release(&again);
    pp_diag_release(&h.diag);
}

/* With the last run that had it, a function is forgotten. */
static void test_the_oldest_runs_go(void)
{
    struct pp_baseline b;
    pp_baseline_init(&b);
    add(&b, "a 1\n", 2);
    add(&b, "b 2\n", 2);
    add(&b, "b 3\n", 2);
    check_text(&b, "# pp baseline 1\nruns 2\ncolumn \"samples\" \"count\"\nall 2 3 \n"
                   "2 3 | 2 3 \"b\"\n");
    pp_baseline_release(&b);
}

/* Values 1, 2 and 6: the mean is 3, the variance 7; that of a new run's difference 7 * 4 / 3. */
static void test_a_new_run_is_off_by_its_own_scatter_and_by_that_of_the_mean(void)
{
    struct pp_baseline b;
    pp_baseline_init(&b);
    add(&b, "a 1\nb 1\n", 9);
    add(&b, "a 2\nb 2\n", 9);
    add(&b, "a 6\nb 6\n", 9);
    const struct pp_baseline_row *row = pp_baseline_find(&b, pp_str("a"));
    struct pp_usual u = pp_baseline_usual(&b, row->self, 0);
    CHECK(near(u.mean, 3) && near(u.variance, 7 * 4.0 / 3));
    u = pp_baseline_usual(&b, row->self, 100); /* half of it in each run */
    CHECK(near(u.mean, 50) && near(u.variance, 0));
    pp_baseline_release(&b);
}

static void refused(const char *text, const char *why)
{
    struct pp_baseline b;
    struct heard h = heard_new();
    pp_baseline_init(&b);
    bool ok = pp_baseline_read(&b, pp_str(text), "test", &h.diag);
    if (ok || !strstr(h.text, why)) {
        fprintf(stderr, "wanted: %s, got: %s\n", why, ok ? "nothing" : h.text);
        check_failures++;
    }
    pp_baseline_release(&b);
    pp_diag_release(&h.diag);
}

#define HEAD "# pp baseline 1\nruns 2\ncolumn \"a\" \"b\"\nall 1 2\n"

static void test_what_is_wrong_is_named_by_line(void)
{
    refused("", "line 1: expected the head");
    refused("main;a 1\n", "is no baseline");
    refused("# pp baseline 1\nruns 0\n", "line 2: expected 'runs'");
    refused("# pp baseline 1\nruns 101\n", "line 2: expected 'runs'");
    refused("# pp baseline 1\nruns 1e9\n", "line 2: expected 'runs'");
    refused("# pp baseline 1\nruns 2\ncolumn \"a\"\n", "line 3: expected a string");
    refused("# pp baseline 1\nruns 2\ncolumn \"a\" \"b\"\nall 1\n", "line 4: expected a number");
    refused("# pp baseline 1\nruns 2\ncolumn \"a\" \"b\"\n", "line 4: expected the head");
    refused(HEAD "1 2 3 4 \"f\"\n", "line 5: expected '|'");
    refused(HEAD "1 nan | 3 4 \"f\"\n", "line 5: expected a number");
    refused(HEAD "1 2 | 3 4 f\n", "line 5: expected a string");
    refused(HEAD "1 2 | 3 4 \"f\n", "line 5: expected a string");
    refused(HEAD "1 2 | 3 4 \"\\u12\"\n", "line 5: expected a string");
    refused(HEAD "1 2 | 3 4 \"f\" 5\n", "line 5: expected the end");
}

static void test_runs_of_another_column_are_refused(void)
{
    const char *why = NULL;
    struct pp_baseline b;
    struct heard h = heard_new();
    pp_baseline_init(&b);
    CHECK(pp_baseline_read(&b, pp_str(HEAD), "test", &h.diag));
    struct pp_profile *p = folded("a 1\n");
    CHECK(!pp_baseline_add(&b, p, 0, 9, &why));
    CHECK(why && strstr(why, "another column"));
    pp_profile_free(p);
    pp_baseline_release(&b);
    pp_diag_release(&h.diag);
}

/* One run like the `n` of the baseline, with sampling and another 5 % of scatter. */
static void false_alarms(unsigned n, double size, size_t alarms[2])
{
    static struct pp_chance chance = {26};
    for (size_t i = 0; i < simulations() * 5; i++) {
        struct pp_baseline b = {.runs = n};
        double v[PP_MAX_BASELINE_RUNS + 1] = {0};
        for (unsigned r = 0; r <= n; r++)
            v[r] = poisson(&chance, size * exp(0.05 * normal(&chance)));
        struct pp_usual u = pp_baseline_usual(&b, v, 0);
        double p = pp_t_two_sided((v[n] - u.mean) / sqrt(u.variance), n - 1);
        alarms[0] += p <= 0.05;
        alarms[1] += p <= 0.01;
    }
}

static void test_a_run_like_the_others_raises_few_false_alarms(void)
{
    size_t n = simulations() * 5;
    for (unsigned runs = 3; runs <= 20; runs += 7) {
        size_t alarms[2] = {0};
        false_alarms(runs, 300, alarms);
        CHECK(is_rate(alarms[0], n, 0.05, 0.04));
        CHECK(is_rate(alarms[1], n, 0.01, 0.006));
    }
}

CHECK_MAIN(test_it_has_the_values_of_each_run, test_the_oldest_runs_go,
           test_a_new_run_is_off_by_its_own_scatter_and_by_that_of_the_mean,
           test_what_is_wrong_is_named_by_line, test_runs_of_another_column_are_refused,
           test_a_run_like_the_others_raises_few_false_alarms)
