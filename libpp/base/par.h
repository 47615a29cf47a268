/* par.h - work on several cores. The only threads in pp. */
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

#endif
