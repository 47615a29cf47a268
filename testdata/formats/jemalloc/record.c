/* Makes threads.in and threads-accum.in: three threads allocate, of which one has no name. */
#include <jemalloc/jemalloc.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

static void *volatile kept;

__attribute__((noinline)) static void *block(size_t size)
{
    void *p = malloc(size);
    memset(p, 1, size);
    return p;
}

__attribute__((noinline)) static void hold(size_t size)
{
    kept = block(size);
}

__attribute__((noinline)) static void churn(size_t size)
{
    for (int i = 0; i < 200; i++)
        free(block(size));
}

static void *work(void *arg)
{
    const char *name = arg;
    if (*name)
        mallctl("thread.prof.name", NULL, NULL, &name, sizeof name);
    for (int i = 0; i < 150; i++)
        hold(48 + strlen(name) * 40);
    for (int i = 0; i < 3; i++)
        hold(100000);
    churn(4000);
    return NULL;
}

int main(void)
{
    char *names[] = {"worker one", "worker two", ""};
    const char *name = "main";
    pthread_t threads[3];
    mallctl("thread.prof.name", NULL, NULL, &name, sizeof name);
    for (int i = 0; i < 3; i++)
        pthread_create(&threads[i], NULL, work, names[i]);
    for (int i = 0; i < 3; i++)
        pthread_join(threads[i], NULL);
    for (int i = 0; i < 20; i++)
        hold(1 << 16);
    mallctl("prof.dump", NULL, NULL, NULL, 0);
    return 0;
}
