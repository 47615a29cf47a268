/* Equal rows and strings get equal ids, in the order they were first seen. */
#include "base/table.h"

#include <stdio.h>

#include "check.h"

static void test_rows_are_numbered_in_order_of_first_sight(void)
{
    struct pp_table t;
    pp_table_init(&t, 8);
    for (uint64_t i = 1; i <= 100000; i++)
        CHECK_INT(pp_intern(&t, &i), i);
    for (uint64_t i = 100000; i >= 1; i--)
        CHECK_INT(pp_intern(&t, &i), i);
    CHECK_INT(t.count, 100001);
    pp_table_release(&t);
}

static void test_the_zero_row_is_none(void)
{
    struct pp_table t;
    char zero[24] = {0}, one[24] = {1};
    pp_table_init(&t, sizeof zero);
    CHECK_INT(pp_intern(&t, zero), 0);
    CHECK_INT(pp_intern(&t, one), 1);
    pp_table_release(&t);
}

static void test_a_set_may_have_the_zero_row(void)
{
    struct pp_table t;
    uint64_t zero = 0, one = 1;
    pp_table_init(&t, sizeof zero);
    CHECK_INT(pp_number(&t, &one), 1);
    CHECK_INT(pp_number(&t, &zero), 2);
    CHECK_INT(pp_number(&t, &one), 1);
    CHECK_INT(pp_number(&t, &zero), 2);
    for (uint64_t i = 2; i < 1000; i++)
        CHECK_INT(pp_number(&t, &i), i + 1);
    CHECK_INT(pp_number(&t, &zero), 2);
    CHECK_INT(t.count, 1001);
    pp_table_release(&t);
}

static void test_strings_of_any_bytes(void)
{
    struct pp_strings s;
    static const char nul[] = "a\0b";
    pp_strings_init(&s);
    CHECK_INT(pp_intern_string(&s, pp_str("")), 0);
    CHECK_INT(pp_intern_string(&s, pp_str("a")), 1);
    CHECK_INT(pp_intern_string(&s, (struct pp_span){nul, nul + 3}), 2);
    CHECK_INT(pp_intern_string(&s, (struct pp_span){nul, nul + 1}), 1);
    CHECK(pp_same(pp_string_at(&s, 2), (struct pp_span){nul, nul + 3}));
    for (int i = 0; i < 100000; i++) {
        char text[16];
        snprintf(text, sizeof text, "s%d", i);
        CHECK_INT(pp_intern_string(&s, pp_str(text)), 3 + i);
    }
    pp_strings_release(&s);
}

CHECK_MAIN(test_rows_are_numbered_in_order_of_first_sight, test_the_zero_row_is_none,
           test_a_set_may_have_the_zero_row, test_strings_of_any_bytes)
