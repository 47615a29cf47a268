/* Graphs as text: the content of each column, counted by hand; names cannot break it. */
#include "render/term.h"

#include <stdlib.h>

#include "transform/naming.h"
#include "unit/profiles.h"

static struct pp_svg_options look_of(const char *title)
{
    struct pp_svg_options look = pp_svg_defaults;
    look.title = title;
    return look;
}

/* The graph of a profile in `width` columns, NUL-terminated; the caller frees it. */
static char *drawn(const char *text, const struct pp_svg_options *look, unsigned width,
                   enum pp_term_colors colors)
{
    struct pp_profile *p = folded(text);
    struct pp_layout l;
    struct pp_out o;
    pp_by_name(&p, &(struct pp_naming){0});
    pp_layout_make(&l, p, &(struct pp_layout_options){.widths = PP_AFTER, .pixels = 1});
    pp_out_memory(&o, NULL);
    pp_term_write(p, &l, &(struct pp_term_options){look, width, colors}, &o);
    pp_putc(&o, '\0');
    pp_layout_release(&l);
    pp_profile_free(p);
    return o.buf;
}

static void check_text(int line, char *got, const char *want)
{
    if (strcmp(got, want) != 0) {
        fprintf(stderr, "%s:%d: wanted:\n%sgot:\n%s", __FILE__, line, want, got);
        check_failures++;
    }
    free(got);
}

#define CHECK_DRAWN(text, width, want) \
    do { \
        struct pp_svg_options look_ = look_of(NULL); \
        check_text(__LINE__, drawn(text, &look_, width, PP_TERM_PLAIN), want); \
    } while (0)

static void test_the_root_is_at_the_top_and_widths_are_shares(void)
{
    CHECK_DRAWN("main;idle 10\nmain;work 10\nmain;work;alloc 20\n", 40,
                "40 samples\n"
                "[all 100.00%                           ]\n"
                "[main 100.00%                          ]\n"
                "[idle    ][work 75.00%                 ]\n"
                "                    [alloc 50.00%      ]\n");
}

static void test_the_title_stands_above(void)
{
    struct pp_svg_options look = look_of("Where\ttime goes to");
    check_text(__LINE__, drawn("a 1\n", &look, 20, PP_TERM_PLAIN),
               "Where?time goes to\n1 samples\n[all 100.00%       ]\n[a 100.00%         ]\n");
}

static void test_names_that_do_not_fit_are_cut(void)
{
    CHECK_DRAWN("abcdefghijklmnopqrstuvwxyz 1\nb 3\n", 40,
                "4 samples\n"
                "[all 100.00%                           ]\n"
                "[abcdef..][b 75.00%                    ]\n");
}

static void test_samples_without_a_column_are_skipped_with_a_warning(void)
{
    CHECK_DRAWN("a 990\ntiny;under 7\ntinier 3\n", 40,
                "1,000 samples\n"
                "[all 100.00%                           ]\n"
                "[a 99.00%                              ]\n"
                "3 frames narrower than a column not shown: 1.00% of all\n");
}

static void test_a_frame_of_one_column_is_a_bar(void)
{
    CHECK_DRAWN("a 39\nb 1\n", 40,
                "40 samples\n"
                "[all 100.00%                           ]\n"
                "[a 97.50%                             ]|\n");
}

static void test_changes_are_shown_with_their_sign(void)
{
    CHECK_DRAWN("a 10 30\nb 30 10\n", 40,
                "40 samples\n"
                "[all 100.00%                           ]\n"
                "[a 75.00% +50.00%            ][b       ]\n");
    CHECK_DRAWN("a 30 10\nb 10 30\n", 80,
                "40 samples\n"
                "[all 100.00%                                                                   "
                "]\n"
                "[a 25.00% -50.00%  ][b 75.00% +50.00%                                          "
                "]\n");
}

/* Wide characters take two columns; characters of uncertain width become question marks. */
static void test_lines_keep_their_width_whatever_names_hold(void)
{
    CHECK_DRAWN("\xe6\xbc\xa2\xe5\xad\x97 1\n", 20,
                "1 samples\n"
                "[all 100.00%       ]\n"
                "[\xe6\xbc\xa2\xe5\xad\x97 100.00%      ]\n");
    CHECK_DRAWN("\x1b[31mred\x07\xff 1\n", 20,
                "1 samples\n"
                "[all 100.00%       ]\n"
                "[?[31mred?? 100.00%]\n");
    CHECK_DRAWN("e\xcc\x81\xe2\x80\xae"
                "x\xf0\x9f\x92\xa9 1\n",
                20, /* accent, override, emoji */
                "1 samples\n"
                "[all 100.00%       ]\n"
                "[e??x? 100.00%     ]\n");
}

static void test_no_control_character_reaches_the_terminal(void)
{
    struct pp_svg_options look = look_of("\x1b]0;title\x07\xc2\x9b"
                                         "2J");
    look.count_name = "\x1b[2J";
    char *got = drawn("\x1b[2J\xc2\x9b"
                      "1m;\x7f\x08 1\n",
                      &look, 30, PP_TERM_PLAIN);
    for (const char *c = got; *c; c++)
        CHECK((*c >= ' ' && *c <= '~') || *c == '\n');
    free(got);
}

static void test_colours_are_of_the_palette_and_end_with_the_frame(void)
{
    struct pp_svg_options look = look_of(NULL);
    struct pp_named_frame a = {pp_str("a"), 0};
    uint64_t seed = 0;
    struct pp_rgb c = pp_frame_color(look.palette, look.pick, &a, &seed);
    char want[200];
    unsigned ink = pp_is_dark(c) ? 255 : 0;
    snprintf(want, sizeof want,
             "1 samples\n"
             "\033[38;2;0;0;0;48;2;200;200;200m all 100.00%%        \033[0m\n"
             "\033[38;2;%u;%u;%u;48;2;%u;%u;%um a 100.00%%          \033[0m\n",
             ink, ink, ink, c.r, c.g, c.b);
    check_text(__LINE__, drawn("a 1\n", &look, 20, PP_TERM_RGB), want);
}

/* The nearest to 200 is 215, step 4 of the cube: 16 + 36 * 4 + 6 * 4 + 4. */
static void test_with_256_colours_the_nearest_is_used(void)
{
    struct pp_svg_options look = look_of(NULL);
    char *got = drawn("a 1\n", &look, 20, PP_TERM_256);
    CHECK(strstr(got, "\033[38;5;16;48;5;188m all 100.00%") != NULL);
    free(got);
}

static void test_counts_are_multiplied_by_the_factor(void)
{
    struct pp_svg_options look = look_of(NULL);
    look.factor = 1000;
    look.count_name = "us";
    check_text(__LINE__, drawn("a 3\n", &look, 20, PP_TERM_PLAIN),
               "3,000 us\n[all 100.00%       ]\n[a 100.00%         ]\n");
}

static void test_an_empty_graph_is_a_line_that_says_so(void)
{
    CHECK_DRAWN("", 40, "no samples: there is nothing to draw\n");
}

CHECK_MAIN(test_the_root_is_at_the_top_and_widths_are_shares, test_the_title_stands_above,
           test_names_that_do_not_fit_are_cut,
           test_samples_without_a_column_are_skipped_with_a_warning,
           test_a_frame_of_one_column_is_a_bar, test_changes_are_shown_with_their_sign,
           test_lines_keep_their_width_whatever_names_hold,
           test_no_control_character_reaches_the_terminal,
           test_colours_are_of_the_palette_and_end_with_the_frame,
           test_with_256_colours_the_nearest_is_used, test_counts_are_multiplied_by_the_factor,
           test_an_empty_graph_is_a_line_that_says_so)
