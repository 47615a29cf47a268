#include "formats/printed/ftrace_graph.h"

#include <stdlib.h>

#include "base/memory.h"
#include "formats/printed/rows.h"

/* The open functions of a task, or of a processor while its task is unknown. */
struct pp_ftrace_task {
    struct call {
        pp_id node;
        int64_t below; /* nanoseconds spent in its calls */
    } * calls;
    size_t count, cap;
};

/* --- tasks --------------------------------------------------------------- */

static pp_id name_of(struct pp_ftrace_graph *g, struct pp_span name)
{
    if (!g->begun)
        pp_strings_init(&g->names);
    g->begun = true;
    pp_id id = pp_intern_string(&g->names, name);
    PP_GROW(g->tasks, (size_t)id + 1, g->tasks_cap);
    PP_GROW(g->running, (size_t)id + 1, g->running_cap);
    for (; g->ntasks <= id; g->ntasks++) {
        g->tasks[g->ntasks] = (struct pp_ftrace_task){.count = 0};
        g->running[g->ntasks] = (pp_id)g->ntasks;
    }
    return id;
}

static bool add(struct pp_stack_lines *s, pp_id node, const char *type, const char *unit,
                int64_t value)
{
    struct pp_profile *p = s->r->out;
    struct pp_sample sample = {.node = node};
    int column = pp_column(p, pp_str(type), pp_str(unit));
    return pp_reader_add(s->r, s->at, pp_sample_id(p, &sample), column, value);
}

static bool enter(struct pp_stack_lines *s, struct pp_ftrace_task *t, struct pp_span name)
{
    struct pp_code code = {.function = name, .kind = PP_KERNEL};
    pp_id node = t->count ? t->calls[t->count - 1].node : 0;
    if (t->count < s->r->max_depth)
        node = pp_child(s->r->out, node, pp_frame_at(s->r->out, &code));
    else
        pp_reader_cut(s->r, s->at, t->count + 1);
    PP_GROW(t->calls, t->count + 1, t->cap);
    t->calls[t->count++] = (struct call){.node = node};
    return add(s, node, "time", "nanoseconds", 0) && add(s, node, "calls", "count", 1);
}

/* Ends the last function, which took `ns` including its calls. */
static bool leave(struct pp_ftrace_graph *g, struct pp_stack_lines *s, struct pp_ftrace_task *t,
                  int64_t ns)
{
    if (!t->count) {
        g->lost++;
        return true;
    }
    struct call call = t->calls[--t->count];
    if (t->count &&
        __builtin_add_overflow(t->calls[t->count - 1].below, ns, &t->calls[t->count - 1].below))
        return pp_fail(s->r, s->at, "the time exceeds 64 bits");
    return ns <= call.below || add(s, call.node, "time", "nanoseconds", ns - call.below);
}

/* --- function_graph ------------------------------------------------------ */

/* The last "NUMBER us" before the bar, in nanoseconds; false if there is none. */
static bool take_duration(struct pp_span left, int64_t *ns)
{
    const char *us = pp_rfind_text(left, " us");
    const char *p = us;
    while (p && p > left.p && (pp_is_digit(p[-1]) || p[-1] == '.'))
        p--;
    struct pp_span number = {p, us};
    return us && pp_take_scaled(&number, 1000, ns) && pp_empty(number);
}

/* "0)", or "NAME-PID [000]" of trace-cmd, and possibly a task: "0)  sh-12  |". */
static struct pp_ftrace_task *task_of(struct pp_ftrace_graph *g, struct pp_span left)
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
        pp_id id = name_of(g, (struct pp_span){start, cpu + 1});
        if (!pp_word(&before, &word) || !pp_rfind(word, '-') || before.end == rest.end)
            return &g->tasks[g->running[id]];
        task = pp_trim(pp_before(rest, " | "));
    }
    pp_id id = name_of(g, task); /* may move the tasks */
    return &g->tasks[id];
}

static bool on_graph(struct pp_ftrace_graph *g, struct pp_stack_lines *s, struct pp_span left,
                     struct pp_span right)
{
    struct pp_ftrace_task *t = task_of(g, left);
    int64_t ns = 0;
    bool timed = take_duration(left, &ns);
    right = pp_trim(right);
    if (pp_starts(right, "}"))
        return !timed || leave(g, s, t, ns);
    const char *end = pp_rfind_text(right, "()");
    if (!end || pp_starts(right, "/*"))
        return true;
    bool whole = pp_ends(right, ";") || pp_find_text(right, "();");
    return enter(s, t, (struct pp_span){right.p, end}) && (!whole || leave(g, s, t, ns));
}

/* "0)  bash-1234  =>  sh-12": the processor continues with another task. */
static bool on_switch(struct pp_ftrace_graph *g, struct pp_span line)
{
    struct pp_span text = pp_skip_blanks(line), next = pp_after(line, " => ");
    const char *cpu = pp_find(text, ')');
    if (!cpu || pp_empty(next) || !pp_is_digit(*text.p))
        return false;
    struct pp_span before = pp_before((struct pp_span){cpu + 1, line.end}, "=>");
    pp_id id = name_of(g, (struct pp_span){text.p, cpu + 1}), task = name_of(g, pp_trim(next));
    pp_id last = name_of(g, pp_trim(before));
    if (g->running[id] == id) { /* now the task of the open functions is known */
        struct pp_ftrace_task swap = g->tasks[last];
        g->tasks[last] = g->tasks[id];
        g->tasks[id] = swap;
    }
    g->running[id] = task;
    return true;
}

bool pp_ftrace_graph_line(struct pp_ftrace_graph *g, struct pp_stack_lines *s)
{
    struct pp_span line = s->line;
    const char *bar = pp_rfind_text(line, "|  ");
    if (pp_starts(line, "#") || on_switch(g, line) || !bar)
        return true;
    return on_graph(g, s, (struct pp_span){line.p, bar + 1}, (struct pp_span){bar + 1, line.end});
}

void pp_ftrace_graph_rest(const struct pp_ftrace_graph *g, const struct pp_stack_lines *s)
{
    if (g->lost)
        pp_warn(s->r, s->at, "functions that began before the trace did, left out: %llu",
                (unsigned long long)g->lost);
}

void pp_ftrace_graph_release(struct pp_ftrace_graph *g)
{
    for (size_t i = 0; i < g->ntasks; i++)
        free(g->tasks[i].calls);
    free(g->tasks);
    free(g->running);
    if (g->begun)
        pp_strings_release(&g->names);
}
