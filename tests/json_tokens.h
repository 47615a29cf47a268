/* json_tokens.h - the tokens of a JSON text as text, independent of how it was cut into blocks. */
#ifndef PP_TESTS_JSON_TOKENS_H
#define PP_TESTS_JSON_TOKENS_H

#include <stdlib.h>

#include "base/out.h"
#include "syntax/json_stream.h"

/* Writes the token, its text, and the byte at which it begins. */
static inline void put_token(struct pp_out *out, const struct pp_json_stream *s,
                             enum pp_json_token token)
{
    static const char *const names[] = {"wrong", "more",   "done", "{",    "[",     "out",
                                        "key",   "string", "",     "true", "false", "null"};
    pp_puts(out, names[token]);
    if (token == PP_JSON_A_KEY || token == PP_JSON_A_STRING)
        pp_putc(out, ' ');
    if (token >= PP_JSON_A_KEY && token <= PP_JSON_A_NUMBER)
        pp_put(out, s->text);
    if (token > PP_JSON_DONE)
        pp_putf(out, " @%llu", (unsigned long long)pp_json_at(s));
    if (token == PP_JSON_WRONG)
        pp_putf(out, ": %s @%llu%s", s->why, (unsigned long long)s->wrong_at, s->cut ? " cut" : "");
    pp_putc(out, '\n');
}

/*
 * Puts the tokens of `in`, which comes in blocks that end at the bytes cuts[0..n), in order, each
 * in memory of its own, so that a sanitizer sees a step beyond. `passed`, if not NULL: the key
 * whose value is passed over.
 */
static inline void put_tokens(struct pp_out *out, struct pp_json_stream *s, struct pp_span in,
                              const size_t *cuts, size_t n, const char *passed)
{
    enum pp_json_token token = PP_JSON_MORE;
    for (size_t i = 0, from = 0; i <= n && token == PP_JSON_MORE; i++) {
        size_t to = i < n ? cuts[i] : pp_len(in);
        char *copy = malloc(to - from + 1);
        if (!copy)
            abort();
        if (to > from)
            memcpy(copy, in.p + from, to - from);
        pp_json_feed(s, (struct pp_span){copy, copy + (to - from)}, i == n);
        while ((token = pp_json_next(s)) > PP_JSON_DONE) {
            put_token(out, s, token);
            if (passed && token == PP_JSON_A_KEY && pp_is(s->text, passed))
                pp_json_pass(s, token);
        }
        if (token != PP_JSON_MORE)
            put_token(out, s, token);
        free(copy);
        from = to;
    }
    pp_json_release(s);
}

#endif
