/* The rectangles of small flame graphs, counted by hand: "depth name start width" a line. */
#include "render/layout.h"

#include <stdlib.h>

#include "check.h"
#include "load/load.h"
#include "transform/naming.h"

static void emit(struct pp_diag *d, const struct pp_message *m)
{
    (void)d;
    fprintf(stderr, "%s\n", m->text);
}

static struct pp_profile *load(struct pp_span text, unsigned keep)
{
    struct pp_diag diag = {.emit = emit};
    struct pp_load_options options = {.from = pp_format_named("folded"), .keep = keep};
    struct pp_profile *p = pp_load_bytes(text, "test", &options, &diag);
    pp_by_name(&p, &(struct pp_naming){0});
    pp_diag_release(&diag);
    return p;
}

static struct pp_out drawn(const struct pp_profile *p, const struct pp_layout *l)
{
    struct pp_out o;
    pp_out_memory(&o, NULL);
    for (size_t i = 0; i < l->count; i++) {
        const struct pp_rect *r = &l->rects[i];
        struct pp_span name = i ? pp_frame_name(p, r->frame) : pp_str("all");
        pp_putf(&o, "%u %.*s %lld %lld", r->depth, PP_SHOW(name), (long long)r->start,
                (long long)r->width);
        if (l->compared)
            pp_putf(&o, " %lld", (long long)r->other);
        pp_putc(&o, '\n');
    }
    pp_putc(&o, '\0');
    return o;
}

static void check_layout(const char *folded, struct pp_layout_options options, const char *want)
{
    struct pp_profile *p = load(pp_str(folded), options.by_time ? PP_HOLDS_TIME : 0);
    struct pp_layout l;
    if (options.pixels == 0)
        options.pixels = 1180;
    pp_layout_make(&l, p, &options);
    struct pp_out got = drawn(p, &l);
    if (strcmp(got.buf, want) != 0)
        fprintf(stderr, "from:\n%sgot:\n%swant:\n%s", folded, got.buf, want);
    CHECK(strcmp(got.buf, want) == 0);
    pp_out_release(&got);
    pp_layout_release(&l);
    pp_profile_free(p);
}

static void test_what_a_frame_weighs_itself_lies_left_of_what_it_calls(void)
{
    check_layout("main 2\nmain;b 3\nmain;a 4\nmain;b;c 1\n", (struct pp_layout_options){0},
                 "0 all 0 10\n"
                 "1 main 0 10\n"
                 "2 a 2 4\n"
                 "2 b 6 4\n"
                 "3 c 9 1\n");
}

/* Sorted as lines, "foo.cold" comes between "foo" and "foo;bar". */
static void test_a_frame_is_never_split_by_one_with_a_longer_name(void)
{
    check_layout("main;foo 1\nmain;foo.cold 2\nmain;foo;bar 4\n", (struct pp_layout_options){0},
                 "0 all 0 7\n"
                 "1 main 0 7\n"
                 "2 foo 0 5\n"
                 "3 bar 1 4\n"
                 "2 foo.cold 5 2\n");
}

static void test_siblings_stand_in_the_order_of_bytes(void)
{
    check_layout("b 1\nB 1\na 1\n\xc3\xa9 1\n_ 1\n", (struct pp_layout_options){0},
                 "0 all 0 5\n"
                 "1 B 0 1\n"
                 "1 _ 1 1\n"
                 "1 a 2 1\n"
                 "1 b 3 1\n"
                 "1 \xc3\xa9 4 1\n");
}

static void test_marked_frames_are_not_the_unmarked_ones(void)
{
    check_layout("f_[k] 1\nf 2\n", (struct pp_layout_options){0},
                 "0 all 0 3\n"
                 "1 f 0 2\n"
                 "1 f 2 1\n");
}

static void test_reversed_stacks_merge_from_the_leaf(void)
{
    check_layout("a;lock 1\nb;lock 2\na 4\nb;a;lock 8\n",
                 (struct pp_layout_options){.reverse = true},
                 "0 all 0 15\n"
                 "1 a 0 4\n"
                 "1 lock 4 11\n"
                 "2 a 4 9\n"
                 "3 b 5 8\n"
                 "2 b 13 2\n");
}

static void test_in_a_chart_only_neighbours_are_one(void)
{
    check_layout("main;b 1\nmain;a 2\nmain;a;x 3\nmain;b 4\n",
                 (struct pp_layout_options){.by_time = true},
                 "0 all 0 10\n"
                 "1 main 0 10\n"
                 "2 b 0 1\n"
                 "2 a 1 5\n"
                 "3 x 3 3\n"
                 "2 b 6 4\n");
}

/* Adds a sample with this time. */
static void add_at(struct pp_profile *p, int64_t ns, const char *name, int64_t value)
{
    pp_id node = pp_child(p, 0, pp_frame_named(p, pp_str(name)));
    pp_add(p, pp_sample_id(p, &(struct pp_sample){.node = node, .time_ns = ns}), 0, value);
}

/* Samples with the same time stay in the order of the input. */
static void test_a_chart_is_in_the_order_of_time(void)
{
    struct pp_profile *p = pp_profile_new();
    struct pp_layout l;
    pp_column(p, pp_str("samples"), pp_str("count"));
    add_at(p, 30, "late", 1);
    add_at(p, 20, "b", 2);
    add_at(p, 20, "a", 3);
    add_at(p, 10, "early", 4);
    pp_layout_make(&l, p, &(struct pp_layout_options){.by_time = true, .pixels = 1180});
    struct pp_out got = drawn(p, &l);
    CHECK(strcmp(got.buf, "0 all 0 10\n1 early 0 4\n1 b 4 2\n1 a 6 3\n1 late 9 1\n") == 0);
    pp_out_release(&got);
    pp_layout_release(&l);
    pp_profile_free(p);
}

static void test_a_reversed_chart_reverses_each_stack(void)
{
    check_layout("a;z 1\nb;z 2\n", (struct pp_layout_options){.by_time = true, .reverse = true},
                 "0 all 0 3\n"
                 "1 z 0 3\n"
                 "2 a 0 1\n"
                 "2 b 1 2\n");
}

/*
 * 1% of 200 is 2: frames with 2 stay, those with 1 go with their callees, and their place is empty.
 */
static void test_narrow_frames_leave_their_place_empty(void)
{
    static const char folded[] = "a;b 1\nc;d 2\nc;e 1\nf 196\n";
    struct pp_layout_options options = {.least = 1, .least_percent = true};
    check_layout(folded, options,
                 "0 all 0 200\n"
                 "1 c 1 3\n"
                 "2 d 1 2\n"
                 "1 f 4 196\n");
    options.by_time = true;
    check_layout(folded, options,
                 "0 all 0 200\n"
                 "1 c 1 3\n"
                 "2 d 1 2\n"
                 "1 f 4 196\n");
    options = (struct pp_layout_options){.least = 1, .least_percent = true, .reverse = true};
    check_layout(folded, options,
                 "0 all 0 200\n"
                 "1 d 1 2\n"
                 "2 c 1 2\n"
                 "1 f 4 196\n");
}

/* 100 pixels for 200: a pixel is 2. */
static void test_the_least_width_may_be_in_pixels(void)
{
    check_layout("a 1\nb 2\nc 197\n", (struct pp_layout_options){.least = 1, .pixels = 100},
                 "0 all 0 200\n"
                 "1 b 1 2\n"
                 "1 c 3 197\n");
}

static void test_a_greater_total_leaves_room_at_the_right(void)
{
    check_layout("a 3\n", (struct pp_layout_options){.total = 10}, "0 all 0 10\n1 a 0 3\n");
    check_layout("a 3\n", (struct pp_layout_options){.total = 2}, "0 all 0 3\n1 a 0 3\n");
}

static void test_differences_have_both_widths_of_every_frame(void)
{
    static const char folded[] = "a;b 1 3\na;c 4 1\nd 2 0\n";
    check_layout(folded, (struct pp_layout_options){0},
                 "0 all 0 4 7\n"
                 "1 a 0 4 5\n"
                 "2 b 0 3 1\n"
                 "2 c 3 1 4\n");
    check_layout(folded, (struct pp_layout_options){.widths = PP_BEFORE},
                 "0 all 0 7 4\n"
                 "1 a 0 5 4\n"
                 "2 b 0 1 3\n"
                 "2 c 1 4 1\n"
                 "1 d 5 2 0\n");
    check_layout(folded, (struct pp_layout_options){.reverse = true},
                 "0 all 0 4 7\n"
                 "1 b 0 3 1\n"
                 "2 a 0 3 1\n"
                 "1 c 3 1 4\n"
                 "2 a 3 1 4\n");
    check_layout(folded, (struct pp_layout_options){.by_time = true},
                 "0 all 0 4 7\n"
                 "1 a 0 4 5\n"
                 "2 b 0 3 1\n"
                 "2 c 3 1 4\n");
}

static void test_negative_counts_are_drawn_by_their_size(void)
{
    struct pp_profile *p = load(pp_str("a 3\nb -2\n"), 0);
    struct pp_layout l;
    pp_layout_make(&l, p, &(struct pp_layout_options){.pixels = 100});
    CHECK(l.negative);
    CHECK_INT(l.sum, 5);
    pp_layout_release(&l);
    pp_profile_free(p);
}

static void test_nothing_is_one_empty_rectangle(void)
{
    check_layout("", (struct pp_layout_options){0}, "0 all 0 0\n");
    check_layout("", (struct pp_layout_options){.by_time = true}, "0 all 0 0\n");
    check_layout("a 0\n", (struct pp_layout_options){.reverse = true}, "0 all 0 0\n");
}

/* As deep as stacks may be, in all three ways. */
static void test_the_deepest_stacks_can_be_drawn(void)
{
    struct pp_out text;
    pp_out_memory(&text, NULL);
    for (int i = 0; i < 65535; i++)
        pp_putf(&text, "f%d;", i % 1000);
    pp_puts(&text, "leaf 7\n");
    struct pp_profile *p = load(pp_out_bytes(&text), 0);
    for (int way = 0; way < 4; way++) {
        struct pp_layout l;
        struct pp_layout_options options = {
            .by_time = way & 1, .reverse = way >> 1 & 1, .pixels = 100};
        pp_layout_make(&l, p, &options);
        CHECK_INT(l.count, 65537);
        CHECK_INT(l.depth, 65536);
        CHECK_INT(l.rects[65536].width, 7);
        pp_layout_release(&l);
    }
    pp_profile_free(p);
    pp_out_release(&text);
}

CHECK_MAIN(test_what_a_frame_weighs_itself_lies_left_of_what_it_calls,
           test_a_frame_is_never_split_by_one_with_a_longer_name,
           test_siblings_stand_in_the_order_of_bytes, test_marked_frames_are_not_the_unmarked_ones,
           test_reversed_stacks_merge_from_the_leaf, test_in_a_chart_only_neighbours_are_one,
           test_a_chart_is_in_the_order_of_time, test_a_reversed_chart_reverses_each_stack,
           test_narrow_frames_leave_their_place_empty, test_the_least_width_may_be_in_pixels,
           test_a_greater_total_leaves_room_at_the_right,
           test_differences_have_both_widths_of_every_frame,
           test_negative_counts_are_drawn_by_their_size, test_nothing_is_one_empty_rectangle,
           test_the_deepest_stacks_can_be_drawn)
