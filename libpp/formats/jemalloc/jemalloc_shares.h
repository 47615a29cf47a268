/* jemalloc_shares.h - divides a stack's counts among its threads, in whole numbers that add up. */
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
    long double rest;                  /* for one count, the fraction lost by rounding down */
};

/*
 * Divides `whole`, the stack's `count`, among its `n` shares in proportion to their values[count],
 * so that the results add up: the remainder goes to the shares that lost most by rounding. Returns
 * the remainder that fits no share.
 */
int64_t pp_jemalloc_divide(struct pp_jemalloc_share *shares, size_t n, int count, int64_t whole);

#endif
