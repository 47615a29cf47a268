/* Two profiles side by side, and their difference. */
#include "transform/compare.h"

#include <math.h>

#include "model/merge.h"
#include "model/sampling.h"
#include "model/totals.h"
#include "report/functions.h"
#include "transform/subtract.h"
#include "unit/profiles.h"

static void test_both_sides_stand_in_one_line(void)
{
    const char *why;
    struct pp_profile *before = folded("a;b 3\na 1\n"), *after = folded("a;b 5\nc 2\n");
    CHECK(pp_compare(before, after, &why));
    CHECK_FOLDED(before, "a 1 0\na;b 3 5\nc 0 2\n");
    pp_profile_free(before);
    pp_profile_free(after);
}

static void test_decimals_of_both_sides_become_equal(void)
{
    const char *why;
    struct pp_profile *before = folded("a 3\n"), *after = folded("a 5.25\n");
    CHECK(pp_compare(before, after, &why));
    CHECK_INT(before->columns[0].decimals, 2);
    CHECK_INT(before->columns[1].decimals, 2);
    CHECK_FOLDED(before, "a 3 5.25\n");
    pp_profile_free(before);
    pp_profile_free(after);
}

static void test_decimals_that_do_not_fit_are_refused(void)
{
    const char *why = NULL;
    struct pp_profile *before = folded("a 9000000000000000000\n"), *after = folded("a 5.25\n");
    CHECK(!pp_compare(before, after, &why));
    CHECK(why && strcmp(why, "the sum of a column exceeds 64 bits") == 0);
    pp_profile_free(before);
    pp_profile_free(after);
}

/* The sum of a column, as text with its decimals. */
static void check_sum(const struct pp_profile *p, unsigned column, const char *want)
{
    struct pp_out out;
    pp_out_memory(&out, NULL);
    pp_put_decimal(&out, pp_sum(p, column), p->columns[column].decimals);
    pp_putc(&out, '\0');
    if (strcmp(out.buf, want) != 0) {
        fprintf(stderr, "the sum is %s, not %s\n", out.buf, want);
        check_failures++;
    }
    pp_out_release(&out);
}

static void test_normalize_carries_fractions_and_the_exact_sum(void)
{
    struct pp_profile *before = folded("a 1\nb 2\n"), *after = folded("x 10\n");
    CHECK(pp_normalize(before, 0, after, 0, PP_NORMALIZE_EXACTLY));
    CHECK_FOLDED(before, "a 3.333333333\nb 6.666666667\n");
    pp_round_column(before, 0, 0);
    CHECK_FOLDED(before, "a 3\nb 7\n");
    check_sum(before, 0, "10");
    pp_profile_free(before);
    pp_profile_free(after);
}

static void test_normalize_may_cut_as_difffolded_does(void)
{
    struct pp_profile *before = folded("a 1\nb 2\n"), *after = folded("x 10\n");
    CHECK(pp_normalize(before, 0, after, 0, PP_NORMALIZE_CUT));
    CHECK_FOLDED(before, "a 3\nb 6\n"); /* 3.33 and 6.67 */
    pp_profile_free(before);
    pp_profile_free(after);
    before = folded("a 1.25\nb 1.25\n"),
    after = folded("x 5\n"); /* with the decimals that it has */
    CHECK(pp_normalize(before, 0, after, 0, PP_NORMALIZE_CUT));
    CHECK_FOLDED(before, "a 2.5\nb 2.5\n");
    pp_profile_free(before);
    pp_profile_free(after);
}

static void test_normalize_of_many_ones_loses_nothing(void)
{
    char text[8000] = "";
    for (int i = 0; i < 600; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "f%d 1\n", i);
    struct pp_profile *before = folded(text), *after = folded("g 10\n");
    CHECK(pp_normalize(before, 0, after, 0, PP_NORMALIZE_EXACTLY));
    check_sum(before, 0, "10");
    pp_round_column(before, 0, 0);
    check_sum(before, 0, "10");
    pp_profile_free(before);
    pp_profile_free(after);
}

static void test_normalize_keeps_decimals_of_both(void)
{
    struct pp_profile *before = folded("a 1.25\nb 1.25\n"), *after = folded("x 5\n");
    CHECK(pp_normalize(before, 0, after, 0, PP_NORMALIZE_EXACTLY));
    CHECK_FOLDED(before, "a 2.5\nb 2.5\n");
    pp_profile_free(before);
    pp_profile_free(after);
    before = folded("a 3\nb 1\n"), after = folded("x 0.1\n");
    CHECK(pp_normalize(before, 0, after, 0, PP_NORMALIZE_EXACTLY));
    CHECK_FOLDED(before, "a 0.075\nb 0.025\n");
    pp_profile_free(before);
    pp_profile_free(after);
}

static void test_normalize_with_values_below_zero(void)
{
    struct pp_profile *before = folded("a 5\nb -2\n"), *after = folded("x -7\n");
    CHECK(pp_normalize(before, 0, after, 0, PP_NORMALIZE_EXACTLY));
    check_sum(before, 0, "-7");
    pp_round_column(before, 0, 0);
    CHECK_FOLDED(before, "a -11\nb 4\n"); /* -11.67 and 4.67 */
    pp_profile_free(before);
    pp_profile_free(after);
}

static void test_normalize_where_there_is_no_room_for_decimals(void)
{
    struct pp_profile *before = folded("a 1\nb 2\n"), *after = folded("x 9000000000000000000\n");
    CHECK(pp_normalize(before, 0, after, 0, PP_NORMALIZE_EXACTLY));
    CHECK_FOLDED(before, "a 3000000000000000000\nb 6000000000000000000\n");
    pp_profile_free(before);
    pp_profile_free(after);
}

/* --- a law: chance alone trips no gate more often than it may -------------- */

static uint64_t state = 1;

static unsigned roll(unsigned n)
{
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(state >> 33) % n;
}

/*
 * `n` samples of 20 functions, a fifth of them of f0, each on a stack of its own, or on few stacks.
 */
static struct pp_profile *draw(unsigned n)
{
    unsigned counts[20] = {0}, ones = 0;
    struct pp_out text;
    pp_out_memory(&text, NULL);
    for (unsigned i = 0; i < n; i++)
        counts[roll(5) ? 1 + roll(19) : 0]++;
    for (unsigned f = 0; f < 20; f++)
        for (unsigned i = 0; i < counts[f]; i++)
            pp_putf(&text, "s%u;f%u 1\n", ones++, f);
    pp_putc(&text, '\0');
    struct pp_profile *p = folded(text.buf);
    pp_out_release(&text);
    return p;
}

/* The sum of a column over stacks that end in f0. */
static double sum_of_f0(const struct pp_profile *p, unsigned column)
{
    int64_t sum = 0;
    for (pp_id s = 1; s < p->samples.count; s++)
        if (pp_is(pp_frame_name(p, pp_node(p, pp_sample(p, s)->node)->frame), "f0"))
            sum += p->columns[column].values[s];
    return (double)sum * pow(10, -(double)p->columns[column].decimals);
}

static struct pp_delta compare_draws(unsigned n, unsigned m)
{
    struct pp_profile *before = draw(n), *after = draw(m);
    double ratio = (double)m / n;
    struct pp_sampling b = pp_keep_sampled(before, 0, false), a = pp_keep_sampled(after, 0, false);
    int vb = pp_variance_column(before, PP_ONLY), va = pp_variance_column(after, PP_ONLY);
    CHECK(pp_normalize(before, 0, after, 0, PP_NORMALIZE_EXACTLY));
    CHECK(vb >= 0 && va >= 0);
    struct pp_delta d = {
        .before = sum_of_f0(before, 0),
        .after = sum_of_f0(after, 0),
        .variance = sum_of_f0(before, (unsigned)vb) * b.unit * ratio * ratio +
                    sum_of_f0(after, (unsigned)va) * a.unit,
    };
    char want[32];
    snprintf(want, sizeof want, "%u", m);
    check_sum(before, 0, want);
    pp_profile_free(before);
    pp_profile_free(after);
    return d;
}

/* Of 400 pairs that differ by chance, about 5 %, or 20, exceed two sigma; 40 are too many. */
static void test_two_draws_of_one_distribution_differ_by_chance_only(void)
{
    unsigned exceeded = 0;
    for (int i = 0; i < 400; i++) {
        struct pp_delta d = compare_draws(100 + roll(900), 100 + roll(900));
        exceeded += !pp_delta_is_noise(&d);
    }
    CHECK(exceeded > 0 && exceeded <= 40);
}

static void test_normalize_of_nothing_does_nothing(void)
{
    struct pp_profile *before = folded("a 0\n"), *after = folded("x 10\n");
    CHECK(pp_normalize(before, 0, after, 0, PP_NORMALIZE_EXACTLY));
    CHECK_INT(before->columns[0].weight, 0);
    pp_profile_free(before);
    pp_profile_free(after);
}

static void test_a_profile_less_itself_is_nothing(void)
{
    const char *why;
    struct pp_profile *p = folded("a;b 3\na 1\n"), *same = folded("a;b 3\na 1\n");
    CHECK(pp_subtract(&p, same, false, &why));
    CHECK_INT(p->samples.count, 1); /* sample 0, which is always there */
    CHECK_FOLDED(p, "");
    pp_profile_free(p);
    pp_profile_free(same);
}

static void test_marked_samples_do_not_cancel(void)
{
    const char *why;
    struct pp_profile *p = folded("a 3\n"), *same = folded("a 3\n");
    CHECK(pp_subtract(&p, same, true, &why));
    CHECK_INT(p->samples.count, 3);
    const struct pp_label *base = pp_label(p, pp_sample(p, 2)->labels);
    CHECK(pp_is(pp_text(p, base->key), "pprof::base"));
    CHECK(pp_is(pp_text(p, base->text), "true"));
    CHECK_INT(p->columns[0].values[1], 3);
    CHECK_INT(p->columns[0].values[2], -3);
    pp_profile_free(p);
    pp_profile_free(same);
}

static void test_nothing_in_common_is_refused(void)
{
    const char *why;
    struct pp_profile *a = folded("a 3\n"), *b = folded("a 3\n");
    b->columns[0].unit = pp_cstring(b, "bytes");
    CHECK(!pp_subtract(&a, b, true, &why));
    CHECK(strstr(why, "no column in common"));
    pp_profile_free(a);
    pp_profile_free(b);
}

static void test_recursion_counts_once_in_the_total(void)
{
    struct pp_profile *p = folded("f;f;g;f 2\nf;g 3\ng 5\n");
    struct pp_function_values v = pp_function_values(p, 0);
    pp_id f = pp_frame(p, 1)->function, g = pp_frame(p, 2)->function;
    CHECK_INT(v.self[f], 2);
    CHECK_INT(v.total[f], 5);
    CHECK_INT(v.self[g], 8);
    CHECK_INT(v.total[g], 10);
    pp_function_values_release(&v);
    pp_profile_free(p);
}

CHECK_MAIN(test_both_sides_stand_in_one_line, test_decimals_of_both_sides_become_equal,
           test_decimals_that_do_not_fit_are_refused,
           test_normalize_carries_fractions_and_the_exact_sum,
           test_normalize_of_many_ones_loses_nothing, test_normalize_may_cut_as_difffolded_does,
           test_normalize_keeps_decimals_of_both, test_normalize_with_values_below_zero,
           test_normalize_where_there_is_no_room_for_decimals,
           test_two_draws_of_one_distribution_differ_by_chance_only,
           test_normalize_of_nothing_does_nothing, test_a_profile_less_itself_is_nothing,
           test_marked_samples_do_not_cancel, test_nothing_in_common_is_refused,
           test_recursion_counts_once_in_the_total)
