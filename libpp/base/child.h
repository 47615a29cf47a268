/*
 * child.h - work that may go wrong, done in processes of their own.
 *
 * Some libraries cannot promise to survive what is in a file: they crash, do not end, or want all
 * the memory there is. What calls them runs in a child, which sees everything that its parent has
 * in memory, and hands back bytes. Whatever becomes of the child, the parent goes on with what it
 * was given until then.
 */
#ifndef PP_BASE_CHILD_H
#define PP_BASE_CHILD_H

#include "base/out.h"

enum pp_child_end {
    PP_CHILD_DONE,
    PP_CHILD_CRASHED,     /* by `signal` */
    PP_CHILD_OUT_OF_TIME, /* and was ended */
    PP_CHILD_OUT_OF_MEMORY,
    PP_CHILD_NOT_STARTED, /* the system has no process to give */
};

struct pp_child {
    /* Runs in the child. What it puts into `answer` is what the parent gets. */
    void (*work)(void *ctx, struct pp_out *answer);
    void *ctx;

    struct pp_out answer; /* in memory; the caller's to release */
    enum pp_child_end end;
    int signal;
};

struct pp_child_limits {
    unsigned seconds; /* by the clock; 0: none */
    uint64_t memory;  /* bytes of address space beyond the parent's; 0: no limit */
};

/*
 * Children end with their parent, even where that is killed.
 *
 * Runs `n` children, up to `jobs` of them at a time, and returns when all have ended. Not to be
 * called while other threads of the program may hold a lock that the work needs.
 */
void pp_children_run(struct pp_child *children, size_t n, unsigned jobs,
                     const struct pp_child_limits *limits);

#endif
