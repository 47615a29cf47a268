/*
 * Output of ftrace and of trace-cmd report: the tracer function_graph, which measures how long each
 * function took, and events with stacks.
 *
 *      0)               |  do_sys_open() {
 *      0)   0.568 us    |    fget_light();
 *      0) + 10.541 us   |  }
 *      0)  bash-1234  =>  sh-12
 *
 *     sh-12   [001] d..2.  2752.551132: sched_switch: prev_comm=sh ...
 *     sh-12   [001] d..2.  2752.551137: <stack trace>
 *      => __schedule
 *      => do_nanosleep
 *     sh-12   [001] d..2.  2752.551137: <user stack trace>
 *      =>  <00007fddb77c9545>
 *
 * https://docs.kernel.org/trace/ftrace.html
 */
#include "formats/printed/ftrace_graph.h"

struct ftrace {
    struct pp_stack_lines s; /* of a stack trace */
    pp_id task;              /* string: the task of the stack trace */
    struct pp_ftrace_graph graph;
};

/* --- stack traces -------------------------------------------------------- */

/* "=> NAME+0x12/0x34 <ADDRESS>"; any part may be missing. */
static bool ftrace_frame(struct pp_reader *r, struct pp_span text, struct pp_code *f)
{
    const char *open = pp_rfind_text(text, "<");
    struct pp_span address = {open ? open + 1 : text.end, text.end};
    (void)r;
    if (open && pp_ends(address, ">")) {
        f->address = pp_take_hex(&address);
        text.end = open;
    }
    text = pp_trim(text);
    const char *plus = pp_rfind_text(text, "+0x");
    f->function = (struct pp_span){text.p, plus ? plus : text.end};
    return true;
}

static bool begin_stack(struct ftrace *f, struct pp_span line)
{
    struct pp_stack_lines *s = &f->s;
    bool user = pp_find_text(line, "<user stack trace>");
    const char *cpu = pp_find_text(line, " [");
    struct pp_span name = pp_trim((struct pp_span){line.p, cpu ? cpu : line.p});
    const char *dash = pp_rfind(name, '-');
    uint64_t tid;
    pp_id task = pp_string(s->r->out, name);
    if (user && s->open && task == f->task) /* it continues the kernel's */
        return true;
    f->task = task;
    bool ok = pp_stack_end(s, 1);
    pp_stack_begin(s);
    if (dash && pp_parse_u64((struct pp_span){dash + 1, name.end}, &tid)) {
        pp_stack_label(s, "comm", (struct pp_span){name.p, dash});
        pp_stack_number(s, "tid", tid, "");
    }
    return ok;
}

static bool on_line(struct pp_stack_lines *s)
{
    struct ftrace *f = (struct ftrace *)s;
    struct pp_span line = s->line, text = pp_skip_blanks(line);
    if (pp_take(&text, "=> "))
        return !s->open || pp_stack_frame(s, pp_trim(text));
    if (pp_find_text(line, "stack trace>"))
        return begin_stack(f, line);
    if (s->ended)
        pp_ftrace_graph_rest(&f->graph, s);
    return pp_stack_end(s, 1) && pp_ftrace_graph_line(&f->graph, s);
}

static bool ftrace_read(struct pp_reader *r, struct pp_span in)
{
    return pp_stack_read(r, in, ftrace_frame, on_line);
}

static void ftrace_end(struct pp_reader *r)
{
    pp_ftrace_graph_release(&((struct ftrace *)r->state)->graph);
    pp_stack_release_state(r);
}

/* --- bidding ------------------------------------------------------------- */

static bool is_graph(struct pp_span line)
{
    struct pp_span text = pp_skip_blanks(line);
    uint64_t cpu;
    bool own = pp_take_u64(&text, &cpu) && pp_starts(text, ")");
    return (own || pp_find_text(line, ": funcgraph_e")) && pp_find_text(line, " |  ") &&
           (pp_find_text(line, "()") || pp_find_text(line, "}"));
}

static bool is_stack(struct pp_span line)
{
    return pp_ends(line, ": <stack trace>") || pp_ends(line, ": <user stack trace>");
}

static bool is_frame(struct pp_span line)
{
    return pp_starts(pp_skip_blanks(line), "=> ");
}

static unsigned ftrace_bid(struct pp_span head)
{
    return pp_stack_heads(head, is_graph, is_graph, 2) ||
                   pp_stack_heads(head, is_stack, is_frame, 1)
               ? 64
               : 0;
}

const struct pp_format pp_format_ftrace = {
    .name = "ftrace",
    .title = "ftrace's function_graph and stack traces, also by trace-cmd report",
    .holds = PP_HOLDS_COLUMNS | PP_HOLDS_ADDRESSES | PP_HOLDS_LABELS,
    .bid = ftrace_bid,
    .read = ftrace_read,
    PP_STACK_FORMAT_END(struct ftrace, ftrace_end),
};
