/* Sample profiles for compilers: values computed by hand for a few frames. */
#include "base/memory.h"
#include "formats/llvm/sample_places.h"
#include "model/branches.h"
#include "unit/profiles.h"

/* A function with the linker name `system` that begins in line `line`. */
static pp_id function(struct pp_profile *p, const char *system, uint32_t line)
{
    const struct pp_function f = {
        .name = pp_cstring(p, "for people"), .system_name = pp_cstring(p, system), .line = line};
    return pp_intern(&p->functions, &f);
}

static pp_id frame(struct pp_profile *p, uint64_t address, pp_id function, uint32_t line,
                   uint32_t discriminator, bool inlined)
{
    return pp_intern(&p->frames, &(struct pp_frame){.address = address,
                                                    .function = function,
                                                    .line = line,
                                                    .discriminator = discriminator,
                                                    .inlined = inlined});
}

static void add(struct pp_profile *p, pp_id node, int64_t count)
{
    pp_add(p, pp_sample_id(p, &(struct pp_sample){.node = node}), 0, count);
}

static void ignore(struct pp_diag *d, const struct pp_message *m)
{
    (void)d;
    (void)m;
}

/* Whether the profile can be written; messages are not shown. */
static bool can_write(const struct pp_profile *p)
{
    struct pp_diag diag = {.emit = ignore};
    struct pp_out out;
    pp_out_memory(&out, &diag);
    bool ok = pp_format_named("llvm-sample")->write(p, &out);
    CHECK(ok == (diag.errors == 0));
    pp_out_release(&out);
    pp_diag_release(&diag);
    return ok;
}

#define CHECK_WRITTEN(p, want) check_written(p, "llvm-sample", want, __func__, __LINE__)

static struct pp_profile *profile(void)
{
    struct pp_profile *p = pp_profile_new();
    pp_column(p, pp_str("samples"), pp_str("count"));
    return p;
}

static void test_discriminators_are_unpacked(void)
{
    static const struct {
        uint32_t packed, base, factor;
    } cases[] = {
        {0, 0, 1},
        {2, 1, 1},
        {4, 2, 1},
        {6, 3, 1},
        {1, 0, 1},                   /* base 0 written as one bit */
        {1 | 4 << 1, 0, 2},          /* base 0, factor 2 */
        {6 | 8 << 7, 3, 4},          /* base 3, factor 4 */
        {6 | 1 << 7 | 2 << 8, 3, 1}, /* no factor, copy 1 */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct pp_llvm_discriminator d = pp_llvm_discriminator(cases[i].packed);
        CHECK_INT(d.base, cases[i].base);
        CHECK_INT(d.factor, cases[i].factor);
    }
}

/* 45 = 1 * 32 + 13: the five low bits, the mark of two bytes, then the rest. */
static void test_a_base_above_31_takes_two_bytes(void)
{
    uint32_t digits = 13 | 0x20 | 1 << 6;
    struct pp_llvm_discriminator d = pp_llvm_discriminator(digits << 1);
    CHECK_INT(d.base, 45);
    CHECK_INT(d.factor, 1);
    d = pp_llvm_discriminator(digits << 1 | 6u << 14); /* and a factor of 3 behind it */
    CHECK_INT(d.base, 45);
    CHECK_INT(d.factor, 3);
}

static void test_what_compilers_append_to_names_goes(void)
{
    static const char *const cases[][2] = {
        {"f", "f"},
        {"f.llvm.123", "f"},
        {"_ZL1fv.part.0", "_ZL1fv"},
        {"f.isra.0.cold", "f"},
        {"f.__uniq.77", "f.__uniq.77"},
        {"f.__uniq.77.llvm.5", "f.__uniq.77"},
        {"f.cold", "f"},
        {"f.colder", "f.colder"},
        {".part.0", ".part.0"},
        {"f.1", "f.1"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        CHECK(pp_is(pp_llvm_plain_name(pp_str(cases[i][0])), cases[i][1]));
}

static void test_a_place_has_the_largest_count_of_an_address(void)
{
    struct pp_profile *p = profile();
    pp_id f = function(p, "f", 10);
    add(p, pp_child(p, 0, frame(p, 0x100, f, 12, 0, false)), 5);
    add(p, pp_child(p, 0, frame(p, 0x104, f, 12, 0, false)), 7);
    add(p, pp_child(p, 0, frame(p, 0x108, f, 12, 2, false)), 3);
    add(p, pp_child(p, 0, frame(p, 0x10c, f, 9, 0, false)), 1); /* before the function begins */
    CHECK_WRITTEN(p, "f:16:7\n"
                     " 2: 7\n"
                     " 2.1: 3\n"
                     " 65535: 1\n");
    pp_profile_free(p);
}

static void test_unrolled_code_counts_by_its_factor(void)
{
    struct pp_profile *p = profile();
    add(p, pp_child(p, 0, frame(p, 0x100, function(p, "f", 10), 11, 6 | 8 << 7, false)), 5);
    CHECK_WRITTEN(p, "f:5:20\n 1.3: 20\n");
    pp_profile_free(p);
}

static void test_inlined_calls_nest_at_their_places(void)
{
    struct pp_profile *p = profile();
    pp_id f = function(p, "f", 10), g = function(p, "g", 50), h = function(p, "h", 70);
    pp_id in_f = pp_child(p, 0, frame(p, 0x100, f, 13, 0, false));
    pp_id in_g = pp_child(p, in_f, frame(p, 0x100, g, 51, 4, true));
    add(p, pp_child(p, in_g, frame(p, 0x100, h, 70, 0, true)), 4);
    pp_id other = pp_child(p, 0, frame(p, 0x110, f, 13, 0, false));
    add(p, pp_child(p, other, frame(p, 0x110, h, 72, 0, true)), 2);
    add(p, pp_child(p, 0, frame(p, 0x120, f, 14, 0, false)), 1);
    CHECK_WRITTEN(p, "f:7:4\n" /* entered as often as its lowest place, in the innermost call
                                  there */
                     " 4: 1\n"
                     " 3: g:4\n"
                     "  1.2: h:4\n"
                     "   0: 4\n"
                     " 3: h:2\n"
                     "  2: 2\n");
    pp_profile_free(p);
}

/*
 * slow() is called once in ten and has nine of ten samples; it is entered 2 times by its first
 * line, fast() 18 times. What the stacks say is only that both are called from one place.
 */
static void test_call_targets_follow_how_often_a_function_is_entered(void)
{
    struct pp_profile *p = profile();
    pp_id caller = function(p, "caller", 1), fast = function(p, "fast", 20);
    pp_id slow = function(p, "slow", 30);
    pp_id call = pp_child(p, 0, frame(p, 0x10, caller, 4, 0, false));
    add(p, pp_child(p, call, frame(p, 0x100, fast, 20, 0, false)), 18);
    add(p, pp_child(p, call, frame(p, 0x200, slow, 30, 0, false)), 2);
    add(p, pp_child(p, call, frame(p, 0x210, slow, 32, 0, false)), 160);
    CHECK_WRITTEN(p, "slow:162:2\n"
                     " 0: 2\n"
                     " 2: 160\n"
                     "fast:18:18\n"
                     " 0: 18\n");
    add(p, pp_child(p, 0, frame(p, 0x14, caller, 5, 0, false)), 1);
    CHECK_WRITTEN(p, "slow:162:2\n"
                     " 0: 2\n"
                     " 2: 160\n"
                     "fast:18:18\n"
                     " 0: 18\n"
                     "caller:1:1\n"
                     " 3: 20 fast:18 slow:2\n"
                     " 4: 1\n");
    pp_profile_free(p);
}

static void test_a_call_into_another_file_is_not_found(void)
{
    struct pp_profile *p = profile();
    pp_id f = function(p, "f", 1), g = function(p, "g", 20);
    struct pp_mapping library = {.file = pp_cstring(p, "libc.so")};
    struct pp_frame other = {.address = 0x99, .function = f, .line = 3};
    other.mapping = pp_intern(&p->mappings, &library);
    pp_id caller = pp_child(p, 0, pp_intern(&p->frames, &other));
    add(p, pp_child(p, caller, frame(p, 0x100, g, 21, 0, false)), 6);
    CHECK_WRITTEN(p, "g:6:6\n 1: 6\n");
    pp_profile_free(p);
}

static void test_samples_without_a_line_count_for_the_total_and_are_warned_of(void)
{
    struct pp_profile *p = profile();
    pp_id f = function(p, "f", 10), bare = function(p, "bare", 0);
    add(p, pp_child(p, 0, frame(p, 0x100, f, 11, 0, false)), 5);
    add(p, pp_child(p, 0, frame(p, 0x104, f, 0, 0, false)), 3);
    add(p, pp_child(p, 0, frame(p, 0x200, bare, 12, 0, false)), 2);
    CHECK_WRITTEN(p, "f:8:5\n 1: 5\nbare:2:0\n");
    pp_profile_free(p);
}

/* A profile that no compiler could use is refused: an empty file would stop the build. */
static void test_what_has_no_counts_is_refused(void)
{
    struct pp_profile *p = profile(), *heap = pp_profile_new();
    CHECK(!can_write(p));
    add(p, pp_child(p, 0, frame(p, 0x100, function(p, "f", 0), 11, 0, false)), 5);
    CHECK(!can_write(p));
    pp_column(heap, pp_str("inuse_space"), pp_str("bytes"));
    add(heap, pp_child(heap, 0, frame(heap, 1, function(heap, "f", 10), 11, 0, false)), 5);
    CHECK(!can_write(heap));
    pp_profile_free(p);
    pp_profile_free(heap);
}

static void test_negative_values_are_refused(void)
{
    struct pp_profile *p = profile();
    pp_id f = function(p, "f", 10);
    add(p, pp_child(p, 0, frame(p, 0x100, f, 11, 0, false)), 5);
    add(p, pp_child(p, 0, frame(p, 0x104, f, 12, 0, false)), -1);
    CHECK(!can_write(p));
    pp_profile_free(p);
}

static void test_counts_near_the_limit_do_not_wrap(void)
{
    struct pp_profile *p = profile();
    add(p, pp_child(p, 0, frame(p, 0x100, function(p, "f", 10), 11, 6 | 8 << 7, false)),
        INT64_MAX - 1);
    CHECK_WRITTEN(p, "f:9223372036854775806:9223372036854775807\n 1.3: 9223372036854775807\n");
    pp_profile_free(p);
}

/*
 * A range of 4 bytes executed 5 times, and one that was not; entered 6 times from line 3 of caller.
 */
static void test_branch_records_give_counts_and_calls(void)
{
    struct pp_profile *p = pp_profile_new();
    int executed = pp_column(p, pp_str("executed"), pp_str("count"));
    int bytes = pp_column(p, pp_str("executed_bytes"), pp_str("count"));
    int calls = pp_column(p, pp_str("calls"), pp_str("count"));
    pp_id f = function(p, "f", 10), caller = function(p, "caller", 1);
    pp_id piece = pp_sample_id(
        p, &(struct pp_sample){.node = pp_child(p, 0, frame(p, 0x100, f, 11, 0, false)),
                               .labels = pp_piece_labels(p)});
    pp_sample_id(p, &(struct pp_sample){.node = pp_child(p, 0, frame(p, 0x104, f, 12, 0, false)),
                                        .labels = pp_piece_labels(p)});
    pp_id from = pp_child(p, 0, frame(p, 0, caller, 4, 0, false));
    pp_id call = pp_sample_id(
        p, &(struct pp_sample){.node = pp_child(p, from, frame(p, 0x100, f, 0, 0, false))});
    pp_add(p, piece, (unsigned)executed, 5);
    pp_add(p, piece, (unsigned)bytes, 20);
    pp_add(p, call, (unsigned)calls, 6);
    CHECK_WRITTEN(p, "f:20:6\n 1: 5\n 2: 0\n");
    pp_profile_free(p);
}

CHECK_MAIN(test_branch_records_give_counts_and_calls, test_discriminators_are_unpacked,
           test_a_base_above_31_takes_two_bytes, test_what_compilers_append_to_names_goes,
           test_a_place_has_the_largest_count_of_an_address,
           test_unrolled_code_counts_by_its_factor, test_inlined_calls_nest_at_their_places,
           test_call_targets_follow_how_often_a_function_is_entered,
           test_a_call_into_another_file_is_not_found,
           test_samples_without_a_line_count_for_the_total_and_are_warned_of,
           test_what_has_no_counts_is_refused, test_negative_values_are_refused,
           test_counts_near_the_limit_do_not_wrap)
