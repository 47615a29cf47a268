/* eight.h - eight bytes of a text at once, where to look at one after the other would cost. */
#ifndef PP_BASE_EIGHT_H
#define PP_BASE_EIGHT_H

#include <stdint.h>

#include "base/hash.h"

/* Eight bytes as a number, of which the first is the highest. */
static inline uint64_t pp_eight(const char *p)
{
    uint64_t v = pp_load64(p);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    v = __builtin_bswap64(v);
#endif
    return v;
}

/* The same byte eight times. */
static inline uint64_t pp_each(unsigned char byte)
{
    return UINT64_C(0x0101010101010101) * byte;
}

/* The highest bit of each byte that is from `low` to `high`, where all are below 0x80. */
static inline uint64_t pp_in_range(uint64_t bytes, unsigned char low, unsigned char high)
{
    return (bytes + pp_each(0x80 - low)) & ~(bytes + pp_each(0x7f - high)) & pp_each(0x80);
}

/* The highest bit of each byte that is no hexadecimal digit. */
static inline uint64_t pp_not_hex(uint64_t bytes)
{
    uint64_t ascii = bytes & pp_each(0x7f);
    uint64_t digits = pp_in_range(ascii, '0', '9') | pp_in_range(ascii | pp_each(0x20), 'a', 'f');
    return (~digits | bytes) & pp_each(0x80);
}

#endif
