/*
 * Files of valgrind's cachegrind, cg_merge and cg_diff: costs by source line.
 *
 *     desc: I1 cache: 32768 B, 64 B, 8-way associative
 *     cmd: ./a.out
 *     events: Ir I1mr
 *     fl=main.c
 *     fn=main
 *     16 400 .
 *     summary: 400 0
 *
 * There are no calls, so stacks have one frame. The columns are the events; the first is shown by
 * default. Differences have negative costs. https://valgrind.org/docs/manual/cg-manual.html
 */
#include <stdlib.h>

#include "formats/valgrind/costs.h"

static bool on_function(struct pp_costs *s, const char *at)
{
    (void)s;
    (void)at;
    return true;
}

static bool on_cost(struct pp_costs *s, const char *at)
{
    struct pp_reader *r = s->r;
    if (!s->named)
        pp_warn(r, at, "costs, but no fn= before them: they have no function");
    pp_id frame = pp_costs_frame(r, &s->function, s->function.name, s->file, s->at);
    struct pp_sample sample = {.node = pp_child(r->out, 0, frame)};
    pp_id id = pp_sample_id(r->out, &sample);
    for (unsigned e = 0; e < s->nevents; e++)
        if (s->values[e] && !pp_reader_add(r, at, id, s->columns[e], s->values[e]))
            return false;
    return true;
}

static bool on_call(struct pp_costs *s, const char *at)
{
    pp_warn(s->r, at, "a call is left out, as cachegrind's files have no calls");
    return true;
}

static bool on_part(struct pp_costs *s)
{
    if (!s->totals)
        pp_warn(s->r, s->r->in.end, "it has no line 'summary:' at the end: it may be cut");
    return true;
}

static bool cachegrind_read(struct pp_reader *r, struct pp_span in)
{
    static const struct pp_cost_sink sink = {
        .sums = "summary",
        .function = on_function,
        .cost = on_cost,
        .call = on_call,
        .part = on_part,
    };
    struct pp_costs costs = {.r = r, .sink = &sink};
    bool ok = pp_costs_read(&costs, in);
    pp_costs_release(&costs);
    return ok;
}

/* Like callgrind, but the header does not name a format, and the body has no calls. */
static unsigned cachegrind_bid(struct pp_span head)
{
    bool begins = pp_starts(head, "desc: ") || pp_starts(head, "cmd: ");
    bool own = pp_empty(pp_costs_header(head, "version")) &&
               pp_empty(pp_costs_header(head, "creator")) &&
               pp_empty(pp_costs_header(head, "positions"));
    bool body = pp_find_text(head, "\nfl=") && pp_find_text(head, "\nevents: ");
    return begins && own && body && !pp_find_text(head, "\ncalls=") ? 8 * 12 : 0;
}

const struct pp_format pp_format_cachegrind = {
    .name = "cachegrind",
    .title = "valgrind's cachegrind",
    .suffixes = (const char *const[]){".cgout", NULL},
    .holds = PP_HOLDS_COLUMNS | PP_HOLDS_LINES,
    .bid = cachegrind_bid,
    .read = cachegrind_read,
};
