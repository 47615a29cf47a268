/* xz.h - uses liblzma for .gnu_debugdata, and for the CRC of .gnu_debuglink. */
#ifndef PP_SYMBOLS_XZ_H
#define PP_SYMBOLS_XZ_H

#include "base/span.h"

/*
 * Decompresses .xz data of up to `most` bytes, to `*size` bytes that the caller frees. NULL if it
 * is damaged, or larger.
 */
char *pp_xz_unpack(struct pp_span packed, size_t most, size_t *size);

/* Continues the CRC-32 of IEEE 802.3 over more bytes; start with 0. */
uint32_t pp_crc32(struct pp_span bytes, uint32_t crc);

#endif
