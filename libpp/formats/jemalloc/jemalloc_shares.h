/* jemalloc_shares.h - a stack's counts divided among its threads, in whole numbers that add up. */
#ifndef PP_FORMATS_JEMALLOC_SHARES_H
#define PP_FORMATS_JEMALLOC_SHARES_H

#include <stddef.h>
#include <stdint.h>

#include "model/profile.h"

enum { PP_JEMALLOC_COUNTS = 4 }; /* objects and bytes, ever allocated and in use */

/* One thread's share of a stack. */
struct pp_jemalloc_share {
    const long double *values; /* its own counts: their order in memory breaks ties */
    pp_id thread;
    int64_t given[PP_JEMALLOC_COUNTS]; /* whole numbers, filled in by pp_jemalloc_divide() */
    long double rest;                  /* of one count, the fraction that rounding down has lost */
};

/*
 * Divides `whole`, the stack's `count`, in proportion to values[count] of its `n` shares, so that
 * what they are given adds up; what rounding leaves over goes to those that lost most by it.
 * Returns the remainder that fits no share.
 */
int64_t pp_jemalloc_divide(struct pp_jemalloc_share *shares, size_t n, int count, int64_t whole);

#endif
