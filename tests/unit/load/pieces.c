/* However an input is cut, and however many threads read it, the profile is the same. */
#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include "io/input.h"
#include "unit/made_up.h"
#include "unit/profiles.h"

static void ignore(struct pp_diag *d, const struct pp_message *m)
{
    (void)d, (void)m;
}

static struct pp_profile *load(struct pp_span in, const struct pp_format *f, unsigned jobs,
                               struct pp_diag *diag)
{
    struct pp_load_options o = {.from = f, .keep = ~0u, .jobs = jobs};
    return pp_load_bytes(in, "test", &o, diag);
}

static void check_jobs(struct pp_span in, const struct pp_format *f, const char *what)
{
    struct pp_diag one = {.emit = ignore};
    struct pp_profile *whole = load(in, f, 1, &one);
    for (unsigned jobs = 2; jobs <= 64; jobs = jobs * 2 - (jobs == 2)) {
        struct pp_diag many = {.emit = ignore};
        struct pp_profile *p = load(in, f, jobs, &many);
        bool same = p && whole ? same_profile(p, whole) : p == whole;
        if (!same || one.errors != many.errors || one.warnings != many.warnings) {
            fprintf(stderr, "%s: with %u jobs the profile or its messages differ\n", what, jobs);
            check_failures++;
        }
        pp_profile_free(p);
        pp_diag_release(&many);
    }
    pp_profile_free(whole);
    pp_diag_release(&one);
}

static void check_file(const struct pp_format *f, const char *path)
{
    static char buf[4 << 20];
    struct pp_diag diag = {.emit = ignore};
    struct pp_input s;
    size_t len = 0;
    ssize_t got = pp_input_open(&s, path, &diag) ? 1 : 0;
    while (got > 0 && len < sizeof buf) {
        got = pp_input_read(&s, buf + len, sizeof buf - len, &diag);
        len += got > 0 ? (size_t)got : 0;
    }
    pp_input_close(&s);
    pp_diag_release(&diag);
    check_jobs((struct pp_span){buf, buf + len}, f, path);
}

/* All golden inputs of every format that can be cut. */
static void test_golden_inputs_are_read_alike_by_any_number_of_threads(void)
{
    for (const struct pp_format *const *f = pp_formats; *f; f++) {
        char path[1024];
        snprintf(path, sizeof path, "%s/formats/%s", PP_TESTDATA, (*f)->name);
        DIR *dir = (*f)->split && (*f)->read ? opendir(path) : NULL;
        for (struct dirent *e; dir && (e = readdir(dir));) {
            snprintf(path, sizeof path, "%s/formats/%s/%s", PP_TESTDATA, (*f)->name, e->d_name);
            if (pp_ends(pp_str(path), ".in"))
                check_file(*f, path);
        }
        if (dir)
            closedir(dir);
    }
}

/* Folded stacks with an occasional bad line. */
static char *many_lines(size_t *len)
{
    enum { LINES = 400000, WIDTH = 64 };
    char *text = malloc((size_t)LINES * WIDTH);
    unsigned state = 1;
    *len = 0;
    for (int i = 0; i < LINES; i++) {
        state = state * 1664525 + 1013904223;
        unsigned a = state >> 16 & 63, b = state >> 22 & 255;
        const char *bad = i % 70001 == 70000 ? "x" : "";
        *len += (size_t)snprintf(text + *len, WIDTH, "main;f%u;g%u;leaf_%u %u%s\n", a, b, a ^ b,
                                 1 + (a & 7), bad);
    }
    return text;
}

/* A heap dump, which can only be read in order, with an occasional bad address. */
static char *many_records(size_t *len)
{
    enum { RECORDS = 30000, WIDTH = 320 };
    static const char head[] = "heap_v2/4096\n  t*: 1: 64 [0: 0]\n  t1: 1: 64 [0: 0] main\n";
    static const char tail[] = "\nMAPPED_LIBRARIES:\n"
                               "00010000-00020000 r-xp 00000000 08:01 1   /opt/prog\n"
                               "00020000-00030000 r-xp 00000000 08:01 2   /lib/a.so\n";
    char *text = malloc((size_t)RECORDS * WIDTH), *end = text;
    uint64_t random = 1;
    end += sprintf(end, "%s", head);
    for (int i = 0; i < RECORDS; i++) {
        end += sprintf(end, "@");
        for (uint64_t n = 1 + one_of(&random, 12); n; n--)
            end +=
                sprintf(end, " 0x%llx", 0x10000 + 0x101 * (unsigned long long)one_of(&random, 500));
        end +=
            sprintf(end, i % 7001 == 7000 ? " x\n  t*: 1: 64 [0: 0]\n" : "\n  t*: 9: 576 [0: 0]\n");
        for (uint64_t n = one_of(&random, 4); n; n--)
            end += sprintf(end, "  t%d: 3: 192 [0: 0]\n", (int)one_of(&random, 5));
    }
    *len = (size_t)(end + sprintf(end, "%s", tail) - text);
    return text;
}

/* With any number of threads, the profile is that of the text, with this number of warnings. */
static void check_ways(char *text, size_t len, unsigned warnings)
{
    char name[] = "/tmp/pp-pieces-XXXXXX";
    int fd = mkstemp(name);
    CHECK(fd >= 0 && write(fd, text, len) == (ssize_t)len);
    struct pp_diag diag = {.emit = ignore};
    struct pp_profile *want = load((struct pp_span){text, text + len}, NULL, 1, &diag);
    for (unsigned jobs = 1; jobs <= 5; jobs++) {
        struct pp_diag again = {.emit = ignore};
        struct pp_load_options o = {.keep = ~0u, .jobs = jobs};
        struct pp_profile *p = pp_load(name, &o, &again);
        CHECK(p && want && same_profile(p, want));
        CHECK_INT(again.warnings, diag.warnings);
        pp_profile_free(p);
        pp_diag_release(&again);
    }
    CHECK_INT(diag.warnings, warnings);
    pp_profile_free(want);
    pp_diag_release(&diag);
    unlink(name);
    close(fd);
    free(text);
}

/* Large enough that the file is cut into ranges, or comes in blocks. */
static void test_a_file_is_read_alike_in_ranges_and_in_blocks(void)
{
    size_t len;
    char *text = many_lines(&len);
    check_ways(text, len, 5);
    text = many_records(&len);
    check_ways(text, len, 4);
}

/* The line in a warning does not depend on the piece in which it is. */
struct lines {
    struct pp_diag diag;
    uint64_t sum;
};

static void add_line(struct pp_diag *d, const struct pp_message *m)
{
    ((struct lines *)d)->sum += m->place.at;
}

static void test_messages_name_the_line_of_the_whole(void)
{
    static const char text[] = "a 1\nb 1\nbad\na 1\nc 1\nworse\na 1\nb 1\na 1\nlast\n";
    for (unsigned jobs = 1; jobs <= 8; jobs++) {
        struct lines lines = {.diag = {.emit = add_line}};
        pp_profile_free(load(pp_str(text), pp_format_named("folded"), jobs, &lines.diag));
        CHECK_INT(lines.sum, 3 + 6 + 10);
        pp_diag_release(&lines.diag);
    }
}

static void test_what_fails_in_a_piece_fails_as_a_whole(void)
{
    static const char text[] = "a 9223372036854775807\nb 1\nc 1\nd 1\n";
    for (unsigned jobs = 1; jobs <= 8; jobs++) {
        struct pp_diag diag = {.emit = ignore};
        CHECK(!load(pp_str(text), pp_format_named("folded"), jobs, &diag));
        CHECK_INT(diag.errors, 1);
        pp_diag_release(&diag);
    }
}

CHECK_MAIN(test_golden_inputs_are_read_alike_by_any_number_of_threads,
           test_a_file_is_read_alike_in_ranges_and_in_blocks,
           test_messages_name_the_line_of_the_whole, test_what_fails_in_a_piece_fails_as_a_whole)
