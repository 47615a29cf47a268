/* Makes the threads.in of jemalloc-log, and with an argument that of jemalloc-recent. */
#include <jemalloc/jemalloc.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

struct write_packet {
    void (*write)(void *opaque, const char *text);
    void *opaque;
};

static void *kept[64];
static int nkept;

__attribute__((noinline)) static void *block(size_t size)
{
    void *p = malloc(size);
    memset(p, 1, size);
    return p;
}

__attribute__((noinline)) static void release(void *p)
{
    free(p);
}

__attribute__((noinline)) static void churn(size_t size)
{
    void *held[8];
    for (int i = 0; i < 8; i++)
        held[i] = block(size);
    nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
    for (int i = 0; i < 8; i++)
        release(held[i]);
}

static void *work(void *name)
{
    if (name)
        mallctl("thread.prof.name", NULL, NULL, &name, sizeof name);
    churn(3000);
    churn(40000);
    return NULL;
}

static void print(void *out, const char *text)
{
    fputs(text, out);
}

int main(int argc, char **argv)
{
    pthread_t thread;
    const char *name = "the \"main\" one";
    mallctl("thread.prof.name", NULL, NULL, &name, sizeof name);
    for (int i = 0; i < 6; i++)
        kept[nkept++] = block(5000);
    pthread_create(&thread, NULL, work, NULL);
    work((void *)"worker one");
    pthread_join(thread, NULL);
    FILE *out = argc > 1 ? fopen(argv[1], "w") : NULL;
    if (out) {
        struct write_packet packet = {print, out};
        int rc = mallctl("experimental.prof_recent.alloc_dump", NULL, NULL, &packet, sizeof packet);
        fprintf(stderr, "dump: %d\n", rc);
        fclose(out);
    }
    return 0;
}
