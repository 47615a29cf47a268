/* Allocates what symbols.sh knows, in sizes that an allocator need not round up. */
#include "here.h"

#include <stdlib.h>

static void *volatile kept;

static INLINE void *take(size_t size)
{
    return kept = malloc(size);
}

/* 1,000 blocks of 64 bytes. */
NOINLINE void keep_small(void)
{
    for (int i = 0; i < 1000; i++)
        take(64);
}

/* 10 blocks of 16 KiB. */
static NOINLINE void keep_large(void)
{
    for (int i = 0; i < 10; i++)
        take(16384);
}

/* 5 blocks of 128 bytes, each one call deeper. */
NOINLINE void *nest(int depth)
{
    void *below = depth > 1 ? nest(depth - 1) : NULL;
    void *block = take(128);
    return block > below ? block : below;
}

/* None of its 100 blocks are left. */
NOINLINE void drop(void)
{
    for (int i = 0; i < 100; i++)
        free(take(1024));
}

int main(void)
{
    keep_small();
    keep_large();
    drop();
    return nest(5) == NULL;
}
