/* The laws of merging, and of moving samples and compacting. */
#include "model/merge.h"

#include "model/compact.h"
#include "model/totals.h"
#include "unit/profiles.h"

/* Merges `src` into `dst`, and frees it. */
static bool absorb(struct pp_profile *dst, struct pp_profile *src)
{
    const char *why = NULL;
    bool ok = pp_merge(dst, src, &why);
    CHECK(ok == (why == NULL));
    pp_profile_free(src);
    return ok;
}

static int64_t total(const struct pp_profile *p, unsigned column)
{
    int64_t *totals = pp_totals(p, column), all = totals[0];
    free(totals);
    return all;
}

static void test_pieces_in_order_give_the_profile_of_the_whole(void)
{
    static const char text[] = "main;a;b 1\nmain;c 2\nmain;a 3\nx;main_[k] 4\nmain;a;b 5\n";
    struct pp_profile *whole = folded(text);
    for (const char *cut = text; (cut = strchr(cut, '\n')) && cut[1]; cut++) {
        struct pp_profile *p = profile_of("folded", (struct pp_span){text, cut + 1}, 1);
        CHECK(absorb(p, profile_of("folded", pp_str(cut + 1), 1)));
        CHECK(same_profile(p, whole));
        pp_profile_free(p);
    }
    pp_profile_free(whole);
}

static void test_the_empty_profile_is_neutral_on_both_sides(void)
{
    struct pp_profile *whole = folded("a;b 1\nc 2.5\n"), *left = pp_profile_new();
    CHECK(absorb(left, folded("a;b 1\nc 2.5\n")));
    CHECK(same_profile(left, whole));
    CHECK(absorb(left, pp_profile_new()));
    CHECK(same_profile(left, whole));
    pp_profile_free(left);
    pp_profile_free(whole);
}

static void test_the_order_of_merging_does_not_matter_to_what_is_written(void)
{
    static const char *const texts[] = {"a;b 1\nc 2\n", "c 10\nd;e 0.5\n", "a;b 100\nd;f 7\n"};
    static const int orders[][3] = {{0, 1, 2}, {1, 2, 0}, {2, 1, 0}, {0, 2, 1}};
    for (size_t o = 0; o < 4; o++) {
        struct pp_profile *p = folded(texts[orders[o][0]]);
        CHECK(absorb(p, folded(texts[orders[o][1]])));
        CHECK(absorb(p, folded(texts[orders[o][2]])));
        CHECK_FOLDED(p, "a;b 101\nc 12\nd;e 0.5\nd;f 7\n");
        pp_profile_free(p);
    }
}

static void test_merging_is_associative(void)
{
    struct pp_profile *left = folded("a;b 1\n"), *bc = folded("c 2\n"), *right = folded("a;b 1\n");
    CHECK(absorb(left, folded("c 2\n")));
    CHECK(absorb(left, folded("a;d 3\n")));
    CHECK(absorb(bc, folded("a;d 3\n")));
    CHECK(absorb(right, bc));
    CHECK(same_profile(left, right));
    pp_profile_free(left);
    pp_profile_free(right);
}

static void test_columns_of_another_type_stand_side_by_side(void)
{
    struct pp_profile *p = folded("a 1\n"), *q = pp_profile_new();
    struct pp_sample s = {.node = pp_child(q, 0, pp_frame_named(q, pp_str("a")))};
    pp_column(q, pp_str("cpu"), pp_str("nanoseconds"));
    CHECK(pp_add(q, pp_sample_id(q, &s), 0, 70));
    CHECK(absorb(p, q));
    CHECK_INT(p->ncolumns, 2);
    CHECK_INT(p->samples.count, 2);
    CHECK_INT(total(p, 0), 1);
    CHECK_INT(total(p, 1), 70);
    pp_profile_free(p);
}

static void test_the_sides_of_a_comparison_stay_apart(void)
{
    struct pp_profile *d = pp_profile_new(), *a = folded("x;y 3\n"), *b = folded("x;y 5\nz 1\n");
    const char *why;
    CHECK(pp_merge_side(d, a, PP_BEFORE, &why) && pp_merge_side(d, b, PP_AFTER, &why));
    CHECK_FOLDED(d, "x;y 3 5\nz 0 1\n");
    pp_profile_free(d);
    pp_profile_free(a);
    pp_profile_free(b);
}

static void test_a_sum_that_overflows_is_an_error(void)
{
    struct pp_profile *p = folded("a 9223372036854775807\n"), *q = folded("a 1\n");
    const char *why = NULL;
    CHECK(!pp_merge(p, q, &why) && why && strstr(why, "64 bits"));
    pp_profile_free(p);
    pp_profile_free(q);
}

static void test_values_of_both_signs_overflow_before_any_partial_sum_can(void)
{
    struct pp_profile *p = folded("a 9000000000000000000\n"),
                      *q = folded("b -9000000000000000000\n");
    const char *why = NULL;
    CHECK(!pp_merge(p, q, &why));
    pp_profile_free(p);
    pp_profile_free(q);
}

static void test_decimals_are_those_of_the_finer(void)
{
    struct pp_profile *p = folded("a 2\nb 0.5\n"), *q = folded("a 0.125\n");
    CHECK(absorb(q, p));
    CHECK_INT(q->columns[0].decimals, 3);
    CHECK_FOLDED(q, "a 2.125\nb 0.5\n");
    pp_profile_free(q);
}

static void test_decimals_that_do_not_fit_are_an_error(void)
{
    struct pp_profile *p = folded("a 9223372036854775807\n"), *q = folded("a 0.1\n");
    const char *why = NULL;
    CHECK(!pp_merge(p, q, &why));
    pp_profile_free(p);
    pp_profile_free(q);
}

static void test_descriptions_of_profiles_are_merged(void)
{
    struct pp_profile *p = folded("a 1\n"), *q = folded("a 1\n");
    p->about.time_ns = 200, q->about.time_ns = 100;
    p->about.duration_ns = 5, q->about.duration_ns = 7;
    p->about.period = 10, q->about.period = 30;
    q->about.doc_url = pp_cstring(q, "https://example.org");
    pp_comment(p, pp_str("one"));
    pp_comment(q, pp_str("one"));
    pp_comment(q, pp_str("two"));
    CHECK(absorb(p, q));
    CHECK_INT(p->about.time_ns, 100);
    CHECK_INT(p->about.duration_ns, 12);
    CHECK_INT(p->about.period, 30);
    CHECK(pp_is(pp_text(p, p->about.doc_url), "https://example.org"));
    CHECK_INT(p->about.ncomments, 2);
    pp_profile_free(p);
}

/* --- moving and compacting ----------------------------------------------- */

static pp_id node_of(struct pp_profile *p, const char *name)
{
    for (size_t n = 1; n < p->nodes.count; n++)
        if (pp_is(pp_frame_name(p, pp_node(p, (pp_id)n)->frame), name))
            return (pp_id)n;
    CHECK(!"no such node");
    return 0;
}

static void test_samples_that_become_equal_become_one(void)
{
    struct pp_profile *p = folded("a;b 1\na;c 2\nd 4\n");
    pp_id *image = malloc(p->nodes.count * sizeof *image);
    for (size_t n = 0; n < p->nodes.count; n++)
        image[n] = (pp_id)n;
    image[node_of(p, "c")] = node_of(p, "b");
    image[node_of(p, "d")] = PP_DROPPED;
    pp_move_samples(p, image);
    CHECK_FOLDED(p, "a;b 3\n");
    CHECK_INT(p->columns[0].weight, 3);
    free(image);
    pp_profile_free(p);
}

static void test_compacting_drops_what_no_sample_needs(void)
{
    struct pp_profile *p = folded("a;b 1\nc;d 2\n");
    pp_id *image = malloc(p->nodes.count * sizeof *image);
    for (size_t n = 0; n < p->nodes.count; n++)
        image[n] = PP_DROPPED;
    image[node_of(p, "b")] = node_of(p, "b");
    pp_move_samples(p, image);
    pp_compact(&p);
    struct pp_profile *want = folded("a;b 1\n");
    CHECK_FOLDED(p, "a;b 1\n");
    CHECK_INT(p->nodes.count, want->nodes.count);
    CHECK_INT(p->functions.count, want->functions.count);
    CHECK_INT(p->strings.count, want->strings.count);
    free(image);
    pp_profile_free(p);
    pp_profile_free(want);
}

static void test_compacting_changes_nothing_that_is_seen(void)
{
    struct pp_profile *p = folded("a;b 1.5\na 2\nb;a_[k] 3\n");
    char *before = written(p, "text");
    pp_compact(&p);
    char *after = written(p, "text");
    CHECK(strcmp(before, after) == 0);
    free(before);
    free(after);
    pp_profile_free(p);
}

CHECK_MAIN(test_pieces_in_order_give_the_profile_of_the_whole,
           test_the_empty_profile_is_neutral_on_both_sides,
           test_the_order_of_merging_does_not_matter_to_what_is_written,
           test_merging_is_associative, test_columns_of_another_type_stand_side_by_side,
           test_the_sides_of_a_comparison_stay_apart, test_a_sum_that_overflows_is_an_error,
           test_values_of_both_signs_overflow_before_any_partial_sum_can,
           test_decimals_are_those_of_the_finer, test_decimals_that_do_not_fit_are_an_error,
           test_descriptions_of_profiles_are_merged, test_samples_that_become_equal_become_one,
           test_compacting_drops_what_no_sample_needs, test_compacting_changes_nothing_that_is_seen)
