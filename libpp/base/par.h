/* par.h - work on several cores. The only threads in pp, and locks. */
#ifndef PP_BASE_PAR_H
#define PP_BASE_PAR_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

/*
 * Calls fn(ctx, i) once for each i below `n`, from up to `jobs` threads, and returns when all
 * are done. Pieces must share nothing that either writes.
 */
void pp_parallel(unsigned jobs, size_t n, void (*fn)(void *ctx, size_t i), void *ctx);

/* One call of fn(ctx) beside the caller; made at once where no thread can be started. */
struct pp_task {
    void (*fn)(void *ctx);
    void *ctx;
    pthread_t thread;
    bool running;
};

void pp_task_start(struct pp_task *t, void (*fn)(void *ctx), void *ctx);
void pp_task_wait(struct pp_task *t);

/* Work that several threads do at once, and finish in its order: of 0 first. */
struct pp_turns {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    size_t now;
};

void pp_turns_init(struct pp_turns *t);
void pp_turns_release(struct pp_turns *t);

/* Waits until it is the turn of `i`. What was done in the turns before is then seen. */
void pp_turns_wait(struct pp_turns *t, size_t i);

/* Ends the current turn. */
void pp_turns_next(struct pp_turns *t);

#endif
