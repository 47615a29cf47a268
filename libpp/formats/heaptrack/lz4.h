/* lz4.h - unpacks a block of LZ4: https://github.com/lz4/lz4/blob/dev/doc/lz4_Block_format.md */
#ifndef PP_HEAPTRACK_LZ4_H
#define PP_HEAPTRACK_LZ4_H

#include "base/span.h"

/*
 * Unpacks `in` into out[0..room). The size of what comes out in `*len`; also of what came before
 * the place where the block is damaged or has no more room, and then it returns false.
 */
bool pp_lz4_unpack(struct pp_span in, char *out, size_t room, size_t *len);

#endif
