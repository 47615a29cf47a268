/* Mappings of processes, compared with a list of every address; and records in order of time. */
#include "formats/perf/data/space.h"

#include <stdlib.h>

#include "check.h"
#include "formats/perf/data/queue.h"

static uint32_t random_below(uint32_t n)
{
    static uint64_t state = 1;
    state = state * UINT64_C(6364136223846793005) + 1442695040888963407;
    return (uint32_t)(state >> 33) % n;
}

/* --- spaces -------------------------------------------------------------- */

enum { ADDRESSES = 64, SPACES = 4, CHANGES = 4000 };

/* A space, and what each address of it is. */
struct pair {
    struct pp_data_space space;
    uint32_t map[ADDRESSES];
};

static void check_same(const struct pair *p)
{
    for (uint64_t a = 0; a < ADDRESSES; a++)
        CHECK_INT(pp_data_space_find(&p->space, a), p->map[a]);
}

/* Ranges come in order, do not overlap, and say what is found. */
static void visit(void *ctx, uint64_t start, uint64_t end, uint32_t map)
{
    uint64_t *last = ctx;
    CHECK(start >= *last && start < end && map);
    *last = end;
}

static void change(struct pair *pairs, struct pp_data_versions *versions, uint32_t n)
{
    struct pair *p = &pairs[random_below(SPACES)], *other = &pairs[random_below(SPACES)];
    uint32_t start = random_below(ADDRESSES), end = start + 1 + random_below(ADDRESSES - start);
    uint32_t how = random_below(8);
    if (how == 0 && p != other) {
        pp_data_space_copy(&p->space, &other->space);
        memcpy(p->map, other->map, sizeof p->map);
        CHECK(p->space.version == other->space.version);
        return;
    }
    uint32_t map = how == 1 ? 0 : n;
    if (map)
        pp_data_space_add(&p->space, versions, start, end, map);
    else
        pp_data_space_cut(&p->space, versions, start, end);
    for (uint32_t a = start; a < end && a < ADDRESSES; a++)
        p->map[a] = map;
}

static void test_the_newest_mapping_wins_and_copies_do_not_change_with_their_origin(void)
{
    struct pair pairs[SPACES] = {{{0}, {0}}};
    struct pp_data_versions versions = {0};
    for (uint32_t n = 1; n <= CHANGES; n++) {
        uint64_t last = 0;
        change(pairs, &versions, n);
        for (size_t i = 0; i < SPACES; i++)
            check_same(&pairs[i]);
        pp_data_space_walk(&pairs[n % SPACES].space, visit, &last);
    }
    for (size_t i = 0; i < SPACES; i++)
        pp_data_space_release(&pairs[i].space);
}

/* A list would need 10^10 steps for this, and recursion as deep as the list a stack of that size.
 */
static void test_many_mappings_in_order_cost_no_more_than_others(void)
{
    enum { MANY = 100000 };
    struct pp_data_space space = {0}, copy = {0};
    struct pp_data_versions versions = {0};
    for (uint64_t i = 0; i < MANY; i++) {
        pp_data_space_add(&space, &versions, 2 * i, 2 * i + 1, (uint32_t)i + 1);
        pp_data_space_copy(&copy, &space);
    }
    for (uint64_t i = 0; i < MANY; i++)
        CHECK(pp_data_space_find(&copy, 2 * i) == i + 1 && !pp_data_space_find(&copy, 2 * i + 1));
    pp_data_space_release(&space);
    pp_data_space_release(&copy);
}

/* --- records in order ---------------------------------------------------- */

/* What the queue passes on: pairs of a time and the number of the record. */
struct passed {
    uint64_t time, number;
    size_t count;
};

static bool take(void *ctx, struct pp_span record, uint64_t place)
{
    struct passed *p = ctx;
    uint64_t words[2];
    CHECK_INT(pp_len(record), sizeof words);
    memcpy(words, record.p, sizeof words);
    CHECK(words[0] > p->time || (words[0] == p->time && words[1] > p->number) || !p->count);
    CHECK_INT(place, words[1]);
    *p = (struct passed){words[0], words[1], p->count + 1};
    return true;
}

static void add(struct pp_data_queue *q, uint64_t time, uint64_t number)
{
    const uint64_t words[] = {time, number};
    pp_data_queue_add(q, time, number,
                      (struct pp_span){(const char *)words, (const char *)(words + 2)});
}

/* Each round has records of three buffers, not older than those before the last round but one. */
static void test_records_come_in_order_of_time_and_equal_ones_in_that_of_the_file(void)
{
    enum { ROUNDS = 200, BUFFERS = 3, STEP = 50 };
    struct pp_data_queue q = {0};
    struct passed passed = {0};
    uint64_t number = 0;
    for (uint64_t round = 0; round < ROUNDS; round++) {
        for (unsigned buffer = 0; buffer < BUFFERS; buffer++) {
            uint64_t time = round * STEP;
            for (uint32_t n = random_below(20); n; n--)
                add(&q, time += random_below(5), ++number);
        }
        CHECK(pp_data_queue_round(&q, false, take, &passed));
        CHECK(q.count <= 2 * BUFFERS * 20); /* what two rounds hold, and no more */
    }
    CHECK(pp_data_queue_round(&q, true, take, &passed));
    CHECK_INT(passed.count, number);
    pp_data_queue_release(&q);
}

static bool refuse(void *ctx, struct pp_span record, uint64_t place)
{
    (void)record, (void)place;
    return ++*(int *)ctx < 2;
}

static void test_the_queue_stops_where_a_record_is_refused(void)
{
    struct pp_data_queue q = {0};
    int count = 0;
    for (uint64_t i = 1; i <= 5; i++)
        add(&q, i, i);
    CHECK(!pp_data_queue_round(&q, true, refuse, &count));
    CHECK_INT(count, 2);
    pp_data_queue_release(&q);
}

CHECK_MAIN(test_the_newest_mapping_wins_and_copies_do_not_change_with_their_origin,
           test_many_mappings_in_order_cost_no_more_than_others,
           test_records_come_in_order_of_time_and_equal_ones_in_that_of_the_file,
           test_the_queue_stops_where_a_record_is_refused)
