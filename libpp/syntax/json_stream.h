/*
 * json_stream.h - JSON that comes in blocks cut anywhere, as a series of tokens: nothing is built,
 * and a file of any size takes the memory of its longest string.
 *
 *     pp_json_feed(&s, in, r->last);
 *     while ((kind = pp_json_next(&s)) > PP_JSON_DONE)
 *         take(r, kind, &s);
 *     return kind != PP_JSON_WRONG || pp_fail_byte(r, s.wrong_at, "%s", s.why);
 *
 * The tokens are the same however the text was cut: one that goes on in the next block comes when
 * it is whole. There is no recursion; what nests is read up to PP_JSON_MAX_DEPTH. It takes what RFC
 * 8259 allows and no more, but for a byte order mark before the text. Bytes of strings need not be
 * UTF-8.
 *
 * json.h is for texts that are in memory as a whole: there the caller says what it expects next.
 */
#ifndef PP_SYNTAX_JSON_STREAM_H
#define PP_SYNTAX_JSON_STREAM_H

#include "syntax/json.h"

/* What pp_json_next() found. */
enum pp_json_token {
    PP_JSON_WRONG,     /* see `why`; it stays so */
    PP_JSON_MORE,      /* the block is used up: feed the next */
    PP_JSON_DONE,      /* the text is complete */
    PP_JSON_IN_OBJECT, /* an object begins: keys and values follow, then PP_JSON_OUT */
    PP_JSON_IN_ARRAY,  /* an array begins: values follow, then PP_JSON_OUT */
    PP_JSON_OUT,       /* the object or array ends that was entered last */
    PP_JSON_A_KEY,     /* in `text`; its value follows */
    PP_JSON_A_STRING,  /* in `text` */
    PP_JSON_A_NUMBER,  /* in `text`, as it is written */
    PP_JSON_TRUE,
    PP_JSON_FALSE,
    PP_JSON_A_NULL,
};

/* The longest string or number unless `max_text` says otherwise. */
enum { PP_JSON_MAX_TEXT = 64 << 20 };

/* Zero-initialise, and set what is wanted of the first two; release with pp_json_release(). */
struct pp_json_stream {
    bool several;    /* several values may follow each other, as in files with one a line */
    size_t max_text; /* bytes; 0: PP_JSON_MAX_TEXT */

    struct pp_span text; /* of the last key, string or number; valid until more is read */
    unsigned depth;      /* objects and arrays that are entered */
    const char *why;     /* what is wrong; NULL as long as nothing is */
    uint64_t wrong_at;   /* the byte, from 0 at the first that was fed */
    bool cut;            /* what is wrong is that the input ends too early */

    /* The rest is private. */
    const char *p;        /* what comes next in the block */
    struct pp_span block; /* that was fed last */
    uint64_t before;      /* bytes of the blocks before it */
    const char *at;       /* where the last token begins; NULL: in a block before, at `began` */
    uint64_t began;
    unsigned char expect, token; /* what may come; and what is cut by the end of the block */
    bool last, in_object;
    bool escape, escapes; /* in the string so far: its last byte is a backslash; it has some */
    unsigned marked;      /* bytes of the byte order mark */
    bool passing;         /* over all until a value is complete at this depth: */
    unsigned pass_depth;
    char *held; /* of a token that is cut, or what a string with escapes says */
    size_t held_len, held_cap;
    uint64_t objects[PP_JSON_MAX_DEPTH / 64];
};

/*
 * Gives it the next block, which must stay until it is used up: that is, until pp_json_next() says
 * so. It may be empty. `is_last`: none comes after it.
 */
void pp_json_feed(struct pp_json_stream *s, struct pp_span block, bool is_last);

/* The next token. */
enum pp_json_token pp_json_next(struct pp_json_stream *s);

/*
 * Passes over a value: the one that follows the key, if a key was the last token; the rest of the
 * object or array if it was the beginning of one. The next token is the one behind it. Escapes in
 * it are not looked at.
 */
void pp_json_pass(struct pp_json_stream *s, enum pp_json_token token);

/* The byte at which the last token begins, from 0 at the first that was fed. */
uint64_t pp_json_at(const struct pp_json_stream *s);

void pp_json_release(struct pp_json_stream *s);

#endif
