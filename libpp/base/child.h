/*
 * child.h - runs code that may crash in child processes.
 *
 * Some libraries do not survive hostile files: they crash, loop, or use all memory. Code that calls
 * them runs in a child, which has a copy of its parent's memory, and sends back bytes. However the
 * child ends, the parent continues with the bytes that it got.
 */
#ifndef PP_BASE_CHILD_H
#define PP_BASE_CHILD_H

#include "base/out.h"

enum pp_child_end {
    PP_CHILD_DONE,
    PP_CHILD_CRASHED,     /* by `signal` */
    PP_CHILD_OUT_OF_TIME, /* and was killed */
    PP_CHILD_OUT_OF_MEMORY,
    PP_CHILD_NOT_STARTED, /* the system could not start a process */
};

struct pp_child {
    /* Runs in the child. The parent gets what it puts into `answer`. */
    void (*work)(void *ctx, struct pp_out *answer);
    void *ctx;

    struct pp_out answer; /* in memory; the caller releases it */
    enum pp_child_end end;
    int signal;
};

struct pp_child_limits {
    unsigned seconds; /* of wall-clock time; 0: no limit */
    uint64_t memory;  /* bytes of address space beyond the parent's; 0: no limit */
};

/*
 * Children end with their parent, even if that is killed.
 *
 * Runs `n` children, up to `jobs` at a time, and returns when all have ended. Do not call it while
 * another thread may hold a lock that the work needs.
 */
void pp_children_run(struct pp_child *children, size_t n, unsigned jobs,
                     const struct pp_child_limits *limits);

/*
 * A child that answers one question after the other, so that not every question costs a process.
 * It starts with the first question; if it crashes, the next question starts another.
 */
struct pp_helper;

/* `work` runs in the child, for each question, and puts the answer into `answer`. */
struct pp_helper *pp_helper_new(void (*work)(void *ctx, struct pp_span question,
                                             struct pp_out *answer),
                                void *ctx, const struct pp_child_limits *limits);
void pp_helper_free(struct pp_helper *h); /* NULL is allowed */

/*
 * Appends the answer to `answer`, which is in memory. False if there is none: the child has ended
 * instead, or took longer than the limit.
 */
bool pp_helper_ask(struct pp_helper *h, struct pp_span question, struct pp_out *answer);

#endif
