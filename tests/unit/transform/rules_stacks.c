/*
 * Rules on frames and stacks. Expected values are counted by hand, or pprof's for the same stacks.
 */
#include "model/totals.h"
#include "unit/rules.h"

static const char stacks[] = "main;a;b;c 1\n"
                             "main;a;c 2\n"
                             "main;b;a;b 4\n"
                             "other;c 8\n";

static void test_focus_keeps_samples_with_a_match(void)
{
    CHECK_RULES(stacks, "focus ^b$", "main;a;b;c 1\nmain;b;a;b 4\n");
    CHECK_RULES(stacks, "focus main|other", stacks);
    CHECK_RULES(stacks, "focus nothing", "");
}

static void test_ignore_drops_samples_with_a_match(void)
{
    CHECK_RULES(stacks, "ignore ^b$", "main;a;c 2\nother;c 8\n");
    CHECK_RULES(stacks, "ignore nothing", stacks);
}

static void test_hide_joins_what_becomes_equal(void)
{
    CHECK_RULES("main;x;work 1\nmain;work 2\n", "hide x", "main;work 3\n");
    CHECK_RULES(stacks, "hide ^[ab]$", "main 4\nmain;c 3\nother;c 8\n");
}

static void test_hide_drops_samples_left_without_frames(void)
{
    CHECK_RULES(stacks, "hide .", "");
    CHECK_RULES(stacks, "hide ^(other|c)$", "main;a 2\nmain;a;b 1\nmain;b;a;b 4\n");
}

static void test_show_keeps_only_matching_frames(void)
{
    CHECK_RULES(stacks, "show ^[ac]$", "a 4\na;c 3\nc 8\n");
}

static void test_show_from_cuts_above_the_rootmost_match(void)
{
    CHECK_RULES(stacks, "show-from ^[ab]$", "a;b;c 1\na;c 2\nb;a;b 4\n");
    CHECK_RULES("a;b;c;b 1\n", "show-from b", "b;c;b 1\n");
    CHECK_RULES("a;b;c;b 1\n", "show-from d", "");
}

static void test_prune_from_cuts_below_the_leafmost_match(void)
{
    CHECK_RULES(stacks, "prune-from ^b$", "main;a;b 1\nmain;a;c 2\nmain;b;a;b 4\nother;c 8\n");
    CHECK_RULES("d;b;c;b;a 1\n", "prune-from b", "d;b;c;b 1\n");
}

static void test_prune_from_looks_at_the_name_without_arguments(void)
{
    CHECK_RULES("m;f(int);x 1\n", "prune-from ^f$", "m;f(int) 1\n");
    CHECK_RULES("m;.f;x 1\n", "prune-from ^f$", "m;.f 1\n");
    CHECK_RULES("m;(anonymous namespace)::f(int);x 1\n", "prune-from f$",
                "m;(anonymous namespace)::f(int) 1\n");
    CHECK_RULES("m;A::operator()(int);x 1\n", "prune-from ^A::operator\\(\\)$",
                "m;A::operator()(int) 1\n");
    CHECK_RULES("m;f(int);x 1\n", "prune-from int", "m;f(int);x 1\n");
}

static void test_patterns_look_at_function_file_and_module(void)
{
    static const char text[] = "f|one.c|/lib/x.so 1\ng|two.c|/bin/app 2\n||||5 4\n||/lib/x.so 8\n";
    CHECK_RICH(text, "focus one", "f 1\n");
    CHECK_RICH(text, "focus x.so", "[x.so] 8\nf 1\n");
    CHECK_RICH(text, "focus ^g$", "g 2\n");
    CHECK_RICH(text, "focus function:c", "");
    CHECK_RICH(text, "focus file:c", "f 1\ng 2\n");
    CHECK_RICH(text, "focus module:^/lib", "[x.so] 8\nf 1\n");
    CHECK_RICH(text, "ignore module:^/lib", "[unknown] 4\ng 2\n");
    CHECK_RICH(text, "show x.so", "[x.so] 8\nf 1\n");
}

static void test_frames_without_function_match_by_the_name_displayed(void)
{
    static const char text[] = "||||5 4\n||/lib/x.so 8\nmain;|| 16\n";
    CHECK_RICH(text, "hide ^\\[unknown\\]$", "[x.so] 8\nmain 16\n");
    CHECK_RICH(text, "focus function:^\\[x", "[x.so] 8\n");
}

static void test_blocklist_looks_at_the_module_of_the_leaf(void)
{
    static const char text[] = "f||/bin/app;g||/lib/libc.so 1\n"
                               "h||/lib/libc.so;f||/bin/app 2\n"
                               "i|libc.c 4\n";
    CHECK_RICH(text, "blocklist libc", "h;f 2\n");
    CHECK_RICH(text, "blocklist libc\\.so", "h;f 2\ni 4\n");
}

static void test_truncate_at_keeps_what_the_leafmost_match_calls(void)
{
    static const char text[] = "a||app;b||py;c||py;d||app 1\na||app;b||py 2\na||app 4\n";
    CHECK_RICH(text, "truncate-at py", "a 4\nd 1\n");
}

static const char inlined[] = "m|m.c|app|1|10;p|p.c|app|2|20;q|q.c|app|3|20|i;r|r.c|app|4|20|i 1\n"
                              "m|m.c|app|1|10;p|p.c|app|5|28 2\n";

static void test_no_inlines_leaves_the_outermost_function_of_a_place(void)
{
    CHECK_RICH(inlined, "no-inlines", "m;p 3\n");
}

static void test_what_is_inlined_in_a_hidden_frame_is_on_its_own(void)
{
    CHECK_RICH(inlined, "hide ^p$", "m 2\nm;q;r 1\n");
    CHECK_RICH(inlined, "hide ^p$\nno-inlines", "m 2\nm;q 1\n");
    CHECK_RICH(inlined, "hide ^q$\nno-inlines", "m;p 3\n");
    CHECK_RICH(inlined, "show-from ^r$\nno-inlines", "r 1\n");
    CHECK_RICH(inlined, "hide ^[pq]$\nno-inlines", "m 2\nm;r 1\n");
}

static void test_merge_recursion_joins_direct_calls_of_the_same_name(void)
{
    CHECK_RULES("a;f;f;f;b 1\na;f;b 2\na;f;g;f 4\n", "merge-recursion", "a;f;b 3\na;f;g;f 4\n");
    CHECK_RICH("a;f|x.c|app|1|10;f|x.c|app|2|20 1\n", "merge-recursion", "a;f 1\n");
    CHECK_RICH("||x.so||10;||x.so||20;||x.so||20 1\n", "merge-recursion", "[x.so];[x.so] 1\n");
}

/* --- laws ---------------------------------------------------------------- */

static int64_t total(const struct pp_profile *p)
{
    int64_t *totals = pp_totals(p, 0), all = totals[0];
    free(totals);
    return all;
}

static void check_total(const char *text, const char *rule, int64_t want)
{
    struct pp_profile *p = rich(text);
    CHECK(apply(&p, rule));
    CHECK_INT(total(p), want);
    pp_profile_free(p);
}

static void test_empty_stacks_are_kept_by_some_rules_and_dropped_by_others(void)
{
    static const char *const keep[] = {"hide x",         "ignore x",    "prune-from x",
                                       "truncate-at x",  "blocklist x", "no-inlines",
                                       "merge-recursion"};
    static const char *const drop[] = {"focus a", "show a", "show-from a"};
    for (size_t i = 0; i < sizeof keep / sizeof *keep; i++)
        check_total("- 5\na 1\n", keep[i], 6);
    for (size_t i = 0; i < sizeof drop / sizeof *drop; i++)
        check_total("- 5\na 1\n", drop[i], 1);
}

static void test_rules_that_drop_nothing_keep_the_total(void)
{
    static const char *const rules[] = {
        "hide ^b$",
        "prune-from a",
        "merge-recursion",
        "no-inlines",
        "anonymize",
        "rewrite s/a/b/",
        "rewrite s/.*//",
        "granularity functions",
        "granularity files",
        "granularity modules",
        "tag-root x",
        "tag-leaf x,y",
        "tag-hide .",
        "tag-show .",
        "rewrite module:s/./y/g",
        "rewrite file:s/./y/g",
        "ignore zzz",
        "tag-ignore zzz",
        "focus main|other",
    };
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        struct pp_profile *p = folded(stacks);
        CHECK(apply(&p, rules[i]));
        CHECK_INT(total(p), 15);
        pp_profile_free(p);
    }
}

/* Checks that both rules have the same effect on the stacks. */
static void check_same(const char *a, const char *b)
{
    struct pp_profile *p = folded(stacks);
    CHECK(apply(&p, a));
    char *want = written(p, "folded");
    pp_profile_free(p);
    check_rules(folded(stacks), b, want, a, __LINE__);
    free(want);
}

static void test_laws(void)
{
    check_same("hide a\nhide b", "hide a|b");
    check_same("hide a\nhide b", "hide b\nhide a");
    check_same("hide a", "hide a\nhide a");
    check_same("ignore a\nignore b", "ignore a|b");
    check_same("focus a\nfocus b", "focus b\nfocus a");
    check_same("show ^[ab]$\nshow ^[bc]$", "show ^b$");
    check_same("show ^a$", "hide ^[^a]");
    check_same("show-from ^a$\nshow-from ^a$", "show-from ^a$");
    check_same("prune-from ^a$\nprune-from ^a$", "prune-from ^a$");
    check_same("rewrite s/^b$/x/\nrewrite s/^x$/y/", "rewrite s/^b$/y/");
}

static void test_rules_act_in_the_order_given(void)
{
    CHECK_RULES("m;a 1\nm;b 2\n", "hide a\nfocus a", "");
    CHECK_RULES("m;a 1\nm;b 2\n", "focus a\nhide a", "m 1\n");
    CHECK_RULES("m;a 1\n", "rewrite s/a/b/\nhide b", "m 1\n");
    CHECK_RULES("m;a 1\n", "hide b\nrewrite s/a/b/", "m;b 1\n");
}

static void test_no_rule_changes_nothing(void)
{
    struct pp_profile *p = folded(stacks), *q = folded(stacks);
    CHECK(apply(&p, ""));
    CHECK(same_profile(p, q));
    pp_profile_free(p);
    pp_profile_free(q);
}

static void test_a_pattern_that_gives_up_fails_the_rule(void)
{
    static const char text[] = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa! 1\n";
    static const char *const rules[] = {
        "hide ^(a+)+$",      "focus ^(a+)+$",      "ignore ^(a+)+$",     "show ^(a+)+$",
        "show-from ^(a+)+$", "prune-from ^(a+)+$", "rewrite s/^(a+)+$//"};
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        struct pp_profile *p = folded(text);
        CHECK(!apply(&p, rules[i]));
        CHECK(strstr(last_message, "^(a+)+$"));
        pp_profile_free(p);
    }
}

/* A tree a hundred thousand frames deep, which recursion would not survive. */
static void test_deep_stacks(void)
{
    enum { DEPTH = 100000 };
    struct pp_profile *p = pp_profile_new();
    pp_id node = 0;
    pp_column(p, pp_str("cpu"), pp_str("ns"));
    for (int i = 0; i < DEPTH; i++)
        node = pp_child(p, node, pp_frame_named(p, pp_str(i % 2 ? "even" : "odd")));
    struct pp_label labels[] = {
        {.key = pp_string(p, pp_str("a")), .text = pp_string(p, pp_str("1"))},
        {.key = pp_string(p, pp_str("b")), .text = pp_string(p, pp_str("2"))},
    };
    pp_id set = pp_label_set(p, labels, 2);
    pp_add(p, pp_sample_id(p, &(struct pp_sample){.node = node, .labels = set}), 0, 1);
    CHECK(apply(&p, "tag-root a\nhide even\nmerge-recursion\nrewrite s/odd/x/\ntag-leaf b"));
    pp_by_name(&p, &(struct pp_naming){0});
    CHECK_FOLDED(p, "1;x;2 1\n");
    pp_profile_free(p);
}

static void test_blocklist_reports_leaves_without_module_and_file(void)
{
    last_message[0] = '\0';
    CHECK_RICH("f||/lib/libc.so 1\ng 2\nh 4\n", "blocklist libc", "g 2\nh 4\n");
    CHECK(strcmp(last_message,
                 "--blocklist: the leaves of 2 of 3 samples have neither module nor file; "
                 "they are kept") == 0);
    last_message[0] = '\0';
    CHECK_RICH("f||/lib/libc.so 1\ni|libc.c 4\n", "blocklist libc", "");
    CHECK(!*last_message);
}

CHECK_MAIN(test_blocklist_reports_leaves_without_module_and_file,
           test_focus_keeps_samples_with_a_match, test_ignore_drops_samples_with_a_match,
           test_hide_joins_what_becomes_equal, test_hide_drops_samples_left_without_frames,
           test_show_keeps_only_matching_frames, test_show_from_cuts_above_the_rootmost_match,
           test_prune_from_cuts_below_the_leafmost_match,
           test_prune_from_looks_at_the_name_without_arguments,
           test_empty_stacks_are_kept_by_some_rules_and_dropped_by_others,
           test_patterns_look_at_function_file_and_module,
           test_frames_without_function_match_by_the_name_displayed,
           test_blocklist_looks_at_the_module_of_the_leaf,
           test_truncate_at_keeps_what_the_leafmost_match_calls,
           test_no_inlines_leaves_the_outermost_function_of_a_place,
           test_what_is_inlined_in_a_hidden_frame_is_on_its_own,
           test_merge_recursion_joins_direct_calls_of_the_same_name,
           test_rules_that_drop_nothing_keep_the_total, test_laws,
           test_rules_act_in_the_order_given, test_no_rule_changes_nothing,
           test_a_pattern_that_gives_up_fails_the_rule, test_deep_stacks)
