/* Conditions on the difference of two profiles: what they mean, and what is wrong with them. */
#include "transform/condition.h"

#include <math.h>

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
    refused("", "expected 'self', 'total', 'any' or 'different' at byte 0");
    refused("cum > 5%", "expected 'self', 'total', 'any' or 'different' at byte 0");
    refused("total", "expected '(', '>' or '<' at byte 5, after 'total'");
    refused("total(a", "expected ')' at byte 7");
    refused("total(a) = 5", "expected '>' or '<' at byte 9, after 'total(a) '");
    refused("total(a) > ", "expected a number at byte 11");
    refused("total(a) > five", "expected a number at byte 11");
    refused("total(a) > 5 parsecs", "expected '%', a unit such as ms or kb, or the end at byte 13");
    refused("total(a) > 5% 3", "at byte 12");
    refused("total(a) > 1234567890123456789012", "expected a number");
    refused("total([) > 5", "bad pattern '['");
    refused("total > 1.2.3", "at byte 11");
    refused("total > 5%,", "expected 'p' or 'q' at byte 11");
    refused("total > 5%, r < 1%", "expected 'p' or 'q' at byte 12");
    refused("total > 5%, p > 1%", "expected '<' at byte 14");
    refused("total > 5%, p < ", "expected a number at byte 16");
    refused("total > 5%, p < 0%", "expected a level above 0 and at most 100% at byte 16");
    refused("total > 5%, p < 5", "expected a level above 0 and at most 100%");
    refused("total > 5%, p < 1% q", "expected ',' or the end at byte 19");
    refused("different, q < 1%", "expected 'p' at byte 11");
    refused("different > 5%", "expected ',' or the end at byte 10");
    refused("total(a)[k > 5%", "expected 'KEY=VALUE]' at byte 9, after 'total(a)['");
    refused("total[k] > 5%", "expected 'KEY=VALUE]' at byte 6");
    refused("total[=v] > 5%", "expected 'KEY=VALUE]' at byte 6");
    refused("any(f) > 5%", "expected '>' or '<' at byte 3");
    refused("x:y:cum > 5%", "at byte 4");
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

static void test_a_level_stands_behind_the_number(void)
{
    struct heard h = heard_new();
    struct {
        const char *text;
        enum pp_level_of of;
        double rate;
        bool or_equal;
    } const cases[] = {
        {"total > 5%", PP_LEVEL_NONE, 0, false},
        {"total(a,b) > 5 % , p<1%", PP_LEVEL_P, 0.01, false},
        {"self > 10ms, q <= 0.5", PP_LEVEL_Q, 0.5, true},
        {"any > 10%", PP_LEVEL_Q, 0.05, true},
        {"any self > 10%, p < 100%", PP_LEVEL_P, 1, false},
        {"different", PP_LEVEL_P, 0.05, true},
        {" different , p < 0.25 % ", PP_LEVEL_P, 0.0025, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct pp_condition *c = pp_condition_new(cases[i].text, &h.diag);
        CHECK(c != NULL);
        struct pp_level level = c ? pp_condition_level(c) : (struct pp_level){0};
        CHECK(level.of == cases[i].of && level.or_equal == cases[i].or_equal);
        CHECK(fabs(level.rate - cases[i].rate) < 1e-12);
        pp_condition_free(c);
    }
    CHECK(h.text[0] == 0);
    pp_diag_release(&h.diag);
}

static void test_a_level_is_met_below_it(void)
{
    struct pp_level p = {PP_LEVEL_P, 0.25, false}, q = {PP_LEVEL_Q, 0.25, true};
    CHECK(pp_level_is_met(p, 0.125, 1) && !pp_level_is_met(p, 0.25, 0));
    CHECK(pp_level_is_met(q, 1, 0.25) && !pp_level_is_met(q, 0, 0.5));
    CHECK(pp_level_is_met((struct pp_level){0}, 1, 1));
    CHECK(!pp_level_is_met(p, NAN, 0) && !pp_level_is_met(q, 0, NAN));
}

static void test_a_column_stands_in_front(void)
{
    static const struct {
        const char *text, *column;
        enum pp_condition_about about;
        bool self;
    } cases[] = {
        {"total(std::sort) > 5%", NULL, PP_ABOUT_FUNCTIONS, false},
        {"alloc_space:self(a:b) > 5kb", "alloc_space", PP_ABOUT_FUNCTIONS, true},
        {" cycles:u: any self > 5%", "cycles:u", PP_ABOUT_ANY, true},
        {"any total > 5%", NULL, PP_ABOUT_ANY, false},
        {"cpu:different, p < 1%", "cpu", PP_ABOUT_PICTURE, false},
    };
    struct heard h = heard_new();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct pp_condition *c = pp_condition_new(cases[i].text, &h.diag);
        CHECK(c != NULL);
        if (!c)
            continue;
        const char *column = pp_condition_column(c);
        CHECK(column && cases[i].column ? strcmp(column, cases[i].column) == 0
                                        : column == cases[i].column);
        CHECK(pp_condition_about(c) == cases[i].about);
        CHECK(pp_condition_is_self(c) == cases[i].self);
        pp_condition_free(c);
    }
    pp_diag_release(&h.diag);
}

/* The label and the rest of a condition, whatever its pattern holds. */
static void check_label(const char *text, const char *key, const char *value)
{
    struct heard h = heard_new();
    struct pp_condition *c = pp_condition_new(text, &h.diag);
    const struct pp_label_is *label = c ? pp_condition_label(c) : NULL;
    CHECK(c != NULL);
    CHECK((label != NULL) == (key != NULL));
    CHECK(!label || (pp_is(label->key, key) && pp_is(label->value, value)));
    pp_condition_free(c);
    pp_diag_release(&h.diag);
}

static void test_a_label_stands_behind_the_subject(void)
{
    check_label("total(parse)[thread=worker 1] > 5%", "thread", "worker 1");
    check_label("cpu:self(f)[tid=7] > 5%, p < 1%", "tid", "7");
    check_label("total[k=a:b=(c)] > 5", "k", "a:b=(c)");
    check_label("any[k=] > 5%", "k", "");
    check_label("any self[k=v] > 5%", "k", "v");
    check_label("different[k=v], p < 1%", "k", "v");
    check_label("total(a[b=c](d)) > 5%", NULL, NULL);
    check_label("total((a)[bc]+) > 5%", NULL, NULL);
}

static void test_label_values_are_texts_or_numbers(void)
{
    static const char text[] = "app 7/8 1.0: 1 cycles:\n\t10 a (x)\n\n"
                               "web 7/9 2.0: 1 cycles:\n\t10 a (x)\n\n"
                               "web 7/0 3.0: 1 cycles:\n\t10 b (x)\n\n";
    struct pp_profile *p = profile_of("perf-script", pp_str(text), 1);
    bool *web = pp_labelled(p, &(struct pp_label_is){pp_str("comm"), pp_str("web")});
    bool *nine = pp_labelled(p, &(struct pp_label_is){pp_str("tid"), pp_str("9")});
    bool *none = pp_labelled(p, &(struct pp_label_is){pp_str("other"), pp_str("9")});
    size_t webs = 0, nines = 0, nones = 0;
    for (size_t s = 0; s < p->samples.count; s++) {
        webs += web[s];
        nines += nine[s];
        nones += none[s];
    }
    CHECK_INT(webs, 2);
    CHECK_INT(nines, 1);
    CHECK_INT(nones, 0);
    CHECK_INT(pp_label_values(p, pp_str("comm"), 0), 2);
    CHECK_INT(pp_label_values(p, pp_str("tid"), 0), 3);
    CHECK_INT(pp_label_values(p, pp_str("other"), 0), 0);
    free(web);
    free(nine);
    free(none);
    pp_profile_free(p);
}

CHECK_MAIN(test_a_label_stands_behind_the_subject, test_label_values_are_texts_or_numbers,
           test_total_is_of_everything, test_total_of_functions_counts_each_sample_once,
           test_self_is_of_leaves, test_less_is_less, test_what_is_new_grew_by_any_percentage,
           test_units_are_those_of_the_column, test_a_pattern_may_have_parentheses,
           test_what_is_wrong_is_said_with_its_place, test_a_unit_of_another_kind_is_refused,
           test_a_level_stands_behind_the_number, test_a_level_is_met_below_it,
           test_a_column_stands_in_front)
