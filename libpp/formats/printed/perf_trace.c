/*
 * Output of perf trace --call-graph: system calls with their stacks and times:
 *
 *        0.000 (101.315 ms): my app/21258 clock_nanosleep(rqtp: 0x7f22fd28fe90)     = 0
 *                                           __GI___nanosleep (inlined)
 *                                           usleep (/usr/lib/libc.so.6)
 *                                           app::nap (/home/dev/nap)
 *       24.038 (48.154 ms): lock er/27580  ... [continued]: futex())                = 0
 *
 * The call is the leaf. A call that continues ("...") counts where it ends.
 * https://man7.org/linux/man-pages/man1/perf-trace.1.html
 */
#include "formats/printed/rows.h"
#include "formats/printed/traced_calls.h"

/* NAME (MODULE); after "(inlined)", the next frame with a module is the one that contains it. */
static bool trace_frame(struct pp_reader *r, struct pp_span text, struct pp_code *f)
{
    const char *open = pp_ends(text, ")") ? pp_stack_bracket(text) : NULL;
    (void)r;
    if (!open || open == text.p || open[-1] != ' ')
        return false;
    f->function = (struct pp_span){text.p, open - 1};
    f->module = (struct pp_span){open + 1, text.end - 1};
    f->inlined = pp_is(f->module, "inlined");
    if (f->inlined || pp_is(f->module, "[unknown]"))
        f->module = (struct pp_span){0};
    struct pp_span address = f->function;
    if (pp_is(address, "[unknown]") ||
        (pp_take(&address, "[") && pp_ends(address, "]") &&
         pp_parse_hex((struct pp_span){address.p, address.end - 1}, &f->address)))
        f->function = (struct pp_span){0};
    return true;
}

struct call {
    struct pp_span comm, name;
    uint64_t tid;
    int64_t ns;
    bool goes_on;
};

/* COMM/TID NAME(..., or of a page fault "NAME [PLACE] => PLACE"; a COMM may contain slashes. */
static bool take_name(struct pp_span rest, struct call *c)
{
    struct pp_span task = pp_before(pp_before(rest, "("), " => ");
    const char *slash = pp_rfind(task, '/');
    if (!slash)
        return false;
    c->comm = (struct pp_span){rest.p, slash};
    rest.p = slash + 1;
    if (!pp_take_u64(&rest, &c->tid))
        return false;
    rest = pp_skip_blanks(rest);
    pp_take(&rest, "... [continued]: ");
    c->name = pp_before(pp_before(rest, "("), " [");
    return !pp_empty(c->name);
}

/* TIME (DURATION ms): and the rest; the time is flush left with -T. */
static bool take_call(struct pp_span line, struct call *c)
{
    struct pp_span rest = pp_skip_blanks(line);
    int64_t time;
    *c = (struct call){.goes_on = pp_ends(line, "...")};
    if (!pp_take_scaled(&rest, 1, &time) || !pp_take(&rest, " ("))
        return false;
    struct pp_span duration = pp_skip_blanks(pp_before(rest, ")"));
    rest = pp_after(rest, "): ");
    if (!pp_empty(duration) && !pp_take_scaled(&duration, 1000000, &c->ns))
        return false;
    return take_name(rest, c);
}

static bool is_call(struct pp_span line)
{
    struct call c;
    return take_call(line, &c);
}

static bool is_frame(struct pp_span line)
{
    return pp_starts(line, "                    ") && pp_ends(line, ")") &&
           pp_find_text(line, " (");
}

static bool on_line(struct pp_stack_lines *s)
{
    struct pp_traced_calls *t = (struct pp_traced_calls *)s;
    struct call c;
    pp_stack_warn_cut(s);
    if (is_frame(s->line)) {
        if (s->open && !pp_stack_frame(s, pp_trim(s->line)))
            pp_warn(s->r, s->at, "'%.*s' is not a frame", PP_SHOW(s->line));
        return true;
    }
    if (!take_call(s->line, &c))
        return !pp_empty(s->line) || pp_traced_end(t);
    if (c.goes_on)
        return pp_traced_end(t);
    bool ok = pp_traced_begin(t, c.name, c.ns);
    pp_stack_label(s, "comm", c.comm);
    pp_stack_number(s, "tid", c.tid, "");
    return ok;
}

static bool perf_trace_read(struct pp_reader *r, struct pp_span in)
{
    return pp_stack_read(r, in, trace_frame, on_line);
}

static unsigned perf_trace_bid(struct pp_span head)
{
    return pp_stack_heads(head, is_call, is_frame, 1) ? 56 : 0;
}

const struct pp_format pp_format_perf_trace = {
    .name = "perf-trace",
    .title = "system calls with stacks, as perf trace --call-graph prints them",
    .holds = PP_HOLDS_COLUMNS | PP_HOLDS_LABELS,
    .bid = perf_trace_bid,
    .read = perf_trace_read,
    PP_STACK_FORMAT(struct pp_traced_calls),
};
