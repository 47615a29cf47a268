/* jemalloc_counts.h - reads the counts in a line of a heap dump. */
#ifndef PP_FORMATS_JEMALLOC_COUNTS_H
#define PP_FORMATS_JEMALLOC_COUNTS_H

#include "base/span.h"

/*
 * Takes "1: 1048576 [3: 1060864]" off `*s`: the objects and bytes in use, and those ever allocated.
 * Numbers of more than 64 bits become 2^64 - 1. False if the text is something else.
 */
bool pp_jemalloc_take_counts(struct pp_span *s, uint64_t inuse[2], uint64_t alloc[2]);

#endif
