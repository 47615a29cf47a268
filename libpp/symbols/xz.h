/* xz.h - what liblzma is needed for: .gnu_debugdata, and the check sum of .gnu_debuglink. */
#ifndef PP_SYMBOLS_XZ_H
#define PP_SYMBOLS_XZ_H

#include "base/span.h"

/*
 * Unpacks .xz data of up to `most` bytes, in `*size` bytes that are the caller's to free(). NULL
 * if it is damaged, or more.
 */
char *pp_xz_unpack(struct pp_span packed, size_t most, size_t *size);

/* Continues the CRC-32 of IEEE 802.3 over more bytes; begin with 0. */
uint32_t pp_crc32(struct pp_span bytes, uint32_t crc);

#endif
