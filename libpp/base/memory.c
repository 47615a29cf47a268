#include "base/memory.h"

#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

void (*pp_on_out_of_memory)(void);

/* Of several threads that run out of memory, the first reports it; the others wait for the end. */
void pp_out_of_memory(void)
{
    static atomic_flag said = ATOMIC_FLAG_INIT;
    static const char text[] = "pp: out of memory\n";
    while (atomic_flag_test_and_set(&said))
        pause();
    if (pp_on_out_of_memory)
        pp_on_out_of_memory();
    else if (write(STDERR_FILENO, text, sizeof text - 1) < 0)
        _exit(1);
    _exit(1);
}

enum { LARGE_PAGE = 2 << 20, MIN_FOR_LARGE_PAGES = 4 << 20, MIN_TO_WRITE = 64 << 10 };

/*
 * Large arrays are mostly tables with random access, where finding a page takes as long as reading
 * it. All pages of an array are of one kind: the kernel cannot move an array with both kinds when
 * it grows, but must copy it.
 */
static void *in_large_pages(void *p, size_t size)
{
#ifdef MADV_HUGEPAGE
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE), before = (uintptr_t)p & (page - 1);
    madvise((char *)p - before, (before + size + page - 1) & ~(page - 1), MADV_HUGEPAGE);
#else
    (void)size;
#endif
    return p;
}

/* Zeros that begin at a large page, and so use only large pages. */
static void *large_zeros(size_t size)
{
    void *p;
    if (posix_memalign(&p, LARGE_PAGE, size) != 0)
        pp_out_of_memory();
    return memset(in_large_pages(p, size), 0, size);
}

/*
 * Zeroed arrays are mostly hash tables, which are read before they are written. The kernel would
 * then map each page twice, for reading and for writing, and interrupt the other threads the second
 * time. So they are written first, all at once.
 */
static void *written(void *p, size_t size)
{
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE),
              first = ((uintptr_t)p + page - 1) & ~(page - 1);
    uintptr_t end = ((uintptr_t)p + size) & ~(page - 1);
    if (size < MIN_TO_WRITE)
        return p;
#ifdef MADV_POPULATE_WRITE
    if (madvise((void *)first, end - first, MADV_POPULATE_WRITE) == 0)
        return p;
#endif
    for (; first < end; first += page)
        *(volatile char *)first = 0;
    return p;
}

void *pp_calloc(size_t count, size_t width)
{
    size_t size;
    if (!__builtin_mul_overflow(count, width, &size) && size >= LARGE_PAGE)
        return large_zeros(size);
    void *p = calloc(count ? count : 1, width);
    if (!p)
        pp_out_of_memory();
    return written(p, size);
}

void *pp_realloc(void *array, size_t count, size_t width)
{
    size_t size;
    if (__builtin_mul_overflow(count ? count : 1, width, &size))
        pp_out_of_memory();
    void *moved = realloc(array, size);
    if (!moved)
        pp_out_of_memory();
    return size >= MIN_FOR_LARGE_PAGES ? in_large_pages(moved, size) : moved;
}

void *pp_grow(void *array, size_t width, size_t need, size_t *cap)
{
    size_t n = *cap < 8 ? 8 : *cap + *cap / 2;
    *cap = n < need ? need : n;
    return pp_realloc(array, *cap, width);
}
