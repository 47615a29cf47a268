/* Ranges of code in debug information; linkers leave some that belong to no code. */
#include "check.h"
#include "symbols/dwarf_private.h"

static bool is_found(uint64_t low, uint64_t high, uint64_t address)
{
    struct pp_range_index x = {0};
    uint32_t number = 0;
    pp_range_add(&x, low, high, 7);
    pp_range_sort(&x);
    bool found = pp_range_find(&x, address, &number);
    CHECK(!found || number == 7);
    pp_range_release(&x);
    return found;
}

static void test_the_code_of_a_function_is_found(void)
{
    CHECK(is_found(0x1000, 0x1010, 0x1000));
    CHECK(is_found(0x1000, 0x1010, 0x100f));
    CHECK(!is_found(0x1000, 0x1010, 0x1010));
    CHECK(!is_found(0x1000, 0x1010, 0xfff));
    CHECK(is_found(2, 0x10, 4));
}

/* lld and gold give them the address 0 or 1, or the last but one or two. */
static void test_functions_that_were_dropped_are_nowhere(void)
{
    CHECK(!is_found(0, 0x10, 4));
    CHECK(!is_found(1, 0x10, 4));
    CHECK(!is_found(UINT64_MAX, UINT64_MAX, UINT64_MAX));
    CHECK(!is_found(UINT64_MAX - 1, UINT64_MAX, UINT64_MAX - 1));
    CHECK(!is_found(0x1010, 0x1000, 0x1008));
}

CHECK_MAIN(test_the_code_of_a_function_is_found, test_functions_that_were_dropped_are_nowhere)
