/*
 * load.h - reads a profile from a file or bytes: detects the format, decompresses, and reads pieces
 * in threads.
 */
#ifndef PP_LOAD_LOAD_H
#define PP_LOAD_LOAD_H

#include "formats/format.h"

struct pp_load_options {
    const struct pp_format *from;       /* NULL: found by content */
    unsigned keep;                      /* enum pp_holds: what the caller uses */
    enum pp_use use;                    /* what it needs stacks for */
    unsigned keep_named;                /* ... in addition, if the format has names, ... */
    unsigned keep_unnamed;              /* ... and if it has none */
    unsigned jobs;                      /* threads; 0 is 1 */
    unsigned max_depth;                 /* frames of a stack; 0: PP_MAX_DEPTH */
    uint64_t max_size;                  /* bytes of the unpacked input as a whole; 0: PP_MAX_SIZE */
    const struct pp_unwinder *unwinder; /* for dumped stacks; NULL: none */
    const struct pp_code_ranger *ranger; /* NULL: none */
    bool raw_counts;                     /* leave counts of heap dumps as they are */
    const char *maps;         /* a file with the list of mapped files, see maps.h; NULL: none */
    const struct pp_each *each; /* takes the profiles of an input of several; NULL: their sum */
    const char *pick; /* of an input of many profiles, the only one to read; NULL: all */
    struct pp_series *series; /* for the dumps of an input that holds several, or NULL */
    const struct pp_format **found; /* if not NULL: set to the format that was read */

    /*
     * Called from time to time from any thread, but never from two at once; `total` is 0 if
     * unknown.
     */
    void (*progress)(void *ctx, uint64_t done, uint64_t total);
    void *progress_ctx;
};

#define PP_MAX_DEPTH 65536u
#define PP_MAX_SIZE  (UINT64_C(64) << 30)

/*
 * Reads the profile in the file `path`, or in standard input for "-"; decompresses gzip and zstd.
 * The result does not depend on `jobs`. The caller frees it. NULL after reporting to `diag`; with
 * diag->strict also after a warning.
 */
struct pp_profile *pp_load(const char *path, const struct pp_load_options *options,
                           struct pp_diag *diag);

/*
 * The format of the file `path` by its content, or NULL, also if it cannot be read; reports
 * nothing.
 */
const struct pp_format *pp_load_detect(const char *path);

/*
 * Reads the profile in `bytes`, which are not compressed; `name` is for messages. A format that can
 * be split is read in `jobs` pieces, so that tests can compare that with one.
 */
struct pp_profile *pp_load_bytes(struct pp_span bytes, const char *name,
                                 const struct pp_load_options *options, struct pp_diag *diag);

#endif
