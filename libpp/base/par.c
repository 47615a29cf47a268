#include "base/par.h"

#include <stdatomic.h>

enum { MAX_JOBS = 64 };

struct work {
    void (*fn)(void *ctx, size_t i);
    void *ctx;
    size_t n;
    atomic_size_t next;
};

static void *drain(void *arg)
{
    struct work *w = arg;
    for (size_t i; (i = atomic_fetch_add(&w->next, 1)) < w->n;)
        w->fn(w->ctx, i);
    return NULL;
}

void pp_parallel(unsigned jobs, size_t n, void (*fn)(void *ctx, size_t i), void *ctx)
{
    struct work w = {.fn = fn, .ctx = ctx, .n = n};
    pthread_t threads[MAX_JOBS];
    unsigned started = 0;

    while (started + 1 < jobs && started + 1 < n && started < MAX_JOBS &&
           pthread_create(&threads[started], NULL, drain, &w) == 0)
        started++;
    drain(&w); /* this thread works, too, and alone if no other could be started */
    while (started)
        pthread_join(threads[--started], NULL);
}

static void *run(void *arg)
{
    struct pp_task *t = arg;
    t->fn(t->ctx);
    return NULL;
}

void pp_task_start(struct pp_task *t, void (*fn)(void *ctx), void *ctx)
{
    *t = (struct pp_task){.fn = fn, .ctx = ctx};
    t->running = pthread_create(&t->thread, NULL, run, t) == 0;
    if (!t->running)
        fn(ctx);
}

void pp_task_wait(struct pp_task *t)
{
    if (t->running)
        pthread_join(t->thread, NULL);
    t->running = false;
}

void pp_turns_init(struct pp_turns *t)
{
    pthread_mutex_init(&t->lock, NULL); /* neither can fail on Linux: these have no attributes */
    pthread_cond_init(&t->changed, NULL);
    t->now = 0;
}

void pp_turns_release(struct pp_turns *t)
{
    pthread_mutex_destroy(&t->lock);
    pthread_cond_destroy(&t->changed);
}

void pp_turns_wait(struct pp_turns *t, size_t i)
{
    pthread_mutex_lock(&t->lock);
    while (t->now != i)
        pthread_cond_wait(&t->changed, &t->lock);
    pthread_mutex_unlock(&t->lock);
}

void pp_turns_next(struct pp_turns *t)
{
    pthread_mutex_lock(&t->lock);
    t->now++;
    pthread_cond_broadcast(&t->changed);
    pthread_mutex_unlock(&t->lock);
}
