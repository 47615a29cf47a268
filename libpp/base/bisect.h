/* bisect.h - binary search. */
#ifndef PP_BASE_BISECT_H
#define PP_BASE_BISECT_H

#include <stddef.h>

/*
 * Declares `n` as the number of indices `i` below `count` for which the expression `holds` is true:
 * it must be true for the first ones and false for the rest. Such as the number of regions that
 * start at `address` or before:
 *
 *     PP_BISECT(n, count, i, regions[i].start <= address);
 */
#define PP_BISECT(n, count, i, holds) \
    size_t n = 0; \
    for (size_t n##_end = (count); n < n##_end;) { \
        size_t i = n + (n##_end - n) / 2; \
        if (holds) \
            n = i + 1; \
        else \
            n##_end = i; \
    }

#endif
