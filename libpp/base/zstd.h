/*
 * zstd.h - a zstd stream, decompressed piece by piece. The only file that includes zstd's header.
 */
#ifndef PP_BASE_ZSTD_H
#define PP_BASE_ZSTD_H

#include "base/span.h"

struct pp_zstd;

/* A stream at its start; NULL if pp was built without zstd. */
struct pp_zstd *pp_zstd_new(void);
void pp_zstd_free(struct pp_zstd *z); /* takes NULL */

enum pp_zstd_step { PP_ZSTD_MORE, PP_ZSTD_FRAME_ENDED, PP_ZSTD_CORRUPT };

/*
 * Decompresses from `*in` to `*out`, up to `end`, and moves both. PP_ZSTD_MORE: it needs more
 * input, or more room. `*why` says what is corrupt. Frames with a window of more than 128 MiB are
 * refused.
 */
enum pp_zstd_step pp_zstd_unpack(struct pp_zstd *z, struct pp_span *in, char **out, char *end,
                                 const char **why);

#endif
