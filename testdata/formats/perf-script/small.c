/* small.c - for small recordings: an inlined call, a page fault a page, a switch a write. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static inline __attribute__((always_inline)) unsigned long square(unsigned long x)
{
    return x * x ^ x >> 3;
}

__attribute__((noinline)) static unsigned long squares(unsigned long n)
{
    unsigned long sum = 0;
    for (unsigned long i = 0; i < n; i++)
        sum += square(i + sum);
    return sum;
}

__attribute__((noinline)) static void touch(size_t pages)
{
    char *p = malloc(pages << 12);
    for (size_t i = 0; i < pages; i++)
        p[i << 12] = 1;
    free(p);
}

int main(void)
{
    unsigned long sum = squares(8000000);
    touch(3000);
    usleep(1000);
    return sum == 1;
}
