/* Rules on labels. */
#include "unit/rules.h"

static const char tagged[] = "a 1 k1=x k2=y\n"
                             "b 2 k1=xx\n"
                             "c 4 k2=x\n"
                             "d 8\n"
                             "e 16 bytes:1024_bytes\n"
                             "f 32 bytes:2_megabytes\n"
                             "g 64 wait:30_ms k1=x k1=z\n";

static void test_tag_focus_with_a_key_looks_at_values(void)
{
    CHECK_RICH(tagged, "tag-focus k1=^x$", "a 1\ng 64\n");
    CHECK_RICH(tagged, "tag-focus k1=z,xx", "b 2\ng 64\n");
    CHECK_RICH(tagged, "tag-focus k1=k1", "");
    CHECK_RICH(tagged, "tag-focus k3=.", "");
}

static void test_tag_focus_without_key_looks_at_key_and_value_and_wants_all(void)
{
    CHECK_RICH(tagged, "tag-focus x", "a 1\nb 2\nc 4\ng 64\n");
    CHECK_RICH(tagged, "tag-focus ^k2:x$", "c 4\n");
    CHECK_RICH(tagged, "tag-focus ^k1:x$,^k2:", "a 1\n");
    CHECK_RICH(tagged, "tag-focus x{2,3}", "b 2\n");
    CHECK_RICH(tagged, "tag-focus [x,]$", "a 1\nb 2\nc 4\ng 64\n");
}

static void test_tag_ignore_drops_what_tag_focus_keeps(void)
{
    CHECK_RICH(tagged, "tag-ignore k1=^x$", "b 2\nc 4\nd 8\ne 16\nf 32\n");
    CHECK_RICH(tagged, "tag-ignore 1kb:", "a 1\nb 2\nc 4\nd 8\ng 64\n");
}

static void test_ranges_include_their_ends_and_convert_units(void)
{
    CHECK_RICH(tagged, "tag-focus 1kb", "e 16\n");
    CHECK_RICH(tagged, "tag-focus bytes=1024b", "e 16\n");
    CHECK_RICH(tagged, "tag-focus 1kb:2mb", "e 16\nf 32\n");
    CHECK_RICH(tagged, "tag-focus 1025b:2MB", "f 32\n");
    CHECK_RICH(tagged, "tag-focus :1kb", "e 16\n");
    CHECK_RICH(tagged, "tag-focus 2mb:", "f 32\n");
    CHECK_RICH(tagged, "tag-focus :30ms", "g 64\n");
    CHECK_RICH(tagged, "tag-focus 30000us", "g 64\n");
    CHECK_RICH(tagged, "tag-focus wait=:29999999ns", "");
    CHECK_RICH(tagged, "tag-focus wait=1kb:", "");
    CHECK_RICH(tagged, "tag-focus 1s:", "");
}

static void test_a_bare_number_is_in_the_unit_of_the_label(void)
{
    CHECK_RICH(tagged, "tag-focus bytes=1024", "e 16\n");
    CHECK_RICH(tagged, "tag-focus wait=30", "g 64\n");
    CHECK_RICH("a 1 pid=12\nb 2 pid:12_\nc 4 pid:13_\n", "tag-focus pid=12", "a 1\nb 2\n");
    CHECK_RICH("a 1 n:-5_\nb 2 n:5_\n", "tag-focus n=-9:0", "a 1\n");
}

static void test_numbers_without_a_unit_have_that_of_their_key(void)
{
    CHECK_RICH("a 1 request:2048_\nb 2 bytes:2048_\nc 4 other:2048_\n", "tag-focus 2kb",
               "a 1\nb 2\n");
}

static void test_large_numbers_do_not_overflow(void)
{
    CHECK_RICH("a 1 size:9223372036854775807_pb\nb 2 size:1_b\n", "tag-focus 9223372036854775807pb",
               "a 1\n");
}

static void test_tag_root_and_tag_leaf_put_frames(void)
{
    CHECK_RICH(tagged, "tag-root k1", "c 4\nd 8\ne 16\nf 32\nx,z;g 64\nx;a 1\nxx;b 2\n");
    CHECK_RICH("a;b 1 x=1 y=2\n", "tag-root x,y", "1;2;a;b 1\n");
    CHECK_RICH("a;b 1 x=1\na;b 2 y=2\na;b 4 z=3\n", "tag-root x,y",
               "1;[unknown];a;b 1\n[unknown];2;a;b 2\na;b 4\n");
    CHECK_RICH("a;b 1 x=1\na;b 2 y=2\n", "tag-leaf x", "a;b 2\na;b;1 1\n");
    CHECK_RICH("a;b 1 x=1 y=2\n", "tag-leaf x,y", "a;b;1;2 1\n");
    CHECK_RICH("a;b 1 x=1\na;b 2 x=2\na 4 x=1\n", "tag-root x", "1;a 4\n1;a;b 1\n2;a;b 2\n");
    CHECK_RICH("- 1 x=1\n", "tag-root x", "1 1\n");
    CHECK_RICH("a 1 n:5_count\na 2 n:64_bytes\na 4 n:7_ms\na 8 n:9_apples\n", "tag-root n",
               "5;a 1\n64B;a 2\n7ms;a 4\n9apples;a 8\n");
}

static void test_tag_frames_can_be_matched(void)
{
    CHECK_RICH("a;b 1 x=one\na;b 2 x=two\n", "tag-root x\nfocus ^one$", "one;a;b 1\n");
}

/* Checks the number of samples left. */
static void check_samples(const char *rule, size_t want)
{
    struct pp_profile *p = rich("a 1 x=1 y=1\na 2 x=1 y=2\na 4 x=2\n");
    CHECK(apply(&p, rule));
    CHECK_INT(p->samples.count - !pp_sample_exists(p, 0), want);
    CHECK_FOLDED(p, "a 7\n");
    pp_profile_free(p);
}

static void test_tag_hide_and_tag_show_join_what_becomes_equal(void)
{
    check_samples("tag-hide nothing", 3);
    check_samples("tag-hide ^y$", 2);
    check_samples("tag-show ^x$", 2);
    check_samples("tag-show ^y$", 3);
    check_samples("tag-hide .", 1);
    check_samples("tag-show z", 1);
}

static void test_labels_are_rewritten(void)
{
    CHECK_RICH("a 1 thread=w-1\na 2 thread=w-2\na 4 other=w-3\n",
               "rewrite label.thread:s/-[0-9]+$//\ntag-root thread", "a 4\nw;a 3\n");
    CHECK_RICH("a 1 thread=w-1\n", "rewrite label.thread:s/.*//\ntag-root thread", "a 1\n");
    CHECK_RICH("a 1 pprof::base=true\n",
               "rewrite label.pprof::base:s,true,yes,\ntag-root pprof::base", "yes;a 1\n");
}

static void test_a_pattern_that_gives_up_fails_the_rule(void)
{
    static const char text[] = "a 1 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!=x\n"
                               "b 2 k=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!\n";
    static const char *const rules[] = {"tag-focus k=^(a+)+$", "tag-ignore k=x,^(a+)+$",
                                        "tag-hide ^(a+)+$", "tag-show ^(a+)+$",
                                        "rewrite label.k:s/^(a+)+$//"};
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        struct pp_profile *p = rich(text);
        CHECK(!apply(&p, rules[i]));
        CHECK(strstr(last_message, "failed on"));
        pp_profile_free(p);
    }
}

CHECK_MAIN(test_tag_focus_with_a_key_looks_at_values,
           test_tag_focus_without_key_looks_at_key_and_value_and_wants_all,
           test_tag_ignore_drops_what_tag_focus_keeps,
           test_ranges_include_their_ends_and_convert_units,
           test_a_bare_number_is_in_the_unit_of_the_label,
           test_numbers_without_a_unit_have_that_of_their_key, test_large_numbers_do_not_overflow,
           test_tag_root_and_tag_leaf_put_frames, test_tag_frames_can_be_matched,
           test_tag_hide_and_tag_show_join_what_becomes_equal, test_labels_are_rewritten,
           test_a_pattern_that_gives_up_fails_the_rule)
