#include "symbols/xz.h"

#include <lzma.h>
#include <stdlib.h>

#include "base/memory.h"

char *pp_xz_unpack(struct pp_span packed, size_t most, size_t *size)
{
    lzma_stream stream = LZMA_STREAM_INIT;
    lzma_ret state = lzma_stream_decoder(&stream, most, 0);
    char *bytes = NULL;
    size_t cap = 0, len = 0;
    stream.next_in = (const uint8_t *)packed.p;
    stream.avail_in = pp_len(packed);
    while (state == LZMA_OK && len < most) {
        PP_GROW(bytes, len + (1 << 16), cap);
        stream.next_out = (uint8_t *)bytes + len;
        stream.avail_out = cap - len;
        state = lzma_code(&stream, LZMA_FINISH);
        len = cap - stream.avail_out;
    }
    lzma_end(&stream);
    *size = len;
    if (state == LZMA_STREAM_END)
        return bytes;
    free(bytes);
    return NULL;
}

uint32_t pp_crc32(struct pp_span bytes, uint32_t crc)
{
    return lzma_crc32((const uint8_t *)bytes.p, pp_len(bytes), crc);
}
