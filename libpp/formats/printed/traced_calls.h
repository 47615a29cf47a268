/* traced_calls.h - system calls with stacks and times, for strace and perf trace. */
#ifndef PP_PRINTED_TRACED_CALLS_H
#define PP_PRINTED_TRACED_CALLS_H

#include "formats/printed/stack_lines.h"

struct pp_traced_calls {
    struct pp_stack_lines s; /* open while a call is */
    int64_t ns;              /* of the open call; 0 if unknown */
};

/*
 * Begins a call: its name is the leaf of its stack, whose other frames follow. Ends the call before
 * it. False if a sum overflows.
 */
bool pp_traced_begin(struct pp_traced_calls *t, struct pp_span name, int64_t ns);

/*
 * Ends the open call: adds it to the column calls/count, and to time/nanoseconds if its time is
 * known.
 */
bool pp_traced_end(struct pp_traced_calls *t);

#endif
