/* Merging is associative and commutative, to the byte of the output, and agrees with pprof. */
#include "transform/combine.h"

#include "base/memory.h"
#include "unit/made_up.h"
#include "unit/profiles.h"

static const char too_large[] = "the sum of a column exceeds 64 bits";

/* --- merging them -------------------------------------------------------- */

static void add(struct pp_combined *c, struct pp_profile *p)
{
    const char *why = "";
    if (!pp_combine(c, p, &why)) {
        fprintf(stderr, "not combined: %s\n", why);
        check_failures++;
    }
    pp_profile_free(p);
}

static struct pp_profile *end(struct pp_combined *c)
{
    struct pp_profile *p = pp_combine_end(c, true, NULL);
    pp_canonical(&p);
    return p;
}

/* Written as pp-merge writes it and read again, to compare what files contain. */
static struct pp_profile *written_and_read(struct pp_profile *p)
{
    struct heard h = heard_new();
    struct pp_out out;
    pp_out_memory(&out, &h.diag);
    CHECK(pp_format_named("pprof")->write(p, &out));
    struct pp_profile *back = read_as("pprof", pp_out_bytes(&out), &h);
    CHECK(back != NULL);
    pp_out_release(&out);
    pp_diag_release(&h.diag);
    pp_profile_free(p);
    return back;
}

/*
 * Merges the profiles numbers[0..n), all at once, or, depending on `state`, in random nested
 * groups.
 */
static struct pp_profile *merge(const uint64_t *numbers, size_t n, uint64_t *state)
{
    struct pp_combined *c = pp_combine_new();
    if (!state || n < 3) {
        for (size_t i = 0; i < n; i++)
            add(c, made_up(numbers[i]));
    } else {
        size_t cut = 1 + (size_t)one_of(state, n - 1);
        add(c, written_and_read(merge(numbers, cut, state)));
        add(c, written_and_read(merge(numbers + cut, n - cut, state)));
    }
    return end(c);
}

static void shuffle(uint64_t *numbers, size_t n, uint64_t *state)
{
    for (size_t i = n; i-- > 1;) {
        size_t k = (size_t)one_of(state, i + 1);
        uint64_t swap = numbers[i];
        numbers[i] = numbers[k];
        numbers[k] = swap;
    }
}

/* Checks that both are written as the same bytes; shows them if not. */
static void check_same_bytes(const struct pp_profile *a, const struct pp_profile *b)
{
    struct pp_diag diag = {0};
    struct pp_out x, y;
    pp_out_memory(&x, &diag);
    pp_out_memory(&y, &diag);
    pp_format_named("pprof")->write(a, &x);
    pp_format_named("pprof")->write(b, &y);
    if (x.len != y.len || memcmp(x.buf, y.buf, x.len) != 0) {
        char *first = written(a, "text"), *second = written(b, "text");
        fprintf(stderr, "not the same bytes:\n%s--- and\n%s", first, second);
        free(first);
        free(second);
        check_failures++;
    }
    pp_out_release(&x);
    pp_out_release(&y);
}

static void test_neither_order_nor_grouping_changes_a_byte(void)
{
    enum { PROFILES = 7, ROUNDS = 300 };
    for (uint64_t round = 0; round < ROUNDS && !check_failures; round++) {
        uint64_t numbers[PROFILES], state = round;
        size_t n = 2 + (size_t)one_of(&state, PROFILES - 1);
        for (size_t i = 0; i < n; i++)
            numbers[i] = round * PROFILES + i;
        struct pp_profile *whole = merge(numbers, n, NULL);
        for (int i = 0; i < 3; i++) {
            shuffle(numbers, n, &state);
            struct pp_profile *other = merge(numbers, n, &state);
            check_same_bytes(whole, other);
            pp_profile_free(other);
        }
        pp_profile_free(whole);
    }
}

static void test_merging_one_again_changes_nothing(void)
{
    struct pp_combined *c = pp_combine_new();
    struct pp_profile *once = merge(&(uint64_t){42}, 1, NULL);
    add(c, merge(&(uint64_t){42}, 1, NULL));
    struct pp_profile *twice = end(c);
    check_same_bytes(once, twice);
    pp_profile_free(once);
    pp_profile_free(twice);
}

/* --- the rules, one by one ----------------------------------------------- */

/* A profile of one sample in one mapping of 0x2000 bytes. */
static struct pp_profile *mapped(struct pp_mapping m, const char *file, const char *build_id,
                                 uint64_t address)
{
    struct pp_profile *p = pp_profile_new();
    pp_column(p, pp_str("cpu"), pp_str("ns"));
    m.file = pp_cstring(p, file);
    m.build_id = pp_cstring(p, build_id);
    struct pp_frame f = {.address = address, .mapping = pp_intern(&p->mappings, &m)};
    struct pp_sample s = {.node = pp_child(p, 0, pp_intern(&p->frames, &f))};
    pp_add(p, pp_sample_id(p, &s), 0, 5);
    return p;
}

static struct pp_profile *mapped_at(uint64_t start, const char *file, const char *build_id,
                                    uint64_t address)
{
    struct pp_mapping m = {.start = start, .limit = start + 0x2000};
    return mapped(m, file, build_id, address);
}

static struct pp_profile *both(struct pp_profile *a, struct pp_profile *b)
{
    struct pp_combined *c = pp_combine_new();
    add(c, a);
    add(c, b);
    return end(c);
}

static void check_text(struct pp_profile *p, const char *want)
{
    char *text = written(p, "text");
    if (strcmp(text, want) != 0) {
        fprintf(stderr, "wanted:\n%sgot:\n%s", want, text);
        check_failures++;
    }
    free(text);
    pp_profile_free(p);
}

static void test_a_file_that_is_mapped_elsewhere_is_the_same(void)
{
    check_text(both(mapped_at(0x9000, "/a", "", 0x9010), mapped_at(0x4000, "/a", "", 0x4010)),
               "default cpu\ncolumn cpu/ns\nmapping 1: 0x4000-0x6000+0 /a\n"
               "sample 10\n    ? at 0x4010 mapping 1\n");
}

static void test_a_build_id_is_more_than_a_name(void)
{
    check_text(both(mapped_at(0x9000, "/b", "77", 0x9010), mapped_at(0x4000, "/a", "77", 0x4010)),
               "default cpu\ncolumn cpu/ns\nmapping 1: 0x4000-0x6000+0 /a build-id 77\n"
               "sample 10\n    ? at 0x4010 mapping 1\n");
}

static void test_memory_without_a_name_stays_where_it_is(void)
{
    check_text(both(mapped_at(0x9000, "", "", 0x9010), mapped_at(0x4000, "", "", 0x4010)),
               "default cpu\ncolumn cpu/ns\nmapping 1: 0x4000-0x6000+0\n"
               "mapping 2: 0x9000-0xb000+0\n"
               "sample 5\n    ? at 0x4010 mapping 1\n"
               "sample 5\n    ? at 0x9010 mapping 2\n");
}

static void test_addresses_relative_to_a_file_stay_in_it(void)
{
    struct pp_mapping whole = {.limit = UINT64_MAX}, none = {0};
    check_text(both(mapped(whole, "/a", "", 0x10), mapped(whole, "/b", "", 0x10)),
               "default cpu\ncolumn cpu/ns\nmapping 1: 0-0xffffffffffffffff+0 /a\n"
               "mapping 2: 0-0xffffffffffffffff+0 /b\n"
               "sample 5\n    ? at 0x10 mapping 1\nsample 5\n    ? at 0x10 mapping 2\n");
    check_text(both(mapped(none, "/a", "", 0x10), mapped(none, "/b", "", 0x10)),
               "default cpu\ncolumn cpu/ns\nmapping 1: 0-0+0 /a\nmapping 2: 0-0+0 /b\n"
               "sample 5\n    ? at 0x10 mapping 1\nsample 5\n    ? at 0x10 mapping 2\n");
    check_text(both(mapped(none, "/a", "", 0x10), mapped_at(0x4000, "/a", "", 0x4010)),
               "default cpu\ncolumn cpu/ns\nmapping 1: 0-0+0 /a\n"
               "mapping 2: 0x4000-0x6000+0 /a\n"
               "sample 5\n    ? at 0x10 mapping 1\nsample 5\n    ? at 0x4010 mapping 2\n");
}

static void test_a_file_of_unknown_size_moves_as_well(void)
{
    struct pp_mapping high = {.start = 0x9000}, low = {.start = 0x4000}, none = {0};
    check_text(both(mapped(high, "/a", "", 0x9010), mapped(low, "/a", "", 0x4010)),
               "default cpu\ncolumn cpu/ns\nmapping 1: 0x4000-0+0 /a\n"
               "sample 10\n    ? at 0x4010 mapping 1\n");
    check_text(both(mapped(high, "/a", "", 0x9010), mapped(none, "/a", "", 0x9010)),
               "default cpu\ncolumn cpu/ns\nmapping 1: 0-0+0 /a\nmapping 2: 0x9000-0+0 /a\n"
               "sample 5\n    ? at 0x9010 mapping 1\nsample 5\n    ? at 0x9010 mapping 2\n");
}

static void test_addresses_that_mean_another_place_stay_apart(void)
{
    struct pp_mapping returns = {.start = 0x4000, .limit = 0x6000, .flags = PP_CALLERS_RETURN};
    check_text(both(mapped(returns, "/a", "", 0x4010), mapped_at(0x4000, "/a", "", 0x4010)),
               "default cpu\ncolumn cpu/ns\nmapping 1: 0x4000-0x6000+0 /a\n"
               "mapping 2: 0x4000-0x6000+0 /a callers-return\n"
               "sample 5\n    ? at 0x4010 mapping 1\nsample 5\n    ? at 0x4010 mapping 2\n");
}

static void test_an_unknown_address_stays_unknown(void)
{
    check_text(both(mapped_at(0x9000, "/a", "", 0), mapped_at(0x4000, "/a", "", 0x4010)),
               "default cpu\ncolumn cpu/ns\nmapping 1: 0x4000-0x6000+0 /a\n"
               "sample 5\n    ? mapping 1\n"
               "sample 5\n    ? at 0x4010 mapping 1\n");
}

/* A sample "main" with `cpu` in `unit`, and with `other` if that has a name. */
static struct pp_profile *measured(const char *unit, int64_t cpu, const char *other)
{
    struct pp_profile *p = pp_profile_new();
    struct pp_sample s = {.node = pp_child(p, 0, pp_frame_named(p, pp_str("main")))};
    pp_column(p, pp_str("cpu"), pp_str(unit));
    pp_add(p, pp_sample_id(p, &s), 0, cpu);
    if (other)
        pp_add(p, pp_sample_id(p, &s), (unsigned)pp_column(p, pp_str(other), pp_str("count")), 1);
    return p;
}

static void test_the_finest_unit_is_taken(void)
{
    check_text(both(measured("ms", 3, NULL), measured("ns", 5000000, NULL)),
               "default cpu\ncolumn cpu/ns\nsample 8000000\n    main\n");
}

static void test_only_common_columns_are_kept(void)
{
    check_text(both(measured("ns", 3, "faults"), measured("ns", 4, NULL)),
               "default cpu\ncolumn cpu/ns\nsample 7\n    main\n");
}

static void test_what_cancels_is_gone(void)
{
    check_text(both(measured("ns", 3, NULL), measured("ns", -3, NULL)),
               "default cpu\ncolumn cpu/ns\n");
}

static void test_sums_beyond_64_bits_are_refused(void)
{
    struct pp_combined *c = pp_combine_new();
    struct pp_profile *p = measured("ns", 1, NULL), *q = measured("hrs", INT64_MAX / 1000, NULL);
    const char *why = NULL;
    CHECK(pp_combine(c, p, &why));
    CHECK(!pp_combine(c, q, &why));
    CHECK(why && strcmp(why, too_large) == 0);
    pp_profile_free(p);
    pp_profile_free(q);
    pp_combine_free(c);
}

static void test_what_has_nothing_in_common_does_not_fit(void)
{
    struct pp_combined *c = pp_combine_new();
    struct pp_profile *p = measured("ns", 1, NULL), *q = measured("bytes", 1, NULL);
    const char *why = NULL;
    CHECK(pp_combine_fits(c, p, &why) && pp_combine(c, p, &why));
    CHECK(!pp_combine_fits(c, q, &why) && why);
    pp_profile_free(p);
    pp_profile_free(q);
    pp_combine_free(c);
}

static void test_weights_round_half_away_from_zero(void)
{
    struct pp_profile *p = folded("a 5\nb 4\nc 1\n");
    CHECK(pp_weigh(p, 1, 2));
    CHECK_FOLDED(p, "a 3\nb 2\nc 1\n");
    CHECK(pp_weigh(p, -3, 2));
    CHECK_FOLDED(p, "a -5\nb -3\nc -2\n");
    CHECK(!pp_weigh(p, INT64_MAX, 1));
    pp_profile_free(p);
}

static void test_a_refused_profile_adds_nothing(void)
{
    const char *why = NULL;
    struct pp_combined *c = pp_combine_new();
    add(c, folded("a;x 9000000000000000000\n"));
    struct pp_profile *too_much = folded("a;b 1\na;x 9000000000000000000\n");
    CHECK(!pp_combine(c, too_much, &why));
    CHECK(strcmp(why, too_large) == 0);
    pp_profile_free(too_much);
    too_much = folded("a;b 1\na;x 9000000000000000.001\n"); /* in thousandths the sum is as large */
    CHECK(!pp_combine(c, too_much, &why));
    pp_profile_free(too_much);
    add(c, folded("a;c 2\n"));
    struct pp_profile *p = end(c);
    CHECK_FOLDED(p, "a;c 2\na;x 9000000000000000000\n");
    pp_profile_free(p);
}

/* 400000-LIMIT of one file. */
static struct pp_profile *mapped_to(unsigned limit)
{
    char text[160];
    struct heard h = heard_new();
    snprintf(text, sizeof text,
             "heap profile: 1: 1 [1: 1] @ heapprofile\n1: 1 [1: 1] @ 0x400801\n\n"
             "MAPPED_LIBRARIES:\n400000-%x r-xp 00000000 08:01 1 /srv/app\n",
             limit);
    struct pp_profile *p = read_as("tcmalloc", pp_str(text), &h);
    pp_diag_release(&h.diag);
    return p;
}

static void test_a_mapping_is_as_large_as_its_pages(void)
{
    struct pp_combined *c = pp_combine_new();
    add(c, mapped_to(0x401800));
    add(c, mapped_to(0x402000));
    struct pp_profile *p = end(c);
    CHECK_INT(p->mappings.count, 2);
    pp_profile_free(p);
    c = pp_combine_new();
    add(c, mapped_to(0x401000));
    add(c, mapped_to(0x401001));
    p = end(c);
    CHECK_INT(p->mappings.count, 3);
    pp_profile_free(p);
}

CHECK_MAIN(test_a_mapping_is_as_large_as_its_pages, test_a_refused_profile_adds_nothing,
           test_neither_order_nor_grouping_changes_a_byte, test_merging_one_again_changes_nothing,
           test_a_file_that_is_mapped_elsewhere_is_the_same, test_a_build_id_is_more_than_a_name,
           test_memory_without_a_name_stays_where_it_is,
           test_addresses_relative_to_a_file_stay_in_it, test_a_file_of_unknown_size_moves_as_well,
           test_addresses_that_mean_another_place_stay_apart, test_an_unknown_address_stays_unknown,
           test_the_finest_unit_is_taken, test_only_common_columns_are_kept,
           test_what_cancels_is_gone, test_sums_beyond_64_bits_are_refused,
           test_what_has_nothing_in_common_does_not_fit, test_weights_round_half_away_from_zero)
