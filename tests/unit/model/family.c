/*
 * Many functions at once: thousands with a sample or two, and some with many. Simulated with equal
 * programs, where nothing may be shown as changed in 19 of 20 comparisons, and with one function
 * that grew. The counts are independent, so all that is found in equal programs is false.
 */
#include "unit/simulate.h"

enum { LARGE = 10, TINY = 3000, ALL = LARGE + TINY };

static struct pp_chance chance = {24};

struct comparison {
    double p[ALL], least[ALL], q[ALL];
};

/* The p of a change from `b` to `a` samples, and the least that so many can have; as the table
 * does.
 */
static void add(struct comparison *c, size_t f, double b, double a)
{
    c->p[f] = b + a > 0 ? pp_t_two_sided((a - b) / sqrt(b + a), INFINITY) : NAN;
    c->least[f] = pp_t_two_sided(sqrt(b + a), INFINITY);
}

/* Large functions with 400 samples each, the first of which grew; and tiny ones with `tiny`. */
static void draw(struct comparison *c, double tiny, double growth)
{
    for (size_t f = 0; f < ALL; f++) {
        double mean = f < LARGE ? 400 : tiny;
        double b = poisson(&chance, mean);
        add(c, f, b, poisson(&chance, f == 0 ? mean * (1 + growth) : mean));
    }
}

static bool any_found(const struct comparison *c)
{
    for (size_t f = 0; f < ALL; f++)
        if (c->q[f] <= 0.05)
            return true;
    return false;
}

/* A tiny function may have any number of samples: 0.3 are never enough, and of 3 a few are. */
static void test_of_equal_programs_few_comparisons_show_a_change(void)
{
    static const double means[] = {0.3, 1, 3};
    static struct comparison c;
    size_t n = simulations();
    for (size_t m = 0; m < sizeof means / sizeof *means; m++) {
        size_t found = 0;
        for (size_t i = 0; i < n; i++) {
            draw(&c, means[m], 0);
            pp_q_values_of_able(c.p, c.least, 0.05, c.q, ALL);
            found += any_found(&c);
        }
        CHECK(is_rate(found, n, 0.05, 0));
    }
}

/* Which was the point: of all 3,010 functions a change of 25 % is found in 22 comparisons of 100,
 * of those that could be significant in 74. */
static void test_what_grew_is_found_among_many_tiny_functions(void)
{
    static struct comparison c;
    size_t n = simulations(), able = 0, all = 0;
    for (size_t i = 0; i < n; i++) {
        draw(&c, 0.3, 0.25);
        pp_q_values_of_able(c.p, c.least, 0.05, c.q, ALL);
        able += c.q[0] <= 0.05;
        pp_q_values(c.p, c.q, ALL);
        all += c.q[0] <= 0.05;
    }
    if (getenv("PP_POWER"))
        printf("found among the able: %zu, among all: %zu, of %zu\n", able, all, n);
    CHECK(able > 2 * all);
}

CHECK_MAIN(test_of_equal_programs_few_comparisons_show_a_change,
           test_what_grew_is_found_among_many_tiny_functions)
