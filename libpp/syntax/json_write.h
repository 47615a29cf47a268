/*
 * json_write.h - writes JSON: strings of any bytes, with commas where they are needed.
 *
 *     struct pp_json_writer w = {out};
 *     pp_json_open(&w, '{');
 *     pp_json_key(&w, "name");
 *     pp_json_put_text(&w, name);
 *     pp_json_key(&w, "values");
 *     pp_json_open(&w, '[');
 *     pp_json_put_i64(&w, 1);
 *     pp_json_close(&w, ']');
 *     pp_json_close(&w, '}');
 *
 * The output is one line, and depends only on the calls. Errors are those of the output: they
 * stick, see base/out.h.
 */
#ifndef PP_SYNTAX_JSON_WRITE_H
#define PP_SYNTAX_JSON_WRITE_H

#include "base/out.h"

/*
 * Writes `text` as a JSON string. Bytes that are not UTF-8 become U+FFFD, and '<' is escaped, so
 * that the string may be in a script of an HTML page.
 */
void pp_put_json(struct pp_out *out, struct pp_span text);

struct pp_json_writer {
    struct pp_out *out;
    bool comma; /* needed before the next value or key */
};

/* Begin an object or array with `bracket`; and end it. */
void pp_json_open(struct pp_json_writer *w, char bracket);
void pp_json_close(struct pp_json_writer *w, char bracket);

/* Writes the key of the next value. `key` is plain ASCII without quotation marks. */
void pp_json_key(struct pp_json_writer *w, const char *key);

/* Write values. A decimal is `v` / 10^decimals, without trailing zeros. */
void pp_json_put_text(struct pp_json_writer *w, struct pp_span text);
void pp_json_put_i64(struct pp_json_writer *w, int64_t v);
void pp_json_put_u64(struct pp_json_writer *w, uint64_t v);
void pp_json_put_decimal(struct pp_json_writer *w, int64_t v, unsigned decimals);
void pp_json_put_bool(struct pp_json_writer *w, bool v);
void pp_json_put_null(struct pp_json_writer *w);

#endif
