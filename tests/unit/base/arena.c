/* The arena: allocations do not overlap, are aligned, and last until it is cleared. */
#include "base/arena.h"

#include <stdlib.h>

#include "check.h"

static void test_allocations_do_not_overlap(void)
{
    struct pp_arena a = {0};
    enum { N = 2000 };
    static unsigned char *at[N];
    static size_t sizes[N];
    for (size_t i = 0; i < N; i++) {
        sizes[i] = i * 7919 % 3001;
        at[i] = pp_alloc(&a, sizes[i]);
        memset(at[i], (int)(i % 251), sizes[i]);
    }
    for (size_t i = 0; i < N; i++)
        for (size_t k = 0; k < sizes[i]; k++)
            if (at[i][k] != i % 251) {
                CHECK(!"an allocation was written over");
                break;
            }
    pp_arena_release(&a);
}

static void test_allocations_are_aligned_also_after_packed_copies(void)
{
    struct pp_arena a = {0};
    for (int i = 0; i < 100; i++) {
        pp_copy_packed(&a, pp_str("abc"));
        CHECK((uintptr_t)pp_alloc(&a, 8) % _Alignof(max_align_t) == 0);
    }
    pp_arena_release(&a);
}

static void test_one_allocation_may_be_larger_than_any_block(void)
{
    struct pp_arena a = {0};
    size_t size = (size_t)20 << 20;
    char *small = pp_copy(&a, pp_str("small"));
    char *large = pp_alloc(&a, size);
    memset(large, 'x', size);
    CHECK(strcmp(small, "small") == 0);
    CHECK(strcmp(pp_copy(&a, pp_str("after")), "after") == 0);
    CHECK(large[0] == 'x' && large[size - 1] == 'x');
    pp_arena_release(&a);
}

static void test_copies_end_in_nul_and_hold_any_bytes(void)
{
    static const char bytes[] = "a\0b";
    struct pp_arena a = {0};
    char *copy = pp_copy(&a, (struct pp_span){bytes, bytes + 3});
    char *packed = pp_copy_packed(&a, (struct pp_span){bytes, bytes + 3});
    CHECK(memcmp(copy, "a\0b", 4) == 0);
    CHECK(memcmp(packed, "a\0b", 4) == 0);
    CHECK(*pp_copy(&a, pp_str("")) == '\0');
    pp_arena_release(&a);
}

static void test_a_cleared_or_released_arena_can_be_used_again(void)
{
    struct pp_arena a = {0};
    for (int i = 0; i < 3; i++) {
        for (int k = 0; k < 1000; k++)
            memset(pp_alloc(&a, 5000), i, 5000);
        pp_arena_clear(&a);
    }
    pp_arena_release(&a);
    CHECK(strcmp(pp_copy(&a, pp_str("again")), "again") == 0);
    pp_arena_release(&a);
}

CHECK_MAIN(test_allocations_do_not_overlap, test_allocations_are_aligned_also_after_packed_copies,
           test_one_allocation_may_be_larger_than_any_block,
           test_copies_end_in_nul_and_hold_any_bytes,
           test_a_cleared_or_released_arena_can_be_used_again)
