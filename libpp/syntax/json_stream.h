/*
 * json_stream.h - turns JSON in blocks, cut anywhere, into tokens: nothing is built, and a file of
 * any size takes only the memory of its longest string.
 *
 *     pp_json_feed(&s, in, r->last);
 *     while ((kind = pp_json_next(&s)) > PP_JSON_DONE)
 *         take(r, kind, &s);
 *     return kind != PP_JSON_WRONG || pp_fail_byte(r, s.wrong_at, "%s", s.why);
 *
 * Tokens do not depend on how the text was cut: one that continues in the next block comes when it
 * is complete. There is no recursion, and nesting is limited to PP_JSON_MAX_DEPTH. It accepts
 * exactly what RFC 8259 allows, plus a byte order mark before the text. Bytes of strings need not
 * be UTF-8.
 *
 * json.h is for texts that are completely in memory: there the caller says what it expects next.
 */
#ifndef PP_SYNTAX_JSON_STREAM_H
#define PP_SYNTAX_JSON_STREAM_H

#include "syntax/json.h"

/* What pp_json_next() found. */
enum pp_json_token {
    PP_JSON_WRONG,     /* see `why`; permanent */
    PP_JSON_MORE,      /* the block is used up: feed the next one */
    PP_JSON_DONE,      /* the text is complete */
    PP_JSON_IN_OBJECT, /* an object begins: keys and values follow, then PP_JSON_OUT */
    PP_JSON_IN_ARRAY,  /* an array begins: values follow, then PP_JSON_OUT */
    PP_JSON_OUT,       /* the end of the innermost object or array */
    PP_JSON_A_KEY,     /* in `text`; its value follows */
    PP_JSON_A_STRING,  /* in `text` */
    PP_JSON_A_NUMBER,  /* in `text`, as written */
    PP_JSON_TRUE,
    PP_JSON_FALSE,
    PP_JSON_A_NULL,
};

/* The longest string or number, unless `max_text` is set. */
enum { PP_JSON_MAX_TEXT = 64 << 20 };

/* Zero-initialise, and set the first two as needed; release with pp_json_release(). */
struct pp_json_stream {
    bool several;    /* several values may follow each other, as in files with one on each line */
    size_t max_text; /* bytes; 0: PP_JSON_MAX_TEXT */
    bool gaps;       /* a ']' where a member has no value is read as null: valgrind's DHAT writes
                        it for an empty array */

    struct pp_span text; /* of the last key, string or number; valid until the next call */
    unsigned depth;      /* open objects and arrays */
    const char *why;     /* the error; NULL: none */
    uint64_t wrong_at;   /* its offset in all bytes that were fed */
    bool cut;            /* the error is that the input ends too early */

    /* Private. */
    const char *p;        /* the next byte of the block */
    struct pp_span block; /* the last one that was fed */
    uint64_t before;      /* number of bytes in earlier blocks */
    const char *at;       /* the start of the last token; NULL: in an earlier block, at `began` */
    uint64_t began;
    unsigned char expect, token; /* what may follow; the token that the end of the block has cut */
    bool last, in_object;
    bool escape, escapes; /* in a string: its last byte is a backslash; it has escapes */
    unsigned marked;      /* bytes of the byte order mark so far */
    bool passing;         /* skipping until a value is complete at this depth: */
    unsigned pass_depth;
    char *held; /* a cut token, or a string after decoding its escapes */
    size_t held_len, held_cap;
    uint64_t objects[PP_JSON_MAX_DEPTH / 64];
};

/*
 * Feeds the next block, which must stay until it is used up: until pp_json_next() returns
 * PP_JSON_MORE. It may be empty. `is_last`: it is the last one.
 */
void pp_json_feed(struct pp_json_stream *s, struct pp_span block, bool is_last);

/* The next token. */
enum pp_json_token pp_json_next(struct pp_json_stream *s);

/*
 * Skips a value: the one after the key, if the last token was a key; the rest of an object or
 * array, if it was its beginning. The next token is the one after it. Escapes in it are not
 * checked.
 */
void pp_json_pass(struct pp_json_stream *s, enum pp_json_token token);

/* The offset of the start of the last token in all bytes that were fed. */
uint64_t pp_json_at(const struct pp_json_stream *s);

void pp_json_release(struct pp_json_stream *s);

#endif
