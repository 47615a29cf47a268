/* par.h - work on several cores. No other file of pp starts threads or uses locks. */
#ifndef PP_BASE_PAR_H
#define PP_BASE_PAR_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

/*
 * Calls fn(ctx, i) once for each i below `n`, from up to `jobs` threads, and returns when all calls
 * have returned. Calls must not share anything that one of them writes.
 */
void pp_parallel(unsigned jobs, size_t n, void (*fn)(void *ctx, size_t i), void *ctx);

/* One call of fn(ctx) in parallel with the caller; made at once if no thread can be started. */
struct pp_task {
    void (*fn)(void *ctx);
    void *ctx;
    pthread_t thread;
    bool running;
};

void pp_task_start(struct pp_task *t, void (*fn)(void *ctx), void *ctx);
void pp_task_wait(struct pp_task *t);

/* For work that several threads do at once and finish in order, starting with 0. */
struct pp_turns {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    size_t now;
};

void pp_turns_init(struct pp_turns *t);
void pp_turns_release(struct pp_turns *t);

/* Waits for the turn of `i`. Everything done in earlier turns is then visible. */
void pp_turns_wait(struct pp_turns *t, size_t i);

/* Ends the current turn. */
void pp_turns_next(struct pp_turns *t);

#endif
