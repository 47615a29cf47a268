/* input.h - the bytes of a file, a pipe or standard input, unpacked. */
#ifndef PP_IO_INPUT_H
#define PP_IO_INPUT_H

#include <sys/stat.h>
#include <sys/types.h>

#include "base/diag.h"

/*
 * An open input. What begins as gzip (RFC 1952, any number of members) or as zstd (RFC 8878)
 * is unpacked while it is read. Bytes are read into the caller's memory and never mapped, so
 * that a file which shrinks meanwhile is an error and not a signal.
 */
struct pp_input {
    const char *name; /* for messages: the path, or "<stdin>" */
    uint64_t size;    /* of a plain file that is not packed, else 0 */
    uint64_t taken;   /* bytes read so far, as they are in the file */
    int fd;
    bool owns_fd;
    bool ranged; /* from pp_input_range(): reads taken..limit by offset */
    uint64_t limit;
    struct stat opened_as;        /* to notice a file that changes */
    struct pp_unpacker *unpacker; /* NULL: not packed */
    unsigned char *raw;           /* bytes of the file, not yet unpacked or handed on */
    size_t raw_len, raw_at;
};

/*
 * Opens `path`, or standard input if it is "-". False after reporting. What `path` points to
 * must live as long as the input. Close it in either case.
 */
bool pp_input_open(struct pp_input *s, const char *path, struct pp_diag *diag);
void pp_input_close(struct pp_input *s);

/*
 * Reads up to `n` bytes into `buf`; their number, 0 at the end, -1 after reporting. At the
 * end, bytes that follow the packed data are warned of, and a file that has grown or shrunk
 * since it was opened is an error.
 */
ssize_t pp_input_read(struct pp_input *s, void *buf, size_t n, struct pp_diag *diag);

/*
 * All of the file `path`, or of standard input for "-", unpacked, in `*bytes`, the caller's to
 * free() in either case. False after reporting, as it is done of more than `most` bytes.
 */
bool pp_read_file(const char *path, size_t most, char **bytes, size_t *len, struct pp_diag *diag);

/* Reads the bytes from..to of the file that `s` has open; needs s->size. Close it as well. */
struct pp_input pp_input_range(const struct pp_input *s, uint64_t from, uint64_t to);

#endif
