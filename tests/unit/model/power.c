/*
 * How often a function that grew is found, by how much it grew and in how many runs: the tables of
 * docs/comparing.md, whose rows stand here as they do there (tests/comparing.sh sees to that). They
 * were made with PP_SIMULATIONS=40000; each simulation must agree with them within what the
 * binomial distribution allows. PP_POWER=1 prints the rows as they come out.
 */
#include "model/scatter.h"

#include "unit/simulate.h"

enum { MADE_WITH = 40000, SIZES = 3 };

static const size_t runs_of[SIZES] = {3, 5, 8};

static struct pp_chance chance = {22};

/* A function of `samples` in a run of BEFORE; runs differ by `extra` beside what sampling makes. */
static double draw(double samples, double extra)
{
    return poisson(&chance, samples * exp(extra * normal(&chance)));
}

/* Whether one comparison finds, with p <= 5 %, that it grew by `growth`. */
static bool is_found(double samples, double extra, double growth, size_t runs)
{
    double v[2][8], sums[2] = {0};
    for (size_t i = 0; i < 2 * runs; i++) {
        double mean = i % 2 ? samples * (1 + growth) : samples;
        sums[i % 2] += v[i % 2][i / 2] = draw(mean, extra);
    }
    double delta = sums[1] - sums[0], both = sums[0] + sums[1];
    struct pp_scatter s = pp_scatter(&(struct pp_run_values){v[0], v[1], runs, runs}, both, both);
    return delta != 0 && pp_t_two_sided(delta / sqrt(s.variance), s.df) <= 0.05;
}

/* Of all comparisons the part, in percent, in which it is found. */
static double power(double samples, double extra, double growth, size_t runs)
{
    size_t found = 0, n = simulations();
    for (size_t i = 0; i < n; i++)
        found += is_found(samples, extra, growth, runs);
    return 100 * (double)found / (double)n;
}

/* Within 3.3 standard errors of both simulations, and of half a percent that rounding makes. */
static bool agrees(double got, double tabulated)
{
    double rate = fmin(fmax(tabulated, 0.5), 99.5) / 100;
    double error = sqrt(rate * (1 - rate) * (1.0 / (double)simulations() + 1.0 / MADE_WITH));
    return fabs(got - tabulated) <= 330 * error + 0.5;
}

struct row {
    double growth;
    const char *text;
};

static void check_rows(double samples, double extra, const struct row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        double tabulated[SIZES], got[SIZES];
        int read = sscanf(rows[i].text, "| %*s %*s | %lf %% | %lf %% | %lf %% |", &tabulated[0],
                          &tabulated[1], &tabulated[2]);
        CHECK(read == SIZES);
        for (size_t k = 0; k < SIZES && read == SIZES; k++) {
            got[k] = power(samples, extra, rows[i].growth, runs_of[k]);
            CHECK(agrees(got[k], tabulated[k]));
        }
        if (getenv("PP_POWER") && read == SIZES)
            printf("| %.0f %% | %.0f %% | %.0f %% | %.0f %% |\n", rows[i].growth * 100, got[0],
                   got[1], got[2]);
    }
}

/* 1000 samples a run, and nothing but sampling that differs. */
static void test_a_large_function_is_found_as_often_as_the_page_says(void)
{
    static const struct row rows[] = {
        {0.00, "| 0 % | 3 % | 4 % | 5 % |"},
        {0.05, "| 5 % | 24 % | 55 % | 82 % |"},
        {0.10, "| 10 % | 70 % | 99 % | 100 % |"},
        {0.20, "| 20 % | 99 % | 100 % | 100 % |"},
    };
    check_rows(1000, 0, rows, 4);
}

/* 100 samples a run. */
static void test_a_small_function_is_found_as_often_as_the_page_says(void)
{
    static const struct row rows[] = {
        {0.00, "| 0 % | 3 % | 4 % | 5 % |"},
        {0.05, "| 5 % | 5 % | 10 % | 15 % |"},
        {0.10, "| 10 % | 11 % | 25 % | 44 % |"},
        {0.20, "| 20 % | 34 % | 73 % | 94 % |"},
    };
    check_rows(100, 0, rows, 4);
}

/* 1000 samples a run, and runs that differ by 5 % beside. */
static void test_what_varies_is_found_as_often_as_the_page_says(void)
{
    static const struct row rows[] = {
        {0.00, "| 0 % | 3 % | 4 % | 5 % |"},
        {0.05, "| 5 % | 9 % | 20 % | 33 % |"},
        {0.10, "| 10 % | 25 % | 59 % | 85 % |"},
        {0.20, "| 20 % | 70 % | 99 % | 100 % |"},
    };
    check_rows(1000, 0.05, rows, 4);
}

CHECK_MAIN(test_a_large_function_is_found_as_often_as_the_page_says,
           test_a_small_function_is_found_as_often_as_the_page_says,
           test_what_varies_is_found_as_often_as_the_page_says)
