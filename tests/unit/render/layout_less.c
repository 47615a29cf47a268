/* Frames omitted from flame graphs, counted by hand: "depth name start width hidden" per line. */
#include "render/layout.h"

#include <stdlib.h>

#include "check.h"
#include "transform/compare.h"
#include "unit/profiles.h"

static struct pp_out drawn(const struct pp_profile *p, const struct pp_layout *l)
{
    struct pp_out o;
    pp_out_memory(&o, NULL);
    for (size_t i = 0; i < l->count; i++) {
        const struct pp_rect *r = &l->rects[i];
        struct pp_span name = r->depth ? pp_frame_name(p, r->frame) : pp_str("all");
        if (pp_rect_is_others(r))
            name = pp_str("others");
        pp_putf(&o, "%u %.*s %lld %lld %lld\n", r->depth, PP_SHOW(name), (long long)r->start,
                (long long)r->width, (long long)r->hidden);
    }
    pp_putc(&o, '\0');
    return o;
}

static void check_layout(const char *text, struct pp_layout_options options, const char *want)
{
    struct pp_profile *p = folded(text);
    struct pp_layout l;
    int64_t hidden = 0;
    options.pixels = options.pixels > 0 ? options.pixels : 100;
    pp_layout_make(&l, p, &options);
    struct pp_out got = drawn(p, &l);
    if (strcmp(got.buf, want) != 0)
        fprintf(stderr, "from:\n%sgot:\n%swant:\n%s", text, got.buf, want);
    CHECK(strcmp(got.buf, want) == 0);
    for (size_t i = 0; i < l.count; i++)
        hidden += l.rects[i].hidden;
    CHECK_INT(l.hidden, hidden);
    pp_out_release(&got);
    pp_layout_release(&l);
    pp_profile_free(p);
}

static const char shop[] = "a;b 50\na;c 1\na;d;x 20\na;d;y 4\na;e 5\nf 20\n";

static void test_hidden_frames_are_counted_in_their_place(void)
{
    check_layout(shop, (struct pp_layout_options){.least = 6},
                 "0 all 0 100 0\n1 a 0 80 6\n2 b 0 50 0\n2 d 51 24 4\n3 x 51 20 0\n1 f 80 20 0\n");
}

static void test_reversed_stacks_count_what_is_hidden_too(void)
{
    check_layout("a;b 50\nc;b 3\nd 2\n", (struct pp_layout_options){.least = 6, .reverse = true},
                 "0 all 0 55 2\n1 b 0 53 3\n2 a 0 50 0\n");
}

static void test_a_chart_counts_what_is_hidden_once(void)
{
    check_layout("a;b;c 1\na 50\nd;e 2\n", (struct pp_layout_options){.least = 6, .by_time = true},
                 "0 all 0 53 2\n1 a 0 51 1\n");
}

static void test_the_widest_stay_where_there_are_too_many(void)
{
    check_layout(shop, (struct pp_layout_options){.most = 4},
                 "0 all 0 100 20\n1 a 0 80 6\n2 b 0 50 0\n2 d 51 24 24\n");
}

static void test_of_equally_wide_ones_the_first_stay_and_what_they_stand_on(void)
{
    check_layout("a;b;c 5\nd;e;f 5\n", (struct pp_layout_options){.most = 5},
                 "0 all 0 10 0\n1 a 0 5 0\n2 b 0 5 0\n3 c 0 5 0\n1 d 5 5 5\n");
}

static void test_others_stand_at_the_right_and_their_total_is_right(void)
{
    check_layout(shop, (struct pp_layout_options){.least = 6, .others = true},
                 "0 all 0 100 0\n1 a 0 80 0\n2 b 0 50 0\n2 d 50 24 0\n3 x 50 20 0\n"
                 "3 others 70 4 0\n2 others 74 6 0\n1 f 80 20 0\n");
}

static void test_frames_beyond_the_maximum_merge_into_others(void)
{
    check_layout(shop, (struct pp_layout_options){.most = 4, .others = true},
                 "0 all 0 100 0\n1 a 0 80 0\n2 b 0 50 0\n2 d 50 24 0\n3 others 50 24 0\n"
                 "2 others 74 6 0\n1 others 80 20 0\n");
}

static void test_what_a_frame_weighs_itself_is_not_among_the_others(void)
{
    check_layout("a 30\na;b 1\na;bb 1\na;c 40\nd 28\n",
                 (struct pp_layout_options){.least = 1.5, .others = true},
                 "0 all 0 100 0\n1 a 0 72 0\n2 c 30 40 0\n2 others 70 2 0\n1 d 72 28 0\n");
}

static void test_unsorted_frames_stand_as_they_were_seen(void)
{
    check_layout("b;z 1\nb;y 2\na 3\nb;x 4\n", (struct pp_layout_options){.no_sort = true},
                 "0 all 0 10 0\n1 b 0 7 0\n2 z 0 1 0\n2 y 1 2 0\n2 x 3 4 0\n1 a 7 3 0\n");
}

/* From before, "a;gone;x" (5) and "lost" (2) have vanished; "a;stays" has not. */
static void test_lost_stacks_are_found_at_their_lowest_frame(void)
{
    struct pp_profile *p = folded("a;gone;x 3 0\na;gone 2 0\na;stays 4 4\nlost 2 0\nnew 0 1\n");
    struct pp_layout l;
    pp_layout_make(&l, p, &(struct pp_layout_options){.pixels = 100});
    CHECK_INT(l.nlost, 2);
    CHECK_INT(l.lost_sum, 7);
    CHECK(pp_is(pp_frame_name(p, l.lost[0].frame), "gone"));
    CHECK_INT(l.lost[0].other, 5);
    CHECK(pp_is(pp_frame_name(p, l.lost[1].frame), "lost"));
    CHECK_INT(l.lost[2].other, 0);
    pp_layout_release(&l);
    pp_profile_free(p);
}

/* "b" stays; 30 and 7 from after, and 10 and 5 from before, do not. */
static void test_of_a_comparison_both_sides_are_counted(void)
{
    const char *why;
    struct pp_profile *p = folded("a;b 50\na;c 10\na;d 5\n"),
                      *after = folded("a;b 40\na;c 30\na;d 7\n");
    struct pp_layout l;
    CHECK(pp_compare(p, after, &why));
    pp_layout_make(&l, p, &(struct pp_layout_options){.column = 1, .pixels = 100, .most = 3});
    CHECK_INT(l.count, 3);
    CHECK_INT(l.rects[1].hidden, 37);
    CHECK_INT(l.rects[1].hidden_other, 15);
    pp_layout_release(&l);
    pp_profile_free(after);
    pp_profile_free(p);
}

CHECK_MAIN(test_of_a_comparison_both_sides_are_counted,
           test_hidden_frames_are_counted_in_their_place,
           test_reversed_stacks_count_what_is_hidden_too, test_a_chart_counts_what_is_hidden_once,
           test_the_widest_stay_where_there_are_too_many,
           test_of_equally_wide_ones_the_first_stay_and_what_they_stand_on,
           test_others_stand_at_the_right_and_their_total_is_right,
           test_frames_beyond_the_maximum_merge_into_others,
           test_what_a_frame_weighs_itself_is_not_among_the_others,
           test_unsorted_frames_stand_as_they_were_seen,
           test_lost_stacks_are_found_at_their_lowest_frame)
