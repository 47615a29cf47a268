/* Products of 64-bit numbers: against products computed by hand, and by laws. */
#include "base/wide.h"

#include "check.h"

static void check_product(uint64_t a, uint64_t b, uint64_t high, uint64_t low)
{
    struct pp_wide w = pp_multiply(a, b);
    CHECK(w.high == high && w.low == low);
}

static void test_products_have_128_bits(void)
{
    check_product(0, UINT64_MAX, 0, 0);
    check_product(UINT64_C(1) << 32, UINT64_C(1) << 32, 1, 0);
    check_product(UINT64_MAX, UINT64_MAX, UINT64_MAX - 1, 1);
    check_product(UINT64_C(0xffffffff00000001), UINT64_C(0x100000001), UINT64_C(0x100000000),
                  UINT64_C(0x0000000000000001));
    check_product(UINT64_C(10000000000), UINT64_C(10000000000), 5, UINT64_C(7766279631452241920));
}

static void test_products_are_compared_beyond_64_bits(void)
{
    CHECK_INT(pp_compare_products(INT64_MAX, INT64_MAX, INT64_MIN, INT64_MIN), -1);
    CHECK_INT(pp_compare_products(INT64_MIN, INT64_MAX, INT64_MIN, INT64_MIN), -1);
    CHECK_INT(pp_compare_products(INT64_MIN, 2, INT64_MIN, 3), 1);
    CHECK_INT(pp_compare_products(6, 35, 14, 15), 0);
    CHECK_INT(pp_compare_products(0, -5, 5, 0), 0);
    CHECK_INT(pp_compare_products(-1, 1, 0, 0), -1);
}

static void check_scale(int64_t value, int64_t up, int64_t down, int64_t cut, int64_t rounded)
{
    int64_t got = 0;
    CHECK(pp_mul_div(value, up, down, false, &got));
    CHECK_INT(got, cut);
    CHECK(pp_mul_div(value, up, down, true, &got));
    CHECK_INT(got, rounded);
}

static void test_scaling_cuts_or_rounds_halves_away_from_zero(void)
{
    check_scale(7, 1, 2, 3, 4);
    check_scale(-7, 1, 2, -3, -4);
    check_scale(7, -1, 2, -3, -4);
    check_scale(7, 1, -2, -3, -4);
    check_scale(10, 1, 4, 2, 3);
    check_scale(9, 1, 4, 2, 2);
    check_scale(INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX);
    check_scale(-INT64_MAX, 1000000007, 1000000007, -INT64_MAX, -INT64_MAX);
    check_scale(0, INT64_MIN, INT64_MIN, 0, 0);
}

static void test_sums_beyond_64_bits_are_refused(void)
{
    int64_t got;
    CHECK(!pp_mul_div(INT64_MAX, 2, 1, false, &got));
    CHECK(!pp_mul_div(INT64_MIN, 1, 1, false, &got));
    CHECK(!pp_mul_div(INT64_MAX, INT64_MAX, 1, true, &got));
    CHECK(!pp_mul_div(INT64_MAX, 3, 2, true, &got));
}

CHECK_MAIN(test_products_have_128_bits, test_products_are_compared_beyond_64_bits,
           test_scaling_cuts_or_rounds_halves_away_from_zero, test_sums_beyond_64_bits_are_refused)
