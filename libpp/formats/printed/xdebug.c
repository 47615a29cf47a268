/*
 * Function traces of Xdebug for PHP, in the format for machines (xdebug.trace_format=1): level,
 * number, 0 for entering or 1 for leaving, seconds, bytes, and for a function that is entered its
 * name and more, separated by tabs.
 *
 *     TRACE START [2026-11-30 18:53:39.333488]
 *     1  0  0  0.001277  397144  {main}   1    /home/dev/x.php  0
 *     2  1  0  0.001392  397144  A::make  1    /home/dev/x.php  4
 *     2  1  1  0.001400  397184
 *              0.029663  392064
 *
 * The time since the previous line belongs to the stack that was open. An exception leaves several
 * levels at once, which the level of the next line shows. https://xdebug.org/docs/trace
 */
#include <stdlib.h>

#include "base/memory.h"
#include "formats/printed/rows.h"
#include "formats/printed/stack_lines.h"

struct xdebug {
    struct pp_stack_lines s;
    struct open {
        uint64_t level;
        pp_id node;
    } * open; /* the open functions, root first */
    size_t count, cap;
    int64_t time, bytes; /* of the previous line */
};

enum { TIME, CALLS, BYTES };

static bool is_start(struct pp_span line)
{
    return pp_starts(line, "TRACE START [");
}

static pp_id stack_of(const struct xdebug *x)
{
    return x->count ? x->open[x->count - 1].node : 0;
}

static bool add(struct xdebug *x, int column, int64_t value)
{
    struct pp_sample sample = {.node = stack_of(x)};
    return !value ||
           pp_reader_add(x->s.r, x->s.at, pp_sample_id(x->s.r->out, &sample), column, value);
}

/* Adds the time since the previous line to the open stack. */
static bool pass(struct xdebug *x, int64_t time, int64_t bytes)
{
    int64_t away, more;
    if (__builtin_sub_overflow(time, x->time, &away) ||
        __builtin_sub_overflow(bytes, x->bytes, &more))
        return pp_fail(x->s.r, x->s.at, "a number exceeds 64 bits");
    x->time = time;
    x->bytes = bytes;
    return !x->count || (add(x, TIME, away > 0 ? away : 0) && add(x, BYTES, more));
}

static bool enter(struct xdebug *x, uint64_t level, struct pp_span name)
{
    struct pp_code code = {.function = name};
    pp_id node = stack_of(x);
    if (x->count < x->s.r->max_depth)
        node = pp_child(x->s.r->out, node, pp_frame_at(x->s.r->out, &code));
    else
        pp_reader_cut(x->s.r, x->s.at, x->count + 1);
    PP_GROW(x->open, x->count + 1, x->cap);
    x->open[x->count++] = (struct open){level, node};
    return add(x, CALLS, 1);
}

/* Parses the fields of a line, and acts on them. */
static bool read_line(struct xdebug *x, struct pp_span line)
{
    struct pp_span fields[6] = {{0}}, rest = line;
    int64_t time, bytes;
    uint64_t level = 0; /* the end of a request has none */
    size_t n = 0;
    while (n < 6 && pp_cut(&rest, '\t', &fields[n]))
        n++;
    bool ends = n >= 5 && pp_empty(fields[0]) && pp_empty(fields[2]);
    if (n >= 3 && (n < 5 || pp_is(fields[2], "R") || pp_is(fields[2], "A")))
        return true; /* a value that is returned or assigned */
    if (n < 5 || !pp_take_scaled(&fields[3], 1000000, &time) || !pp_parse_i64(fields[4], &bytes) ||
        (!ends && !pp_parse_u64(fields[0], &level)))
        return pp_fail(x->s.r, x->s.at,
                       "'%.*s' is not a line of a trace for machines; set xdebug.trace_format=1",
                       PP_SHOW(line));
    if (!pass(x, time, bytes))
        return false;
    while (x->count && x->open[x->count - 1].level >= level)
        x->count--;
    return !pp_is(fields[2], "0") || enter(x, level, fields[5]);
}

static bool on_line(struct pp_stack_lines *s)
{
    struct xdebug *x = (struct xdebug *)s;
    struct pp_span line = s->line;
    if (s->ended)
        return s->r->out->columns[CALLS].weight || pp_fail(s->r, s->at, "no function is entered");
    if (pp_empty(pp_trim(line)) || pp_starts(line, "Version: ") || pp_starts(line, "TRACE END") ||
        pp_starts(line, "File format: "))
        return true;
    if (!is_start(line))
        return read_line(x, line);
    x->count = 0;
    return true;
}

static bool xdebug_read(struct pp_reader *r, struct pp_span in)
{
    if (!r->out->ncolumns) {
        pp_column(r->out, pp_str("time"), pp_str("microseconds"));
        pp_column(r->out, pp_str("calls"), pp_str("count"));
        pp_column(r->out, pp_str("bytes"), pp_str("bytes"));
        r->out->about.default_type = r->out->columns[TIME].type;
    }
    return pp_stack_read(r, in, NULL, on_line);
}

static void xdebug_end(struct pp_reader *r)
{
    free(((struct xdebug *)r->state)->open);
    pp_stack_release_state(r);
}

static unsigned xdebug_bid(struct pp_span head)
{
    head.end = pp_len(head) < 256 ? head.end : head.p + 256; /* "Version:" comes before it */
    return pp_stack_heads(head, is_start, NULL, 0) ? 96 : 0;
}

const struct pp_format pp_format_xdebug = {
    .name = "xdebug",
    .title = "function traces of Xdebug (trace_format=1)",
    .suffixes = (const char *const[]){".xt", NULL},
    .holds = PP_HOLDS_COLUMNS,
    .bid = xdebug_bid,
    .read = xdebug_read,
    PP_STACK_FORMAT_END(struct xdebug, xdebug_end),
};
