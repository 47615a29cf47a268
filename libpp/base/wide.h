/* wide.h - exact products of 64-bit numbers. The only place that needs 128 bits. */
#ifndef PP_BASE_WIDE_H
#define PP_BASE_WIDE_H

#include <stdbool.h>
#include <stdint.h>

/* A number of 128 bits: high * 2^64 + low. */
struct pp_wide {
    uint64_t high, low;
};

static inline struct pp_wide pp_multiply(uint64_t a, uint64_t b)
{
#ifdef __SIZEOF_INT128__
    __extension__ typedef unsigned __int128 wide;
    wide product = (wide)a * b;
    return (struct pp_wide){(uint64_t)(product >> 64), (uint64_t)product};
#else /* long multiplication, with digits of 32 bits */
    uint64_t a0 = (uint32_t)a, a1 = a >> 32, b0 = (uint32_t)b, b1 = b >> 32;
    uint64_t middle = (a0 * b0 >> 32) + (uint32_t)(a0 * b1) + (uint32_t)(a1 * b0);
    return (struct pp_wide){a1 * b1 + (a0 * b1 >> 32) + (a1 * b0 >> 32) + (middle >> 32), a * b};
#endif
}

/* -1, 0 or 1 as a * b is less than, equal to or greater than c * d. */
int pp_compare_products(int64_t a, int64_t b, int64_t c, int64_t d);

/*
 * value * up / down, truncated, or with `half_away` rounded, halves away from zero. False if the
 * magnitude of the result exceeds INT64_MAX; `down` is not 0.
 */
bool pp_mul_div(int64_t value, int64_t up, int64_t down, bool half_away, int64_t *out);

/* The remainder of the truncation: the magnitude of value * up, modulo that of `down`. */
uint64_t pp_mul_rest(int64_t value, int64_t up, int64_t down);

#endif
