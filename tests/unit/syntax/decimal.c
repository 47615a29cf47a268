/* Decimal numbers. */
#include "syntax/decimal.h"

#include "check.h"

static void check(const char *text, unsigned decimals, int64_t want)
{
    int64_t v = -1;
    CHECK(pp_parse_decimal(pp_str(text), decimals, &v));
    CHECK_INT(v, want);
}

static void refuse(const char *text, unsigned decimals)
{
    int64_t v;
    CHECK(!pp_parse_decimal(pp_str(text), decimals, &v));
}

static void test_numbers_are_exact_in_the_requested_unit(void)
{
    check("0", 0, 0);
    check("12", 3, 12000);
    check("12.5", 1, 125);
    check("-12.5", 3, -12500);
    check("0.1", 9, 100000000);
    check("1234.567891", 6, 1234567891);
    check("9007199254740993", 0, INT64_C(9007199254740993)); /* no double has it */
    check("9223372036854775807", 0, INT64_MAX);
    check("5.", 0, 5);
    check(".5", 1, 5);
}

static void test_an_exponent_shifts_the_point(void)
{
    check("1.5e3", 0, 1500);
    check("1.5E+3", 2, 150000);
    check("15e-1", 1, 15);
    check("12345e-3", 0, 12);
    check("1e-400", 3, 0);
    check("0e999999999999", 9, 0);
    check("1e-999999999999", 9, 0);
}

static void test_finer_values_are_rounded_half_away_from_zero(void)
{
    check("1.0625", 3, 1063);
    check("1.0624", 3, 1062);
    check("-1.5", 0, -2);
    check("0.5", 0, 1);
    check("0.05", 0, 0);
    check("99.9", 0, 100);
    check("5e-1", 0, 1);
    check("5e-2", 0, 0);
}

static void test_overflow_and_text_that_is_not_a_number_are_refused(void)
{
    refuse("9223372036854775808", 0);
    refuse("9223372036854775807.5", 0);
    refuse("1e19", 0);
    refuse("1e999999999999", 0);
    refuse("10000000000", 9);
    refuse("", 0);
    refuse("-", 0);
    refuse(".", 0);
    refuse("1e", 0);
    refuse("1x", 0);
    refuse("+1", 0);
    refuse("1.2.3", 0);
    refuse("nan", 0);
}

CHECK_MAIN(test_numbers_are_exact_in_the_requested_unit, test_an_exponent_shifts_the_point,
           test_finer_values_are_rounded_half_away_from_zero,
           test_overflow_and_text_that_is_not_a_number_are_refused)
