/* The difference of two profiles, and scaling one to another. */
#include "transform/subtract.h"

#include "unit/profiles.h"

static int64_t value(const struct pp_profile *p, const char *name)
{
    for (size_t s = 0; s < p->samples.count; s++) {
        pp_id node = pp_sample(p, (pp_id)s)->node;
        if (node && pp_is(pp_frame_name(p, pp_node(p, node)->frame), name))
            return p->columns[0].values[s];
    }
    return 0;
}

static void test_equal_stacks_cancel(void)
{
    const char *why;
    struct pp_profile *after = folded("a 5\nb 2\nc 1\n"), *before = folded("a 3\nb 2\nd 4\n");
    CHECK(pp_subtract(&after, before, false, &why));
    CHECK_INT(after->samples.count, 4); /* the empty one, a, c and d */
    CHECK_INT(value(after, "a"), 2);
    CHECK_INT(value(after, "c"), 1);
    CHECK_INT(value(after, "d"), -4);
    pp_profile_free(after);
    pp_profile_free(before);
}

/* One stack of a program that is mapped at `base`. */
static struct pp_profile *run_at(uint64_t base)
{
    struct pp_profile *p = folded("");
    struct pp_mapping m = {.start = base, .limit = base + 4096, .file = pp_cstring(p, "/bin/prog")};
    struct pp_frame f = {.address = base + 77, .mapping = pp_intern(&p->mappings, &m)};
    struct pp_sample s = {.node = pp_child(p, 0, pp_intern(&p->frames, &f))};
    CHECK(pp_add(p, pp_sample_id(p, &s), 0, 5));
    return p;
}

static void test_two_runs_cancel_wherever_they_were_loaded(void)
{
    const char *why;
    struct pp_profile *after = run_at(0x561e56164000), *before = run_at(0x7f0000000000);
    CHECK(pp_subtract(&after, before, false, &why));
    CHECK_INT(after->samples.count, 1); /* the empty one */
    CHECK_INT(after->mappings.count, 2);
    pp_profile_free(after);
    pp_profile_free(before);
}

static void test_what_is_marked_does_not_cancel(void)
{
    const char *why;
    struct pp_profile *after = folded("a 5\n"), *before = folded("a 5\n");
    CHECK(pp_subtract(&after, before, true, &why));
    CHECK_INT(after->samples.count, 3);
    CHECK(pp_string_find(after, pp_str("pprof::base")) != 0);
    pp_profile_free(after);
    pp_profile_free(before);
}

static void test_scaling_rounds_halves_away_from_zero(void)
{
    const char *why;
    struct pp_profile *p = folded("a 1\nb 5\nc -2\n"), *base = folded("x 6\n");
    CHECK(pp_scale_to(p, base, &why)); /* by 6/4 */
    CHECK_INT(value(p, "a"), 2);
    CHECK_INT(value(p, "b"), 8);
    CHECK_INT(value(p, "c"), -3);
    CHECK_INT(p->columns[0].weight, 13);
    pp_profile_free(p);
    pp_profile_free(base);
}

static void test_scaling_drops_values_that_become_zero(void)
{
    const char *why;
    struct pp_profile *p = folded("a 1\nb 99\n"), *base = folded("x 10\n");
    CHECK(pp_scale_to(p, base, &why));
    CHECK_INT(p->samples.count, 2);
    CHECK_INT(value(p, "b"), 10);
    pp_profile_free(p);
    pp_profile_free(base);
}

static void test_a_sum_beyond_64_bits_is_refused(void)
{
    const char *why = NULL;
    struct pp_profile *p = folded("a 3\nb -2\n"), *base = folded("x 9000000000000000000\n");
    CHECK(!pp_scale_to(p, base, &why));
    CHECK(why != NULL);
    CHECK_INT(value(p, "a"), 3);
    pp_profile_free(p);
    pp_profile_free(base);
}

CHECK_MAIN(test_equal_stacks_cancel, test_two_runs_cancel_wherever_they_were_loaded,
           test_what_is_marked_does_not_cancel, test_scaling_rounds_halves_away_from_zero,
           test_scaling_drops_values_that_become_zero, test_a_sum_beyond_64_bits_is_refused)
