/* What pp_deflate() makes is what RFC 1951 says: zlib gives back what went in. */
#include <stdlib.h>
#include <zlib.h>

#include "base/memory.h"
#include "check.h"
#include "io/pack.h"

/* Bytes that neither repeat nor are all different. */
static char *some_bytes(size_t n)
{
    char *bytes = pp_calloc(n + 1, 1);
    uint32_t seed = 1;
    for (size_t i = 0; i < n; i++) {
        seed = seed * 1664525 + 1013904223;
        bytes[i] = (char)(i % 100 < 60 ? 'a' + i / 100 % 26 : seed >> 24);
    }
    return bytes;
}

static void check_round_trip(size_t n)
{
    char *bytes = some_bytes(n), *back = pp_calloc(n + 1, 1);
    struct pp_out one, four;
    pp_out_memory(&one, NULL);
    pp_out_memory(&four, NULL);
    pp_deflate(&one, (struct pp_span){bytes, bytes + n}, 1);
    pp_deflate(&four, (struct pp_span){bytes, bytes + n}, 4);
    CHECK(pp_same(pp_out_bytes(&one), pp_out_bytes(&four)));
    z_stream z = {.next_in = (unsigned char *)one.buf,
                  .avail_in = (unsigned)one.len,
                  .next_out = (unsigned char *)back,
                  .avail_out = (unsigned)n + 1};
    CHECK(inflateInit2(&z, -15) == Z_OK);
    CHECK(inflate(&z, Z_FINISH) == Z_STREAM_END);
    CHECK_INT(z.total_out, n);
    CHECK_INT(z.avail_in, 0);
    CHECK(memcmp(bytes, back, n) == 0);
    inflateEnd(&z);
    pp_out_release(&one);
    pp_out_release(&four);
    free(bytes);
    free(back);
}

static void test_what_is_deflated_is_inflated_to_the_same(void)
{
    static const size_t block = 256 << 10;
    const size_t sizes[] = {0,         1,         100,           block - 1, block,
                            block + 1, 4 * block, 5 * block + 7, 2000000};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        check_round_trip(sizes[i]);
}

CHECK_MAIN(test_what_is_deflated_is_inflated_to_the_same)
