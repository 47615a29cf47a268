/*
 * json_reader.h - for readers that stream JSON: passes the values they want from block to block.
 * Their state contains a struct pp_json_reader, and their format has pp_split_anywhere and
 * `in_order`.
 */
#ifndef PP_READER_JSON_READER_H
#define PP_READER_JSON_READER_H

#include "formats/format.h"
#include "syntax/json_shape.h"

struct pp_json_reader {
    struct pp_reader *r;
    struct pp_json_stream stream;
    struct pp_json_walk walk;
    bool open_ended; /* set it to accept an array at the top level that does not end */
    bool whole;      /* set at the end of the document: the reader can put its parts together */
};

/* Sets the reader up, before its first block; later calls do nothing. */
void pp_json_begin(struct pp_json_reader *j, struct pp_reader *r, struct pp_json_value root,
                   bool (*take)(void *ctx, int id, enum pp_json_token token, struct pp_span text),
                   void *ctx);

/* Reads a block, and passes the values of `root` to `take`. False after failing. */
bool pp_json_read(struct pp_json_reader *j, struct pp_span in);
void pp_json_reader_release(struct pp_json_reader *j);

/* pp_fail() and pp_warn() at the current value; pp_json_place() is a byte of the block near it. */
#define pp_json_fail(j, ...) pp_fail_byte((j)->r, pp_json_at(&(j)->stream), __VA_ARGS__)
#define pp_json_warn(j, ...) pp_warn_byte((j)->r, pp_json_at(&(j)->stream), __VA_ARGS__)
const char *pp_json_place(const struct pp_json_reader *j);

/*
 * Which of `n` members occur in the document that `head` begins: a bit for each. They are given by
 * their path from the top, as in "profiles[].type"; a path leads into every element of an array.
 * Text in strings does not count. Only the first quarter of a mebibyte is examined.
 */
uint32_t pp_json_paths(struct pp_span head, const char *const *paths, size_t n);

#endif
