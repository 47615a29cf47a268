/* swar.h - eight bytes at a time (SIMD within a register), for loops where bytewise is too slow. */
#ifndef PP_BASE_SWAR_H
#define PP_BASE_SWAR_H

#include <stdint.h>

#include "base/hash.h"

/* Eight bytes as a big-endian number. */
static inline uint64_t pp_load64_be(const char *p)
{
    uint64_t v = pp_load64(p);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    v = __builtin_bswap64(v);
#endif
    return v;
}

/* A word of eight copies of `byte`. */
static inline uint64_t pp_repeat8(unsigned char byte)
{
    return UINT64_C(0x0101010101010101) * byte;
}

/* The high bit of each byte within `low` to `high`; all bytes must be below 0x80. */
static inline uint64_t pp_in_range(uint64_t bytes, unsigned char low, unsigned char high)
{
    return (bytes + pp_repeat8(0x80 - low)) & ~(bytes + pp_repeat8(0x7f - high)) & pp_repeat8(0x80);
}

/* The high bit of each byte that is not a hexadecimal digit. */
static inline uint64_t pp_not_hex(uint64_t bytes)
{
    uint64_t ascii = bytes & pp_repeat8(0x7f);
    uint64_t digits =
        pp_in_range(ascii, '0', '9') | pp_in_range(ascii | pp_repeat8(0x20), 'a', 'f');
    return (~digits | bytes) & pp_repeat8(0x80);
}

#endif
