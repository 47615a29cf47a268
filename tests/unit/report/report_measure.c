/* Values as pprof formats them: units, percentages, dates. */
#include "report/measure.h"

#include "check.h"

static void check_quantity(double v, const char *from, const char *to, const char *want, int line)
{
    struct pp_out out;
    pp_out_memory(&out, NULL);
    struct pp_quantity q = pp_quantity(v, pp_str(from), pp_str(to));
    pp_put_quantity(&out, &q, 0);
    if (!pp_is(pp_out_bytes(&out), want)) {
        fprintf(stderr, "%s:%d: %s, not %.*s\n", __FILE__, line, want, (int)out.len, out.buf);
        check_failures++;
    }
    pp_out_release(&out);
}

#define CHECK_QUANTITY(v, from, to, want) check_quantity(v, from, to, want, __LINE__)

static void test_auto_takes_the_largest_unit_with_a_whole_one(void)
{
    CHECK_QUANTITY(1023, "bytes", "auto", "1023B");
    CHECK_QUANTITY(1024, "bytes", "auto", "1kB");
    CHECK_QUANTITY(1536, "byte", "minimum", "1.50kB");
    CHECK_QUANTITY(-1536, "bytes", "auto", "-1.50kB");
    CHECK_QUANTITY(999999, "nanoseconds", "auto", "1000us");
    CHECK_QUANTITY(1120, "ms", "auto", "1.12s");
    CHECK_QUANTITY(7200, "seconds", "auto", "2hrs");
    CHECK_QUANTITY(5, "count", "auto", "5");
    CHECK_QUANTITY(2000, "GCU", "auto", "2k*GCU");
}

static void test_a_named_unit_is_used_and_others_of_the_kind_become_the_base(void)
{
    CHECK_QUANTITY(1500000, "nanoseconds", "ms", "1.50ms");
    CHECK_QUANTITY(1024, "kilobytes", "MB", "1MB");
    CHECK_QUANTITY(1024, "kb", "ns", "1048576B");
    CHECK_QUANTITY(5, "count", "ms", "5ms");
    CHECK_QUANTITY(5, "cycles", "cycles", "5cycles");
}

static void test_zero_has_no_unit(void)
{
    CHECK_QUANTITY(0, "bytes", "MB", "0");
    CHECK_QUANTITY(1, "bytes", "GB", "0");
    CHECK_QUANTITY(-0.0, "bytes", "B", "0");
}

static void test_percentages_have_two_digits_at_least(void)
{
    char text[PP_PERCENT_SIZE];
    CHECK(strcmp(pp_percent(text, 1, 1), "  100%") == 0);
    CHECK(strcmp(pp_percent(text, 9996, 10000), "  100%") == 0);
    CHECK(strcmp(pp_percent(text, 9994, 10000), "99.94%") == 0);
    CHECK(strcmp(pp_percent(text, -1, 8), "12.50%") == 0);
    CHECK(strcmp(pp_percent(text, 9, 1000), "  0.9%") == 0);
    CHECK(strcmp(pp_percent(text, 5, 0), "    0%") == 0);
    CHECK(strcmp(pp_percent(text, 1, 100000), "0.001%") == 0);
}

static void test_times_are_dates(void)
{
    char text[PP_TIME_SIZE];
    CHECK(strcmp(pp_time_text(text, 0), "1970-01-01 00:00:00") == 0);
    CHECK(strcmp(pp_time_text(text, -1), "1969-12-31 23:59:59") == 0);
    CHECK(strcmp(pp_time_text(text, INT64_C(951782400000000000)), "2000-02-29 00:00:00") == 0);
    CHECK(strcmp(pp_time_text(text, INT64_C(1700000000999999999)), "2023-11-14 22:13:20") == 0);
    CHECK(strcmp(pp_time_text(text, INT64_MAX), "2262-04-11 23:47:16") == 0);
    CHECK(strcmp(pp_time_text(text, INT64_MIN), "1677-09-21 00:12:43") == 0);
}

static void test_columns_are_counted_in_characters(void)
{
    CHECK_INT(pp_characters(pp_str("\xc2\xb5s")), 2);
    CHECK_INT(pp_characters(pp_str("")), 0);
}

static void test_numbers_of_more_digits_than_there_is_room_for_have_an_exponent(void)
{
    CHECK_QUANTITY(1e60, "count", "auto", "1e+60");
    CHECK_QUANTITY(-1e300, "count", "auto", "-1e+300");
    CHECK_QUANTITY(2e52, "count", "auto", "2e+52"); /* one digit too many, with its NUL */
    CHECK_QUANTITY(1e50, "count", "auto", "100000000000000007629769841091887003294964970946560");
}

static void test_whole_numbers_stay_within_64_bits(void)
{
    CHECK_INT(pp_whole(1e300), INT64_MAX);
    CHECK_INT(pp_whole(-1e300), -INT64_MAX);
    CHECK_INT(pp_whole(0.0 / 0.0), 0);
    CHECK_INT(pp_whole(-2.9), -2);
}

static void test_control_characters_become_question_marks(void)
{
    struct pp_out out;
    pp_out_memory(&out, NULL);
    pp_put_name(&out, pp_str("a\xc2\x9b"
                             "31m\x1b\tb\xc3\xa4"));
    CHECK(pp_is(pp_out_bytes(&out), "a?31m?\tb\xc3\xa4"));
    pp_out_release(&out);
}

CHECK_MAIN(test_numbers_of_more_digits_than_there_is_room_for_have_an_exponent,
           test_whole_numbers_stay_within_64_bits, test_control_characters_become_question_marks,
           test_auto_takes_the_largest_unit_with_a_whole_one,
           test_a_named_unit_is_used_and_others_of_the_kind_become_the_base, test_zero_has_no_unit,
           test_percentages_have_two_digits_at_least, test_times_are_dates,
           test_columns_are_counted_in_characters)
