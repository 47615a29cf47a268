#include "base/hash.h"

/* Fewer bytes than a block, padded with zeros. */
static struct pp_digest digest_few(struct pp_digest d, const char *p, size_t len, uint64_t seed)
{
    char block[PP_DIGEST_BLOCK] = {0};
    memcpy(block, p, len);
    return pp_digest_block(d, block, seed);
}

/* The last block may overlap the one before it; the length is part of the digest. */
struct pp_digest pp_digest(const void *data, size_t len, uint64_t seed)
{
    struct pp_digest d = pp_digest_start(seed ^ len);
    const char *p = data, *end = p + len;
    if (len < PP_DIGEST_BLOCK)
        return len ? digest_few(d, p, len, seed) : d;
    for (; end - p > PP_DIGEST_BLOCK; p += PP_DIGEST_BLOCK)
        d = pp_digest_block(d, p, seed);
    return pp_digest_block(d, end - PP_DIGEST_BLOCK, seed);
}
