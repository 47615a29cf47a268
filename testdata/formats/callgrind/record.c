/* What recorded.in and ../xtree/recorded*.in were recorded of. */
#include <stdlib.h>
#include <string.h>

static void *keep[8];

static __attribute__((noinline)) int work(int n)
{
    int sum = 0;
    for (int i = 0; i < n; i++)
        sum += i % 3;
    return sum;
}

static __attribute__((noinline)) int fib(int n)
{
    return n < 2 ? n : fib(n - 1) + fib(n - 2);
}

static __attribute__((noinline)) char *make(size_t size)
{
    char *p = malloc(size);
    memset(p, 1, size);
    return p;
}

static __attribute__((noinline)) int heavy(void)
{
    return work(90);
}

static __attribute__((noinline)) int light(void)
{
    return work(10);
}

__attribute__((noinline)) int count(void)
{
    return heavy() + light() + fib(6);
}

static __attribute__((noinline)) void hold(void)
{
    keep[0] = make(1000);
    free(make(10));
}

int main(void)
{
    int sum = count();
    hold();
    keep[1] = malloc(24);
    return sum == 0;
}
