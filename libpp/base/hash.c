#include "base/hash.h"

struct pp_digest pp_digest(const void *data, size_t len, uint64_t seed)
{
    struct pp_digest d = pp_digest_start(seed ^ len);
    const char *p = data;
    for (; len >= PP_DIGEST_BLOCK; p += PP_DIGEST_BLOCK, len -= PP_DIGEST_BLOCK)
        d = pp_digest_block(d, p, seed);
    if (len) {
        char last[PP_DIGEST_BLOCK] = {0};
        memcpy(last, p, len);
        d = pp_digest_block(d, last, seed);
    }
    return d;
}
