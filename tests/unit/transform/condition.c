/* Conditions on the difference of two profiles: what they mean, and what is wrong with them. */
#include "transform/condition.h"

#include "transform/compare.h"
#include "unit/profiles.h"

/* Whether `text` holds between the two profiles, whose values are in `unit`. */
static bool holds_in(const char *unit, const char *text, const char *before, const char *after)
{
    const char *why;
    struct heard h = heard_new();
    struct pp_condition *c = pp_condition_new(text, &h.diag);
    struct pp_profile *a = folded(before), *b = folded(after);
    CHECK(pp_compare(a, b, &why));
    int64_t sums[2];
    bool holds = false;
    CHECK(c != NULL);
    if (c) {
        CHECK(pp_condition_fits(c, pp_str(unit), &h.diag));
        CHECK(pp_condition_sums(c, a, sums, &h.diag));
        struct pp_delta d = {(double)sums[0], (double)sums[1], 0};
        holds = pp_condition_holds(c, &d, pp_str(unit));
    }
    pp_condition_free(c);
    pp_profile_free(a);
    pp_profile_free(b);
    pp_diag_release(&h.diag);
    return holds;
}

static bool holds(const char *text, const char *before, const char *after)
{
    return holds_in("count", text, before, after);
}

static void test_total_is_of_everything(void)
{
    CHECK(holds("total > 2%", "a 100\n", "a 103\n"));
    CHECK(!holds("total > 2%", "a 100\n", "a 102\n"));
    CHECK(holds("total >= 2%", "a 100\n", "a 102\n"));
    CHECK(holds("total>+2%", "a 100\n", "a 103\n"));
    CHECK(holds(" total  > 2 % ", "a 60\nb 40\n", "a 103\n"));
    CHECK(holds("self > 2%", "a 100\n", "a;b 103\n"));
}

static void test_total_of_functions_counts_each_sample_once(void)
{
    static const char before[] = "main;parse;parse_line 100\nmain;write 500\n";
    static const char after[] = "main;parse;parse_line 110\nmain;write 900\n";
    CHECK(holds("total(parse) > 9.5%", before, after));
    CHECK(!holds("total(parse) > 10.5%", before, after));
    CHECK(!holds("total(^parse$) > 11", before, after));
    CHECK(holds("total(^parse$) > 9", before, after));
    CHECK(holds("total(main) > 400", before, after));
}

static void test_self_is_of_leaves(void)
{
    static const char before[] = "main;f 100\nmain 10\n", after[] = "main;f 200\nmain 10\n";
    CHECK(!holds("self(main) > 0", before, after));
    CHECK(holds("self(f) >= 100", before, after));
}

static void test_less_is_less(void)
{
    CHECK(holds("total < -5%", "a 100\n", "a 90\n"));
    CHECK(!holds("total < -15%", "a 100\n", "a 90\n"));
    CHECK(holds("total <= -10", "a 100\n", "a 90\n"));
    CHECK(holds("total < 5%", "a 100\n", "a 100\n"));
}

static void test_what_is_new_grew_by_any_percentage(void)
{
    CHECK(holds("total(new) > 1000000%", "a 1\n", "a 1\nnew 1\n"));
    CHECK(!holds("total(no) > 0%", "a 1\n", "a 1\n"));
}

static void test_units_are_those_of_the_column(void)
{
    CHECK(holds_in("nanoseconds", "total > 10ms", "a 1\n", "a 10000002\n"));
    CHECK(!holds_in("nanoseconds", "total > 10ms", "a 1\n", "a 10000000\n"));
    CHECK(holds_in("nanoseconds", "total > +1.5 us", "a 1\n", "a 1502\n"));
    CHECK(holds_in("milliseconds", "total > 1s", "a 1\n", "a 1002\n"));
    CHECK(holds_in("bytes", "total > 2kb", "a 1\n", "a 2050\n"));
    CHECK(!holds_in("bytes", "total > 1MB", "a 0\n", "a 1048576\n"));
    CHECK(holds_in("bytes", "total > 2", "a 1\n", "a 4\n"));
}

static void test_a_pattern_may_have_parentheses(void)
{
    CHECK(holds("total((a|b)\\(int\\)) > 0", "x 1\n", "x 1\na(int) 1\n"));
}

/* The message must hold `said`. */
static void refused(const char *text, const char *said)
{
    struct heard h = heard_new();
    struct pp_condition *c = pp_condition_new(text, &h.diag);
    if (c || !strstr(h.text, said)) {
        fprintf(stderr, "'%s': wanted: %s, got: %s\n", text, said, c ? "nothing" : h.text);
        check_failures++;
    }
    pp_condition_free(c);
    pp_diag_release(&h.diag);
}

static void test_what_is_wrong_is_said_with_its_place(void)
{
    refused("", "expected 'self' or 'total' at byte 0");
    refused("cum > 5%", "expected 'self' or 'total' at byte 0");
    refused("total", "expected '(', '>' or '<' at byte 5, after 'total'");
    refused("total(a", "expected ')' at byte 7");
    refused("total(a) = 5", "expected '>' or '<' at byte 9, after 'total(a) '");
    refused("total(a) > ", "expected a number at byte 11");
    refused("total(a) > five", "expected a number at byte 11");
    refused("total(a) > 5 parsecs",
            "expected '%' or a unit such as ms or kb, or the end at byte 13");
    refused("total(a) > 5% 3", "at byte 12");
    refused("total(a) > 1234567890123456789012", "expected a number");
    refused("total([) > 5", "bad pattern '['");
    refused("total > 1.2.3", "at byte 11");
}

static void test_a_unit_of_another_kind_is_refused(void)
{
    struct heard h = heard_new();
    struct pp_condition *c = pp_condition_new("total > 5ms", &h.diag);
    CHECK(!pp_condition_fits(c, pp_str("bytes"), &h.diag));
    CHECK(strstr(h.text, "the column is in 'bytes', not in 'ms'"));
    pp_condition_free(c);
    pp_diag_release(&h.diag);
}

CHECK_MAIN(test_total_is_of_everything, test_total_of_functions_counts_each_sample_once,
           test_self_is_of_leaves, test_less_is_less, test_what_is_new_grew_by_any_percentage,
           test_units_are_those_of_the_column, test_a_pattern_may_have_parentheses,
           test_what_is_wrong_is_said_with_its_place, test_a_unit_of_another_kind_is_refused)
