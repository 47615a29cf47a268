/*
 * json.h - a pull lexer for JSON: the caller says what it expects next, and nothing is built.
 *
 *     pp_json_object(&j);
 *     while (pp_json_member(&j, &key)) {
 *         if (pp_is(key, "size"))
 *             pp_json_u64(&j, &size);
 *         else
 *             pp_json_skip(&j);
 *     }
 *     if (!pp_json_end(&j))
 *         return pp_fail(r, j.at, "%s", j.why);
 *
 * All functions return false at the first thing that is wrong, and from then on, so that it is
 * enough to ask at the end. Memory is taken only for strings with escapes. It does not recurse, and
 * reads what nests up to PP_JSON_MAX_DEPTH. https://www.rfc-editor.org/rfc/rfc8259
 */
#ifndef PP_SYNTAX_JSON_H
#define PP_SYNTAX_JSON_H

#include "base/arena.h"

enum { PP_JSON_MAX_DEPTH = 1 << 14 };

/* Zero-initialise all but `in`, `arena` and `literal`; there is nothing to release. */
struct pp_json {
    struct pp_span in;      /* what was not read yet */
    struct pp_arena *arena; /* for strings that hold escapes */
    bool literal; /* nothing in strings is an escape, as some write names as they are: a string ends
                     at a quotation mark that is followed by what may follow a string */

    const char *why, *at; /* what is wrong, and where; NULL as long as nothing is */
    bool cut;             /* that is, the input ends too early */

    bool first;     /* nothing of the object or array entered last was read */
    unsigned depth; /* how many of them are entered: by their depth, which are objects */
    uint64_t objects[PP_JSON_MAX_DEPTH / 64];
};

enum pp_json_kind {
    PP_JSON_NOTHING, /* something is wrong */
    PP_JSON_OBJECT,
    PP_JSON_ARRAY,
    PP_JSON_STRING,
    PP_JSON_NUMBER,
    PP_JSON_BOOL,
    PP_JSON_NULL,
};

/* The kind of the value that is next, by its first byte. */
enum pp_json_kind pp_json_peek(struct pp_json *j);

/* Enters the object or array that is next. */
bool pp_json_object(struct pp_json *j);
bool pp_json_array(struct pp_json *j);

/*
 * Moves to the next value of the object or array that was entered last and not left yet. False at
 * its end, where it is left. The value must be read, or skipped, before it is called again.
 */
bool pp_json_member(struct pp_json *j, struct pp_span *key);
bool pp_json_element(struct pp_json *j);

/* The value that is next. A string is a part of the input, or of `arena` if it has escapes. */
bool pp_json_string(struct pp_json *j, struct pp_span *out);
bool pp_json_number(struct pp_json *j, struct pp_span *out); /* as written */
bool pp_json_u64(struct pp_json *j, uint64_t *out);          /* whole, and within 64 bits */
bool pp_json_bool(struct pp_json *j, bool *out);

/*
 * Members that are numbers: where `key` is the name of one of the fields, its value is read, and
 * true returned. To be asked before other names.
 */
struct pp_json_field {
    const char *name;
    uint64_t value;
    bool known; /* it was read */
};
bool pp_json_field(struct pp_json *j, struct pp_span key, struct pp_json_field *fields, size_t n);

/* Passes over the value that is next, whatever it holds. */
bool pp_json_skip(struct pp_json *j);

/* Whether nothing was wrong, and nothing follows the value that was read last. */
bool pp_json_end(struct pp_json *j);

#endif
