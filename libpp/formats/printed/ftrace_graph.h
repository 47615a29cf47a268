/* ftrace_graph.h - ftrace's tracer function_graph: lines of functions that are entered and left. */
#ifndef PP_PRINTED_FTRACE_GRAPH_H
#define PP_PRINTED_FTRACE_GRAPH_H

#include "formats/printed/stack_lines.h"

/* Zero-initialise, and release. */
struct pp_ftrace_graph {
    struct pp_strings names; /* of tasks, and of processors: "0)" */
    bool begun;
    struct pp_ftrace_task *tasks; /* at the id of their name */
    pp_id *running;               /* at the id of a processor: the task that it runs */
    size_t tasks_cap, running_cap, ntasks;
    uint64_t lost; /* functions that ended, and had begun before the trace */
};

/* Takes the line s->line, if it is of a graph. False after failing. */
bool pp_ftrace_graph_line(struct pp_ftrace_graph *g, struct pp_stack_lines *s);

/* At the end of the input: warns of what is lost. */
void pp_ftrace_graph_rest(const struct pp_ftrace_graph *g, const struct pp_stack_lines *s);
void pp_ftrace_graph_release(struct pp_ftrace_graph *g);

#endif
