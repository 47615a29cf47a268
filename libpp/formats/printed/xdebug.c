/*
 * Function traces of Xdebug for PHP, in the format for machines (xdebug.trace_format=1): level,
 * number, 0 for entering or 1 for leaving, seconds, bytes, and for a function that is entered its
 * name and more.
 *
 *     TRACE START [2026-11-30 18:53:39.333488]
 *     1	0	0	0.001277	397144	{main}	1		/home/dev/x.php	0
 * 0 2     1       0       0.001392        397144  A::make 1               /home/dev/x.php 4       0
 * 2 1   1       0.001400        397184 0.029663 392064
 *
 * The time since the previous line belongs to the stack that was open. An exception leaves several
 * levels at once, which the level of the next line shows. https://xdebug.org/docs/trace
 */
#include <stdlib.h>

#include "base/memory.h"
#include "formats/printed/rows.h"

static const char start[] = "TRACE START";

struct xdebug {
    struct pp_reader *r;
    struct open {
        uint64_t level;
        pp_id node;
    } * open; /* the open functions, root first */
    size_t count, cap;
    bool any;   /* a function was entered */
    bool timed; /* a line of this request has a time */
    int64_t time, bytes;
};

enum { TIME, CALLS, BYTES };

static pp_id stack_of(const struct xdebug *x)
{
    return x->count ? x->open[x->count - 1].node : 0;
}

static bool add(struct xdebug *x, const char *at, int column, int64_t value)
{
    struct pp_sample sample = {.node = stack_of(x)};
    return !value || pp_reader_add(x->r, at, pp_sample_id(x->r->out, &sample), column, value);
}

/* Adds the time since the previous line to the open stack. */
static bool pass(struct xdebug *x, const char *at, int64_t time, int64_t bytes)
{
    int64_t away, more;
    bool counts = x->timed && x->count;
    if (__builtin_sub_overflow(time, x->time, &away) ||
        __builtin_sub_overflow(bytes, x->bytes, &more))
        return pp_fail(x->r, at, "a number exceeds 64 bits");
    x->timed = true;
    x->time = time;
    x->bytes = bytes;
    return !counts || (add(x, at, TIME, away > 0 ? away : 0) && add(x, at, BYTES, more));
}

static bool enter(struct xdebug *x, const char *at, uint64_t level, struct pp_span name)
{
    struct pp_code code = {.function = name};
    pp_id node = stack_of(x);
    if (x->count < x->r->max_depth)
        node = pp_child(x->r->out, node, pp_frame_at(x->r->out, &code));
    else
        pp_reader_cut(x->r, at, x->count + 1);
    x->any = true;
    PP_GROW(x->open, x->count + 1, x->cap);
    x->open[x->count++] = (struct open){level, node};
    return add(x, at, CALLS, 1);
}

/* Parses the fields of a line, and acts on them. */
static bool read_line(struct xdebug *x, struct pp_span line)
{
    struct pp_span fields[6] = {{0}}, rest = line;
    int64_t time, bytes;
    uint64_t level;
    size_t n = 0;
    while (n < 6 && pp_cut(&rest, '\t', &fields[n]))
        n++;
    bool ends = n >= 5 && pp_empty(fields[0]) && pp_empty(fields[2]);
    if (n < 5 || pp_is(fields[2], "R"))
        return n >= 3 || pp_fail(x->r, line.p, "'%.*s' is not a line of a trace", PP_SHOW(line));
    if (!pp_take_scaled(&fields[3], 1000000, &time) || !pp_parse_i64(fields[4], &bytes) ||
        (!ends && !pp_parse_u64(fields[0], &level)))
        return pp_fail(x->r, line.p, "'%.*s' is not a line of a trace", PP_SHOW(line));
    if (!pass(x, line.p, time, bytes))
        return false;
    if (ends) {
        x->count = 0;
        x->timed = false;
        return true;
    }
    while (x->count && x->open[x->count - 1].level >= level)
        x->count--;
    return !pp_is(fields[2], "0") || enter(x, line.p, level, fields[5]);
}

static bool on_line(struct xdebug *x, struct pp_span line)
{
    struct pp_span text = pp_skip_blanks(line), word;
    bool people = pp_word(&text, &word) && pp_find(word, '.') && pp_find_text(text, "-> ");
    if (pp_empty(pp_trim(line)) || pp_starts(line, "Version: ") || pp_starts(line, "TRACE END") ||
        pp_starts(line, "File format: "))
        return true;
    if (pp_starts(line, start)) {
        x->count = 0;
        x->timed = false;
        return true;
    }
    if (people && pp_is_blank(*line.p) && !pp_starts(line, "\t\t\t"))
        return pp_fail(x->r, line.p, "a trace for people; set xdebug.trace_format=1");
    return read_line(x, line);
}

static bool xdebug_read(struct pp_reader *r, struct pp_span in)
{
    struct xdebug *x = r->state;
    x->r = r;
    if (!r->out->ncolumns) {
        pp_column(r->out, pp_str("time"), pp_str("microseconds"));
        pp_column(r->out, pp_str("calls"), pp_str("count"));
        pp_column(r->out, pp_str("bytes"), pp_str("bytes"));
        r->out->about.default_type = r->out->columns[TIME].type;
    }
    for (struct pp_span line; pp_line(&in, &line);)
        if (!on_line(x, line))
            return false;
    return !r->last || x->any || pp_fail(r, in.p, "no function is entered");
}

static void xdebug_end(struct pp_reader *r)
{
    free(((struct xdebug *)r->state)->open);
}

static unsigned xdebug_bid(struct pp_span head)
{
    struct pp_span line;
    for (int i = 0; i < 4 && pp_line(&head, &line); i++)
        if (pp_starts(line, "TRACE START ["))
            return 96;
    return 0;
}

const struct pp_format pp_format_xdebug = {
    .name = "xdebug",
    .title = "function traces of Xdebug (trace_format=1)",
    .suffixes = (const char *const[]){".xt", NULL},
    .holds = PP_HOLDS_COLUMNS,
    .bid = xdebug_bid,
    .read = xdebug_read,
    .split = pp_split_lines,
    .in_order = true,
    .state_size = sizeof(struct xdebug),
    .end = xdebug_end,
};
