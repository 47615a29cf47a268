/* Folded stacks of a large tree, written by several threads: compared with sorted lines. */
#include "unit/made_up.h"
#include "unit/profiles.h"

enum { LINES = 60000, LENGTH = 80 };

static char lines[LINES][LENGTH];

/* Some names are prefixes of others, with bytes that sort before and after ";". */
static void make_line(char *line, uint64_t *state)
{
    static const char *const names[] = {"a", "a b", "a.b", "a:", "a<b>", "b", "\xc3\xa4", "zz"};
    size_t depth = 1 + one_of(state, 12), len = 0;
    for (size_t i = 0; i < depth; i++)
        len += (size_t)snprintf(line + len, LENGTH - len, "%s%s", i ? ";" : "",
                                names[one_of(state, 8)]);
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(a, b);
}

/* Each distinct line with its count, one after another. */
static char *counted(void)
{
    struct pp_out out;
    pp_out_memory(&out, NULL);
    for (size_t i = 0, n; i < LINES; i += n) {
        for (n = 1; i + n < LINES && strcmp(lines[i], lines[i + n]) == 0;)
            n++;
        pp_putf(&out, "%s %d\n", lines[i], (int)n);
    }
    pp_putc(&out, '\0');
    return out.buf;
}

static struct pp_profile *profile_of_lines(void)
{
    struct pp_out text;
    pp_out_memory(&text, NULL);
    for (size_t i = 0; i < LINES; i++)
        pp_putf(&text, "%s 1\n", lines[i]);
    struct pp_profile *p = profile_of("folded", pp_out_bytes(&text), 1);
    pp_out_release(&text);
    return p;
}

static void test_lines_of_any_number_of_threads_are_sorted(void)
{
    uint64_t state = 1;
    for (size_t i = 0; i < LINES; i++)
        make_line(lines[i], &state);
    struct pp_profile *p = profile_of_lines();
    qsort(lines, LINES, LENGTH, by_bytes);
    char *want = counted();
    CHECK(p->nodes.count > 4 * 32768); /* several parts */
    for (unsigned jobs = 1; jobs <= 3; jobs++) {
        struct pp_out out;
        pp_out_memory(&out, NULL);
        out.jobs = jobs;
        CHECK(pp_format_named("folded")->write(p, &out));
        pp_putc(&out, '\0');
        CHECK(strcmp(out.buf, want) == 0);
        pp_out_release(&out);
    }
    free(want);
    pp_profile_free(p);
}

CHECK_MAIN(test_lines_of_any_number_of_threads_are_sorted)
