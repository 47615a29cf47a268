/* Damaged pprof input gives a message with its place, and nothing worse. */
#include "unit/pprof.h"

static bool says_why(struct pp_span bytes)
{
    struct heard h = heard_new();
    char *copy = malloc(pp_len(bytes) + 1); /* so that a sanitizer detects reads beyond it */
    memcpy(copy, bytes.p, pp_len(bytes));
    struct pp_profile *p = read_as("pprof", (struct pp_span){copy, copy + pp_len(bytes)}, &h);
    bool reported = (p == NULL) == (h.diag.errors > 0);
    pp_profile_free(p);
    pp_diag_release(&h.diag);
    free(copy);
    return reported;
}

static void test_cut_after_any_byte(void)
{
    static const char *const names[] = {"everything.in", "unpacked.in", "go-cpu.in"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct pp_span in = slurp(names[i]);
        for (const char *end = in.p; end <= in.end; end++)
            CHECK(says_why((struct pp_span){in.p, end}));
        unslurp(in);
    }
}

static void test_any_byte_damaged(void)
{
    static const unsigned char damage[] = {0x01, 0x08, 0x80, 0xff};
    struct pp_span in = slurp("everything.in");
    char *copy = malloc(pp_len(in));
    for (size_t i = 0; i < pp_len(in); i++)
        for (size_t d = 0; d < sizeof damage; d++) {
            memcpy(copy, in.p, pp_len(in));
            copy[i] = (char)((unsigned char)copy[i] ^ damage[d]);
            CHECK(says_why((struct pp_span){copy, copy + pp_len(in)}));
        }
    free(copy);
    unslurp(in);
}

/* Each prefix is refused with `message`. */
static void check_refused(struct pp_span in, const char *message)
{
    struct heard h = heard_new();
    struct pp_profile *p = read_as("pprof", in, &h);
    CHECK(p == NULL);
    if (strcmp(h.text, message) != 0) {
        fprintf(stderr, "got '%s', not '%s'\n", h.text, message);
        check_failures++;
    }
    pp_profile_free(p);
    pp_diag_release(&h.diag);
}

static struct pp_span span_of(const char *p, size_t len)
{
    return (struct pp_span){p, p + len};
}

#define BYTES(text)             span_of(text, sizeof text - 1)
#define REFUSED(bytes, message) check_refused(BYTES(bytes), message)

/* A sample type, of strings 0 and 0, and room for what is wrong. */
#define TYPE "\x0a\x00"

static void test_what_is_refused(void)
{
    REFUSED("", "the profile has no sample types");
    REFUSED("\n", "a length is cut off or exceeds 64 bits");
    REFUSED("main;work 3\n", "a field is of no known type: damaged, or not protobuf");
    REFUSED(TYPE "\x13", "a field is of no known type: damaged, or not protobuf");
    REFUSED(TYPE "\x10\x01", "a sample is of the wrong type");
    REFUSED(TYPE "\x4a\x01x", "a time_nanos is of the wrong type");
    REFUSED(TYPE "\x12\x02\x08\x80", "in a sample: a number is cut off or exceeds 64 bits");
    REFUSED(TYPE "\x12\x05\x0a\x01\x80\x10\x01", "a number is cut off or exceeds 64 bits");
    REFUSED(TYPE "\x12\x05\x10\x01\x1a\x01\x08",
            "in a label: a number is cut off or exceeds 64 bits");
    REFUSED(TYPE "\x12\x04\x10\x01\x18\x01", "a label is of the wrong type");
    REFUSED(TYPE "\x12\x06\x10\x01\x1a\x02\x0a\x00", "a label has a field of the wrong type");
    REFUSED(TYPE "\x12\x03\x12\x01\x80", "a number is cut off or exceeds 64 bits");
    REFUSED(TYPE "\x12\x02\x15\x00", "in a sample: a number is cut off");
    REFUSED(TYPE "\x12\x05\x15\0\0\0\0", "a list of numbers is of the wrong type");
    REFUSED(TYPE "\x12\x04\x10\x01\x10\x02", "a sample has 2 value(s) for 1 sample type(s)");
    REFUSED(TYPE "\x22\x02\x22\x09",
            "in a location: a field is longer than what it is in: cut off or damaged");
    REFUSED(TYPE "\x1a\x02\x0a\x00", "a mapping has a field of the wrong type");
    REFUSED(TYPE "\x2a\x01\x0b",
            "in a function: a field is of no known type: damaged, or not protobuf");
    REFUSED(TYPE "\x48\x01\x48\x02",
            "a second time_nanos: several concatenated profiles are not one profile");
    REFUSED(TYPE "\x12\x0b\x10\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01",
            "the sum of column '' exceeds 64 bits"); /* INT64_MIN has no opposite */
}

static void test_more_columns_than_there_can_be(void)
{
    char in[2 * (PP_MAX_COLUMNS + 1)];
    for (size_t i = 0; i < sizeof in; i += 2)
        memcpy(in + i, TYPE, 2);
    check_refused((struct pp_span){in, in + sizeof in}, "more than 64 sample types");
}

/* A location with a thousand inlined functions, and a sample with a thousand such locations. */
static void test_a_stack_a_million_frames_deep_is_cut(void)
{
    struct heard h = heard_new();
    struct pp_out o, location, sample;
    pp_out_memory(&o, &h.diag);
    pp_out_memory(&location, &h.diag);
    pp_out_memory(&sample, &h.diag);
    pp_puts(&location, "\x08\x01");
    for (int i = 0; i < 1000; i++)
        pp_put(&location, BYTES("\x22\x00"));
    for (int i = 0; i < 1000; i++)
        pp_puts(&sample, "\x08\x01");
    pp_puts(&sample, "\x10\x01");
    pp_put(&o, BYTES(TYPE "\x2a\x00\x22\xd2\x0f")); /* 2002 bytes */
    pp_put(&o, span_of(location.buf, location.len));
    pp_puts(&o, "\x12\xd2\x0f");
    pp_put(&o, span_of(sample.buf, sample.len));

    struct pp_profile *p = read_as("pprof", pp_out_bytes(&o), &h);
    CHECK(p != NULL);
    CHECK(strcmp(h.text, "a stack of 1000000 frames is cut at 65536; see --max-depth") == 0);
    CHECK_INT(p ? pp_depth(p, pp_sample(p, 1)->node) : 0, PP_MAX_DEPTH);
    pp_profile_free(p);
    pp_out_release(&o);
    pp_out_release(&location);
    pp_out_release(&sample);
    pp_diag_release(&h.diag);
}

/* --- detection ----------------------------------------------------------- */

static unsigned bid(struct pp_span head)
{
    return pp_format_named("pprof")->bid(head);
}

static void test_pprofs_are_known_by_their_first_bytes(void)
{
    static const char *const names[] = {"everything.in", "unpacked.in", "go-cpu.in", "go-heap.in"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct pp_span in = slurp(names[i]);
        CHECK(bid(in) > 100);
        CHECK(bid((struct pp_span){in.p, in.p + pp_len(in) / 2}) > 50);
        unslurp(in);
    }
}

static void test_text_and_noise_are_not(void)
{
    static const char *const texts[] = {
        "",
        "\n",
        "\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n",
        "80808080808080808080808080",
        "2020202020 222222 2222222222 22222222222222 22222222222222222",
        "main;work 3\nmain;rest 4\n",
        "{\"a\": [1, 2, 3]}\n",
        "<svg></svg>\n",
        "heap_v2/524288\n",
        "perf 1234 12.345: 250000 cpu-clock:\n",
        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        CHECK_INT(bid(pp_str(texts[i])), 0);

    uint64_t state = 1; /* Knuth's generator: its high bits are noise */
    unsigned taken = 0;
    for (int i = 0; i < 10000; i++) {
        char noise[256];
        for (size_t b = 0; b < sizeof noise; b++) {
            state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
            noise[b] = (char)(state >> 56);
        }
        taken += bid((struct pp_span){noise, noise + sizeof noise}) != 0;
    }
    CHECK(taken <= 2);
}

CHECK_MAIN(test_cut_after_any_byte, test_any_byte_damaged, test_what_is_refused,
           test_more_columns_than_there_can_be, test_a_stack_a_million_frames_deep_is_cut,
           test_pprofs_are_known_by_their_first_bytes, test_text_and_noise_are_not)
