/*
 * Output of gprof for a program built with -pg: a table of functions, and a call graph with an
 * entry for each function. Its callers are above it, its callees below.
 *
 *     index % time    self  children    called     name
 *                     0.04    0.00     100/200         a [3]
 *     [2]     43.8    0.07    0.00     200         leaf [2]
 *     -----------------------------------------------
 *                                      500             odd <cycle 1> [7]
 *                     0.05    0.00       1/1           main [1]
 *     [6]     18.8    0.03    0.00     501         even <cycle 1> [6]
 *                                      500             odd <cycle 1> [7]
 *
 * Calls within a cycle have no time; here they get the part of their callee's time that calls from
 * outside leave, in proportion to the number of calls, as gprof divides time elsewhere. Without a
 * call graph (gprof -p) each function is a stack.
 * https://sourceware.org/binutils/docs/gprof/Output.html
 */
#include <stdlib.h>

#include "base/memory.h"
#include "base/number_map.h"
#include "base/wide.h"
#include "formats/valgrind/callgrind_graph.h"
#include "syntax/decimal.h"

static const char flat_heading[] = "Flat profile:", graph_heading[] = "index % time";

/* A function, by its number in the call graph. */
struct function {
    pp_id frame;
    int64_t total; /* its time including its callees */
    int64_t calls; /* from within its cycle, except from itself */
    int64_t timed; /* time of calls from outside of its cycle */
};

struct gprof {
    struct pp_reader *r;
    struct pp_cg graph; /* its nodes are the functions */
    struct pp_number_map numbers;
    struct function *functions;
    size_t cap;
    pp_id current; /* the function of the current entry; PP_CG_SELF: none yet, or it is a cycle's */
};

/* A line of an entry. */
struct line {
    int64_t self, children; /* nanoseconds */
    bool timed;             /* it has these two */
    int64_t calls;
    pp_id function;
};

static bool take_time(struct pp_span *s, int64_t *ns)
{
    struct pp_span word;
    return pp_word(s, &word) && pp_find(word, '.') && pp_parse_decimal(word, 9, ns) && *ns >= 0;
}

/* "NAME", "NAME <cycle N>", each followed by the number of its entry in brackets. */
static bool read_function(struct gprof *g, struct pp_span text, pp_id *function)
{
    const char *bracket = pp_rfind_text(text, " [");
    uint64_t number;
    if (!bracket || !pp_ends(text, "]") ||
        !pp_parse_u64((struct pp_span){bracket + 2, text.end - 1}, &number))
        return false;
    struct pp_span name = pp_trim(pp_before((struct pp_span){text.p, bracket}, " <cycle "));
    pp_id *at = pp_number_at(&g->numbers, number, PP_CG_SELF);
    if (*at == PP_CG_SELF) {
        struct pp_code code = {.function = name};
        pp_id frame = pp_frame_at(g->r->out, &code);
        *at = pp_cg_node(&g->graph, (struct pp_cg_node){frame, frame});
        PP_GROW(g->functions, (size_t)*at + 1, g->cap);
        g->functions[*at] = (struct function){.frame = frame};
    }
    *function = *at;
    return true;
}

/* The calls on a line: "200", "100/200" or, with calls of itself, "1+1000". */
static void take_calls(struct pp_span *s, int64_t *calls)
{
    struct pp_span rest = *s, word;
    uint64_t n, others;
    if (!pp_word(&rest, &word) || !pp_take_u64(&word, &n) || n > INT64_MAX)
        return;
    if (pp_empty(word) || ((*word.p == '/' || *word.p == '+') && (word.p++, true) &&
                           pp_take_u64(&word, &others) && pp_empty(word))) {
        *calls = (int64_t)n;
        *s = rest;
    }
}

static bool read_line(struct gprof *g, struct pp_span text, struct line *line)
{
    struct pp_span rest = text;
    *line = (struct line){0};
    line->timed = take_time(&rest, &line->self) && take_time(&rest, &line->children);
    if (!line->timed)
        rest = text;
    take_calls(&rest, &line->calls);
    return read_function(g, pp_trim(rest), &line->function);
}

static bool add_cost(struct gprof *g, struct pp_cg_cost cost, int64_t time)
{
    *pp_cg_values(&g->graph, pp_cg_cost(&g->graph, cost)) = time;
    return true;
}

/* The line of an entry's own function: "[2]     43.8    0.07    0.00     200         leaf [2]". */
static bool on_function(struct gprof *g, struct pp_span text)
{
    struct line line;
    struct pp_span rest = text, word;
    pp_word(&rest, &word);
    pp_word(&rest, &word); /* the share of all time */
    if (pp_find_text(rest, " as a whole> ["))
        return true; /* its functions have entries of their own */
    if (!read_line(g, rest, &line) || !line.timed)
        return pp_fail(g->r, text.p, "'%.*s' is not a line of gprof's call graph", PP_SHOW(text));
    struct function *f = &g->functions[line.function];
    g->current = line.function;
    if (__builtin_add_overflow(line.self, line.children, &f->total))
        return pp_fail(g->r, text.p, "the time exceeds 64 bits");
    struct pp_cg_cost own = {.node = line.function, .frame = f->frame, .callee = PP_CG_SELF};
    return add_cost(g, own, line.self);
}

static bool on_callee(struct gprof *g, struct pp_span text)
{
    struct line line;
    int64_t time;
    if (!read_line(g, text, &line))
        return pp_fail(g->r, text.p, "'%.*s' is not a line of gprof's call graph", PP_SHOW(text));
    if (line.function == g->current)
        return true; /* itself */
    struct function *f = &g->functions[line.function];
    if (__builtin_add_overflow(line.self, line.children, &time) ||
        __builtin_add_overflow(f->timed, time, &f->timed) ||
        __builtin_add_overflow(f->calls, line.timed ? 0 : line.calls, &f->calls))
        return pp_fail(g->r, text.p, "the sum of times or calls exceeds 64 bits");
    struct pp_cg_cost call = {
        .node = g->current,
        .frame = g->functions[g->current].frame,
        .callee = line.function,
        .callee_frame = f->frame,
        .calls = line.calls,
    };
    return add_cost(g, call, line.timed ? time : -1); /* -1: within a cycle */
}

static bool on_line(struct gprof *g, struct pp_span line)
{
    if (pp_starts(line, "-----") || pp_empty(pp_trim(line))) {
        g->current = PP_CG_SELF;
    } else if (*line.p == '[') {
        return on_function(g, line);
    } else if (g->current != PP_CG_SELF) {
        return on_callee(g, pp_trim(line));
    }
    return true;
}

/* --- times within cycles ------------------------------------------------- */

/*
 * Divides the part of a function's time that calls from outside leave among its calls within the
 * cycle.
 */
static void add_times_of_cycles(struct gprof *g)
{
    for (size_t i = 0; i < g->graph.ncosts; i++) {
        int64_t *time = pp_cg_values(&g->graph, i);
        if (*time >= 0)
            continue;
        const struct pp_cg_cost *call = &g->graph.costs[i];
        const struct function *f = &g->functions[call->callee];
        int64_t left = f->total > f->timed ? f->total - f->timed : 0;
        if (!pp_mul_div(left, call->calls, f->calls ? f->calls : 1, false, time))
            *time = 0;
    }
}

static bool make_stacks(struct gprof *g)
{
    struct pp_profile *p = g->r->out;
    int columns[] = {pp_column(p, pp_str("time"), pp_str("nanoseconds"))};
    struct pp_cg_target to = {g->r, columns, pp_column(p, pp_str("calls"), pp_str("count")), 0,
                              PP_USE_STACKS};
    int64_t lost = 0;
    add_times_of_cycles(g);
    p->about.default_type = p->columns[columns[0]].type;
    pp_cg_order(&g->graph);
    struct pp_cg_doubt doubt = pp_cg_doubt(&g->graph);
    if (!pp_cg_stacks(&g->graph, &to, &lost))
        return false;
    pp_cg_say_doubt(g->r, &doubt);
    return true;
}

static bool read_graph(struct pp_reader *r, struct pp_span in)
{
    struct gprof g = {.r = r, .graph.nevents = 1, .current = PP_CG_SELF};
    struct pp_span line;
    bool ok = true, ends = false;
    for (pp_line(&in, &line); ok && !ends && pp_line(&in, &line);) {
        ends = pp_starts(line, " This table describes") || pp_starts(line, "\f");
        ok = ends || on_line(&g, line);
    }
    ok = ok && make_stacks(&g);
    pp_cg_release(&g.graph);
    free(g.numbers.slots);
    free(g.functions);
    return ok;
}

/* --- without a call graph ------------------------------------------------ */

/* "%  cumulative  self ...  name": the third number, and the text below the heading's "name". */
static bool read_flat_line(struct pp_reader *r, struct pp_span line, size_t name)
{
    struct pp_span rest = line, word;
    struct pp_code code = {.line = 0};
    int64_t own;
    for (int i = 0; i < 2; i++)
        pp_word(&rest, &word);
    if (!take_time(&rest, &own) || pp_len(line) <= name)
        return pp_fail(r, line.p, "'%.*s' is not a line of gprof's table", PP_SHOW(line));
    code.function = pp_trim((struct pp_span){line.p + name, line.end});
    struct pp_sample sample = {.node = pp_child(r->out, 0, pp_frame_at(r->out, &code))};
    return !own || pp_reader_add(r, line.p, pp_sample_id(r->out, &sample), 0, own);
}

static bool read_table(struct pp_reader *r, struct pp_span in)
{
    struct pp_span line;
    const char *name = NULL;
    pp_column(r->out, pp_str("time"), pp_str("nanoseconds"));
    while (!name && pp_line(&in, &line))
        name = pp_starts(line, " time ") ? pp_rfind_text(line, " name") : NULL;
    if (!name)
        return pp_fail(r, in.p, "expected the heading of gprof's table, or '%s'", graph_heading);
    size_t column = (size_t)(name + 1 - line.p);
    pp_remark(r, "there is no call graph: each function is a stack of its own; see gprof -q");
    while (pp_line(&in, &line) && !pp_empty(pp_trim(line)))
        if (!read_flat_line(r, line, column))
            return false;
    return true;
}

static bool gprof_read(struct pp_reader *r, struct pp_span in)
{
    const char *graph = pp_find_text(in, graph_heading);
    return graph ? read_graph(r, (struct pp_span){graph, in.end}) : read_table(r, in);
}

static unsigned gprof_bid(struct pp_span head)
{
    struct pp_span line;
    if (pp_starts(head, flat_heading))
        return 8 * (unsigned)strlen(flat_heading);
    for (int i = 0; i < 8 && pp_line(&head, &line); i++) /* gprof -q */
        if (pp_starts(line, graph_heading) && pp_find_text(line, "self  children    called"))
            return 8 * (unsigned)strlen(graph_heading);
    return 0;
}

const struct pp_format pp_format_gprof = {
    .name = "gprof",
    .title = "what gprof prints",
    .holds = PP_HOLDS_COLUMNS,
    .bid = gprof_bid,
    .read = gprof_read,
};
