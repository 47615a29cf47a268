/* output.h - files that appear whole or not at all. */
#ifndef PP_IO_OUTPUT_H
#define PP_IO_OUTPUT_H

#include <unistd.h>

#include "base/out.h"

/*
 * A file being written: beside it, under another name, until pp_output_close() renames it. What
 * is not a plain file, such as /dev/null, a pipe or standard output, is written directly.
 */
struct pp_output {
    struct pp_out out; /* what writers get */
    int fd;
    char *path, *temporary;   /* NULL: written directly */
    volatile bool unfinished; /* the temporary file is there */
    struct pp_packer *packer;
};

/*
 * Opens `path`, or standard output for NULL and "-"; with `gzip` packs what is written, on up to
 * `jobs` threads (without a time, so that the same content is the same file). A file that exists
 * keeps its permissions. False after reporting.
 */
bool pp_output_open(struct pp_output *o, const char *path, bool gzip, unsigned jobs,
                    struct pp_diag *diag);

/* Ends the file. False after reporting, or if something had failed: the old file is as it was. */
bool pp_output_close(struct pp_output *o);

/* Drops what was written; the old file is as it was. */
void pp_output_abandon(struct pp_output *o);

/*
 * Removes the temporary file, if there is one, and does nothing else: for handlers of signals, and
 * for when memory has run out, from where the program must not go on. May be called at any time.
 */
static inline void pp_output_forget(const struct pp_output *o)
{
    if (o->unfinished)
        unlink(o->temporary);
}

#endif
