/* However an input is cut, and however many threads read it, the profile is the same. */
#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include "io/source.h"
#include "profiles.h"

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
    struct pp_source s;
    size_t len = 0;
    ssize_t got = pp_source_open(&s, path, &diag) ? 1 : 0;
    while (got > 0 && len < sizeof buf) {
        got = pp_source_read(&s, buf + len, sizeof buf - len, &diag);
        len += got > 0 ? (size_t)got : 0;
    }
    pp_source_close(&s);
    pp_diag_release(&diag);
    check_jobs((struct pp_span){buf, buf + len}, f, path);
}

/* All golden inputs of every format that can be cut. */
static void test_golden_inputs_are_read_alike_by_any_number_of_threads(void)
{
    for (const struct pp_format *const *f = pp_formats; *f; f++) {
        char path[1024];
        snprintf(path, sizeof path, "%s/%s", PP_TESTDATA, (*f)->name);
        DIR *dir = (*f)->split && (*f)->read ? opendir(path) : NULL;
        for (struct dirent *e; dir && (e = readdir(dir));) {
            snprintf(path, sizeof path, "%s/%s/%s", PP_TESTDATA, (*f)->name, e->d_name);
            if (pp_ends(pp_str(path), ".in"))
                check_file(*f, path);
        }
        if (dir)
            closedir(dir);
    }
}

/* Folded stacks with a bad line among them now and then. */
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

/* Large enough that the file is cut into ranges; piped it comes in blocks; gzip likewise. */
static void test_a_file_is_read_alike_in_ranges_and_in_blocks(void)
{
    size_t len;
    char *text = many_lines(&len), name[] = "/tmp/pp-pieces-XXXXXX";
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
    CHECK_INT(diag.warnings, 5);
    pp_profile_free(want);
    pp_diag_release(&diag);
    unlink(name);
    close(fd);
    free(text);
}

/* The line that a warning names does not depend on the piece that it stands in. */
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
