/* Merging is associative and commutative to the byte of what is written, and does what pprof does.
 */
#include "transform/combine.h"

#include "base/memory.h"
#include "folded.h"

static const char too_large[] = "the sum of a column exceeds 64 bits";

/* --- made-up profiles ---------------------------------------------------- */

static uint64_t next_random(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *state >> 33;
}

static uint64_t one_of(uint64_t *state, uint64_t n)
{
    return next_random(state) % n;
}

static pp_id make_text(struct pp_profile *p, const char *what, uint64_t n)
{
    char text[32];
    snprintf(text, sizeof text, "%s%d", what, (int)n);
    return pp_cstring(p, text);
}

/* The program or one of three libraries, each of which is somewhere else in every profile. */
static pp_id make_mapping(struct pp_profile *p, uint64_t *state, uint64_t which)
{
    uint64_t start = 0x10000 * (1 + 8 * which + one_of(state, 4));
    struct pp_mapping m = {.start = start,
                           .limit = start + 0x2000 - one_of(state, 3),
                           .offset = which == 2 ? 0x1000 : 0,
                           .flags = (uint32_t)one_of(state, 4)};
    if (which == 1 && one_of(state, 2))
        m.start = m.limit = 0;
    if (which == 2 && one_of(state, 4) == 0)
        m.limit = 0;
    m.file = make_text(p, which == 3 ? "/moved/" : "/lib/", which == 3 ? one_of(state, 2) : which);
    m.build_id = which == 3 ? make_text(p, "abcdef", 3) : 0;
    return pp_intern(&p->mappings, &m);
}

static pp_id make_frame(struct pp_profile *p, uint64_t *state, const pp_id mappings[4])
{
    struct pp_function function = {.name = make_text(p, "f", one_of(state, 4)),
                                   .file = make_text(p, "", one_of(state, 2))};
    struct pp_frame f = {.mapping = mappings[one_of(state, 4)], .line = (uint32_t)one_of(state, 2)};
    if (one_of(state, 3))
        f.function = pp_intern(&p->functions, &function);
    if (f.mapping && one_of(state, 4))
        f.address = pp_mapping(p, f.mapping)->start + 1 + one_of(state, 3);
    return pp_intern(&p->frames, &f);
}

/* A function that is inlined in a frame. */
static pp_id make_inlined(struct pp_profile *p, uint64_t *state, pp_id frame)
{
    struct pp_frame f = *pp_frame(p, frame);
    f.function = pp_function_named(p, pp_text(p, make_text(p, "inlined", one_of(state, 2))));
    f.inlined = 1;
    return pp_intern(&p->frames, &f);
}

static pp_id make_labels(struct pp_profile *p, uint64_t *state)
{
    struct pp_label labels[3];
    size_t n = one_of(state, 3);
    for (size_t i = 0; i < n; i++) {
        labels[i] = (struct pp_label){.key = make_text(p, "key", one_of(state, 2))};
        if (one_of(state, 2))
            labels[i].text = make_text(p, "text", one_of(state, 2));
        else
            labels[i].number = (int64_t)one_of(state, 3) - 1;
    }
    return pp_label_set(p, labels, n);
}

static void make_sample(struct pp_profile *p, uint64_t *state, const pp_id mappings[4])
{
    struct pp_sample s = {.copy = (uint32_t)one_of(state, 2)};
    for (uint64_t depth = one_of(state, 5); depth; depth--) {
        pp_id frame = make_frame(p, state, mappings);
        s.node = pp_child(p, s.node, frame);
        if (one_of(state, 4) == 0)
            s.node = pp_child(p, s.node, make_inlined(p, state, frame));
    }
    s.labels = make_labels(p, state);
    pp_id id = pp_sample_id(p, &s);
    for (unsigned c = 0; c < p->ncolumns; c++)
        pp_add(p, id, c, (int64_t)one_of(state, 5) - 2); /* so that many sums are zero */
}

static void make_about(struct pp_profile *p, uint64_t *state)
{
    p->about.time_ns = (int64_t)one_of(state, 3);
    p->about.duration_ns = (int64_t)one_of(state, 9);
    p->about.period = (int64_t)one_of(state, 9);
    if (one_of(state, 2)) {
        p->about.period_type = pp_cstring(p, "cpu");
        p->about.period_unit = pp_cstring(p, one_of(state, 2) ? "ns" : "us");
    }
    if (one_of(state, 3) == 0)
        p->about.default_type = make_text(p, "alloc_", one_of(state, 3));
    if (one_of(state, 2))
        p->about.drop_frames = make_text(p, "drop", one_of(state, 3));
    for (uint64_t i = one_of(state, 3); i; i--)
        pp_comment(p, pp_text(p, make_text(p, "comment", one_of(state, 4))));
}

/* "cpu" is in all, be it in other units and at another place; the others are in some. */
static void make_columns(struct pp_profile *p, uint64_t *state)
{
    static const char *const units[] = {"ms", "nanoseconds", "us", "ns"};
    uint64_t cpu_at = one_of(state, 3);
    for (uint64_t i = 0; i < 3; i++) {
        if (i == cpu_at)
            pp_column(p, pp_str("cpu"), pp_str(units[one_of(state, 4)]));
        pp_id type = make_text(p, "alloc_", one_of(state, 4));
        if (one_of(state, 3))
            pp_column(p, pp_text(p, type), pp_str("count"));
    }
}

/* The same for the same number. */
static struct pp_profile *made_up(uint64_t number)
{
    uint64_t state = number * UINT64_C(0x9e3779b97f4a7c15) + 1;
    struct pp_profile *p = pp_profile_new();
    pp_id mappings[4];
    make_columns(p, &state);
    for (uint64_t i = 0, first = one_of(&state, 4); i < 4; i++)
        mappings[i] = make_mapping(p, &state, (first + i) % 4);
    for (int i = 0; i < 12; i++)
        make_sample(p, &state, mappings);
    make_about(p, &state);
    return p;
}

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

/* What pp-merge writes, read again: so that what is compared is what files hold. */
static struct pp_profile *written_and_read(struct pp_profile *p)
{
    struct heard h = heard_new();
    struct pp_out out;
    pp_out_memory(&out, &h.diag);
    CHECK(pp_format_named("pprof")->write(p, &out));
    struct pp_profile *back = read_as("pprof", (struct pp_span){out.buf, out.buf + out.len}, &h);
    CHECK(back != NULL);
    pp_out_release(&out);
    pp_diag_release(&h.diag);
    pp_profile_free(p);
    return back;
}

/*
 * Merges the profiles numbers[0..n), at once or, as `state` has it, some of them before: groups of
 * groups as deep as it comes.
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

/* Whether both are written as the same bytes; if not, shows them. */
static void check_same_bytes(const struct pp_profile *a, const struct pp_profile *b)
{
    struct pp_diag diag = {0};
    struct pp_out x, y;
    pp_out_memory(&x, &diag);
    pp_out_memory(&y, &diag);
    pp_format_named("pprof")->write(a, &x);
    pp_format_named("pprof")->write(b, &y);
    if (x.len != y.len || memcmp(x.buf, y.buf, x.len) != 0) {
        char *first = written_as("text", a), *second = written_as("text", b);
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

static void check_written(struct pp_profile *p, const char *want)
{
    char *text = written_as("text", p);
    if (strcmp(text, want) != 0) {
        fprintf(stderr, "wanted:\n%sgot:\n%s", want, text);
        check_failures++;
    }
    free(text);
    pp_profile_free(p);
}

static void test_a_file_that_is_mapped_elsewhere_is_the_same(void)
{
    check_written(both(mapped_at(0x9000, "/a", "", 0x9010), mapped_at(0x4000, "/a", "", 0x4010)),
                  "default cpu\ncolumn cpu/ns\nmapping 1: 0x4000-0x6000+0 /a\n"
                  "sample 10\n    ? at 0x4010 mapping 1\n");
}

static void test_a_build_id_is_more_than_a_name(void)
{
    check_written(
        both(mapped_at(0x9000, "/b", "77", 0x9010), mapped_at(0x4000, "/a", "77", 0x4010)),
        "default cpu\ncolumn cpu/ns\nmapping 1: 0x4000-0x6000+0 /a build-id 77\n"
        "sample 10\n    ? at 0x4010 mapping 1\n");
}

static void test_memory_without_a_name_stays_where_it_is(void)
{
    check_written(both(mapped_at(0x9000, "", "", 0x9010), mapped_at(0x4000, "", "", 0x4010)),
                  "default cpu\ncolumn cpu/ns\nmapping 1: 0x4000-0x6000+0\n"
                  "mapping 2: 0x9000-0xb000+0\n"
                  "sample 5\n    ? at 0x4010 mapping 1\n"
                  "sample 5\n    ? at 0x9010 mapping 2\n");
}

static void test_addresses_relative_to_a_file_stay_in_it(void)
{
    struct pp_mapping whole = {.limit = UINT64_MAX}, none = {0};
    check_written(both(mapped(whole, "/a", "", 0x10), mapped(whole, "/b", "", 0x10)),
                  "default cpu\ncolumn cpu/ns\nmapping 1: 0-0xffffffffffffffff+0 /a\n"
                  "mapping 2: 0-0xffffffffffffffff+0 /b\n"
                  "sample 5\n    ? at 0x10 mapping 1\nsample 5\n    ? at 0x10 mapping 2\n");
    check_written(both(mapped(none, "/a", "", 0x10), mapped(none, "/b", "", 0x10)),
                  "default cpu\ncolumn cpu/ns\nmapping 1: 0-0+0 /a\nmapping 2: 0-0+0 /b\n"
                  "sample 5\n    ? at 0x10 mapping 1\nsample 5\n    ? at 0x10 mapping 2\n");
    check_written(both(mapped(none, "/a", "", 0x10), mapped_at(0x4000, "/a", "", 0x4010)),
                  "default cpu\ncolumn cpu/ns\nmapping 1: 0-0+0 /a\n"
                  "mapping 2: 0x4000-0x6000+0 /a\n"
                  "sample 5\n    ? at 0x10 mapping 1\nsample 5\n    ? at 0x4010 mapping 2\n");
}

static void test_a_file_of_unknown_size_moves_as_well(void)
{
    struct pp_mapping high = {.start = 0x9000}, low = {.start = 0x4000}, none = {0};
    check_written(both(mapped(high, "/a", "", 0x9010), mapped(low, "/a", "", 0x4010)),
                  "default cpu\ncolumn cpu/ns\nmapping 1: 0x4000-0+0 /a\n"
                  "sample 10\n    ? at 0x4010 mapping 1\n");
    check_written(both(mapped(high, "/a", "", 0x9010), mapped(none, "/a", "", 0x9010)),
                  "default cpu\ncolumn cpu/ns\nmapping 1: 0-0+0 /a\nmapping 2: 0x9000-0+0 /a\n"
                  "sample 5\n    ? at 0x9010 mapping 1\nsample 5\n    ? at 0x9010 mapping 2\n");
}

static void test_addresses_that_mean_another_place_stay_apart(void)
{
    struct pp_mapping returns = {.start = 0x4000, .limit = 0x6000, .flags = PP_CALLERS_RETURN};
    check_written(both(mapped(returns, "/a", "", 0x4010), mapped_at(0x4000, "/a", "", 0x4010)),
                  "default cpu\ncolumn cpu/ns\nmapping 1: 0x4000-0x6000+0 /a\n"
                  "mapping 2: 0x4000-0x6000+0 /a callers-return\n"
                  "sample 5\n    ? at 0x4010 mapping 1\nsample 5\n    ? at 0x4010 mapping 2\n");
}

static void test_an_unknown_address_stays_unknown(void)
{
    check_written(both(mapped_at(0x9000, "/a", "", 0), mapped_at(0x4000, "/a", "", 0x4010)),
                  "default cpu\ncolumn cpu/ns\nmapping 1: 0x4000-0x6000+0 /a\n"
                  "sample 5\n    ? mapping 1\n"
                  "sample 5\n    ? at 0x4010 mapping 1\n");
}

/* A sample "main" of `cpu` in `unit`, and of `other` if that has a name. */
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
    check_written(both(measured("ms", 3, NULL), measured("ns", 5000000, NULL)),
                  "default cpu\ncolumn cpu/ns\nsample 8000000\n    main\n");
}

static void test_only_common_columns_are_kept(void)
{
    check_written(both(measured("ns", 3, "faults"), measured("ns", 4, NULL)),
                  "default cpu\ncolumn cpu/ns\nsample 7\n    main\n");
}

static void test_what_cancels_is_gone(void)
{
    check_written(both(measured("ns", 3, NULL), measured("ns", -3, NULL)),
                  "default cpu\ncolumn cpu/ns\n");
}

static void test_what_exceeds_64_bits_is_refused(void)
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

CHECK_MAIN(test_neither_order_nor_grouping_changes_a_byte, test_merging_one_again_changes_nothing,
           test_a_file_that_is_mapped_elsewhere_is_the_same, test_a_build_id_is_more_than_a_name,
           test_memory_without_a_name_stays_where_it_is,
           test_addresses_relative_to_a_file_stay_in_it, test_a_file_of_unknown_size_moves_as_well,
           test_addresses_that_mean_another_place_stay_apart, test_an_unknown_address_stays_unknown,
           test_the_finest_unit_is_taken, test_only_common_columns_are_kept,
           test_what_cancels_is_gone, test_what_exceeds_64_bits_is_refused,
           test_what_has_nothing_in_common_does_not_fit, test_weights_round_half_away_from_zero)
