/*
 * json.h - a pull parser for JSON: the caller says what it expects next, and nothing is built.
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
 * All functions return false at the first error, and from then on, so it is enough to check at the
 * end. Only strings with escapes take memory. It does not recurse, and nesting is limited to
 * PP_JSON_MAX_DEPTH. https://www.rfc-editor.org/rfc/rfc8259
 */
#ifndef PP_SYNTAX_JSON_H
#define PP_SYNTAX_JSON_H

#include "base/arena.h"

enum { PP_JSON_MAX_DEPTH = 1 << 14 };

/* Zero-initialise all but `in`, `arena` and `literal`; nothing needs releasing. */
struct pp_json {
    struct pp_span in;      /* the rest of the input */
    struct pp_arena *arena; /* for strings with escapes */
    bool literal; /* strings have no escapes, as some writers copy names unchanged: a string ends at
                     a quotation mark with a text behind it that may follow a string */

    const char *why, *at; /* the error and its place; NULL: no error */
    bool cut;             /* the error is that the input ends too early */

    bool first;     /* nothing of the innermost object or array was read yet */
    unsigned depth; /* nesting, and which levels are objects */
    uint64_t objects[PP_JSON_MAX_DEPTH / 64];
};

enum pp_json_kind {
    PP_JSON_NOTHING, /* there was an error */
    PP_JSON_OBJECT,
    PP_JSON_ARRAY,
    PP_JSON_STRING,
    PP_JSON_NUMBER,
    PP_JSON_BOOL,
    PP_JSON_NULL,
};

/* The kind of the next value, by its first byte. */
enum pp_json_kind pp_json_peek(struct pp_json *j);

/* Enter the next object or array. */
bool pp_json_object(struct pp_json *j);
bool pp_json_array(struct pp_json *j);

/*
 * Move to the next value of the innermost object or array. False at its end, where it is left. The
 * value must be read or skipped before the next call.
 */
bool pp_json_member(struct pp_json *j, struct pp_span *key);
bool pp_json_element(struct pp_json *j);

/* Take the next value. A string is a part of the input, or lies in `arena` if it has escapes. */
bool pp_json_string(struct pp_json *j, struct pp_span *out);
bool pp_json_number(struct pp_json *j, struct pp_span *out); /* as written */
bool pp_json_u64(struct pp_json *j, uint64_t *out);          /* a whole number of up to 64 bits */
bool pp_json_bool(struct pp_json *j, bool *out);

/*
 * For members that are numbers: if `key` is the name of one of the fields, reads its value and
 * returns true. Call it before checking other names.
 */
struct pp_json_field {
    const char *name;
    uint64_t value;
    bool known; /* it was read */
};
bool pp_json_field(struct pp_json *j, struct pp_span key, struct pp_json_field *fields, size_t n);

/* Skips the next value, whatever it contains. */
bool pp_json_skip(struct pp_json *j);

/* Whether there was no error, and nothing follows the last value. */
bool pp_json_end(struct pp_json *j);

#endif
