/* Folded stacks in and out. */
#include "unit/profiles.h"

static void test_lines_come_out_in_the_order_of_their_bytes(void)
{
    struct pp_profile *p = folded("b 1\n"
                                  "a;b 2\n"
                                  "a.cold 3\n"
                                  "a 4\n"
                                  "a;b;c 5\n"
                                  "a(int);x 6\n"
                                  "a 7\n");
    CHECK_FOLDED(p, "a 11\n"
                    "a(int);x 6\n"
                    "a.cold 3\n"
                    "a;b 2\n"
                    "a;b;c 5\n"
                    "b 1\n");
    pp_profile_free(p);
}

static void test_fractions_are_exact(void)
{
    struct pp_profile *p = folded("a 1\na 0.25\nb 0.1\nb 0.2\nc 3.000\n");
    CHECK_FOLDED(p, "a 1.25\nb 0.3\nc 3\n");
    CHECK_INT(p->columns[0].decimals, 2);
    pp_profile_free(p);
}

static void test_marks_become_kinds_and_come_back(void)
{
    struct pp_profile *p = folded("a;k_[k];j_[j];i_[i] 1\na;k 2\n");
    CHECK_FOLDED(p, "a;k 2\na;k_[k];j_[j];i_[i] 1\n");
    for (pp_id f = 1; f < p->frames.count; f++) {
        const struct pp_frame *frame = pp_frame(p, f);
        CHECK_INT(frame->marked, frame->kind != PP_USER || frame->inlined);
    }
    pp_profile_free(p);
}

static void test_two_numbers_in_every_line_are_before_and_after(void)
{
    struct pp_profile *p = folded("a;b 1 2\na 3 0\na;b 10 0\n");
    CHECK_INT(p->ncolumns, 2);
    CHECK_INT(p->columns[0].side, PP_BEFORE);
    CHECK_INT(p->columns[1].side, PP_AFTER);
    CHECK_FOLDED(p, "a 3 0\na;b 11 2\n");
    pp_profile_free(p);
}

static void test_a_name_may_end_in_a_number(void)
{
    struct pp_profile *p = folded("main;thread 12 5\nmain 1\n");
    CHECK_INT(p->ncolumns, 1);
    CHECK_FOLDED(p, "main 1\nmain;thread 12 5\n");
    pp_profile_free(p);
    p = folded("main;thread 5\nmain;thread 5;run 1\nmain;thread 5;stop 1\n");
    CHECK_FOLDED(p, "main;thread 5\nmain;thread 5;run 1\nmain;thread 5;stop 1\n");
    pp_profile_free(p);
}

static void test_comments_blank_lines_and_crlf(void)
{
    struct pp_profile *p = folded("# a comment 1\r\n\r\na;b 1\r\n   \r\na;b 2");
    CHECK_FOLDED(p, "a;b 3\n");
    pp_profile_free(p);
}

static void test_a_bad_line_is_skipped_with_a_warning(void)
{
    struct heard h = heard_new();
    struct pp_profile *p = read_as("folded", pp_str("a;b 1\nno count\na;b x2\na;b 3\n"), &h);
    CHECK_FOLDED(p, "a;b 4\n");
    CHECK_INT(h.diag.warnings, 2);
    CHECK_INT(h.diag.errors, 0);
    pp_profile_free(p);
    pp_diag_release(&h.diag);
}

static void test_strict_makes_a_bad_line_an_error(void)
{
    struct heard h = heard_new();
    h.diag.strict = true;
    CHECK(read_as("folded", pp_str("a;b 1\nno count\n"), &h) == NULL);
    CHECK_INT(h.diag.errors, 1);
    pp_diag_release(&h.diag);
}

static void test_sums_that_overflow_are_errors(void)
{
    struct heard h = heard_new();
    CHECK(!read_as("folded", pp_str("a 9223372036854775807\nb 1\n"), &h));
    CHECK(strstr(h.text, "exceeds 64 bits"));
    CHECK(!read_as("folded", pp_str("a 9223372036854775807\nb 0.5\n"), &h));
    struct pp_profile *p = read_as("folded", pp_str("a 9223372036854775807\n"), &h);
    CHECK_FOLDED(p, "a 9223372036854775807\n");
    pp_profile_free(p);
    pp_diag_release(&h.diag);
}

static void test_what_would_break_a_line_is_replaced(void)
{
    struct pp_profile *p = folded("x 1\n");
    pp_id frame = pp_frame_named(p, pp_str("a;b\nc\rd"));
    struct pp_sample s = {.node = pp_child(p, 0, frame)};
    pp_id id = pp_sample_id(p, &s);
    CHECK(pp_add(p, id, 0, 2));
    CHECK_FOLDED(p, "a:b c d 2\nx 1\n");
    pp_profile_free(p);
}

static void test_deep_stacks_are_cut_at_the_leaf(void)
{
    struct heard h = heard_new();
    struct pp_load_options o = {.from = pp_format_named("folded"), .max_depth = 3};
    struct pp_profile *p = pp_load_bytes(pp_str("a;b;c;d;e 1\na;b 1\n"), "test", &o, &h.diag);
    CHECK_FOLDED(p, "a;b 1\na;b;c 1\n");
    CHECK_INT(h.diag.warnings, 1);
    pp_profile_free(p);
    pp_diag_release(&h.diag);
}

static void test_a_million_frames_deep(void)
{
    enum { DEPTH = 1000000 };
    char *text = malloc(2 * DEPTH + 2);
    for (size_t i = 0; i < DEPTH; i++)
        memcpy(text + 2 * i, "f;", 2);
    memcpy(text + 2 * DEPTH - 1, " 7", 3);
    struct heard h = heard_new();
    struct pp_profile *p = read_as("folded", pp_str(text), &h);
    CHECK_INT(pp_depth(p, pp_sample(p, 1)->node), PP_MAX_DEPTH);
    CHECK_INT(h.diag.warnings, 1);
    pp_profile_free(p);
    pp_diag_release(&h.diag);
    free(text);
}

static void test_a_line_of_100_megabytes(void)
{
    size_t size = 100 << 20;
    char *text = malloc(size + 4);
    memset(text, 'x', size);
    memcpy(text + size, " 1\n", 4);
    struct heard h = heard_new();
    struct pp_profile *p = read_as("folded", pp_str(text), &h);
    CHECK_INT(pp_len(pp_frame_name(p, 1)), size);
    pp_profile_free(p);
    memset(text, 'x', size + 3);
    p = read_as("folded", (struct pp_span){text, text + size}, &h);
    CHECK(p && p->samples.count == 1);
    CHECK_INT(h.diag.warnings, 1);
    pp_profile_free(p);
    pp_diag_release(&h.diag);
    free(text);
}

static void test_tabs_and_exponents_are_read(void)
{
    struct pp_profile *p =
        folded("a;b\t3\na;b \t 4\t\nc 1.5e+2\nd 2.5E3\ne 125e-3\nf .5e1\ng 0e99999\n");
    CHECK_FOLDED(p, "a;b 7\nc 150\nd 2500\ne 0.125\nf 5\n");
    pp_profile_free(p);
    struct heard h = heard_new();
    p = read_as("folded", pp_str("a 1e-10\nb 1e\nc 1e+\nd 1e5x\ne 1e19\nf 1e400000000000\ng 3\n"),
                &h);
    CHECK_FOLDED(p, "g 3\n");
    CHECK_INT(h.diag.warnings, 6); /* one count is rounded to 0, the others are not */
    pp_profile_free(p);
    pp_diag_release(&h.diag);
}

static void test_a_byte_order_mark_is_not_part_of_a_name(void)
{
    struct pp_profile *p = folded("\xef\xbb\xbf"
                                  "a;b 3\n\xef\xbb\xbf"
                                  "c 1\n");
    CHECK_FOLDED(p, "a;b 3\n\xef\xbb\xbf"
                    "c 1\n");
    pp_profile_free(p);
}

static unsigned bid(const char *text)
{
    return pp_format_named("folded")->bid(pp_str(text));
}

static void test_most_lines_identify_the_format(void)
{
    CHECK(bid("INFO: 3 stacks written, took 0.5s.\na;b 1\na;c 2\na;d 3\n") > 0);
    CHECK(bid("a;b 1\na;c 2\na;d 3\n") > bid("a;b 1\na;c 2\na;d x\n"));
    CHECK(bid("a;b 1\nthis is\nprose, and\nno stacks\n") == 0);
    CHECK(bid("what a log says 1\nsays twice 2\nor\n") == 0);
    struct pp_profile *p = folded("difference of x and y:\na;b 1 2\na;c 2 3\n");
    CHECK_FOLDED(p, "a;b 1 2\na;c 2 3\n");
    pp_profile_free(p);
}

static void test_any_bytes_are_names(void)
{
    static const char text[] = "a\0b;\xff\xfe;<script>]]>\"';\xe2\x80\xae 3\n";
    struct heard h = heard_new();
    struct pp_span in = {text, text + sizeof text - 1};
    struct pp_profile *p = read_as("folded", in, &h);
    CHECK_INT(h.diag.warnings, 0);
    struct pp_out out;
    pp_out_memory(&out, &h.diag);
    CHECK(pp_format_named("folded")->write(p, &out));
    CHECK(pp_same(pp_out_bytes(&out), in));
    pp_out_release(&out);
    pp_profile_free(p);
    pp_diag_release(&h.diag);
}

CHECK_MAIN(test_tabs_and_exponents_are_read, test_a_byte_order_mark_is_not_part_of_a_name,
           test_most_lines_identify_the_format, test_lines_come_out_in_the_order_of_their_bytes,
           test_fractions_are_exact, test_marks_become_kinds_and_come_back,
           test_two_numbers_in_every_line_are_before_and_after, test_a_name_may_end_in_a_number,
           test_comments_blank_lines_and_crlf, test_a_bad_line_is_skipped_with_a_warning,
           test_strict_makes_a_bad_line_an_error, test_sums_that_overflow_are_errors,
           test_what_would_break_a_line_is_replaced, test_deep_stacks_are_cut_at_the_leaf,
           test_a_million_frames_deep, test_a_line_of_100_megabytes, test_any_bytes_are_names)
