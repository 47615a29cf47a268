/* load.h - from a file or bytes to a profile: detection, unpacking, pieces, threads. */
#ifndef PP_LOAD_LOAD_H
#define PP_LOAD_LOAD_H

#include "formats/format.h"

struct pp_load_options {
    const struct pp_format *from;   /* NULL: found by content */
    unsigned keep;                  /* enum pp_holds: what the caller has a use for */
    unsigned keep_named;            /* ... in addition of a format that has names, ... */
    unsigned keep_unnamed;          /* ... and of one that has none */
    unsigned jobs;                  /* threads; 0 is 1 */
    unsigned max_depth;             /* frames of a stack; 0: PP_MAX_DEPTH */
    uint64_t max_size;              /* bytes of the unpacked input as a whole; 0: PP_MAX_SIZE */
    const struct pp_unwinder *unwinder; /* of stacks that are copies of bytes; NULL: none */
    bool raw_counts;                /* leave counts of heap dumps as they stand */
    const char *maps;               /* a file that says what was mapped, see maps.h; NULL: none */
    struct pp_series *series;       /* for the dumps of an input that holds several; or NULL */
    const struct pp_format **found; /* if not NULL: set to the format of what is read */

    /* Called now and then from any thread, but never from two at a time; `total` is 0 where it is
     * unknown. */
    void (*progress)(void *ctx, uint64_t done, uint64_t total);
    void *progress_ctx;
};

#define PP_MAX_DEPTH 65536u
#define PP_MAX_SIZE  (UINT64_C(64) << 30)

/*
 * The profile in the file `path`, "-" being standard input, gzip and zstd unpacked. The same
 * profile whatever `jobs` is. NULL after reporting to `diag`; with diag->strict also after a
 * warning.
 */
struct pp_profile *pp_load(const char *path, const struct pp_load_options *options,
                           struct pp_diag *diag);

/*
 * The format of the file `path` by its content, or NULL: also if it cannot be read, of which
 * nothing is reported.
 */
const struct pp_format *pp_load_detect(const char *path);

/*
 * The profile in `bytes`, which are not packed; `name` is for messages. A format that can be
 * split is read in `jobs` pieces: what tests compare with one.
 */
struct pp_profile *pp_load_bytes(struct pp_span bytes, const char *name,
                                 const struct pp_load_options *options, struct pp_diag *diag);

#endif
