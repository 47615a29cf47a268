#include "syntax/json_stream.h"

#include <assert.h>
#include <stdlib.h>

#include "base/memory.h"
#include "syntax/json_escape.h"

/* What may come next. */
enum { START, VALUE, ELEMENT, MEMBER, KEY, COLON, NEXT, OVER };

/* The token that the end of a block has cut. */
enum { NO_TOKEN, STRING, NUMBER, WORD };

/* What a byte can be part of. */
enum { BLANK = 1, DIGIT = 2, NUMERAL = 4, LETTER = 8, SPECIAL = 16 /* in a string */ };

static const unsigned char kinds[256] = {
    [0] = SPECIAL,
    [1] = SPECIAL,
    [2] = SPECIAL,
    [3] = SPECIAL,
    [4] = SPECIAL,
    [5] = SPECIAL,
    [6] = SPECIAL,
    [7] = SPECIAL,
    [8] = SPECIAL,
    ['\t'] = SPECIAL | BLANK,
    ['\n'] = SPECIAL | BLANK,
    [11] = SPECIAL,
    [12] = SPECIAL,
    ['\r'] = SPECIAL | BLANK,
    [14] = SPECIAL,
    [15] = SPECIAL,
    [16] = SPECIAL,
    [17] = SPECIAL,
    [18] = SPECIAL,
    [19] = SPECIAL,
    [20] = SPECIAL,
    [21] = SPECIAL,
    [22] = SPECIAL,
    [23] = SPECIAL,
    [24] = SPECIAL,
    [25] = SPECIAL,
    [26] = SPECIAL,
    [27] = SPECIAL,
    [28] = SPECIAL,
    [29] = SPECIAL,
    [30] = SPECIAL,
    [31] = SPECIAL,
    [' '] = BLANK,
    ['"'] = SPECIAL,
    ['\\'] = SPECIAL,
    ['0'] = DIGIT | NUMERAL,
    ['1'] = DIGIT | NUMERAL,
    ['2'] = DIGIT | NUMERAL,
    ['3'] = DIGIT | NUMERAL,
    ['4'] = DIGIT | NUMERAL,
    ['5'] = DIGIT | NUMERAL,
    ['6'] = DIGIT | NUMERAL,
    ['7'] = DIGIT | NUMERAL,
    ['8'] = DIGIT | NUMERAL,
    ['9'] = DIGIT | NUMERAL,
    ['-'] = NUMERAL,
    ['+'] = NUMERAL,
    ['.'] = NUMERAL,
    ['E'] = NUMERAL,
    ['e'] = NUMERAL | LETTER,
    ['a'] = LETTER,
    ['f'] = LETTER,
    ['l'] = LETTER,
    ['n'] = LETTER,
    ['r'] = LETTER,
    ['s'] = LETTER,
    ['t'] = LETTER,
    ['u'] = LETTER,
};

static inline bool is(char c, unsigned kind)
{
    return kinds[(unsigned char)c] & kind;
}

/* --- errors -------------------------------------------------------------- */

static enum pp_json_token fail_at(struct pp_json_stream *s, uint64_t at, const char *why)
{
    if (!s->why) {
        s->why = why;
        s->wrong_at = at;
    }
    return PP_JSON_WRONG;
}

static uint64_t byte_of(const struct pp_json_stream *s, const char *p)
{
    return s->before + (uint64_t)(p - s->block.p);
}

static enum pp_json_token fail(struct pp_json_stream *s, const char *p, const char *why)
{
    return fail_at(s, byte_of(s, p), why);
}

static enum pp_json_token fail_cut(struct pp_json_stream *s)
{
    s->cut = true;
    return fail(s, s->block.end, "the input ends in the middle of a value");
}

uint64_t pp_json_at(const struct pp_json_stream *s)
{
    return s->at ? byte_of(s, s->at) : s->began;
}

/* --- blocks -------------------------------------------------------------- */

void pp_json_feed(struct pp_json_stream *s, struct pp_span block, bool is_last)
{
    assert(s->p == s->block.end);
    if (s->at) { /* the last token is in the block that is replaced */
        s->began = byte_of(s, s->at);
        s->at = NULL;
    }
    s->before += pp_len(s->block);
    s->block = block;
    s->p = block.p;
    s->last = is_last;
}

void pp_json_release(struct pp_json_stream *s)
{
    free(s->held);
    *s = (struct pp_json_stream){0};
}

/* False after failing, if a token of `len` bytes is too long. */
static bool check_length(struct pp_json_stream *s, size_t len)
{
    if (len <= (s->max_text ? s->max_text : PP_JSON_MAX_TEXT))
        return true;
    fail_at(s, pp_json_at(s), "a string or number is too long");
    return false;
}

/* Keeps a part of a cut token. False after failing. */
static bool hold(struct pp_json_stream *s, struct pp_span part)
{
    if (!check_length(s, s->held_len + pp_len(part)))
        return false;
    PP_GROW(s->held, s->held_len + pp_len(part) + 1, s->held_cap);
    if (!pp_empty(part))
        memcpy(s->held + s->held_len, part.p, pp_len(part));
    s->held_len += pp_len(part);
    return true;
}

/* Keeps the rest of the block, which belongs to a token of the kind `token`. */
static enum pp_json_token hold_rest(struct pp_json_stream *s, unsigned char token)
{
    struct pp_span rest = {s->p, s->block.end};
    s->token = token;
    s->p = s->block.end;
    if (s->last)
        return fail_cut(s);
    if (token == STRING && s->passing)
        return PP_JSON_MORE;
    return hold(s, rest) ? PP_JSON_MORE : PP_JSON_WRONG;
}

/* --- objects and arrays -------------------------------------------------- */

/* A value is complete. */
static inline void after_value(struct pp_json_stream *s)
{
    s->expect = s->depth ? NEXT : s->several ? START : OVER;
}

static enum pp_json_token enter(struct pp_json_stream *s, bool object)
{
    if (s->depth == PP_JSON_MAX_DEPTH)
        return fail(s, s->p, "objects and arrays are nested too deeply");
    uint64_t bit = UINT64_C(1) << s->depth % 64, *bits = &s->objects[s->depth / 64];
    *bits = object ? *bits | bit : *bits & ~bit;
    s->depth++;
    s->in_object = object;
    s->expect = object ? MEMBER : ELEMENT;
    s->p++;
    return object ? PP_JSON_IN_OBJECT : PP_JSON_IN_ARRAY;
}

static enum pp_json_token leave(struct pp_json_stream *s)
{
    unsigned outer = --s->depth - 1;
    s->in_object = s->depth && s->objects[outer / 64] >> outer % 64 & 1;
    s->p++;
    after_value(s);
    return PP_JSON_OUT;
}

/* --- strings ------------------------------------------------------------- */

/* Ends a string; `raw` is the text between the quotation marks. */
static enum pp_json_token end_string(struct pp_json_stream *s, struct pp_span raw)
{
    bool key = s->expect == KEY;
    s->text = raw;
    if (!s->passing && !check_length(s, pp_len(raw)))
        return PP_JSON_WRONG;
    if (s->escapes && !s->passing) {
        s->held_len = 0;
        if (raw.p != s->held && !hold(s, raw))
            return PP_JSON_WRONG;
        struct pp_span rest = {s->held, s->held + pp_len(raw)};
        char *end = pp_json_unescape(&rest, s->held);
        if (!end)
            return fail_at(s, pp_json_at(s) + 1 + (uint64_t)(rest.p - s->held),
                           "not an escape that JSON has");
        s->text = (struct pp_span){s->held, end};
    }
    if (!key)
        after_value(s);
    else
        s->expect = COLON;
    return key ? PP_JSON_A_KEY : PP_JSON_A_STRING;
}

/* Moves to the end of a string, or of the block if that comes first. NULL after failing. */
static const char *find_quote(struct pp_json_stream *s)
{
    const char *p = s->p + (s->escape && s->p < s->block.end), *end = s->block.end;
    s->escape = s->escape && p == s->p;
    for (; p < end; p++) {
        if (!is(*p, SPECIAL))
            continue;
        if (*p == '"')
            return p;
        if (*p != '\\') {
            fail(s, p, "a control character in a string");
            return NULL;
        }
        s->escapes = true;
        if (++p == end) {
            s->escape = true;
            break;
        }
    }
    return end;
}

/* Reads a string from s->p, which is after its first quotation mark, or where the block cut it. */
static enum pp_json_token string(struct pp_json_stream *s)
{
    const char *end = find_quote(s);
    if (!end)
        return PP_JSON_WRONG;
    if (end == s->block.end)
        return hold_rest(s, STRING);
    struct pp_span raw = {s->p, end};
    if (s->token && !s->passing) {
        if (!hold(s, raw))
            return PP_JSON_WRONG;
        raw = (struct pp_span){s->held, s->held + s->held_len};
    }
    s->token = NO_TOKEN;
    s->p = end + 1;
    return end_string(s, raw);
}

static enum pp_json_token begin_string(struct pp_json_stream *s)
{
    s->at = s->p++;
    s->held_len = 0;
    s->escape = s->escapes = false;
    return string(s);
}

/* --- numbers and words --------------------------------------------------- */

static inline const char *digits(const char *p, const char *end)
{
    while (p < end && is(*p, DIGIT))
        p++;
    return p;
}

/* The end of the number at `p`; `*good` says whether it is valid. */
static inline const char *number_end(const char *p, const char *end, bool *good)
{
    p += p < end && *p == '-';
    const char *from = p;
    p = p < end && *p == '0' ? p + 1 : digits(p, end);
    *good = p > from;
    if (*good && p < end && *p == '.') {
        from = ++p;
        p = digits(p, end);
        *good = p > from;
    }
    if (*good && p < end && (*p | 0x20) == 'e') {
        p++;
        p += p < end && (*p == '+' || *p == '-');
        from = p;
        p = digits(p, end);
        *good = p > from;
    }
    return p;
}

static enum pp_json_token end_number(struct pp_json_stream *s, struct pp_span number)
{
    s->text = number;
    after_value(s);
    if (!check_length(s, pp_len(number)))
        return PP_JSON_WRONG;
    return PP_JSON_A_NUMBER;
}

static enum pp_json_token number(struct pp_json_stream *s)
{
    bool good;
    const char *end = number_end(s->p, s->block.end, &good);
    s->at = s->p;
    if (end == s->block.end && (!good || !s->last)) {
        s->held_len = 0;
        return hold_rest(s, NUMBER);
    }
    if (!good || (end < s->block.end && is(*end, NUMERAL)))
        return fail(s, end, "not a number");
    struct pp_span text = {s->p, end};
    s->p = end;
    return end_number(s, text);
}

/* Checks the number that was held, after its last part has come. */
static enum pp_json_token held_number(struct pp_json_stream *s)
{
    struct pp_span text = {s->held, s->held + s->held_len};
    bool good;
    const char *end = number_end(text.p, text.end, &good);
    if (!good && end == text.end && s->p == s->block.end)
        return fail_cut(s);
    if (!good || end < text.end)
        return fail_at(s, pp_json_at(s) + (uint64_t)(end - text.p), "not a number");
    return end_number(s, text);
}

static enum pp_json_token word_of(struct pp_json_stream *s, struct pp_span text)
{
    static const char *const words[] = {"true", "false", "null"};
    for (unsigned i = 0; i < 3; i++)
        if (pp_is(text, words[i])) {
            after_value(s);
            return PP_JSON_TRUE + i;
        }
    for (unsigned i = 0; i < 3; i++)
        if (s->last && s->p == s->block.end && pp_len(text) < strlen(words[i]) &&
            memcmp(words[i], text.p, pp_len(text)) == 0)
            return fail_cut(s);
    return fail_at(s, pp_json_at(s), "expected a value");
}

static const char *letters(const char *p, const char *end)
{
    while (p < end && is(*p, LETTER))
        p++;
    return p;
}

static enum pp_json_token word(struct pp_json_stream *s)
{
    const char *end = letters(s->p, s->block.end);
    s->at = s->p;
    if (end == s->block.end && !s->last) {
        s->held_len = 0;
        return hold_rest(s, WORD);
    }
    struct pp_span text = {s->p, end};
    s->p = end;
    return word_of(s, text);
}

/* Continues the token that the end of the previous block has cut. */
static enum pp_json_token resume(struct pp_json_stream *s)
{
    if (s->token == STRING)
        return string(s);
    unsigned kind = s->token == NUMBER ? NUMERAL : LETTER;
    const char *end = s->p;
    while (end < s->block.end && is(*end, kind))
        end++;
    if (!hold(s, (struct pp_span){s->p, end}))
        return PP_JSON_WRONG;
    s->p = end;
    if (end == s->block.end && !s->last)
        return PP_JSON_MORE;
    unsigned char token = s->token;
    s->token = NO_TOKEN;
    return token == NUMBER ? held_number(s)
                           : word_of(s, (struct pp_span){s->held, s->held + s->held_len});
}

/* --- tokens -------------------------------------------------------------- */

static enum pp_json_token value(struct pp_json_stream *s)
{
    switch (*s->p) {
    case '"':
        return begin_string(s);
    case '{':
        s->at = s->p;
        return enter(s, true);
    case '[':
        s->at = s->p;
        return enter(s, false);
    case 't':
    case 'f':
    case 'n':
        return word(s);
    default:
        if (*s->p == '-' || is(*s->p, DIGIT))
            return number(s);
        return fail(s, s->p, "expected a value");
    }
}

static bool is_gap(const struct pp_json_stream *s)
{
    return s->gaps && s->in_object && *s->p == ']';
}

static enum pp_json_token null_for_gap(struct pp_json_stream *s)
{
    s->at = s->p++;
    after_value(s);
    return PP_JSON_A_NULL;
}

static enum pp_json_token close_or(struct pp_json_stream *s, const char *why)
{
    if (*s->p != (s->in_object ? '}' : ']'))
        return fail(s, s->p, why);
    s->at = s->p;
    return leave(s);
}

static enum pp_json_token at_end(struct pp_json_stream *s)
{
    if (!s->last)
        return PP_JSON_MORE;
    return s->expect == OVER || (s->several && s->expect == START) ? PP_JSON_DONE : fail_cut(s);
}

/* Whether the byte belongs to a byte order mark at the start of the text. */
static bool is_mark(const struct pp_json_stream *s)
{
    return s->marked < 3 && byte_of(s, s->p) == s->marked && *s->p == "\xef\xbb\xbf"[s->marked];
}

static enum pp_json_token key(struct pp_json_stream *s)
{
    if (*s->p != '"')
        return fail(s, s->p, "expected the name of a member");
    s->expect = KEY;
    return begin_string(s);
}

static inline void skip_blanks(struct pp_json_stream *s)
{
    const char *p = s->p, *end = s->block.end;
    while (p < end && is(*p, BLANK))
        p++;
    s->p = p;
}

/* The next token; commas and colons are not tokens. */
static enum pp_json_token step(struct pp_json_stream *s)
{
    if (s->token)
        return resume(s);
    for (;;) {
        skip_blanks(s);
        if (s->p == s->block.end)
            return at_end(s);
        switch (s->expect) {
        case NEXT:
            if (*s->p != ',')
                return close_or(s, s->in_object ? "expected ',' or '}'" : "expected ',' or ']'");
            s->p++;
            s->expect = s->in_object ? KEY : VALUE;
            break;
        case COLON:
            if (*s->p != ':')
                return fail(s, s->p, "expected ':' after the name of a member");
            s->p++;
            s->expect = VALUE;
            break;
        case MEMBER:
            return *s->p == '}' ? close_or(s, "") : key(s);
        case KEY:
            return key(s);
        case ELEMENT:
            return *s->p == ']' ? close_or(s, "") : value(s);
        case OVER:
            return fail(s, s->p, "something follows the end of the data");
        case START:
            if (is_mark(s)) {
                s->marked++;
                s->p++;
                break;
            }
            return s->marked % 3 ? fail(s, s->p, "expected a value") : value(s);
        default:
            return is_gap(s) ? null_for_gap(s) : value(s);
        }
    }
}

/* Whether the token completes a value at the depth where skipping ends. */
static bool ends_passing(const struct pp_json_stream *s, enum pp_json_token token)
{
    return s->depth == s->pass_depth && token != PP_JSON_A_KEY;
}

enum pp_json_token pp_json_next(struct pp_json_stream *s)
{
    if (s->why)
        return PP_JSON_WRONG;
    enum pp_json_token token = step(s);
    while (s->passing && token > PP_JSON_DONE) {
        s->passing = !ends_passing(s, token);
        token = step(s);
    }
    return token;
}

void pp_json_pass(struct pp_json_stream *s, enum pp_json_token token)
{
    s->passing = true;
    s->pass_depth = s->depth - (token == PP_JSON_IN_OBJECT || token == PP_JSON_IN_ARRAY);
}
