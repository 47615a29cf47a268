/* Headers that differ only in digits have the same layout: all headers in testdata. */
#include "formats/perf/script/caches.h"

#include <glob.h>
#include <stdlib.h>

#include "check.h"
#include "io/input.h"
#include "unit/made_up.h"

enum { TIMES = 50 };

static void ignore(struct pp_diag *d, const struct pp_message *m)
{
    (void)d, (void)m;
}

/* True for a header on a line of its own, whose layout is cached. */
static bool parse(struct pp_span line, struct pp_perf_header *h)
{
    struct pp_perf_frame frame;
    struct pp_span nothing = {line.end, line.end};
    return !pp_empty(line) && *line.p != '\t' &&
           pp_perf_line(line, nothing, h, &frame) == PP_PERF_HEADER && !pp_empty(h->time);
}

static bool same_field(struct pp_span a, struct pp_span b)
{
    return pp_empty(a) ? pp_empty(b) : a.p == b.p && a.end == b.end;
}

static void check_same(const struct pp_perf_header *a, const struct pp_perf_header *b)
{
    CHECK(same_field(a->origin, b->origin));
    CHECK(same_field(a->comm, b->comm));
    CHECK(same_field(a->pid, b->pid));
    CHECK(same_field(a->tid, b->tid));
    CHECK(same_field(a->cpu, b->cpu));
    CHECK(same_field(a->time, b->time));
    CHECK(same_field(a->period, b->period));
    CHECK(same_field(a->event, b->event));
    CHECK(same_field(a->payload, b->payload));
}

/* Caches the header, and looks up others with other digits. Returns the number of look-ups. */
static size_t try_header(struct pp_span line, uint64_t *random)
{
    static struct pp_perf_shapes shapes; /* all in one, as in a reader */
    static char other[PP_PERF_SHAPE_MAX];
    struct pp_perf_header parsed, found;
    struct pp_digest shape;
    size_t n = pp_len(line), looked = 0;
    if (!parse(line, &parsed) || n < PP_PERF_SHAPE_MIN || n > PP_PERF_SHAPE_MAX)
        return 0;
    if (pp_perf_find_shape(&shapes, line, &shape, &found))
        check_same(&found, &parsed);
    else
        pp_perf_add_shape(&shapes, line, shape, &parsed);
    for (; looked < TIMES; looked++) {
        struct pp_span mutant = {other, other + n};
        for (size_t i = 0; i < n; i++)
            other[i] = pp_is_digit(line.p[i]) ? (char)('0' + one_of(random, 10)) : line.p[i];
        CHECK(parse(mutant, &parsed));
        CHECK(pp_perf_find_shape(&shapes, mutant, &shape, &found));
        check_same(&found, &parsed);
    }
    size_t at = one_of(random, n);
    memcpy(other, line.p, n);
    other[at] = '|';
    CHECK(line.p[at] == '|' ||
          !pp_perf_find_shape(&shapes, (struct pp_span){other, other + n}, &shape, &found));
    return looked;
}

static void test_other_digits_make_the_same_fields(void)
{
    glob_t files;
    struct pp_diag diag = {.emit = ignore};
    uint64_t random = 1;
    size_t looked = 0;
    CHECK(glob(PP_TESTDATA "/formats/perf-script/*.in", 0, NULL, &files) == 0);
    for (size_t i = 0; i < files.gl_pathc; i++) {
        char *bytes = NULL;
        size_t len = 0;
        CHECK(pp_read_file(files.gl_pathv[i], 1 << 20, &bytes, &len, &diag));
        for (struct pp_span in = {bytes, bytes + len}, line; pp_line(&in, &line);)
            looked += try_header(line, &random);
        free(bytes);
    }
    CHECK(looked > 20 * TIMES); /* or else something is not looked for */
    globfree(&files);
    pp_diag_release(&diag);
}

static void test_shapes_that_never_repeat_are_given_up(void)
{
    static struct pp_perf_shapes shapes;
    struct pp_perf_header h;
    struct pp_digest shape;
    char text[40];
    for (unsigned i = 0; i < 5000; i++) {
        for (size_t at = 0; at < 8; at++)
            text[at] = (char)('a' + (i >> at * 2 & 3));
        snprintf(text + 8, sizeof text - 8, " 1/1 [001] 1.000001: cycles:");
        struct pp_span line = pp_str(text);
        CHECK(parse(line, &h));
        if (!pp_perf_find_shape(&shapes, line, &shape, &h))
            pp_perf_add_shape(&shapes, line, shape, &h);
    }
    CHECK(shapes.rate.lookups < 5000);
}

CHECK_MAIN(test_other_digits_make_the_same_fields, test_shapes_that_never_repeat_are_given_up)
