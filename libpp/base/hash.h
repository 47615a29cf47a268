/* hash.h - one fast hash for rows and strings. Results differ from run to run by the seed. */
#ifndef PP_BASE_HASH_H
#define PP_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/wide.h"

/* The two halves of a 128-bit product, folded: every bit of both inputs reaches every bit. */
static inline uint64_t pp_mix(uint64_t a, uint64_t b)
{
    struct pp_wide product = pp_multiply(a, b);
    return product.low ^ product.high;
}

static inline uint64_t pp_load64(const char *p)
{
    uint64_t v;
    memcpy(&v, p, sizeof v);
    return v;
}

static inline uint64_t pp_load32(const char *p)
{
    uint32_t v;
    memcpy(&v, p, sizeof v);
    return v;
}

/* Up to 8 bytes as a number: with their length, they tell each other apart. Without a loop. */
static inline uint64_t pp_load_few(const char *p, size_t len)
{
    if (len >= 4)
        return pp_load32(p) | pp_load32(p + len - 4) << 32;
    if (!len)
        return 0;
    const unsigned char *u = (const unsigned char *)p;
    return u[0] | (uint64_t)u[len / 2] << 8 | (uint64_t)u[len - 1] << 16;
}

/*
 * The seed keeps an input from choosing keys that collide: hash with one that the input's
 * maker cannot know, such as an address.
 */
static inline uint64_t pp_hash(const void *data, size_t len, uint64_t seed)
{
    const uint64_t k1 = UINT64_C(0xa0761d6478bd642f), k2 = UINT64_C(0xe7037ed1a0b428db);
    const char *p = data;
    uint64_t h = pp_mix(seed ^ len, k1);
    for (; len >= 16; p += 16, len -= 16)
        h = pp_mix(pp_load64(p) ^ k2, pp_load64(p + 8) ^ h);
    if (len > 8)
        return pp_mix(pp_load64(p) ^ k2, pp_load64(p + len - 8) ^ h);
    return pp_mix(h ^ pp_load_few(p, len), k2 ^ h >> 32);
}

#endif
