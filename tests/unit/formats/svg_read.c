/*
 * Flame graphs read back from SVG: cases that testdata/formats/svg does not have, and unlikely
 * ones.
 */
#include "base/memory.h"
#include "model/totals.h"
#include "unit/profiles.h"

#define SVG(boxes) "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:f=\"urn:x\">" boxes "</svg>"
#define BOX(title, x, y, width) \
    "<g><title>" title "</title><rect x='" x "' y='" y "' width='" width "'/></g>"
#define EXACT(title, y, x, w) \
    "<g><title>" title "</title><rect x='0' y='" y "' width='0' f:x='" x "' f:w='" w "'/></g>"

static const char picture[] = SVG(
    BOX("all (10 samples, 100%)", "10", "69", "100") BOX("a (4 samples, 40.00%)", "10", "53", "40")
        BOX("b&lt;&amp;&#x3e; (3 samples, 30.00%)", "20", "37", "30"));

static void check_message(const struct heard *h, const char *want)
{
    if (strcmp(h->text, want) != 0) {
        fprintf(stderr, "got '%s', not '%s'\n", h->text, want);
        check_failures++;
    }
}

/* Reads `svg`, and compares it as folded stacks, and the last message. */
static void check_read(const char *svg, const char *want, const char *message)
{
    struct heard h = heard_new();
    struct pp_profile *p = read_as("svg", pp_str(svg), &h);
    CHECK_FOLDED(p, want);
    check_message(&h, message);
    pp_profile_free(p);
    pp_diag_release(&h.diag);
}

static void check_refused(struct pp_span svg, const char *why)
{
    struct heard h = heard_new();
    CHECK(!read_as("svg", svg, &h));
    CHECK(h.diag.errors > 0);
    CHECK(strstr(h.text, why) != NULL);
    pp_diag_release(&h.diag);
}

static void test_a_box_stands_on_the_one_below_it(void)
{
    check_read(picture, " 6\na 1\na;b<&> 3\n", "");
}

static void test_an_icicle_graph_hangs(void)
{
    check_read(SVG(BOX("all (4 samples, 100%)", "10", "37", "100")
                       BOX("a (4 samples, 100.00%)", "10", "53", "100")
                           BOX("b (3 samples, 75.00%)", "10", "69", "75")),
               "a 1\na;b 3\n", "");
}

static void test_a_frame_may_be_called_all(void)
{
    check_read(SVG(BOX("all (4 samples, 100%)", "10", "69", "100")
                       BOX("all (4 samples, 100.00%)", "10", "53", "100")),
               "all 4\n", "");
}

static void test_places_in_samples_go_before_pixels(void)
{
    check_read(SVG(EXACT("all (1,000,000 samples, 100%)", "69", "0", "1000000")
                       EXACT("a (999,998 samples, 99.99%)", "53", "0", "999998")
                           EXACT("b (2 samples, 0.00%)", "53", "999998", "2")
                               EXACT("c (1 samples, 0.00%)", "37", "999997", "1")
                                   EXACT("c (2 samples, 0.00%)", "37", "999998", "2")),
               "a 999997\na;c 1\nb;c 2\n", "");
}

/* Counts alone would let both stand on either. */
static void test_places_in_samples_say_what_stands_on_what(void)
{
    check_read(SVG(EXACT("all (4 samples, 100%)", "69", "0", "4")
                       EXACT("a (2 samples, 50.00%)", "53", "0", "2")
                           EXACT("b (2 samples, 50.00%)", "53", "2", "2")
                               EXACT("c (1 samples, 25.00%)", "37", "0", "1")),
               "a 1\na;c 1\nb 2\n", "");
    check_read(SVG(EXACT("all (4 samples, 100%)", "69", "0", "4")
                       EXACT("a (2 samples, 50.00%)", "53", "0", "2")
                           EXACT("b (2 samples, 50.00%)", "53", "2", "2")
                               EXACT("c (1 samples, 25.00%)", "37", "3", "1")),
               "a 2\nb 1\nb;c 1\n", "");
}

static void test_names_and_units_may_have_parentheses(void)
{
    check_read(SVG(BOX("f (1 x, 2%) (int) (7 ms (cpu), 100.00%)", "10", "69", "100")),
               "f (1 x, 2%) (int) 7\n", "");
}

/* What stands on a box of the other side cannot be more than the box: it is not below zero then. */
static void test_the_other_side_is_never_below_zero(void)
{
    static const char text[] =
        "<svg><g id='frames' data-total='9' data-decimals='0' data-type='samples' "
        "data-unit='count' "
        "data-side='after'>"
        "<g><title>all (9 samples, 100%; 0.00%)\n</title>"
        "<rect x='10' y='69' width='90' data-x='0' data-w='9' data-b='3'/></g>"
        "<g><title>a (9 samples, 100.00%; 0.00%)\n</title>"
        "<rect x='10' y='53' width='90' data-x='0' data-w='9' data-b='3'/></g>"
        "<g><title>b (4 samples, 44.44%; 0.00%)\n</title>"
        "<rect x='10' y='37' width='40' data-x='0' data-w='4' data-b='5'/></g></g></svg>";
    struct heard h = heard_new();
    struct pp_profile *p = read_as("svg", pp_str(text), &h);
    CHECK(p != NULL);
    for (unsigned c = 0; p && c < p->ncolumns; c++) {
        CHECK_INT(pp_sum(p, c), p->columns[c].side == PP_BEFORE ? 5 : 9);
        for (pp_id s = 0; s < p->samples.count; s++)
            CHECK(p->columns[c].values[s] >= 0);
    }
    pp_profile_free(p);
    pp_diag_release(&h.diag);
}

static void test_boxes_may_be_links(void)
{
    check_read(SVG("<a href='x'><title>f (7 samples, 100.00%)</title>"
                   "<rect x='10' y='69' width='100'/></a>"),
               "f 7\n", "");
}

static void test_no_rounding_puts_more_on_a_box_than_it_counts(void)
{
    /* Four boxes at the same tenth of a pixel: by position alone each could be on any other. */
    check_read(SVG(BOX("all (1,000,000 samples, 100%)", "10.0", "69", "100.0")
                       BOX("p (5 samples, 0.00%)", "10.0", "53", "0.0")
                           BOX("q (999,995 samples, 99.99%)", "10.0", "53", "100.0")
                               BOX("r (999,995 samples, 99.99%)", "10.0", "37", "100.0")
                                   BOX("r (5 samples, 0.00%)", "10.0", "37", "0.0")),
               "p;r 5\nq;r 999995\n", "");
}

static void test_counts_that_do_not_add_up_are_reported(void)
{
    check_read(SVG(BOX("a (4 samples, 100.00%)", "10", "53", "40")
                       BOX("b (5 samples, 125.00%)", "10", "37", "40")),
               "a;b 5\n", "'a' has a lower count than the frames on top of it");
    check_read(SVG(BOX("a (4 samples, 100.00%)", "10", "53", "40")
                       BOX("b (2 samples, 50.00%)", "80", "37", "20")),
               "a 4\nb 2\n", "'b' has no frame below it");
}

/* --- bad input ----------------------------------------------------------- */

static void test_an_svg_without_a_flame_graph_is_refused(void)
{
    static const char nul[] = "<svg>\0</svg>", invalid[] = "<svg><title>\xff\xfe</title></svg>";
    check_refused(pp_str(""), "bad XML: ");
    check_refused(pp_str("<"), "bad XML: ");
    check_refused(pp_str("main;a;b 3\n"), "bad XML: ");
    check_refused((struct pp_span){nul, nul + sizeof nul - 1}, "bad XML: ");
    check_refused(pp_str(invalid), "bad XML: ");
    check_refused(pp_str("<html><p>no</p></html>"), "no frames of a flame graph");
    check_refused(pp_str(SVG("<rect x='1' y='2'/>")), "no frames of a flame graph");
    check_refused(pp_str(SVG(BOX("a square", "1", "2", "3"))), "no frames of a flame graph");
}

static void test_counts_that_overflow_are_refused(void)
{
    check_refused(pp_str(SVG(BOX("a (99999999999999999999 samples, 1.00%)", "1", "2", "3"))),
                  "no frames of a flame graph");
    check_refused(pp_str(SVG(BOX("a (9,223,372,036,854,775,807 samples, 1.00%)", "1", "2", "3")
                                 BOX("b (0.5 samples, 1.00%)", "5", "2", "3"))),
                  "the count of 'a' is out of range");
    check_refused(pp_str(SVG(BOX("a (9,223,372,036,854,775,807 samples, 1.00%)", "1", "2", "3")
                                 BOX("b (1 samples, 1.00%)", "5", "2", "3"))),
                  "the sum of column 'samples' exceeds 64 bits");
}

static void test_entities_are_refused(void)
{
    check_refused(pp_str("<!DOCTYPE svg [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;&a;'>]>"
                         "<svg><g><title>&b;</title><rect x='&b;'/></g></svg>"),
                  "entities are declared");
    check_refused(pp_str("<!DOCTYPE svg [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><svg>&a;</svg>"),
                  "entities are declared");
    check_refused(pp_str(SVG("<title>&nothing;</title>")), "bad XML: ");
}

static void test_elements_nested_too_deep_are_refused(void)
{
    enum { LEVELS = 100000 };
    char *text = pp_calloc(LEVELS, 3);
    for (size_t i = 0; i < LEVELS; i++)
        memcpy(text + 3 * i, "<g>", 3);
    check_refused((struct pp_span){text, text + (size_t)3 * LEVELS}, "bad XML: ");
    free(text);
}

static void test_a_picture_cut_anywhere_is_refused(void)
{
    for (size_t n = 0; n < strlen(picture); n++) {
        char *copy = pp_calloc(n + 1, 1);
        memcpy(copy, picture, n);
        copy = pp_realloc(copy, n ? n : 1, 1);
        check_refused((struct pp_span){copy, copy + n}, "bad XML: ");
        free(copy);
    }
}

static void test_bytes_that_are_changed_do_no_harm(void)
{
    uint32_t random = 1;
    char copy[sizeof picture];
    for (int round = 0; round < 3000; round++) {
        memcpy(copy, picture, sizeof copy);
        random = random * 1103515245 + 12345;
        copy[(random >> 8) % (sizeof copy - 1)] = (char)(random >> 24);
        struct heard h = heard_new();
        struct pp_profile *p = read_as("svg", (struct pp_span){copy, copy + sizeof copy - 1}, &h);
        CHECK(p || h.diag.errors);
        pp_profile_free(p);
        pp_diag_release(&h.diag);
    }
}

/*
 * A column of `n` boxes, or with `thin` a row of as many on top of a row of as many, at one place.
 */
static char *many_boxes(size_t n, bool thin)
{
    struct pp_out out;
    pp_out_memory(&out, NULL);
    pp_puts(&out, "<svg>");
    for (size_t i = 0; i < n; i++)
        pp_putf(&out, "<g><title>f (%d x, 1%%)</title><rect x='1' y='%zu' width='%d'/></g>",
                thin && i % 2 ? 2 : 1, thin ? i % 2 : i, !thin);
    pp_puts(&out, "</svg>");
    pp_putc(&out, '\0');
    return out.buf;
}

static void test_a_million_frames_on_each_other_are_cut(void)
{
    char *text = many_boxes(1000000, false);
    struct heard h = heard_new();
    struct pp_load_options o = {.from = pp_format_named("svg"), .max_depth = 100};
    struct pp_profile *p = pp_load_bytes(pp_str(text), "test", &o, &h.diag);
    CHECK_INT(pp_depth(p, (pp_id)(p->nodes.count - 1)), 100);
    CHECK(h.diag.warnings > 0);
    pp_profile_free(p);
    pp_diag_release(&h.diag);
    free(text);
}

static void test_boxes_that_are_all_at_one_place_take_no_ages(void)
{
    char *text = many_boxes(50000, true);
    struct heard h = heard_new();
    struct pp_profile *p = read_as("svg", pp_str(text), &h);
    CHECK(p != NULL);
    pp_profile_free(p);
    pp_diag_release(&h.diag);
    free(text);
}

CHECK_MAIN(test_a_box_stands_on_the_one_below_it, test_an_icicle_graph_hangs,
           test_a_frame_may_be_called_all, test_places_in_samples_go_before_pixels,
           test_places_in_samples_say_what_stands_on_what,
           test_names_and_units_may_have_parentheses, test_boxes_may_be_links,
           test_the_other_side_is_never_below_zero,
           test_no_rounding_puts_more_on_a_box_than_it_counts,
           test_counts_that_do_not_add_up_are_reported,
           test_an_svg_without_a_flame_graph_is_refused, test_counts_that_overflow_are_refused,
           test_entities_are_refused, test_elements_nested_too_deep_are_refused,
           test_a_picture_cut_anywhere_is_refused, test_bytes_that_are_changed_do_no_harm,
           test_a_million_frames_on_each_other_are_cut,
           test_boxes_that_are_all_at_one_place_take_no_ages)
