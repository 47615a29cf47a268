/* ftrace_graph.h - ftrace's tracer function_graph: lines for entering and leaving functions. */
#ifndef PP_PRINTED_FTRACE_GRAPH_H
#define PP_PRINTED_FTRACE_GRAPH_H

#include "formats/printed/stack_lines.h"

/* Zero-initialise, and release. */
struct pp_ftrace_graph {
    struct pp_strings names; /* of tasks, and of processors: "0)" */
    bool begun;
    struct pp_ftrace_task *tasks; /* by the id of their name */
    pp_id *running;               /* by the id of a processor: its current task */
    size_t tasks_cap, running_cap, ntasks;
    uint64_t lost; /* functions that ended but began before the trace */
};

/* Takes the line s->line if it belongs to a graph. False after failing. */
bool pp_ftrace_graph_line(struct pp_ftrace_graph *g, struct pp_stack_lines *s);

/* At the end of the input: warns about functions that did not begin or end. */
void pp_ftrace_graph_rest(const struct pp_ftrace_graph *g, const struct pp_stack_lines *s);
void pp_ftrace_graph_release(struct pp_ftrace_graph *g);

#endif
