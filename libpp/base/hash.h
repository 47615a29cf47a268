/* hash.h - one fast hash for rows and strings. Results differ from run to run by the seed. */
#ifndef PP_BASE_HASH_H
#define PP_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* The two halves of a 128-bit product, folded: every bit of both inputs reaches every bit. */
static inline uint64_t pp_mix(uint64_t a, uint64_t b)
{
    __extension__ typedef unsigned __int128 wide;
    wide product = (wide)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static inline uint64_t pp_load64(const char *p)
{
    uint64_t v;
    memcpy(&v, p, sizeof v);
    return v;
}

/* The last `len` bytes, at most 8 of them, as a number. */
static inline uint64_t pp_load_tail(const char *p, size_t len)
{
    uint64_t v = 0;
    for (size_t i = 0; i < len; i++)
        v |= (uint64_t)(unsigned char)p[i] << (8 * i);
    return v;
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
    if (len >= 8) {
        h = pp_mix(pp_load64(p) ^ k2, h ^ k1);
        p += 8;
        len -= 8;
    }
    return pp_mix(h ^ pp_load_tail(p, len), k2 ^ h >> 32);
}

#endif
