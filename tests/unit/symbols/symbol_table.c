/* Functions by address: symbols that nest, overlap, share a start, or have no size. */
#include "symbols/symbol_table.h"

#include <stdlib.h>

#include "check.h"

static void add(struct pp_symbol_table *t, uint64_t start, uint64_t size, const char *name,
                uint32_t rank)
{
    pp_symbol_table_add(t, start, size, pp_str(name), rank);
}

/* The name at `address`, or "-". */
static const char *at(const struct pp_symbol_table *t, uint64_t address)
{
    const struct pp_symbol *s = pp_symbol_find(t, address);
    return s ? s->name : "-";
}

#define CHECK_AT(t, address, name) CHECK(strcmp(at((t), (address)), (name)) == 0)

static void test_an_empty_table_finds_nothing(void)
{
    struct pp_symbol_table t = {0};
    pp_symbol_table_sort(&t);
    CHECK_AT(&t, 0, "-");
    CHECK_AT(&t, UINT64_MAX, "-");
    pp_symbol_table_release(&t);
}

static void test_nothing_is_found_between_two_symbols(void)
{
    struct pp_symbol_table t = {0};
    add(&t, 0x200, 0x10, "b", 0);
    add(&t, 0x100, 0x10, "a", 0);
    pp_symbol_table_sort(&t);
    CHECK_AT(&t, 0xff, "-");
    CHECK_AT(&t, 0x100, "a");
    CHECK_AT(&t, 0x10f, "a");
    CHECK_AT(&t, 0x110, "-");
    CHECK_AT(&t, 0x1ff, "-");
    CHECK_AT(&t, 0x200, "b");
    CHECK_AT(&t, 0x210, "-");
    pp_symbol_table_release(&t);
}

static void test_the_enclosing_symbol_is_found_after_the_inner_one(void)
{
    struct pp_symbol_table t = {0};
    add(&t, 0x100, 0x100, "outer", 0);
    add(&t, 0x120, 0x40, "inner", 9);
    add(&t, 0x130, 0x10, "innermost", 9);
    pp_symbol_table_sort(&t);
    CHECK_AT(&t, 0x11f, "outer");
    CHECK_AT(&t, 0x12f, "inner");
    CHECK_AT(&t, 0x13f, "innermost");
    CHECK_AT(&t, 0x140, "inner");
    CHECK_AT(&t, 0x160, "outer");
    CHECK_AT(&t, 0x1ff, "outer");
    CHECK_AT(&t, 0x200, "-");
    pp_symbol_table_release(&t);
}

static void test_of_two_that_overlap_the_later_start_is_found(void)
{
    struct pp_symbol_table t = {0};
    add(&t, 0x100, 0x20, "a", 0);
    add(&t, 0x110, 0x20, "b", 0);
    pp_symbol_table_sort(&t);
    CHECK_AT(&t, 0x10f, "a");
    CHECK_AT(&t, 0x110, "b");
    CHECK_AT(&t, 0x12f, "b");
    CHECK_AT(&t, 0x130, "-");
    pp_symbol_table_release(&t);
}

static void test_of_one_start_the_best_rank_then_the_largest_then_the_first_is_found(void)
{
    struct pp_symbol_table t = {0};
    add(&t, 0x100, 8, "weak", 1);
    add(&t, 0x100, 8, "global", 0);
    add(&t, 0x100, 8, "second", 0);
    add(&t, 0x200, 4, "small", 0);
    add(&t, 0x200, 8, "large", 0);
    add(&t, 0x300, 4, "good", 0);
    add(&t, 0x300, 8, "bad", 1);
    pp_symbol_table_sort(&t);
    CHECK_AT(&t, 0x100, "global");
    CHECK_AT(&t, 0x107, "global");
    CHECK_AT(&t, 0x200, "large");
    CHECK_AT(&t, 0x207, "large");
    CHECK_AT(&t, 0x300, "good");
    CHECK_AT(&t, 0x307, "bad");
    pp_symbol_table_release(&t);
}

static void test_a_size_of_zero_covers_nothing(void)
{
    struct pp_symbol_table t = {0};
    add(&t, 0x100, 0, "label", 0);
    add(&t, 0x180, 0x10, "f", 0);
    add(&t, 0x184, 0, "label", 0);
    pp_symbol_table_sort(&t);
    CHECK_AT(&t, 0x100, "-");
    CHECK_AT(&t, 0x184, "f");
    pp_symbol_table_release(&t);
}

static void test_an_unknown_size_reaches_to_the_next_start_but_not_for_ever(void)
{
    struct pp_symbol_table t = {0};
    add(&t, 0x100, PP_UNKNOWN_SIZE, "a", 0);
    add(&t, 0x140, PP_UNKNOWN_SIZE, "b", 0);
    add(&t, 0x140, PP_UNKNOWN_SIZE, "alias", 0);
    add(&t, 0x160, 0x10, "c", 0);
    add(&t, 0x90000000, PP_UNKNOWN_SIZE, "last", 0);
    pp_symbol_table_sort(&t);
    CHECK_AT(&t, 0x13f, "a");
    CHECK_AT(&t, 0x140, "b");
    CHECK_AT(&t, 0x15f, "b");
    CHECK_AT(&t, 0x16f, "c");
    CHECK_AT(&t, 0x170, "-");
    CHECK_AT(&t, 0x90000000 + PP_UNKNOWN_REACH - 1, "last");
    CHECK_AT(&t, 0x90000000 + PP_UNKNOWN_REACH, "-");
    CHECK_INT(pp_symbol_find(&t, 0x100)->size, 0x40);
    pp_symbol_table_release(&t);
}

static void test_a_known_size_is_preferred_to_an_unknown_one(void)
{
    struct pp_symbol_table t = {0};
    add(&t, 0x100, PP_UNKNOWN_SIZE, "unknown", 0);
    add(&t, 0x100, 8, "known", 0);
    add(&t, 0x110, 8, "next", 0);
    pp_symbol_table_sort(&t);
    CHECK_AT(&t, 0x107, "known");
    CHECK_AT(&t, 0x10f, "unknown");
    pp_symbol_table_release(&t);
}

static void test_sizes_are_cut_off_at_the_end_of_the_address_space(void)
{
    struct pp_symbol_table t = {0};
    add(&t, UINT64_MAX - 0xf, 0x1000, "top", 0);
    add(&t, 0x10, UINT64_MAX - 1, "nearly all", 0);
    pp_symbol_table_sort(&t);
    CHECK_AT(&t, 0xf, "-");
    CHECK_AT(&t, 0x10, "nearly all");
    CHECK_AT(&t, UINT64_MAX - 0x10, "nearly all");
    CHECK_AT(&t, UINT64_MAX - 1, "top");
    pp_symbol_table_release(&t);
}

static void test_names_are_copied_unless_they_are_borrowed(void)
{
    char name[] = "abc";
    struct pp_symbol_table copies = {0}, borrows = {.borrow = true};
    pp_symbol_table_add(&copies, 1, 1, (struct pp_span){name, name + 2}, 0);
    pp_symbol_table_add(&borrows, 1, 1, (struct pp_span){name, name + 2}, 0);
    pp_symbol_table_sort(&copies);
    pp_symbol_table_sort(&borrows);
    name[0] = 'x';
    CHECK_AT(&copies, 1, "ab");
    CHECK(pp_symbol_find(&borrows, 1)->name == name);
    CHECK_INT(pp_symbol_find(&borrows, 1)->len, 2);
    pp_symbol_table_release(&copies);
    pp_symbol_table_release(&borrows);
}

static void test_the_symbol_added_last_covers_what_others_left(void)
{
    struct pp_symbol_table t = {.later_wins = true};
    add(&t, 0x100, 0x100, "old", 0);
    add(&t, 0x180, 0x100, "newer", 0);
    add(&t, 0x80, 0x110, "newest", 0);
    pp_symbol_table_sort(&t);
    CHECK_AT(&t, 0x7f, "-");
    CHECK_AT(&t, 0x18f, "newest");
    CHECK_AT(&t, 0x190, "newer");
    CHECK_AT(&t, 0x27f, "newer");
    CHECK_AT(&t, 0x280, "-");
    pp_symbol_table_release(&t);
}

/* --- compared with looking at every symbol --------------------------------- */

static uint64_t random_below(uint64_t limit)
{
    static uint64_t state = 1;
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (state >> 33) % limit;
}

static bool is_better(bool later_wins, const struct pp_symbol *s, const struct pp_symbol *than)
{
    if (later_wins)
        return s > than;
    if (s->start != than->start)
        return s->start > than->start;
    if (s->rank != than->rank)
        return s->rank < than->rank;
    return s->size > than->size;
}

static const struct pp_symbol *find_slowly(const struct pp_symbol_table *t, uint64_t address)
{
    const struct pp_symbol *best = NULL;
    for (size_t i = 0; i < t->count; i++) {
        const struct pp_symbol *s = &t->symbols[i];
        if (s->start <= address && address - s->start < s->size &&
            (!best || is_better(t->later_wins, s, best)))
            best = s;
    }
    return best;
}

static void test_overlaps_of_every_kind_are_found_as_by_looking_at_all(void)
{
    enum { TABLES = 300, SPACE = 64 };
    for (int round = 0; round < TABLES; round++) {
        struct pp_symbol_table t = {.later_wins = round % 2};
        for (uint64_t n = random_below(40); n; n--)
            pp_symbol_table_add(&t, random_below(SPACE), random_below(SPACE / 2), pp_str("f"),
                                (uint32_t)random_below(3));
        pp_symbol_table_sort(&t);
        for (uint64_t address = 0; address < 2 * SPACE; address++)
            CHECK(pp_symbol_find(&t, address) == find_slowly(&t, address));
        pp_symbol_table_release(&t);
    }
}

/* Each within the one before, so that at the far end all but the first have ended. */
static void test_deep_nesting_costs_no_more_than_any_other_table(void)
{
    enum { DEPTH = 200000 };
    struct pp_symbol_table t = {.borrow = true};
    for (uint64_t i = 0; i < DEPTH; i++)
        add(&t, i, 4 * DEPTH - 2 * i, "f", 0);
    pp_symbol_table_sort(&t);
    for (uint64_t i = 1; i < DEPTH; i++)
        CHECK(pp_symbol_find(&t, 4 * DEPTH - i) == &t.symbols[i - 1]);
    pp_symbol_table_release(&t);
}

/* Omitting other symbols changes nothing at the given addresses. */
static void test_with_addresses_given_the_same_is_found_at_them(void)
{
    enum { TABLES = 300, SPACE = 64, EVERY = 7 };
    uint64_t wanted[SPACE / EVERY + 1];
    for (int round = 0; round < TABLES; round++) {
        struct pp_symbol_table all = {.later_wins = round % 2};
        struct pp_symbol_table some = {.later_wins = round % 2, .wanted = wanted};
        for (uint64_t address = (uint64_t)round % EVERY; address < SPACE; address += EVERY)
            wanted[some.nwanted++] = address;
        for (uint32_t n = 0; n < 40; n++) {
            const char name[] = {(char)('0' + n), '\0'};
            uint64_t start = random_below(SPACE), size = random_below(4);
            add(&all, start, size, name, n % 3);
            add(&some, start, size, name, n % 3);
        }
        CHECK(some.count < all.count);
        pp_symbol_table_sort(&all);
        pp_symbol_table_sort(&some);
        for (size_t i = 0; i < some.nwanted; i++)
            CHECK_AT(&some, wanted[i], at(&all, wanted[i]));
        pp_symbol_table_release(&all);
        pp_symbol_table_release(&some);
    }
}

CHECK_MAIN(test_an_empty_table_finds_nothing, test_nothing_is_found_between_two_symbols,
           test_the_enclosing_symbol_is_found_after_the_inner_one,
           test_of_two_that_overlap_the_later_start_is_found,
           test_of_one_start_the_best_rank_then_the_largest_then_the_first_is_found,
           test_a_size_of_zero_covers_nothing,
           test_an_unknown_size_reaches_to_the_next_start_but_not_for_ever,
           test_a_known_size_is_preferred_to_an_unknown_one,
           test_sizes_are_cut_off_at_the_end_of_the_address_space,
           test_names_are_copied_unless_they_are_borrowed,
           test_the_symbol_added_last_covers_what_others_left,
           test_overlaps_of_every_kind_are_found_as_by_looking_at_all,
           test_deep_nesting_costs_no_more_than_any_other_table,
           test_with_addresses_given_the_same_is_found_at_them)
