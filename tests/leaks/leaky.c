/*
 * leaky.c - a program that leaks in some ways, and holds memory in others that are none. It writes
 * a heap dump of jemalloc after each of its steps: FOLDER/leaky.0.m0.heap and so on.
 *
 *     steady_leak   200 KiB a step, from the first to the last
 *     thread_leak   50 KiB a step, each by a thread that ends
 *     slow_leak     64 bytes a step: nothing that sampling can see
 *     fill_cache    20 MiB within five steps; then a quarter of it is replaced in each
 *     swing         up by 500 KiB in each of four steps, and all given back in the fifth
 *     gather        100 KiB a step, and all given back before the last dump
 */
#include <jemalloc/jemalloc.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

enum { STEPS = 20, CACHE = 20 * 1024, POOL = 2000, GATHERED = 100 * STEPS };

static void *cache[CACHE], *pool[POOL], *gathered[GATHERED];
static void *volatile sink; /* so that no call of malloc() is optimized away */

/* Calls must stay calls, for there to be stacks. */
#define NOINLINE __attribute__((noinline, noclone))

static NOINLINE void steady_leak(void)
{
    for (int i = 0; i < 200; i++)
        sink = malloc(1024);
}

static NOINLINE void slow_leak(void)
{
    sink = malloc(64);
}

static NOINLINE void *thread_leak(void *nothing)
{
    static __thread void *last;
    for (int i = 0; i < 100; i++) {
        last = malloc(512);
        sink = last;
    }
    return nothing;
}

static NOINLINE void fill_cache(int step)
{
    int quarter = CACHE / 4, begin = step < 5 ? step * CACHE / 5 : step % 4 * quarter;
    int end = step < 5 ? (step + 1) * CACHE / 5 : begin + quarter;
    for (int i = begin; i < end; i++) {
        free(cache[i]);
        cache[i] = malloc(1024);
    }
}

static NOINLINE void swing(int step)
{
    int begin = step % 5 * POOL / 4;
    for (int i = begin; i < begin + POOL / 4 && i < POOL; i++)
        pool[i] = malloc(1024);
    for (int i = 0; begin == POOL && i < POOL; i++) {
        free(pool[i]);
        pool[i] = NULL;
    }
}

static NOINLINE void gather(int step)
{
    for (int i = step * 100; i < step * 100 + 100; i++)
        gathered[i] = malloc(1024);
    for (int i = 0; step == STEPS - 1 && i < GATHERED; i++)
        free(gathered[i]);
}

static int dump(const char *folder, int step)
{
    char name[4096];
    const char *file = name;
    snprintf(name, sizeof name, "%s/leaky.%d.m%d.heap", folder, step, step);
    return mallctl("prof.dump", NULL, NULL, &file, sizeof file);
}

int main(int argc, char **argv)
{
    pthread_t thread;
    for (int step = 0; argc == 2 && step < STEPS; step++) {
        steady_leak();
        slow_leak();
        fill_cache(step);
        swing(step);
        gather(step);
        if (pthread_create(&thread, NULL, thread_leak, NULL) || pthread_join(thread, NULL))
            return 1;
        if (dump(argv[1], step))
            return 2;
    }
    return argc != 2;
}
