/* Two profiles side by side, and one less the other. */
#include "transform/compare.h"
#include "model/merge.h"
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

static void test_normalize_cuts_to_whole_numbers(void)
{
    struct pp_profile *before = folded("a 1\nb 2\n"), *after = folded("x 10\n");
    CHECK(pp_normalize(before, 0, after, 0));
    CHECK_FOLDED(before, "a 3\nb 6\n"); /* 3.33 and 6.67 */
    pp_profile_free(before);
    pp_profile_free(after);
}

static void test_normalize_of_nothing_does_nothing(void)
{
    struct pp_profile *before = folded("a 0\n"), *after = folded("x 10\n");
    CHECK(pp_normalize(before, 0, after, 0));
    CHECK_INT(before->columns[0].weight, 0);
    pp_profile_free(before);
    pp_profile_free(after);
}

static void test_a_profile_less_itself_is_nothing(void)
{
    const char *why;
    struct pp_profile *p = folded("a;b 3\na 1\n"), *same = folded("a;b 3\na 1\n");
    CHECK(pp_subtract(&p, same, false, &why));
    CHECK_INT(p->samples.count, 1); /* the one that is always there */
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
           test_decimals_that_do_not_fit_are_refused, test_normalize_cuts_to_whole_numbers,
           test_normalize_of_nothing_does_nothing, test_a_profile_less_itself_is_nothing,
           test_marked_samples_do_not_cancel, test_nothing_in_common_is_refused,
           test_recursion_counts_once_in_the_total)
