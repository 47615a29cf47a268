/* Heap dumps of jemalloc: cases that testdata/formats/jemalloc does not have, and unlikely ones. */
#include "base/memory.h"
#include "unit/profiles.h"

/* A dump of one stack, with the lines under it. */
#define DUMP(lines) \
    "heap_v2/1000\n  t*: 1: 1000 [0: 0]\n  t0: 1: 1000 [0: 0] main\n@ 0x1001 0x2001\n" lines \
    "\nMAPPED_LIBRARIES:\n"

static const char whole_dump[] = "heap_v2/1000\n"
                                 "  t*: 3: 3000 [3: 3000]\n"
                                 "  t0: 1: 1000 [1: 1000] main\n"
                                 "@ 0x1001 0x2001\n"
                                 "  t*: 2: 2000 [2: 2000]\n"
                                 "  t0: 1: 1000 [1: 1000]\n"
                                 "  t1: 1: 1000 [1: 1000]\n"
                                 "@\n"
                                 "  t*: 1: 1000 [1: 1000]\n"
                                 "\n"
                                 "MAPPED_LIBRARIES:\n"
                                 "00001000-00002000 r-xp 00000000 08:01 1   /opt/prog\n"
                                 "00002000-00003000 r-xp 00000000 08:01 2   /lib/a.so\n";

static struct pp_profile *read_with(struct pp_span text, bool raw, unsigned max_depth,
                                    struct heard *h)
{
    struct pp_load_options o = {.from = pp_format_named("jemalloc"),
                                .keep = ~0u,
                                .raw_counts = raw,
                                .max_depth = max_depth};
    return pp_load_bytes(text, "test", &o, &h->diag);
}

static void check_message(const struct heard *h, const char *want)
{
    if (strcmp(h->text, want) != 0) {
        fprintf(stderr, "got '%s', not '%s'\n", h->text, want);
        check_failures++;
    }
}

/* The sum of the column of this type. */
static int64_t total(const struct pp_profile *p, const char *type)
{
    int64_t sum = 0;
    int c = pp_column_select(p, type);
    for (pp_id s = 0; c >= 0 && s < p->samples.count; s++)
        sum += p->columns[c].values[s];
    return sum;
}

/* The value of the samples of this thread in the column. */
static int64_t of_thread(const struct pp_profile *p, const char *type, struct pp_span thread)
{
    int64_t sum = 0;
    int c = pp_column_select(p, type);
    pp_id key = pp_string_find(p, pp_str("thread"));
    for (pp_id s = 0; c >= 0 && s < p->samples.count; s++) {
        const struct pp_label *l = pp_label_find(p, pp_sample(p, s)->labels, key);
        if (l && pp_same(pp_text(p, l->text), thread))
            sum += p->columns[c].values[s];
    }
    return sum;
}

static void test_each_line_is_unbiased_by_its_mean_size(void)
{
    /* 1000 / (1 - exp(-1)) = 1581.977, 2 * 10 / (1 - exp(-0.01)) = 2010.008 */
    struct heard h = heard_new();
    struct pp_profile *p = read_with(
        pp_str(DUMP("  t*: 1: 1000 [0: 0]\n@ 0x1001 0x2001\n  t*: 2: 20 [0: 0]\n")), false, 0, &h);
    CHECK_INT(total(p, "inuse_space"), 3592);
    CHECK_INT(total(p, "inuse_objects"), 203); /* 1.582 + 201.001 */
    CHECK_INT(p->ncolumns, 2);
    CHECK_INT(h.diag.warnings, 0);
    pp_profile_free(p);
    pp_diag_release(&h.diag);
}

static void test_threads_share_the_whole_without_a_rest(void)
{
    struct heard h = heard_new();
    struct pp_profile *p =
        read_with(pp_str(DUMP("  t*: 10: 10 [0: 0]\n  t0: 1: 1 [0: 0]\n  t1: 1: 1 [0: 0]\n"
                              "  t2: 1: 1 [0: 0]\n")),
                  true, 0, &h);
    CHECK_INT(of_thread(p, "inuse_objects", pp_str("main")), 4);
    CHECK_INT(of_thread(p, "inuse_objects", pp_str("1")), 3);
    CHECK_INT(of_thread(p, "inuse_objects", pp_str("2")), 3);
    pp_profile_free(p);
    pp_diag_release(&h.diag);
}

static void test_raw_counts_stay_as_they_are(void)
{
    struct heard h = heard_new();
    struct pp_profile *p =
        read_with(pp_str(DUMP("  t*: 3: 9007199254740995 [0: 7]\n  t0: 1: 2 [0: 3]\n"
                              "  t5: 2: 9007199254740993 [0: 4]\n")),
                  true, 0, &h);
    CHECK_INT(of_thread(p, "inuse_space", pp_str("main")), 2);
    CHECK_INT(of_thread(p, "inuse_space", pp_str("5")), 9007199254740993);
    CHECK_INT(of_thread(p, "alloc_space", pp_str("5")), 4);
    CHECK_INT(total(p, "alloc_objects"), 0);
    pp_profile_free(p);
    pp_diag_release(&h.diag);
}

static void test_names_of_threads_are_any_bytes(void)
{
    static const char name[] = "<script>]]>\"';\xff\xe2\x80\xae\0x",
                      head[] = "heap_v2/1000\n  t0: 1: 1 [0: 0] ";
    static const char rest[] = "\n@ 0x1001\n  t0: 1: 1 [0: 0]\n\nMAPPED_LIBRARIES:\n";
    char text[256];
    size_t n = 0;
    memcpy(text, head, sizeof head - 1);
    n += sizeof head - 1;
    memcpy(text + n, name, sizeof name - 1);
    n += sizeof name - 1;
    memcpy(text + n, rest, sizeof rest - 1);
    n += sizeof rest - 1;
    struct heard h = heard_new();
    struct pp_profile *p = read_with((struct pp_span){text, text + n}, true, 0, &h);
    CHECK_INT(of_thread(p, "inuse_space", (struct pp_span){name, name + sizeof name - 1}), 1);
    pp_profile_free(p);
    pp_diag_release(&h.diag);
}

static void test_the_allocator_is_in_drop_frames(void)
{
    struct heard h = heard_new();
    struct pp_profile *p = read_with(pp_str(whole_dump), false, 0, &h);
    CHECK(pp_find_text(pp_text(p, p->about.drop_frames), "malloc") != NULL);
    CHECK_INT(p->about.period, 1000);
    CHECK(pp_is(pp_text(p, p->about.default_type), "inuse_space"));
    pp_profile_free(p);
    pp_diag_release(&h.diag);
}

/* --- bad input ----------------------------------------------------------- */

static void check_refused(struct pp_span text, const char *why)
{
    struct heard h = heard_new();
    struct pp_profile *p = read_with(text, false, 0, &h);
    CHECK(!p);
    CHECK_INT(h.diag.errors, 1);
    check_message(&h, why);
    pp_profile_free(p);
    pp_diag_release(&h.diag);
}

static void test_other_text_than_a_dump_is_refused(void)
{
    static const char garbage[] = "\x7f"
                                  "ELF\0\1\2\3\xff\n\xfe";
    check_refused(pp_str(""), "expected 'heap_v2/INTERVAL', found ''");
    check_refused(pp_str("h"), "expected 'heap_v2/INTERVAL', found 'h'");
    check_refused((struct pp_span){garbage, garbage + 4}, "expected 'heap_v2/INTERVAL', found '\x7f"
                                                          "ELF'");
    check_refused(pp_str("heap_v2/"), "bad sampling interval ''");
    check_refused(pp_str("heap_v2/99999999999999999999"),
                  "bad sampling interval '99999999999999999999'");
    check_refused(pp_str("heap profile: 1: 1 [1: 1] @ heapprofile\n"),
                  "expected 'heap_v2/INTERVAL', found 'heapprofile'");
    check_refused(pp_str("main;a;b 3\n"), "expected 'heap_v2/INTERVAL', found 'main;a;b 3'");
}

static void test_counts_that_overflow_are_refused(void)
{
    static const char max[] = "18446744073709551615";
    char text[400];
    snprintf(text, sizeof text, DUMP("  t*: %s: %s [0: 0]\n"), max, max);
    check_refused(pp_str(text), "a count exceeds 64 bits");
    snprintf(text, sizeof text, DUMP("  t*: 1%s: 1 [0: 0]\n"), max);
    check_refused(pp_str(text), "a count exceeds 64 bits");
    check_refused(pp_str(DUMP("  t*: 1: 5000000000000000000 [0: 0]\n@ 0x1001 0x2001\n"
                              "  t*: 1: 5000000000000000000 [0: 0]\n")),
                  "the counts of the stack exceed 64 bits");
    check_refused(pp_str(DUMP("  t*: 1: 5000000000000000000 [0: 0]\n@ 0x1001 0x3001\n"
                              "  t*: 1: 5000000000000000000 [0: 0]\n")),
                  "the sum of column 'inuse_space' exceeds 64 bits");
}

/* Whether a cut here cannot be detected: before the first mapped file, or after one. */
static bool looks_whole(size_t n)
{
    size_t maps = (size_t)(strstr(whole_dump, "MAPPED_LIBRARIES:") - whole_dump);
    size_t after = maps + strlen("MAPPED_LIBRARIES:");
    return n == after || (n > after && whole_dump[n - 1] == '\n');
}

static void test_a_dump_cut_anywhere_is_reported(void)
{
    for (size_t n = 0; n <= strlen(whole_dump); n++) {
        struct heard h = heard_new();
        char *copy = pp_calloc(n + 1, 1); /* so that ASan detects reads beyond it */
        memcpy(copy, whole_dump, n);
        copy = pp_realloc(copy, n ? n : 1, 1);
        struct pp_profile *p = read_with((struct pp_span){copy, copy + n}, false, 0, &h);
        CHECK(p ? h.diag.errors == 0 : h.diag.errors == 1);
        CHECK(looks_whole(n) == (h.diag.errors + h.diag.warnings == 0));
        pp_profile_free(p);
        pp_diag_release(&h.diag);
        free(copy);
    }
}

static void test_bytes_that_are_changed_do_no_harm(void)
{
    uint32_t random = 12345;
    char copy[sizeof whole_dump];
    for (int round = 0; round < 3000; round++) {
        memcpy(copy, whole_dump, sizeof copy);
        for (int i = 0; i < 4; i++) {
            random = random * 1103515245 + 12345;
            copy[(random >> 8) % (sizeof copy - 1)] = (char)(random >> 24);
        }
        struct heard h = heard_new();
        struct pp_profile *p =
            read_with((struct pp_span){copy, copy + sizeof copy - 1}, false, 0, &h);
        CHECK(p || h.diag.errors == 1);
        pp_profile_free(p);
        pp_diag_release(&h.diag);
    }
}

/* "heap_v2/1000\n@", `n` times `frame`, and the counts. */
static struct pp_span long_line(const char *frame, size_t n)
{
    static const char head[] = "heap_v2/1000\n@",
                      tail[] = "\n  t*: 1: 1000 [0: 0]\nMAPPED_LIBRARIES:\n";
    size_t width = strlen(frame), length = strlen(head) + n * width + strlen(tail);
    char *text = pp_calloc(length, 1), *p = text;
    memcpy(p, head, strlen(head));
    p += strlen(head);
    for (size_t i = 0; i < n; i++, p += width)
        memcpy(p, frame, width);
    memcpy(p, tail, strlen(tail));
    return (struct pp_span){text, text + length};
}

static void test_a_million_frames_are_cut_at_the_leaf(void)
{
    struct heard h = heard_new();
    struct pp_span text = long_line(" 0x1001", 1000000);
    struct pp_profile *p = read_with(text, false, 100, &h);
    CHECK_INT(pp_depth(p, pp_sample(p, 1)->node), 100);
    CHECK_INT(h.diag.warnings, 1);
    check_message(&h, "a stack of 1000000 frames is cut at 100; see --max-depth");
    CHECK_INT(total(p, "inuse_space"), 1582);
    pp_profile_free(p);
    pp_diag_release(&h.diag);
    free((char *)text.p);
}

static void test_a_line_of_100_mb_is_not_a_stack(void)
{
    struct heard h = heard_new();
    struct pp_span text = long_line("fffffffffffffffff.", 100000000 / 18);
    struct pp_profile *p = read_with(text, false, 0, &h);
    CHECK_INT(h.diag.warnings, 1);
    CHECK_INT(total(p, "inuse_space"), 0);
    pp_profile_free(p);
    pp_diag_release(&h.diag);
    free((char *)text.p);
}

CHECK_MAIN(test_each_line_is_unbiased_by_its_mean_size, test_threads_share_the_whole_without_a_rest,
           test_raw_counts_stay_as_they_are, test_names_of_threads_are_any_bytes,
           test_the_allocator_is_in_drop_frames, test_other_text_than_a_dump_is_refused,
           test_counts_that_overflow_are_refused, test_a_dump_cut_anywhere_is_reported,
           test_bytes_that_are_changed_do_no_harm, test_a_million_frames_are_cut_at_the_leaf,
           test_a_line_of_100_mb_is_not_a_stack)
