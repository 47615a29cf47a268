/*
 * Functions that are gone, new or larger are paired where all around them says that they are the
 * same.
 */
#include "transform/pairing.h"

#include "model/merge.h"
#include "model/totals.h"
#include "transform/compare.h"
#include "unit/profiles.h"

/* How a comparison is paired: how many functions, and what comes out, as folded stacks. */
static char *paired(const char *before, const char *after, bool sampled, size_t *pairs)
{
    const char *why;
    struct pp_profile *p = folded(before), *a = folded(after);
    double units[2] = {0};
    if (sampled) {
        units[0] = pp_keep_sampled(p, 0, false).unit;
        units[1] = pp_keep_sampled(a, 0, false).unit;
    }
    CHECK(pp_compare(p, a, &why));
    unsigned other = (unsigned)pp_column_other(p, 0);
    int64_t sums[] = {pp_sum(p, 0), pp_sum(p, other)};
    *pairs = pp_pair_functions(p, 0, other, units);
    CHECK_INT(pp_sum(p, 0), sums[0]);
    CHECK_INT(pp_sum(p, other), sums[1]);
    pp_keep_column(p, 0);
    char *text = written(p, "folded");
    pp_profile_free(p);
    pp_profile_free(a);
    return text;
}

/* The other way round as many are paired. */
static void check_pairs(int line, const char *before, const char *after, size_t pairs,
                        const char *want)
{
    size_t got, turned;
    char *text = paired(before, after, false, &got), *back = paired(after, before, false, &turned);
    if (strcmp(text, want) != 0 || got != pairs || turned != pairs) {
        fprintf(stderr, "line %d: %zu pairs, %zu the other way round, got:\n%s", line, got, turned,
                text);
        check_failures++;
    }
    free(text);
    free(back);
}

#define CHECK_PAIRS(before, after, pairs, want) check_pairs(__LINE__, before, after, pairs, want)

/* --- renamed -------------------------------------------------------------- */

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
    CHECK_PAIRS("main;old 100\n", "main;new 60\n", 0, "main;new 0 60\nmain;old 100 0\n");
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
    CHECK_PAIRS("main;a 100\nmain;b 100\n", "main;b 100\n", 0, "main;a 100 0\nmain;b 100 100\n");
    CHECK_PAIRS("a 1\n", "a 1\n", 0, "a 1 1\n");
}

/* --- inlined -------------------------------------------------------------- */

/* f has taken over the 40 that old took itself, and its call of read. */
static void test_what_its_callers_took_over_is_inlined(void)
{
    CHECK_PAIRS("main;f 10\nmain;f;old 40\nmain;f;old;read 30\n", "main;f 48\nmain;f;read 31\n", 1,
                "main;f, old -> f 50 48\nmain;f, old -> f;read 30 31\n");
}

static void test_it_may_have_several_callers(void)
{
    CHECK_PAIRS("main;f 10\nmain;f;old 40\nmain;g;old 20\nmain;g 5\n", "main;f 48\nmain;g 26\n", 1,
                "main;f, old -> f 50 48\nmain;g, old -> g 25 26\n");
}

/* The other way round a part of f became a function of its own. */
static void test_a_part_that_became_a_function_belongs_to_its_caller(void)
{
    CHECK_PAIRS("main;f 50\nmain;f;read 30\n", "main;f 12\nmain;f;part 37\nmain;f;part;read 31\n",
                1, "main;f -> f, part 50 49\nmain;f -> f, part;read 30 31\n");
}

static void test_what_is_inlined_in_what_is_inlined(void)
{
    CHECK_PAIRS("main;a;b;read 50\nmain;a;b 20\nmain;a 30\n", "main;read 52\nmain 47\n", 2,
                "main, b, a -> main 50 47\nmain, b, a -> main;read 50 52\n");
}

/* It does no work any more; or its caller grew by less than half of it. */
static void test_what_is_gone_is_not_inlined(void)
{
    CHECK_PAIRS("main;f 10\nmain;f;old 40\n", "main;f 10\n", 0, "main;f 10 10\nmain;f;old 40 0\n");
    CHECK_PAIRS("main;f 10\nmain;f;old 40\n", "main;f 28\n", 0, "main;f 10 28\nmain;f;old 40 0\n");
}

/* f may have grown for either; the larger has it, and leaves nothing for the other. */
static void test_growth_is_counted_once(void)
{
    CHECK_PAIRS("main;f 10\nmain;f;a 50\nmain;f;b 40\n", "main;f 62\n", 1,
                "main;f, a -> f 60 62\nmain;f, a -> f;b 40 0\n");
}

static void test_one_can_be_renamed_with_others_inlined_in_it(void)
{
    CHECK_PAIRS("main;old 10\nmain;old;part 60\nmain;old;read 30\nmain;rest 9\n",
                "main;new 71\nmain;new;read 30\nmain;rest 9\n", 2,
                "main;old, part -> new 70 71\nmain;old, part -> new;read 30 30\nmain;rest 9 9\n");
}

/* What is called at the root has no caller to be inlined in. */
static void test_what_nothing_calls_is_not_inlined(void)
{
    CHECK_PAIRS("old 40\nold;read 30\n", "read 70\n", 0, "old 40 0\nold;read 30 0\nread 0 70\n");
}

/* --- split ---------------------------------------------------------------- */

static void test_what_was_split_is_its_parts_together(void)
{
    CHECK_PAIRS("main;old;read 60\nmain;old;write 40\nmain;rest 9\n",
                "main;a;read 61\nmain;b;write 38\nmain;rest 9\n", 1,
                "main;old -> a, b;read 60 61\nmain;old -> a, b;write 40 38\nmain;rest 9 9\n");
    CHECK_PAIRS("main;old 100\n", "main;a 60\nmain;b 40\n", 1, "main;old -> a, b 100 100\n");
}

/* The other way round several have become one. */
static void test_several_can_become_one(void)
{
    CHECK_PAIRS("main;a;read 61\nmain;b;write 38\nmain;rest 9\n",
                "main;new;read 60\nmain;new;write 40\nmain;rest 9\n", 1,
                "main;a, b -> new;read 61 60\nmain;a, b -> new;write 38 40\nmain;rest 9 9\n");
}

/* c does as well as b. */
static void test_parts_that_could_be_others_are_none(void)
{
    CHECK_PAIRS("main;old 100\n", "main;a 60\nmain;b 40\nmain;c 41\n", 0,
                "main;a 0 60\nmain;b 0 40\nmain;c 0 41\nmain;old 100 0\n");
}

/* --- chance --------------------------------------------------------------- */

/* With a few samples, one function may be missed and another hit. */
static void test_what_chance_may_have_made_is_not_paired(void)
{
    static const char *const pairs[][2] = {
        {"main;a 9\nmain;f 50\n", "main;b 9\nmain;f 50\n"},
        {"main;f 1000\nmain;f;old 40\n", "main;f 1040\n"},
        {"main;a 12\nmain;f 50\n", "main;b 6\nmain;c 6\nmain;f 50\n"},
    };
    size_t n;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        free(paired(pairs[i][0], pairs[i][1], true, &n));
        CHECK_INT(n, 0);
        free(paired(pairs[i][0], pairs[i][1], false, &n));
        CHECK_INT(n, 1);
    }
}

static void test_names_are_limited(void)
{
    size_t n;
    char *text = paired("main;f;a 50\nmain;f;b 40\nmain;f;c 30\nmain;f;d 20\nmain;f 1\n",
                        "main;f 141\n", false, &n);
    CHECK(strcmp(text, "main;f, a, b and 2 more -> f 141 141\n") == 0);
    free(text);
}

CHECK_MAIN(test_what_is_called_and_calls_alike_is_one, test_a_chain_is_paired_from_the_outside,
           test_recursion_is_no_obstacle, test_other_callers_callees_or_sizes_are_none,
           test_what_could_be_several_is_none, test_what_is_on_both_sides_keeps_its_name,
           test_what_its_callers_took_over_is_inlined, test_it_may_have_several_callers,
           test_a_part_that_became_a_function_belongs_to_its_caller,
           test_what_is_inlined_in_what_is_inlined, test_what_is_gone_is_not_inlined,
           test_growth_is_counted_once, test_one_can_be_renamed_with_others_inlined_in_it,
           test_what_nothing_calls_is_not_inlined, test_what_was_split_is_its_parts_together,
           test_several_can_become_one, test_parts_that_could_be_others_are_none,
           test_what_chance_may_have_made_is_not_paired, test_names_are_limited)
