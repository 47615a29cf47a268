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

static inline uint32_t pp_load32(const char *p)
{
    uint32_t v;
    memcpy(&v, p, sizeof v);
    return v;
}

/*
 * Up to 8 bytes as a number, which differs for different bytes of the same length. Without a loop.
 */
static inline uint64_t pp_load_few(const char *p, size_t len)
{
    if (len >= 4)
        return pp_load32(p) | (uint64_t)pp_load32(p + len - 4) << 32;
    if (!len)
        return 0;
    const unsigned char *u = (const unsigned char *)p;
    return u[0] | (uint64_t)u[len / 2] << 8 | (uint64_t)u[len - 1] << 16;
}

/*
 * The seed prevents an input from choosing keys that collide: use one that the author of the input
 * cannot know, such as an address. It is in both factors, as a factor of 0 would hide the other.
 */
static inline uint64_t pp_hash(const void *data, size_t len, uint64_t seed)
{
    const uint64_t key = seed ^ UINT64_C(0xe7037ed1a0b428db);
    const char *p = (const char *)data;
    uint64_t h = pp_mix(seed ^ len, UINT64_C(0xa0761d6478bd642f));
    for (; len >= 16; p += 16, len -= 16)
        h = pp_mix(pp_load64(p) ^ key, pp_load64(p + 8) ^ h);
    if (len > 8)
        return pp_mix(pp_load64(p) ^ key, pp_load64(p + len - 8) ^ h);
    return pp_mix(h ^ pp_load_few(p, len), key ^ h >> 32);
}

/*
 * A hash of 128 bits: equal digests mean equal bytes, except to an attacker who knows the seed. It
 * is computed block by block, so each prefix of whole blocks has one too.
 */
struct pp_digest {
    uint64_t a, b;
};

enum { PP_DIGEST_BLOCK = 64 };

/* The digest of no bytes. */
static inline struct pp_digest pp_digest_start(uint64_t seed)
{
    const uint64_t key = seed ^ UINT64_C(0x9e3779b97f4a7c15);
    return (struct pp_digest){pp_mix(key, UINT64_C(0xa0761d6478bd642f)),
                              pp_mix(key, UINT64_C(0x589965cc75374cc3))};
}

/*
 * Adds a block. Its four parts are independent of each other and of earlier blocks, so they run in
 * parallel; each contributes its full 128-bit product. Each half has a key of its own, derived from
 * the seed: with equal keys, an addition to one part could cancel a subtraction from another.
 */
static inline struct pp_digest pp_digest_block(struct pp_digest so_far, const char *p,
                                               uint64_t seed)
{
    static const uint64_t keys[PP_DIGEST_BLOCK / 16][2] = {
        {UINT64_C(0xe7037ed1a0b428db), UINT64_C(0x589965cc75374cc3)},
        {UINT64_C(0x8ebc6af09c88c6e3), UINT64_C(0xa0761d6478bd642f)},
        {UINT64_C(0x1d8e4e27c47d124f), UINT64_C(0xbf58476d1ce4e5b9)},
        {UINT64_C(0xeb44accab455d165), UINT64_C(0x94d049bb133111eb)}};
    uint64_t low = 0, high = 0;
#pragma GCC unroll 4
    for (size_t i = 0; i < PP_DIGEST_BLOCK / 16; i++, p += 16) {
        struct pp_wide part =
            pp_multiply(pp_load64(p) ^ seed * keys[i][0], pp_load64(p + 8) ^ seed * keys[i][1]);
        low += part.low;
        high += part.high;
    }
    /* The factor is odd, so multiplication maps different `low` to different results. */
    struct pp_wide whole = pp_multiply(low ^ so_far.a, (high ^ so_far.b) | 1);
    return (struct pp_digest){whole.low ^ whole.high, whole.high + (high ^ low >> 1)};
}

/* The digest of a whole text. */
struct pp_digest pp_digest(const void *data, size_t len, uint64_t seed);

#endif
