/*
 * lz4.h - decompresses a block of LZ4: https://github.com/lz4/lz4/blob/dev/doc/lz4_Block_format.md
 */
#ifndef PP_HEAPTRACK_LZ4_H
#define PP_HEAPTRACK_LZ4_H

#include "base/span.h"

/*
 * Decompresses `in` into out[0..room), and sets `*len` to the size of the output. False if the
 * block is damaged or does not fit; the output up to there is still valid.
 */
bool pp_lz4_unpack(struct pp_span in, char *out, size_t room, size_t *len);

#endif
