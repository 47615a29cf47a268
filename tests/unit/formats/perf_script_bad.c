/* Bad input: the perf script reader reports the error and its place, and nothing worse happens. */
#include "base/memory.h"
#include "model/totals.h"
#include "unit/perf_script.h"

#define GOOD "a 1 1.0: 5 cycles: \n\t145d f (/x)\n\n"

static int64_t total(const struct reading *r)
{
    int column = r->p ? pp_column_select(r->p, NULL) : -1;
    if (column < 0)
        return -1;
    int64_t *totals = pp_totals(r->p, (unsigned)column), sum = totals[0];
    free(totals);
    return sum;
}

static void test_an_empty_input_is_an_empty_profile(void)
{
    struct reading r;
    read_perf(&r, "", 0);
    CHECK_COLUMN(r.p, 0, "samples/count 0");
    CHECK_INT(r.p->samples.count, 1);
    reading_release(&r);
}

static void test_any_single_byte_is_read(void)
{
    for (int c = 0; c < 256; c++) {
        char byte = (char)c;
        struct reading r;
        read_bytes_as_perf(&r, (struct pp_span){&byte, &byte + 1}, ~0u, 1);
        CHECK(r.p != NULL);
        reading_release(&r);
    }
}

/* Reads each prefix of an input with every kind of line; none gives more than the whole. */
static void test_an_input_may_end_anywhere(void)
{
    static const char text[] =
        "# event : name = cycles, { sample_period, sample_freq } = 5, x\n"
        "my prog 12/13 [001] 1.5: 7 cycles:u: \n\t145d f(int)+0x1 (/a b (deleted))\n  a.c:12\n"
        "\t145e g (inlined)\n\t145e main (/x)\n\n"
        "x 5/5 [0] 1.0: sched:sched_switch: prev_comm=a ==> b\n\t145d A;->B; (/tmp/perf-1.map)\n\n"
        "b 1 1.5: PERF_RECORD_COMM: b:1/1\n"
        "           false 39654 1.5:          3 cycles:u:  ffffffff9b201293 f ([k])\n"
        "false 6 cycles:u: \n\t145d f::h0123456789abcdef (/x)\n";
    struct reading whole;
    read_perf(&whole, text, ~0u);
    for (size_t n = 0; n < sizeof text; n++) {
        char *copy = pp_realloc(NULL, n + !n, 1); /* exactly this long, so that ASan detects
                                                     reads beyond it */
        memcpy(copy, text, n);
        struct reading r;
        read_bytes_as_perf(&r, (struct pp_span){copy, copy + n}, ~0u, 1);
        CHECK(r.p && r.p->samples.count <= whole.p->samples.count);
        reading_release(&r);
        free(copy);
    }
    reading_release(&whole);
}

static void test_garbage_is_reported_line_by_line(void)
{
    char garbage[4096];
    uint64_t state = 1;
    for (size_t i = 0; i < sizeof garbage; i++) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        garbage[i] = (char)(state >> 56);
    }
    struct reading r;
    read_bytes_as_perf(&r, (struct pp_span){garbage, garbage + sizeof garbage}, ~0u, 1);
    CHECK(r.p != NULL && r.diag.warnings > 0);
    CHECK(strstr(r.messages, "is not a sample"));
    CHECK(strstr(r.messages, "more"));
    reading_release(&r);
}

static void test_another_format_is_reported(void)
{
    struct reading r;
    read_perf(&r, "main;work 12\nmain;rest 3\n", 0);
    CHECK_INT(total(&r), 0);
    check_messages(&r, "1: 'main;work 12' is not a sample\n2: 'main;rest 3' is not a sample\n",
                   __func__, __LINE__);
    reading_release(&r);
    read_perf(&r, "heap_v2/524288\n  t*: 1: 2 [0: 0]\n@ 0x12 0x13\n  t*: 1: 2 [0: 0]\n", 0);
    CHECK_INT(total(&r), 0);
    CHECK_INT(r.diag.warnings, 4);
    reading_release(&r);
}

static void test_other_formats_are_not_bid_for(void)
{
    static const char *const others[] = {
        "main;work 12\nmain;rest 3\n",
        "heap_v2/524288\n  t*: 1: 2 [0: 0]\n@ 0x12 0x13\n  t*: 1: 2 [0: 0]\n",
        "dead;beef 12\nadd;sub 3\nfeed 5\n",
        "--- contention\n@ 0x12 13\n",
        "<svg><text>a 1</text></svg>\n",
        "",
    };
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        CHECK_INT(pp_format_named("perf-script")->bid(pp_str(others[i])), 0);
}

/* `mb` megabytes of one byte, between good samples. */
static void check_long_line(const char *before, char c, size_t mb, const char *after, int64_t want)
{
    size_t len = mb << 20, head = strlen(before), tail = strlen(after);
    char *text = pp_realloc(NULL, head + len + tail, 1);
    memcpy(text, before, head);
    memset(text + head, c, len);
    memcpy(text + head + len, after, tail);
    struct reading r;
    read_bytes_as_perf(&r, (struct pp_span){text, text + head + len + tail}, ~0u, 1);
    CHECK_INT(total(&r), want);
    reading_release(&r);
    free(text);
}

static void test_a_line_of_100_megabytes_is_read(void)
{
    check_long_line(GOOD, 'x', 100, "\n\n" GOOD, 10);
    check_long_line(GOOD "a 1 1.0: 5 cycles: \n\t145d ", '(', 4, "f (/x)\n\n", 10);
    check_long_line(GOOD "a 1 1.0: 5 cycles: \n\t145d f (", '(', 4, ")\n\n", 10);
    check_long_line(GOOD, ' ', 4, "\n\n" GOOD, 10);
    check_long_line(GOOD, '1', 4, " 1 1.5: 5 cycles: \n\n" GOOD, 15);
}

static void test_a_line_of_many_words_is_read_in_time(void)
{
    size_t len = 1u << 20;
    static const char *const words[] = {"1 ", "1/1 ", "1.5: ", "1 x: ", "1 [1] ",
                                        "->", "f (",  ") ",    "(",     ")"};
    char *text = pp_realloc(NULL, len, 1);
    for (size_t w = 0; w < sizeof words / sizeof *words; w++) {
        size_t n = strlen(words[w]);
        for (size_t i = 0; i < len; i++)
            text[i] = words[w][i % n];
        struct reading r;
        read_bytes_as_perf(&r, (struct pp_span){text, text + len}, ~0u, 1);
        CHECK(r.p != NULL);
        reading_release(&r);
        memcpy(text, "a 1 1.0: 5 c: \n\t12 ", 19);
        read_bytes_as_perf(&r, (struct pp_span){text, text + len}, ~0u, 1);
        CHECK_INT(total(&r), 5);
        reading_release(&r);
    }
    free(text);
}

static void test_a_stack_of_a_million_frames_is_cut(void)
{
    static const char header[] = "a 1 1.0: 5 cycles: \n", frame[] = "\t145d f (/x)\n";
    size_t n = 1000000, each = sizeof frame - 1, head = sizeof header - 1;
    char *text = pp_realloc(NULL, head + n * each, 1);
    memcpy(text, header, head);
    for (size_t i = 0; i < n; i++)
        memcpy(text + head + i * each, frame, each);
    struct reading r;
    read_bytes_as_perf(&r, (struct pp_span){text, text + head + n * each}, 0, 1);
    CHECK_INT(total(&r), 5);
    CHECK_INT(pp_depth(r.p, pp_sample(r.p, 1)->node), PP_MAX_DEPTH);
    check_messages(&r, "1: a stack of 1000000 frames is cut at 65536; see --max-depth\n", __func__,
                   __LINE__);
    reading_release(&r);
    free(text);
}

static void test_inlined_frames_without_end_are_bounded_by_the_input(void)
{
    static const char header[] = "a 1 1.0: 5 cycles: \n", frame[] = "\t1 f (inlined)\n";
    size_t n = 100000, each = sizeof frame - 1, head = sizeof header - 1;
    char *text = pp_realloc(NULL, head + n * each, 1);
    memcpy(text, header, head);
    for (size_t i = 0; i < n; i++)
        memcpy(text + head + i * each, frame, each);
    struct reading r;
    read_bytes_as_perf(&r, (struct pp_span){text, text + head + n * each}, 0, 1);
    CHECK_INT(total(&r), 5);
    reading_release(&r);
    free(text);
}

static void test_names_are_kept_byte_for_byte(void)
{
    static const char names[] = "a 1 1.0: 5 cycles: \n\t1 <script>alert('x')</script> (/x)\n"
                                "\t1 ]]>\"& (/x)\n\t1 \xff\xfe\xe2\x80\xae (/x)\n\t1 n\0l (/x)\n\n";
    static const struct {
        const char *text;
        size_t len;
    } want[] = {{"<script>alert", 13}, {"]]>\"&", 5}, {"\xff\xfe\xe2\x80\xae", 5}, {"n\0l", 3}};
    struct reading r;
    read_bytes_as_perf(&r, (struct pp_span){names, names + sizeof names - 1}, 0, 1);
    check_messages(&r, "", __func__, __LINE__);
    for (pp_id i = 0; i < 4; i++) {
        struct pp_span name = pp_frame_name(r.p, i + 1);
        CHECK(pp_same(name, (struct pp_span){want[i].text, want[i].text + want[i].len}));
    }
    reading_release(&r);
}

static void test_numbers_too_large_for_what_they_are_break_nothing(void)
{
    struct reading r;
    read_perf(&r, "a 1 1.0: 99999999999999999999999 cycles: \n\t145d f (/x)\n", 0);
    CHECK(!r.p);
    reading_release(&r);
    read_perf(&r,
              "x 99999999999999999999 99999999999999999999.5: 5 cycles: \n\t145d f (/x)\n\n" GOOD,
              ~0u);
    CHECK_INT(total(&r), 10);
    reading_release(&r);
    read_perf(&r, "a 1 1.0: 5 cycles: \n\tfffffffffffffffff f (/x)\n", ~0u);
    check_messages(&r, "2: 'fffffffffffffffff f (/x)' is not a frame\n", __func__, __LINE__);
    reading_release(&r);
    read_perf(&r, "a 1 1.0: 5 cycles: \n\t1 f (/x)\n  a.c:99999999999\n  :\n  a.c:\n", ~0u);
    CHECK_INT(pp_frame(r.p, 1)->line, 0);
    reading_release(&r);
}

/* More distinct texts than the cache holds: the others are read all the same. */
static void test_texts_that_never_repeat_are_read(void)
{
    enum { SAMPLES = 400, FRAMES = 20, WIDE = 5000 };
    struct pp_out out;
    pp_out_memory(&out, NULL);
    for (unsigned i = 0; i < SAMPLES; i++) {
        pp_puts(&out, "a 1 1.0: 5 cycles: \n");
        for (unsigned f = 0; f < FRAMES; f++) {
            pp_puts(&out, "\t145d ");
            memset(pp_out_room(&out, WIDE), 'x', WIDE);
            out.len += WIDE;
            pp_putf(&out, "%u+0x%x (/x)\n", f, i);
        }
        pp_puts(&out, "\n");
    }
    struct reading r;
    read_bytes_as_perf(&r, pp_out_bytes(&out), 0, 1);
    CHECK_INT(total(&r), 5 * SAMPLES);
    CHECK_INT(r.p->functions.count, FRAMES + 1);
    CHECK_INT(r.p->nodes.count, FRAMES + 1);
    reading_release(&r);
    pp_out_release(&out);
}

CHECK_MAIN(test_an_empty_input_is_an_empty_profile, test_any_single_byte_is_read,
           test_an_input_may_end_anywhere, test_garbage_is_reported_line_by_line,
           test_another_format_is_reported, test_other_formats_are_not_bid_for,
           test_a_line_of_100_megabytes_is_read, test_a_line_of_many_words_is_read_in_time,
           test_a_stack_of_a_million_frames_is_cut,
           test_inlined_frames_without_end_are_bounded_by_the_input,
           test_names_are_kept_byte_for_byte,
           test_numbers_too_large_for_what_they_are_break_nothing,
           test_texts_that_never_repeat_are_read)
