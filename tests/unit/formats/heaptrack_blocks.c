/* The blocks at the peak, compared with a recount after each event. */
#include "formats/heaptrack/moments.h"
#include "unit/profiles.h"

enum { KINDS = 5, EVENTS = 4000 };

/* Random events, and the expected result. */
struct truth {
    int64_t live[KINDS], peak[KINDS], total, highest;
};

static unsigned next(unsigned *seed)
{
    *seed = *seed * 1103515245u + 12345u;
    return *seed >> 16 & 0x7fff;
}

static void note(struct truth *t, size_t kind, int64_t size, int change)
{
    t->live[kind] += change;
    t->total += change * size;
    if (t->total <= t->highest)
        return;
    t->highest = t->total;
    memcpy(t->peak, t->live, sizeof t->peak);
}

static void make_up(struct pp_heaptrack_blocks *b, struct pp_heaptrack_moments *m, struct truth *t,
                    unsigned seed)
{
    for (size_t i = 0; i < KINDS; i++)
        CHECK_INT(pp_heaptrack_kind(b, (int64_t)(i * 37 + 1), 0), i);
    for (uint64_t i = 0; i < EVENTS; i++) {
        size_t kind = next(&seed) % KINDS;
        int change = next(&seed) % 2 || !t->live[kind] ? 1 : -1;
        CHECK(change > 0 ? pp_heaptrack_take(b, kind) : pp_heaptrack_give(b, kind));
        note(t, kind, b->kinds[kind].size, change);
        pp_heaptrack_moment(m, b, i, i == EVENTS - 1);
    }
}

static void test_the_peak_is_the_first_highest_sum(void)
{
    for (unsigned seed = 1; seed <= 50; seed++) {
        struct pp_heaptrack_blocks b = {0};
        struct pp_heaptrack_moments m = {0};
        struct truth t = {{0}};
        make_up(&b, &m, &t, seed);
        CHECK(b.peak == t.highest && b.total == t.total);
        for (size_t i = 0; i < KINDS; i++)
            CHECK(pp_heaptrack_at_peak(&b, i) == t.peak[i] && b.kinds[i].live == t.live[i]);
        pp_heaptrack_moments_release(&m);
        pp_heaptrack_blocks_release(&b);
    }
}

static void test_moments_are_few_even_and_end_with_the_last(void)
{
    struct pp_heaptrack_blocks b = {0};
    struct pp_heaptrack_moments m = {0};
    struct truth t = {{0}};
    make_up(&b, &m, &t, 7);
    CHECK(m.count > 60 && m.count <= 128);
    for (size_t i = 1; i + 2 < m.count; i++)
        CHECK_INT(m.list[i + 1].time - m.list[i].time, m.step);
    const struct pp_heaptrack_moment *last = &m.list[m.count - 1];
    CHECK(m.list[0].time == 0 && last->time == EVENTS - 1);
    int64_t sum = 0;
    for (size_t i = 0; i < last->count; i++)
        sum += last->live[i].count * b.kinds[last->live[i].kind].size;
    CHECK(sum == t.total);
    pp_heaptrack_moments_release(&m);
    pp_heaptrack_blocks_release(&b);
}

static void test_a_heap_beyond_63_bits_is_refused(void)
{
    struct pp_heaptrack_blocks b = {0};
    size_t huge = pp_heaptrack_kind(&b, INT64_MAX, 0), one = pp_heaptrack_kind(&b, 1, 0);
    CHECK(pp_heaptrack_take(&b, huge));
    CHECK(!pp_heaptrack_take(&b, one));
    pp_heaptrack_blocks_release(&b);
}

static void test_a_free_of_an_unknown_block_is_reported(void)
{
    struct pp_heaptrack_blocks b = {0};
    CHECK(!pp_heaptrack_give_at(&b, 0x10));
    CHECK(pp_heaptrack_take_at(&b, 8, 0, 0x10));
    CHECK(!pp_heaptrack_give_at(&b, 0x20));
    CHECK(pp_heaptrack_give_at(&b, 0x10));
    CHECK(!pp_heaptrack_give_at(&b, 0x10));
    CHECK_INT(b.kinds[0].temporary, 1);
    pp_heaptrack_blocks_release(&b);
}

CHECK_MAIN(test_the_peak_is_the_first_highest_sum, test_moments_are_few_even_and_end_with_the_last,
           test_a_heap_beyond_63_bits_is_refused, test_a_free_of_an_unknown_block_is_reported)
