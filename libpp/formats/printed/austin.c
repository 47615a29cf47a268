/*
 * Profiles of Python programs by austin: text up to version 3, with a sample on each line, and
 * since version 4 a binary format (mojo.c).
 *
 *     # austin: 3.7.0
 *     # mode: wall
 *     P100;T0:1;/x/app.py:main:2;/x/app.py:a:11 3000
 *
 * The number is of microseconds, or of bytes in mode memory; mode full has microseconds, whether
 * the thread was idle, and bytes. Without the comments the text is folded stacks, and is read as
 * such.
 * https://github.com/P403n1x87/austin/wiki/The-Austin-file-formats
 */
#include "formats/printed/mojo.h"

#include <stdlib.h>

/* --- text ---------------------------------------------------------------- */

/* Cuts the last word off `*s` if it is a number with a blank before it. */
static bool take_last(struct pp_span *s, int64_t *number)
{
    const char *blank = pp_rfind(*s, ' ');
    if (!blank || !pp_parse_i64((struct pp_span){blank + 1, s->end}, number))
        return false;
    s->end = blank;
    return true;
}

/* FILE:FUNCTION:LINE, where the file may contain colons; old versions have FUNCTION (FILE). */
static void push_frame(struct pp_austin *a, struct pp_span text)
{
    struct pp_code code = {.function = text};
    const char *last = pp_rfind(text, ':');
    const char *first = last ? pp_rfind((struct pp_span){text.p, last}, ':') : NULL;
    uint64_t line;
    if (pp_is(text, ":GC:")) {
        code.function = pp_str("(garbage collector)");
    } else if (first && first + 1 < last) {
        code.function = (struct pp_span){first + 1, last};
        code.file = (struct pp_span){text.p, first};
        if (pp_parse_u64((struct pp_span){last + 1, text.end}, &line) && line <= UINT32_MAX)
            code.line = (uint32_t)line;
    } else {
        code.function = pp_before(text, " (");
    }
    pp_austin_push(a, &code);
}

/* P<pid>;T<thread>;FRAME;... METRICS */
static bool read_line(struct pp_austin *a, struct pp_span line)
{
    struct pp_span rest = line, part;
    struct pp_austin_metrics m = {.time = 0};
    int64_t numbers[3] = {0}, more;
    int want = a->mode == PP_AUSTIN_FULL ? 3 : 1;
    uint64_t pid;
    bool ok = true;
    for (int i = want; ok && i--;)
        ok = take_last(&rest, &numbers[i]);
    struct pp_span left = rest;
    if (!ok || take_last(&left, &more) || !pp_take(&rest, "P") || !pp_take_u64(&rest, &pid) ||
        !pp_take(&rest, ";T"))
        return pp_fail(a->r, line.p, "'%.*s' is not a sample of %d number%s", PP_SHOW(line), want,
                       want == 1 ? "" : "s");
    struct pp_span thread = {rest.p - 1, rest.p - 1};
    if (pp_cut(&rest, ';', &part))
        thread.end = part.end;
    while (pp_cut(&rest, ';', &part))
        if (!pp_empty(part))
            push_frame(a, part);
    m.time = a->mode == PP_AUSTIN_MEMORY ? 0 : numbers[0];
    m.memory = a->mode == PP_AUSTIN_MEMORY ? numbers[0] : numbers[2];
    m.idle = numbers[1] != 0;
    return pp_austin_add(a, line.p, thread, pid, &m);
}

static bool austin_read(struct pp_reader *r, struct pp_span in)
{
    struct pp_austin *a = r->state;
    struct pp_span line;
    a->r = r;
    if (a->mojo || (!a->begun && pp_starts(in, "MOJ")))
        return pp_mojo_read(a, in);
    a->begun = true;
    while (pp_line(&in, &line)) {
        struct pp_span text = line;
        if (pp_take(&text, "# mode: "))
            pp_austin_set_mode(a, pp_trim(text));
        else if (!pp_empty(pp_trim(line)) && *line.p != '#' && !read_line(a, line))
            return false;
    }
    if (r->last && !r->out->ncolumns)
        pp_warn(r, in.p, "no sample was found");
    return true;
}

static void austin_end(struct pp_reader *r)
{
    struct pp_austin *a = r->state;
    struct pp_profile *p = r->out;
    if (!p->ncolumns)
        pp_column(p, pp_str("wall"), pp_str("nanoseconds"));
    p->about.default_type = p->columns[0].type;
    pp_mojo_free(a->mojo);
    free(a->frames);
}

/*
 * Lines with one number are also folded stacks. The bid is therefore that of folded stacks for the
 * same number of lines, and the name of the file decides.
 */
static unsigned bid_as_folded(struct pp_span head)
{
    enum { MOST_LINES = 40, BITS = 12, LINES_A_BIT = 8 };
    struct pp_span line;
    unsigned lines = 0;
    while (lines < MOST_LINES && pp_line(&head, &line))
        lines += !pp_empty(pp_trim(line)) && *line.p != '#';
    return BITS + lines / LINES_A_BIT;
}

static unsigned austin_bid(struct pp_span head)
{
    if (pp_starts(head, "MOJ") && pp_len(head) > 4 && head.p[3] > 0 && head.p[3] < 16)
        return 32;
    if (!pp_starts(head, "# austin: ") && !pp_starts(head, "# mode: "))
        return 0;
    bool times = pp_find_text(head, "# mode: wall\n") || pp_find_text(head, "# mode: cpu\n");
    return times ? bid_as_folded(head) : 64;
}

const struct pp_format pp_format_austin = {
    .name = "austin",
    .title = "samples of Python programs by austin, as text and MOJO",
    .suffixes = (const char *const[]){".austin", ".mojo", NULL},
    .holds = PP_HOLDS_COLUMNS | PP_HOLDS_LINES | PP_HOLDS_LABELS,
    .also_binary = true,
    .bid = austin_bid,
    .read = austin_read,
    .split = pp_split_lines, /* MOJO can be split anywhere */
    .in_order = true,
    .state_size = sizeof(struct pp_austin),
    .end = austin_end,
};
