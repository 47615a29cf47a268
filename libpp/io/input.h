/* input.h - reads the bytes of a file, a pipe or standard input, decompressed. */
#ifndef PP_IO_INPUT_H
#define PP_IO_INPUT_H

#include <stdatomic.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "base/diag.h"

/*
 * An open input. Data that begins as gzip (RFC 1952, any number of members) or as zstd (RFC 8878)
 * is decompressed while it is read. Bytes are read into the caller's memory and not mapped, so a
 * file that shrinks meanwhile is an error and not a signal.
 */
struct pp_input {
    const char *name; /* for messages: the path, or "<stdin>" */
    uint64_t size;    /* of a regular file that is not compressed, else 0 */
    uint64_t taken;   /* bytes of the file read so far, before decompression */
    int fd;
    bool owns_fd;
    bool ranged; /* made by pp_input_range(): reads the offsets from `taken` to `limit` */
    uint64_t limit;
    struct stat opened_as;        /* to detect changes of the file */
    struct pp_unpacker *unpacker; /* NULL: not compressed */
    unsigned char *raw;           /* bytes of the file that were not decompressed or returned yet */
    size_t raw_len, raw_at;
    const atomic_bool *stop; /* set by another thread: what is waited for is wanted no more, and
                                reading fails without a message; may be NULL */
};

/*
 * Opens `path`, or standard input if it is "-". False after reporting. `path` must live as long as
 * the input. Close it in either case.
 */
bool pp_input_open(struct pp_input *s, const char *path, struct pp_diag *diag);
void pp_input_close(struct pp_input *s);

/*
 * Reads up to `n` bytes into `buf`. Returns their number, 0 at the end, -1 after reporting. At the
 * end, it warns about bytes after the compressed data, and fails if the file's size has changed
 * since it was opened.
 */
ssize_t pp_input_read(struct pp_input *s, void *buf, size_t n, struct pp_diag *diag);

/*
 * Reads `n` bytes from the offset `at` on, of a file that has s->size; false, without a message, if
 * that fails. What pp_input_read() gives stays the same.
 */
bool pp_input_at(const struct pp_input *s, uint64_t at, void *to, size_t n);

/*
 * Reads the whole file `path`, or standard input for "-", decompressed, into `*bytes`, which the
 * caller frees in either case. False after reporting, also if there are more than `most` bytes.
 */
bool pp_read_file(const char *path, size_t most, char **bytes, size_t *len, struct pp_diag *diag);

/* An input of the bytes from..to of the file that `s` has open; needs s->size. Close both. */
struct pp_input pp_input_range(const struct pp_input *s, uint64_t from, uint64_t to);

#endif
