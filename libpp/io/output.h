/* output.h - files that appear whole or not at all. */
#ifndef PP_IO_OUTPUT_H
#define PP_IO_OUTPUT_H

#include <unistd.h>

#include "base/out.h"

/*
 * A file being written: it has a temporary name beside the final one until pp_output_close()
 * renames it. What is not a regular file, such as /dev/null, a pipe or standard output, is written
 * directly.
 */
struct pp_output {
    struct pp_out out; /* what writers write to */
    int fd;
    char *path, *temporary;   /* NULL: written directly */
    volatile bool unfinished; /* the temporary file exists */
    struct pp_packer *packer;
};

/*
 * Opens `path`, or standard output for NULL and "-". With `gzip`, compresses the output on up to
 * `jobs` threads, without a time, so that equal content gives equal files. An existing file keeps
 * its permissions. False after reporting.
 */
bool pp_output_open(struct pp_output *o, const char *path, bool gzip, unsigned jobs,
                    struct pp_diag *diag);

/*
 * Completes the file. False after reporting, or if a write failed: the old file is then unchanged.
 */
bool pp_output_close(struct pp_output *o);

/* Discards what was written; the old file is unchanged. */
void pp_output_abandon(struct pp_output *o);

/*
 * Removes the temporary file, if there is one, and does nothing else: for signal handlers, and for
 * when memory has run out. The program must end after it. May be called at any time.
 */
static inline void pp_output_forget(const struct pp_output *o)
{
    if (o->unfinished)
        unlink(o->temporary);
}

#endif
