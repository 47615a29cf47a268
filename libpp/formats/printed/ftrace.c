/*
 * What ftrace prints, and trace-cmd report: the tracer function_graph, which tells how long each
 * function took, and events with the stack they happened on.
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
#include <stdlib.h>

#include "base/memory.h"
#include "formats/printed/rows.h"
#include "formats/printed/stack_lines.h"

/* The functions that are open, of a task, or of a processor as long as its task is not known. */
struct task {
    struct call {
        pp_id node;
        int64_t below; /* nanoseconds of the calls that it made */
    } * calls;
    size_t count, cap;
};

struct ftrace {
    struct pp_stack_lines s; /* of a stack trace */
    struct pp_strings names; /* of tasks, and of processors: "0)" */
    bool begun;
    struct task *tasks; /* at the id of their name */
    pp_id *running;     /* at the id of a processor: the task that it runs */
    size_t tasks_cap, running_cap, ntasks;
    pp_id task; /* string: of the open stack trace */
    uint64_t lost;
};

/* --- tasks --------------------------------------------------------------- */

static pp_id name_of(struct ftrace *f, struct pp_span name)
{
    if (!f->begun)
        pp_strings_init(&f->names);
    f->begun = true;
    pp_id id = pp_intern_string(&f->names, name);
    PP_GROW(f->tasks, (size_t)id + 1, f->tasks_cap);
    PP_GROW(f->running, (size_t)id + 1, f->running_cap);
    for (; f->ntasks <= id; f->ntasks++) {
        f->tasks[f->ntasks] = (struct task){.count = 0};
        f->running[f->ntasks] = (pp_id)f->ntasks;
    }
    return id;
}

static bool add(struct ftrace *f, pp_id node, const char *type, const char *unit, int64_t value)
{
    struct pp_profile *p = f->s.r->out;
    struct pp_sample sample = {.node = node};
    int column = pp_column(p, pp_str(type), pp_str(unit));
    return pp_reader_add(f->s.r, f->s.at, pp_sample_id(p, &sample), column, value);
}

static bool enter(struct ftrace *f, struct task *t, struct pp_span name)
{
    struct pp_code code = {.function = name, .kind = PP_KERNEL};
    pp_id node = t->count ? t->calls[t->count - 1].node : 0;
    if (t->count < f->s.r->max_depth)
        node = pp_child(f->s.r->out, node, pp_frame_at(f->s.r->out, &code));
    PP_GROW(t->calls, t->count + 1, t->cap);
    t->calls[t->count++] = (struct call){.node = node};
    return add(f, node, "time", "nanoseconds", 0) && add(f, node, "calls", "count", 1);
}

/* Ends the last function, which took `ns` with all that it called. */
static bool leave(struct ftrace *f, struct task *t, int64_t ns)
{
    if (!t->count) {
        f->lost++;
        return true;
    }
    struct call call = t->calls[--t->count];
    if (t->count &&
        __builtin_add_overflow(t->calls[t->count - 1].below, ns, &t->calls[t->count - 1].below))
        return pp_fail(f->s.r, f->s.at, "the time exceeds 64 bits");
    return ns <= call.below || add(f, call.node, "time", "nanoseconds", ns - call.below);
}

/* --- function_graph ------------------------------------------------------ */

/* The last "NUMBER us" of what stands before the bar, in nanoseconds; false without one. */
static bool take_duration(struct pp_span left, int64_t *ns)
{
    const char *us = pp_rfind_text(left, " us");
    const char *p = us;
    while (p && p > left.p && (pp_is_digit(p[-1]) || p[-1] == '.'))
        p--;
    struct pp_span number = {p, us};
    return us && pp_take_scaled(&number, 1000, ns) && pp_empty(number);
}

/* "0)", or "NAME-PID [000]" of trace-cmd, and perhaps a task: "0)  sh-12  |". */
static struct task *task_of(struct ftrace *f, struct pp_span left)
{
    struct pp_span word, task = {0};
    const char *cpu = pp_find(left, ')'), *bracket = pp_find_text(left, " [");
    if (bracket && (!cpu || bracket < cpu)) {
        task = pp_trim((struct pp_span){left.p, bracket});
    } else if (cpu) {
        struct pp_span rest = {cpu + 1, left.end}, before = pp_before(rest, " | ");
        const char *start = cpu;
        while (start > left.p && pp_is_digit(start[-1]))
            start--;
        pp_id id = name_of(f, (struct pp_span){start, cpu + 1});
        if (!pp_word(&before, &word) || !pp_rfind(word, '-') || before.end == rest.end)
            return &f->tasks[f->running[id]];
        task = pp_trim(pp_before(rest, " | "));
    }
    pp_id id = name_of(f, task); /* which may move the tasks */
    return &f->tasks[id];
}

static bool on_graph(struct ftrace *f, struct pp_span left, struct pp_span right)
{
    struct task *t = task_of(f, left);
    int64_t ns = 0;
    bool timed = take_duration(left, &ns);
    right = pp_trim(right);
    if (pp_starts(right, "}"))
        return !timed || leave(f, t, ns);
    const char *end = pp_rfind_text(right, "()");
    if (!end || pp_starts(right, "/*"))
        return true;
    bool whole = pp_ends(right, ";") || pp_find_text(right, "();");
    return enter(f, t, (struct pp_span){right.p, end}) && (!whole || leave(f, t, ns));
}

/* "0)  bash-1234  =>  sh-12": the processor goes on with another task. */
static bool on_switch(struct ftrace *f, struct pp_span line)
{
    struct pp_span text = pp_skip_blanks(line), next = pp_after(line, " => ");
    const char *cpu = pp_find(text, ')');
    if (!cpu || pp_empty(next) || !pp_is_digit(*text.p))
        return false;
    struct pp_span before = pp_before((struct pp_span){cpu + 1, line.end}, "=>");
    pp_id id = name_of(f, (struct pp_span){text.p, cpu + 1}), task = name_of(f, pp_trim(next));
    pp_id last = name_of(f, pp_trim(before));
    if (f->running[id] == id) { /* now it is known whose functions those were */
        struct task swap = f->tasks[last];
        f->tasks[last] = f->tasks[id];
        f->tasks[id] = swap;
    }
    f->running[id] = task;
    return true;
}

/* --- stack traces -------------------------------------------------------- */

/* "=> NAME+0x12/0x34 <ADDRESS>", of which any may be missing. */
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
    struct pp_span who = pp_trim((struct pp_span){line.p, cpu ? cpu : line.p});
    const char *dash = pp_rfind(who, '-');
    uint64_t tid;
    pp_id task = pp_string(s->r->out, who);
    if (user && s->open && task == f->task) /* it goes on below that of the kernel */
        return true;
    f->task = task;
    bool ok = pp_stack_end(s, 1);
    pp_stack_begin(s);
    if (dash && pp_parse_u64((struct pp_span){dash + 1, who.end}, &tid)) {
        pp_stack_label(s, "comm", (struct pp_span){who.p, dash});
        pp_stack_number(s, "tid", tid, "");
    }
    return ok;
}

static bool on_line(struct pp_stack_lines *s)
{
    struct ftrace *f = (struct ftrace *)s;
    struct pp_span line = s->line, text = pp_skip_blanks(line);
    const char *bar = pp_rfind_text(line, "|  ");
    if (pp_take(&text, "=> "))
        return !s->open || pp_stack_frame(s, pp_trim(text));
    if (pp_find_text(line, "stack trace>"))
        return begin_stack(f, line);
    bool ok = pp_stack_end(s, 1);
    if (s->ended && f->lost)
        pp_warn(s->r, s->at, "functions that began before the trace did, left out: %llu",
                (unsigned long long)f->lost);
    if (!ok || pp_starts(line, "#") || on_switch(f, line) || !bar)
        return ok;
    return on_graph(f, (struct pp_span){line.p, bar + 1}, (struct pp_span){bar + 1, line.end});
}

static bool ftrace_read(struct pp_reader *r, struct pp_span in)
{
    return pp_stack_read(r, in, ftrace_frame, on_line);
}

static void ftrace_end(struct pp_reader *r)
{
    struct ftrace *f = r->state;
    for (size_t i = 0; i < f->ntasks; i++)
        free(f->tasks[i].calls);
    free(f->tasks);
    free(f->running);
    if (f->begun)
        pp_strings_release(&f->names);
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
