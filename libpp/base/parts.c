#include "base/parts.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/par.h"

/* More threads would only wait for their turn. */
enum { BUFFER = 4 << 20, MAX_JOBS = 8 };

struct parts {
    struct pp_out *out;
    void (*put)(void *ctx, size_t i, struct pp_out *to);
    void *ctx;
    size_t n;
    atomic_size_t next; /* the next part to begin */
    struct pp_turns turns;
};

/* The output of a thread, and the number of its part. */
struct to {
    struct pp_out out;
    struct parts *parts;
    size_t part;
};

static bool drain_in_turn(struct pp_out *out, struct pp_span bytes)
{
    struct to *to = (struct to *)out;
    pp_turns_wait(&to->parts->turns, to->part);
    pp_out_pass(to->parts->out, bytes);
    return !to->parts->out->failed;
}

/* Runs in each thread. Parts are begun in order, so the first unfinished one never waits. */
static void put_parts(void *ctx, size_t thread)
{
    struct parts *parts = ctx;
    struct to to = {.parts = parts};
    (void)thread;
    to.out = (struct pp_out){.drain = drain_in_turn,
                             .buf = pp_realloc(NULL, BUFFER, 1),
                             .cap = BUFFER,
                             .name = parts->out->name};
    while ((to.part = atomic_fetch_add(&parts->next, 1)) < parts->n) {
        parts->put(parts->ctx, to.part, &to.out);
        pp_out_flush(&to.out);
        pp_turns_wait(&parts->turns, to.part);
        pp_turns_next(&parts->turns);
    }
    pp_out_release(&to.out);
}

void pp_out_parts(struct pp_out *out, size_t n, void (*put)(void *ctx, size_t i, struct pp_out *to),
                  void *ctx)
{
    struct parts parts = {.out = out, .put = put, .ctx = ctx, .n = n};
    unsigned jobs = out->jobs < MAX_JOBS ? out->jobs : MAX_JOBS;
    if (jobs > 1 && n > 1) {
        pp_turns_init(&parts.turns);
        pp_parallel(jobs, n < jobs ? n : jobs, put_parts, &parts);
        pp_turns_release(&parts.turns);
        return;
    }
    for (size_t i = 0; i < n && !out->failed; i++)
        put(ctx, i, out);
}
