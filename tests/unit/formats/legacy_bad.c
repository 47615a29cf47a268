/* The formats older than profile.proto: truncated, with false sizes, and too large. */
#include <dirent.h>

#include "base/memory.h"
#include "unit/profiles.h"

static const char *const formats[] = {"contentionz", "go-text",  "gperftools", "java",
                                      "pprof-rs",    "tcmalloc", "threadz",    "symbolized"};

/* --- every input, cut at every byte -------------------------------------- */

static struct pp_profile *check_says_why(const char *format, struct pp_span text)
{
    struct heard h = heard_new();
    struct pp_profile *p = read_as(format, text, &h);
    CHECK(p || h.diag.errors == 1);
    pp_diag_release(&h.diag);
    return p;
}

static void check_cut(const char *format, struct pp_span text)
{
    for (const char *end = text.p; end <= text.end; end++) {
        /* a copy that ends at the cut, so that ASan detects reads beyond it */
        struct pp_span cut = {text.p, end};
        char *copy = malloc(pp_len(cut) + 1);
        if (!copy)
            return;
        memcpy(copy, cut.p, pp_len(cut));
        pp_profile_free(check_says_why(format, (struct pp_span){copy, copy + pp_len(cut)}));
        free(copy);
    }
}

/* Reads at most `size` bytes; returns their number. */
static size_t read_file(const char *folder, const char *name, char *text, size_t size)
{
    char path[1024];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *in = fopen(path, "rb");
    size_t n = in ? fread(text, 1, size, in) : 0;
    if (in)
        fclose(in);
    return n;
}

static void test_inputs_that_are_cut_are_read_or_refused(void)
{
    enum { MOST = 3000 };
    char folder[512], text[MOST];
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        snprintf(folder, sizeof folder, "%s/formats/%s", PP_TESTDATA, formats[i]);
        DIR *d = opendir(folder);
        CHECK(d != NULL);
        for (struct dirent *e; d && (e = readdir(d));)
            if (pp_ends(pp_str(e->d_name), ".in"))
                check_cut(formats[i],
                          (struct pp_span){text, text + read_file(folder, e->d_name, text, MOST)});
        if (d)
            closedir(d);
    }
}

/* --- what is refused, and why -------------------------------------------- */

static void check_refused(const char *format, struct pp_span text, const char *why)
{
    struct heard h = heard_new();
    struct pp_profile *p = read_as(format, text, &h);
    CHECK(!p && h.diag.errors == 1);
    if (strcmp(h.text, why) != 0) {
        fprintf(stderr, "%s: got '%s', not '%s'\n", format, h.text, why);
        check_failures++;
    }
    pp_profile_free(p);
    pp_diag_release(&h.diag);
}

#define CHECK_REFUSED(format, text, why) check_refused(format, pp_str(text), why)

static void check_words_refused(const uint64_t *words, size_t n, const char *why)
{
    check_refused("gperftools", (struct pp_span){(const char *)words, (const char *)(words + n)},
                  why);
}

#define CHECK_WORDS_REFUSED(why, ...) \
    check_words_refused((const uint64_t[]){__VA_ARGS__}, \
                        sizeof((const uint64_t[]){__VA_ARGS__}) / sizeof(uint64_t), why)

static void test_sizes_that_lie_are_refused(void)
{
    CHECK_WORDS_REFUSED("a stack of 18446744073709551615 addresses exceeds the input", 0, 3, 0, 1,
                        0, 1, UINT64_MAX, 0x1000);
    CHECK_WORDS_REFUSED("a stack of 2 addresses exceeds the input", 0, 3, 0, 1, 0, 1, 2, 0x1000);
    CHECK_WORDS_REFUSED("the profile ends without the record that says so", 0, 3, 0, 1, 0);
    CHECK_WORDS_REFUSED("the header is not that of a CPU profile", 0, 3, 2, 1, 0);
    CHECK_WORDS_REFUSED("a count exceeds 63 bits", 0, 3, 0, 1, 0, UINT64_MAX, 1, 1);
}

static void test_numbers_that_are_too_large_are_refused(void)
{
    CHECK_WORDS_REFUSED("the period exceeds 64 bits", 0, 3, 0, INT64_MAX / 999, 0, 0, 1, 0);
    CHECK_WORDS_REFUSED("the time of a stack exceeds 64 bits", 0, 3, 0, 10000, 0, INT64_MAX, 1,
                        0x1000, 0, 1, 0);
    CHECK_REFUSED("tcmalloc",
                  "heap profile: 1: 1 [1: 1] @ heap_v2/9223372036854775807\n"
                  "1000: 1 [0: 0] @ 0x10\n",
                  "a value exceeds 64 bits");
    CHECK_REFUSED("tcmalloc",
                  "heap profile: 1: 1 [1: 1] @ heap_v2/9\n"
                  "-1: -9223372036854775808 [0: 0] @ 0x10\n",
                  "a value exceeds 64 bits");
    CHECK_REFUSED("go-text",
                  "a profile: total 1\n9223372036854775807 @ 0x1000\n"
                  "9223372036854775807 @ 0x1000\n",
                  "the sum of column 'a' exceeds 64 bits");
    CHECK_REFUSED("java",
                  "--- contentionz 1 ---\nformat = java\nsampling period = 9223372036854775807\n"
                  "2 2 @ 0x1\n",
                  "a value exceeds 64 bits");
    CHECK_REFUSED("pprof-rs", "THREAD: a 9223372036854775807\nTHREAD: a 1\n",
                  "the sum of column 'samples' exceeds 64 bits");
}

static void test_headers_that_are_others_are_refused(void)
{
    CHECK_REFUSED("tcmalloc", "heap profile: 1: 1 [1: 1] @ cpu\n",
                  "not a kind of heap profile: 'cpu'");
    CHECK_REFUSED("tcmalloc", "heap profile: 1: 1\n",
                  "bad counts in the header 'heap profile: 1: 1'");
    CHECK_REFUSED("contentionz", "--- contentionz 1 ---\nsampling period = x\n", "bad number 'x'");
    CHECK_REFUSED("java", "--- heapz 1 ---\nformat = c\n", "expected 'java', found 'c'");
    CHECK_REFUSED("threadz", "what is this\n", "expected '--- threadz '");
    CHECK_REFUSED("go-text", "a b profile: total 1\n",
                  "expected 'NAME profile: total N', found 'a b profile: total 1'");
    CHECK_REFUSED("symbolized", "--- symbol\n---\n", "there is no profile after the symbols");
}

/* --- what is deep -------------------------------------------------------- */

static void test_deep_stacks_are_cut(void)
{
    enum { DEEP = 20000, MOST = 100 };
    struct pp_out text;
    struct heard h = heard_new();
    pp_out_memory(&text, NULL);
    pp_puts(&text, "goroutine profile: total 1\n1 @");
    for (int i = 0; i < DEEP; i++)
        pp_putf(&text, " 0x%x", 0x1000 + i);
    struct pp_load_options o = {.from = pp_format_named("go-text"), .keep = ~0u, .max_depth = MOST};
    struct pp_profile *p = pp_load_bytes(pp_out_bytes(&text), "test", &o, &h.diag);
    CHECK(p && p->nodes.count == MOST + 1);
    CHECK_INT(h.diag.warnings, 1);
    pp_profile_free(p);
    pp_diag_release(&h.diag);
    pp_out_release(&text);
}

/* A few bytes of symbols must not produce many frames from few addresses. */
static void test_inlined_functions_at_an_address_are_limited(void)
{
    enum { MANY = 10000, MOST = 64 };
    struct pp_out text;
    pp_out_memory(&text, NULL);
    pp_puts(&text, "--- symbol\n0xfff ");
    for (int i = 0; i < MANY; i++)
        pp_puts(&text, "f--");
    pp_puts(&text, "\n---\n--- goroutine\ngoroutine profile: total 1\n1 @ 0x1000\n");
    struct pp_profile *p = check_says_why("symbolized", pp_out_bytes(&text));
    CHECK(p && p->nodes.count <= MOST + 1);
    pp_profile_free(p);
    pp_out_release(&text);
}

CHECK_MAIN(test_inputs_that_are_cut_are_read_or_refused, test_sizes_that_lie_are_refused,
           test_numbers_that_are_too_large_are_refused, test_headers_that_are_others_are_refused,
           test_deep_stacks_are_cut, test_inlined_functions_at_an_address_are_limited)
