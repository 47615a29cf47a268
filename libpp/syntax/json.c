#include "syntax/json.h"

#include <assert.h>

#include "syntax/json_escape.h"

/* --- errors -------------------------------------------------------------- */

/* Keeps only the first error. Always false. */
static bool fail(struct pp_json *j, const char *at, const char *why)
{
    if (!j->why) {
        j->at = at;
        j->why = why;
    }
    return false;
}

static bool fail_cut(struct pp_json *j)
{
    if (!j->why)
        j->cut = true;
    return fail(j, j->in.end, "the input ends in the middle of a value");
}

/* --- bytes --------------------------------------------------------------- */

static const char *after_blanks(struct pp_span s)
{
    while (s.p < s.end && (*s.p == ' ' || *s.p == '\n' || *s.p == '\r' || *s.p == '\t'))
        s.p++;
    return s.p;
}

/* The next byte after any blanks, without taking it; '\0' after failing. */
static char look(struct pp_json *j)
{
    if (j->why)
        return '\0';
    j->in.p = after_blanks(j->in);
    if (pp_empty(j->in))
        fail_cut(j);
    else if (!*j->in.p)
        fail(j, j->in.p, "expected a value");
    return j->why ? '\0' : *j->in.p;
}

static bool take(struct pp_json *j, char c, const char *why)
{
    if (look(j) != c)
        return fail(j, j->in.p, why);
    j->in.p++;
    return true;
}

/* Takes `word`, or fails. */
static bool take_word(struct pp_json *j, const char *word)
{
    if (pp_starts(j->in, word)) {
        j->in.p += strlen(word);
        return true;
    }
    size_t left = pp_len(j->in);
    if (left < strlen(word) && memcmp(j->in.p, word, left) == 0)
        return fail_cut(j);
    return fail(j, j->in.p, "expected a value");
}

/* --- objects and arrays -------------------------------------------------- */

enum pp_json_kind pp_json_peek(struct pp_json *j)
{
    switch (look(j)) {
    case '\0':
        return PP_JSON_NOTHING;
    case '{':
        return PP_JSON_OBJECT;
    case '[':
        return PP_JSON_ARRAY;
    case '"':
        return PP_JSON_STRING;
    case 't':
    case 'f':
        return PP_JSON_BOOL;
    case 'n':
        return PP_JSON_NULL;
    default:
        return PP_JSON_NUMBER;
    }
}

static bool in_object(const struct pp_json *j)
{
    unsigned at = j->depth - 1;
    return j->objects[at / 64] >> at % 64 & 1;
}

static bool enter(struct pp_json *j, bool object)
{
    if (j->depth == PP_JSON_MAX_DEPTH)
        return fail(j, j->in.p, "objects and arrays are nested too deeply");
    uint64_t bit = UINT64_C(1) << j->depth % 64, *bits = &j->objects[j->depth / 64];
    *bits = object ? *bits | bit : *bits & ~bit;
    j->depth++;
    j->first = true;
    return true;
}

bool pp_json_object(struct pp_json *j)
{
    return take(j, '{', "expected an object") && enter(j, true);
}

bool pp_json_array(struct pp_json *j)
{
    return take(j, '[', "expected an array") && enter(j, false);
}

/* Moves past the comma before the next value. False at `end`, where the object or array is left. */
static bool next_value(struct pp_json *j, char end)
{
    char c = look(j);
    assert(c == '\0' || j->depth);
    if (!c)
        return false;
    if (c == end) {
        j->in.p++;
        j->depth--;
        j->first = false;
        return false;
    }
    if (!j->first && !take(j, ',', end == '}' ? "expected ',' or '}'" : "expected ',' or ']'"))
        return false;
    j->first = false;
    return true;
}

bool pp_json_member(struct pp_json *j, struct pp_span *key)
{
    return next_value(j, '}') && pp_json_string(j, key) &&
           take(j, ':', "expected ':' after the name of a member");
}

bool pp_json_element(struct pp_json *j)
{
    return next_value(j, ']');
}

/* --- strings ------------------------------------------------------------- */

/* Whether the quotation mark at `p` has an odd number of backslashes before it. */
static bool is_escaped(const char *begin, const char *p)
{
    const char *q = p;
    while (q > begin && q[-1] == '\\')
        q--;
    return (p - q) % 2;
}

/* Whether the text after a quotation mark may follow a string. */
static bool ends_literal(struct pp_span after)
{
    const char *p = after_blanks(after);
    return p == after.end || memchr(",:]}", *p, 4);
}

/* Takes a string as written, without the quotation marks. */
static bool take_string(struct pp_json *j, struct pp_span *raw)
{
    if (!take(j, '"', "expected a string"))
        return false;
    struct pp_span rest = j->in;
    for (const char *hit; (hit = pp_find(rest, '"')); rest.p = hit + 1) {
        struct pp_span after = {hit + 1, rest.end};
        if (j->literal ? !ends_literal(after) : is_escaped(j->in.p, hit))
            continue;
        *raw = (struct pp_span){j->in.p, hit};
        j->in.p = hit + 1;
        return true;
    }
    return fail_cut(j);
}

static bool decode(struct pp_json *j, struct pp_span raw, struct pp_span *out)
{
    char *text = pp_alloc(j->arena, pp_len(raw)), *end = pp_json_unescape(&raw, text);
    if (!end)
        return fail(j, raw.p, "not an escape that JSON has");
    *out = (struct pp_span){text, end};
    return true;
}

bool pp_json_string(struct pp_json *j, struct pp_span *out)
{
    if (!take_string(j, out))
        return false;
    return j->literal || !pp_find(*out, '\\') || decode(j, *out, out);
}

/* --- numbers and words --------------------------------------------------- */

/* How many digits `s` begins with. */
static size_t digits(struct pp_span s)
{
    const char *p = s.p;
    while (p < s.end && pp_is_digit(*p))
        p++;
    return (size_t)(p - s.p);
}

/* Takes one or more digits. */
static bool take_digits(struct pp_json *j)
{
    size_t n = digits(j->in);
    j->in.p += n;
    if (n)
        return true;
    return pp_empty(j->in) ? fail_cut(j) : fail(j, j->in.p, "expected a value");
}

/* Takes one of the bytes in `set`, if there is one. */
static bool take_any(struct pp_json *j, const char *set)
{
    bool found = !pp_empty(j->in) && *j->in.p && strchr(set, *j->in.p);
    j->in.p += found;
    return found;
}

bool pp_json_number(struct pp_json *j, struct pp_span *out)
{
    if (!look(j))
        return false;
    out->p = j->in.p;
    take_any(j, "-");
    if (!take_digits(j) || (take_any(j, ".") && !take_digits(j)))
        return false;
    if (take_any(j, "eE")) {
        take_any(j, "+-");
        if (!take_digits(j))
            return false;
    }
    out->end = j->in.p;
    return true;
}

bool pp_json_u64(struct pp_json *j, uint64_t *out)
{
    struct pp_span number;
    return pp_json_number(j, &number) &&
           (pp_parse_u64(number, out) || fail(j, number.p, "expected a whole number of 64 bits"));
}

bool pp_json_bool(struct pp_json *j, bool *out)
{
    *out = look(j) == 't';
    return !j->why && take_word(j, *out ? "true" : "false");
}

bool pp_json_field(struct pp_json *j, struct pp_span key, struct pp_json_field *fields, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (!pp_is(key, fields[i].name))
            continue;
        fields[i].known = pp_json_u64(j, &fields[i].value);
        return true;
    }
    return false;
}

/* --- skipping ------------------------------------------------------------ */

/* Takes the next value; an object or array is only entered. */
static bool take_value(struct pp_json *j)
{
    struct pp_span text;
    bool truth;
    switch (pp_json_peek(j)) {
    case PP_JSON_OBJECT:
        return pp_json_object(j);
    case PP_JSON_ARRAY:
        return pp_json_array(j);
    case PP_JSON_STRING:
        return take_string(j, &text);
    case PP_JSON_NUMBER:
        return pp_json_number(j, &text);
    case PP_JSON_BOOL:
        return pp_json_bool(j, &truth);
    case PP_JSON_NULL:
        return take_word(j, "null");
    case PP_JSON_NOTHING:
        break;
    }
    return false;
}

/* Moves to the next value in the innermost object or array. False at its end. */
static bool next_of_any(struct pp_json *j)
{
    struct pp_span name;
    if (!in_object(j))
        return pp_json_element(j);
    return next_value(j, '}') && take_string(j, &name) &&
           take(j, ':', "expected ':' after the name of a member");
}

bool pp_json_skip(struct pp_json *j)
{
    unsigned outside = j->depth;
    do {
        if (!take_value(j))
            return false;
        while (!j->why && j->depth > outside && !next_of_any(j))
            ;
    } while (!j->why && j->depth > outside);
    return !j->why;
}

bool pp_json_end(struct pp_json *j)
{
    if (j->why)
        return false;
    j->in.p = after_blanks(j->in);
    return pp_empty(j->in) || fail(j, j->in.p, "something follows the end of the data");
}
