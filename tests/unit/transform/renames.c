/* Functions that are gone and new are paired where all around them says that they are the same. */
#include "transform/renames.h"

#include "model/merge.h"
#include "transform/compare.h"
#include "unit/profiles.h"

static void check_pairs(int line, const char *before, const char *after, size_t pairs,
                        const char *want)
{
    const char *why;
    struct pp_profile *p = folded(before), *a = folded(after);
    CHECK(pp_compare(p, a, &why));
    size_t got = pp_pair_renames(p, 0, (unsigned)pp_column_other(p, 0));
    if (got != pairs)
        fprintf(stderr, "line %d: %zu pairs\n", line, got);
    CHECK_INT(got, pairs);
    check_written(p, "folded", want, __func__, line);
    pp_profile_free(p);
    pp_profile_free(a);
}

#define CHECK_PAIRS(before, after, pairs, want) check_pairs(__LINE__, before, after, pairs, want)

static void test_what_is_called_and_calls_alike_is_one(void)
{
    CHECK_PAIRS("main;old;work 90\nmain;old 10\nmain;rest 50\n",
                "main;new;work 80\nmain;new 11\nmain;rest 52\n", 1,
                "main;old -> new 10 11\nmain;old -> new;work 90 80\nmain;rest 50 52\n");
}

static void test_a_chain_is_paired_from_the_outside(void)
{
    CHECK_PAIRS("main;a::x;a::y;a::z 100\n", "main;b::x;b::y;b::z 100\n", 3,
                "main;a::x -> b::x;a::y -> b::y;a::z -> b::z 100 100\n");
}

static void test_recursion_is_no_obstacle(void)
{
    CHECK_PAIRS("main;old 10\nmain;old;old 20\nmain;old;old;old 5\n",
                "main;new 11\nmain;new;new 19\nmain;new;new;new 6\n", 1,
                "main;old -> new 10 11\nmain;old -> new;old -> new 20 19\n"
                "main;old -> new;old -> new;old -> new 5 6\n");
}

static void test_other_callers_callees_or_sizes_are_none(void)
{
    CHECK_PAIRS("main;f;old 100\nmain;g 1\n", "main;g;new 100\nmain;f 1\n", 0,
                "main;f 0 1\nmain;f;old 100 0\nmain;g 1 0\nmain;g;new 0 100\n");
    CHECK_PAIRS("main;old;read 100\nmain;f;read 1\nmain;f;write 1\n",
                "main;new;write 100\nmain;f;read 1\nmain;f;write 1\n", 0,
                "main;f;read 1 1\nmain;f;write 1 1\nmain;new;write 0 100\nmain;old;read 100 0\n");
    CHECK_PAIRS("main;old 100\n", "main;new 40\n", 0, "main;new 0 40\nmain;old 100 0\n");
}

/* Both pairs are possible; their sizes decide. */
static void test_what_could_be_several_is_none(void)
{
    CHECK_PAIRS("main;a 50\nmain;b 50\n", "main;c 50\nmain;d 50\n", 0,
                "main;a 50 0\nmain;b 50 0\nmain;c 0 50\nmain;d 0 50\n");
    CHECK_PAIRS("main;a 100\nmain;b 60\n", "main;c 98\nmain;d 61\n", 2,
                "main;a -> c 100 98\nmain;b -> d 60 61\n");
}

static void test_what_is_on_both_sides_keeps_its_name(void)
{
    CHECK_PAIRS("main;a 100\nmain;b 100\n", "main;b 200\n", 0, "main;a 100 0\nmain;b 100 200\n");
    CHECK_PAIRS("a 1\n", "a 1\n", 0, "a 1 1\n");
}

CHECK_MAIN(test_what_is_called_and_calls_alike_is_one, test_a_chain_is_paired_from_the_outside,
           test_recursion_is_no_obstacle, test_other_callers_callees_or_sizes_are_none,
           test_what_could_be_several_is_none, test_what_is_on_both_sides_keeps_its_name)
