/* traced_calls.h - system calls with stacks and times, as strace and perf trace print them. */
#ifndef PP_PRINTED_TRACED_CALLS_H
#define PP_PRINTED_TRACED_CALLS_H

#include "formats/printed/stack_lines.h"

struct pp_traced_calls {
    struct pp_stack_lines s; /* open: a call is */
    int64_t ns;              /* of the open call; 0 if it is not known */
};

/*
 * Opens a call: its name is the leaf of its stack, whose frames are to follow. Ends the one before.
 * False if a sum overflows.
 */
bool pp_traced_begin(struct pp_traced_calls *t, struct pp_span name, int64_t ns);

/* Ends the open call: it counts in a column calls/count, and in time/nanoseconds if that is known.
 */
bool pp_traced_end(struct pp_traced_calls *t);

#endif
