/* pack.h - gzip and zstd, a stream at a time. */
#ifndef PP_IO_PACK_H
#define PP_IO_PACK_H

#include "base/out.h"

/* --- unpacking ----------------------------------------------------------- */

struct pp_unpacker;

/* An unpacker for data that begins with `head`, or NULL if that is not packed. */
struct pp_unpacker *pp_unpacker_new(struct pp_span head);
void pp_unpacker_free(struct pp_unpacker *u); /* takes NULL */

enum pp_unpacked {
    PP_UNPACK_MORE,    /* needs more input, or more room */
    PP_UNPACK_ENDED,   /* a member has ended here; another may begin */
    PP_UNPACK_GARBAGE, /* after a member comes what is not one */
    PP_UNPACK_CORRUPT,
};

/*
 * Unpacks from `*in` (moving it on) to `*out`, up to `end` (likewise). `*why` says what is
 * corrupt.
 */
enum pp_unpacked pp_unpack(struct pp_unpacker *u, struct pp_span *in, char **out, char *end,
                           const char **why);

/* True unless the data so far end in the middle of a member. */
bool pp_unpacker_complete(const struct pp_unpacker *u);

/* --- packing ------------------------------------------------------------- */

struct pp_packer;

/*
 * Packs as gzip, without a name or a time, on up to `jobs` threads: the same content gives the same
 * bytes, however many these are.
 */
struct pp_packer *pp_packer_new(unsigned jobs);
void pp_packer_free(struct pp_packer *k); /* takes NULL */

/*
 * Takes bytes from `*in` (moving it on), and sets `*packed` to what comes out, which lives until
 * the next call; `last` says that nothing follows `*in`. Call it again as long as it is true.
 */
bool pp_pack(struct pp_packer *k, struct pp_span *in, bool last, struct pp_span *packed);

/*
 * Puts all of `in` deflated (RFC 1951), without a header or a checksum. Up to `jobs` threads work
 * on it; the bytes are the same, however many these are.
 */
void pp_deflate(struct pp_out *out, struct pp_span in, unsigned jobs);

#endif
