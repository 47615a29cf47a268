/* A cache finds what was added, never anything else, and stays within its limit. */
#include "base/cache.h"

#include <stdlib.h>

#include "check.h"

static struct pp_digest key_of(uint64_t i)
{
    return pp_digest(&i, sizeof i, 1);
}

/* How many of the first `n` are found: each must be what was added. */
static size_t count_found(const struct pp_cache *c, uint64_t n)
{
    size_t found = 0;
    for (uint64_t i = 0; i < n; i++) {
        const struct pp_cached *at = pp_cache_find(c, key_of(i));
        CHECK(!at || at->node == i);
        found += at != NULL;
    }
    return found;
}

static void add(struct pp_cache *c, uint64_t from, uint64_t to)
{
    for (uint64_t i = from; i < to; i++)
        pp_cache_add(c, (struct pp_cached){.key = key_of(i), .node = (pp_id)i, .depth = 1});
}

static void test_an_empty_one_finds_nothing(void)
{
    struct pp_cache c = {0};
    pp_cache_prefetch(&c, key_of(0));
    CHECK(!pp_cache_find(&c, key_of(0)));
}

static void test_most_of_what_was_added_is_found(void)
{
    struct pp_cache c = {0};
    add(&c, 0, 10000);
    CHECK(count_found(&c, 20000) > 8000); /* some were evicted */
    CHECK(count_found(&c, 20000) <= 10000);
    CHECK(c.count >= 2 * c.used);
    free(c.slots);
}

static void test_a_key_is_there_once(void)
{
    struct pp_cache c = {0};
    add(&c, 7, 8);
    pp_cache_add(&c, (struct pp_cached){.key = key_of(7), .node = 9, .depth = 2});
    CHECK(pp_cache_find(&c, key_of(7))->node == 9);
    CHECK(c.used == 1);
    free(c.slots);
}

static void test_it_is_bounded(void)
{
    struct pp_cache c = {0};
    add(&c, 0, 2000000);
    CHECK(c.count <= 1 << 19);
    CHECK(pp_cache_find(&c, key_of(1999999))); /* the last one is always there */
    CHECK(count_found(&c, 2000000) <= 1 << 19);
    free(c.slots);
}

static void test_too_few_hits_are_noticed(void)
{
    struct pp_cache c = {0};
    for (size_t i = 0; i <= 4096; i++) {
        CHECK(!pp_cache_rarely_hits(&c));
        pp_hit_rate_note(&c.rate, false);
    }
    CHECK(pp_cache_rarely_hits(&c));
    c.rate = (struct pp_hit_rate){0};
    for (size_t i = 0; i < 100000; i++)
        pp_hit_rate_note(&c.rate, i % 8 == 0);
    CHECK(!pp_cache_rarely_hits(&c));
}

CHECK_MAIN(test_an_empty_one_finds_nothing, test_most_of_what_was_added_is_found,
           test_a_key_is_there_once, test_it_is_bounded, test_too_few_hits_are_noticed)
