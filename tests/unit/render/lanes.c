/* Charts in time: whatever the samples, values add up, and rectangles lie within their callers. */
#include <stdlib.h>

#include "base/hash.h"
#include "base/memory.h"
#include "check.h"
#include "load/load.h"
#include "render/layout.h"
#include "transform/naming.h"

static void emit(struct pp_diag *d, const struct pp_message *m)
{
    (void)d;
    fprintf(stderr, "%s\n", m->text);
}

static struct pp_profile *load(struct pp_span text)
{
    struct pp_diag diag = {.emit = emit};
    struct pp_load_options options = {.from = pp_format_named("perf-script"),
                                      .keep = PP_HOLDS_TIME | PP_HOLDS_LABELS};
    struct pp_profile *p = pp_load_bytes(text, "test", &options, &diag);
    pp_by_name(&p, &(struct pp_naming){0});
    pp_diag_release(&diag);
    return p;
}

static uint64_t next(uint64_t *seed, uint64_t below)
{
    *seed = pp_mix(*seed + UINT64_C(0x9e3779b97f4a7c15), UINT64_C(0xe7037ed1a0b428db));
    return *seed % below;
}

/* Samples of some threads, now and then at one time, with stacks of up to `deep` frames. */
static struct pp_out made_up(uint64_t seed, unsigned count, unsigned threads, unsigned deep)
{
    struct pp_out o;
    uint64_t time = 5000000;
    pp_out_memory(&o, NULL);
    for (unsigned i = 0; i < count; i++) {
        time += next(&seed, 4) ? next(&seed, 2000) : next(&seed, 20) ? 0 : 900000;
        pp_putf(&o, "p %u %u.%06u: %u cycles:\n", (unsigned)next(&seed, threads) + 1,
                (unsigned)(time / 1000000), (unsigned)(time % 1000000),
                (unsigned)next(&seed, 9) + 1);
        for (uint64_t n = next(&seed, deep + 1); n > 0; n--)
            pp_putf(&o, "\t%u f%u (/x)\n", 10 + (unsigned)n, (unsigned)next(&seed, 3));
        pp_putc(&o, '\n');
    }
    return o;
}

/* Each value is that of what is on top, what is hidden, and what the frame has itself. */
static void check_sums(const struct pp_layout *l)
{
    int64_t *rest = pp_calloc(l->count, sizeof *rest);
    size_t *open = pp_calloc(l->depth + 2, sizeof *open);
    for (size_t i = 0; i < l->count; i++) {
        const struct pp_rect *r = &l->rects[i];
        rest[i] = r->other - r->hidden;
        open[r->depth] = i;
        if (r->depth)
            rest[open[r->depth - 1]] -= r->other;
    }
    for (size_t i = 0; i < l->count; i++)
        CHECK(rest[i] >= 0);
    CHECK_INT(rest[0] - (int64_t)l->lanes_hidden, 0);
    CHECK_INT(l->rects[0].other, l->sum);
    free(rest);
    free(open);
}

/* Rectangles are within those below them, and side by side. */
static void check_places(const struct pp_layout *l)
{
    size_t *open = pp_calloc(l->depth + 2, sizeof *open);
    int64_t *end = pp_calloc(l->depth + 2, sizeof *end);
    for (size_t i = 0; i < l->count; i++) {
        const struct pp_rect *r = &l->rects[i];
        CHECK(r->width >= 0 && r->row <= l->depth);
        CHECK(r->start >= end[r->row]);
        end[r->row] = r->start + r->width;
        open[r->depth] = i;
        if (!r->depth)
            continue;
        const struct pp_rect *under = &l->rects[open[r->depth - 1]];
        CHECK(r->start >= under->start && r->start + r->width <= under->start + under->width);
        CHECK(r->depth == 1 || r->row == under->row + 1);
    }
    free(open);
    free(end);
}

static void check(const struct pp_profile *p, size_t most, double pixels, size_t lanes)
{
    struct pp_layout l;
    struct pp_layout_options options = {
        .by_time = true, .clock = true, .most = most, .pixels = pixels};
    pp_layout_make(&l, p, &options);
    CHECK_INT(l.nlanes + l.lanes_left_out, lanes);
    CHECK(l.nlanes == 1 || !most || l.count <= most);
    check_sums(&l);
    check_places(&l);
    pp_layout_release(&l);
}

static void test_values_add_up_whatever_is_drawn(void)
{
    for (unsigned seed = 0; seed < 20; seed++) {
        unsigned threads = 1 + seed % 5;
        struct pp_out text = made_up(seed, 2000, threads, 6);
        struct pp_profile *p = load(pp_out_bytes(&text));
        check(p, 0, 1180, threads);
        check(p, 0, 1e7, threads);
        check(p, 500, 1180, threads);
        check(p, 40, 100, threads);
        pp_profile_free(p);
        pp_out_release(&text);
    }
}

static void test_with_room_for_each_sample_nothing_is_hidden(void)
{
    struct pp_out text;
    pp_out_memory(&text, NULL);
    for (unsigned i = 0; i < 100; i++)
        pp_putf(&text, "p 1 1.%03u: 1 cycles:\n\t10 f%u (/x)\n\n", i, i % 7);
    struct pp_profile *p = load(pp_out_bytes(&text));
    struct pp_layout l;
    struct pp_layout_options options = {.by_time = true, .clock = true, .pixels = 1180};
    pp_layout_make(&l, p, &options);
    CHECK_INT(l.hidden, 0);
    CHECK_INT(l.count,
              102); /* of all, of the thread, and each sample differs from its neighbours */
    CHECK_INT(l.rects[2].width, 1000000);
    CHECK_INT(l.rects[101].start, 99000000);
    pp_layout_release(&l);
    pp_profile_free(p);
    pp_out_release(&text);
}

static void test_more_threads_than_lanes_are_left_out(void)
{
    struct pp_out text;
    pp_out_memory(&text, NULL);
    for (unsigned i = 1; i <= 150; i++)
        pp_putf(&text, "p %u %u.0: %u cycles:\n\t10 f (/x)\n\n", i, i, i);
    struct pp_profile *p = load(pp_out_bytes(&text));
    check(p, 0, 1180, 150);
    pp_profile_free(p);
    pp_out_release(&text);
}

CHECK_MAIN(test_values_add_up_whatever_is_drawn, test_with_room_for_each_sample_nothing_is_hidden,
           test_more_threads_than_lanes_are_left_out)
