/* pack.h - gzip and zstd, one stream at a time. */
#ifndef PP_IO_PACK_H
#define PP_IO_PACK_H

#include "base/out.h"

/* --- decompression ------------------------------------------------------- */

struct pp_unpacker;

/* A decompressor for data that begins with `head`, or NULL if that is not compressed. */
struct pp_unpacker *pp_unpacker_new(struct pp_span head);
void pp_unpacker_free(struct pp_unpacker *u); /* takes NULL */

enum pp_unpacked {
    PP_UNPACK_MORE,    /* needs more input, or more room */
    PP_UNPACK_ENDED,   /* a member has ended; another may follow */
    PP_UNPACK_GARBAGE, /* what follows a member is not one */
    PP_UNPACK_CORRUPT,
    PP_UNPACK_UNKNOWN, /* packed with zstd, and pp was built without it */
};

/* Decompresses from `*in` to `*out`, up to `end`, and moves both. `*why` says what is corrupt. */
enum pp_unpacked pp_unpack(struct pp_unpacker *u, struct pp_span *in, char **out, char *end,
                           const char **why);

/* True unless the data so far ends in the middle of a member. */
bool pp_unpacker_complete(const struct pp_unpacker *u);

/* --- compression --------------------------------------------------------- */

struct pp_packer;

/*
 * Compresses as gzip, without a name or a time, on up to `jobs` threads; the bytes do not depend on
 * their number.
 */
struct pp_packer *pp_packer_new(unsigned jobs);
void pp_packer_free(struct pp_packer *k); /* takes NULL */

/*
 * Takes bytes from `*in`, which it moves, and sets `*packed` to the output, which is valid until
 * the next call; `last`: nothing follows `*in`. Call it again as long as it is true.
 */
bool pp_pack(struct pp_packer *k, struct pp_span *in, bool last, struct pp_span *packed);

/*
 * Puts all of `in` deflated (RFC 1951), without a header or a checksum. Up to `jobs` threads work
 * on it; the bytes are the same, however many these are.
 */
void pp_deflate(struct pp_out *out, struct pp_span in, unsigned jobs);

#endif
