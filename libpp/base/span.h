/* span.h - a read-only range of bytes, and the small steps readers take in it. */
#ifndef PP_BASE_SPAN_H
#define PP_BASE_SPAN_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* The bytes from `p` up to, not including, `end`. Not NUL-terminated; may hold NULs. */
struct pp_span {
    const char *p, *end;
};

/* The two arguments that printf's "%.*s" takes, of at most 200 bytes: for messages. */
#define PP_SHOW(s) (int)(pp_len(s) < 200 ? pp_len(s) : 200), (s).p

static inline size_t pp_len(struct pp_span s)
{
    return (size_t)(s.end - s.p);
}

static inline bool pp_empty(struct pp_span s)
{
    return s.p == s.end;
}

static inline struct pp_span pp_str(const char *s)
{
    return (struct pp_span){s, s + strlen(s)};
}

static inline bool pp_same(struct pp_span a, struct pp_span b)
{
    return pp_len(a) == pp_len(b) && (pp_empty(a) || memcmp(a.p, b.p, pp_len(a)) == 0);
}

static inline bool pp_is(struct pp_span s, const char *text)
{
    return pp_same(s, pp_str(text));
}

static inline bool pp_starts(struct pp_span s, const char *text)
{
    size_t n = strlen(text);
    return pp_len(s) >= n && memcmp(s.p, text, n) == 0;
}

static inline bool pp_ends(struct pp_span s, const char *text)
{
    size_t n = strlen(text);
    return pp_len(s) >= n && memcmp(s.end - n, text, n) == 0;
}

/* Whether both are equal, ignoring the case of ASCII letters. */
bool pp_same_any_case(struct pp_span a, struct pp_span b);

/* The first, or the last, `c` in `s`, or NULL. */
static inline const char *pp_find(struct pp_span s, char c)
{
    return pp_empty(s) ? NULL : (const char *)memchr(s.p, c, pp_len(s));
}

static inline const char *pp_rfind(struct pp_span s, char c)
{
    return pp_empty(s) ? NULL : (const char *)memrchr(s.p, c, pp_len(s));
}

/* The first `text` in `s`, or NULL. */
static inline const char *pp_find_text(struct pp_span s, const char *text)
{
    return pp_empty(s) ? NULL : (const char *)memmem(s.p, pp_len(s), text, strlen(text));
}

/* The last `text` in `s`, or NULL. */
const char *pp_rfind_text(struct pp_span s, const char *text);

/* `s` up to the first `text`, or all of `s`; and the rest after `text`, or nothing. */
struct pp_span pp_before(struct pp_span s, const char *text);
struct pp_span pp_after(struct pp_span s, const char *text);

static inline bool pp_is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static inline bool pp_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The value of a hexadecimal digit plus one; 0 for other bytes. */
static inline unsigned pp_hex_digit(char c)
{
    extern const unsigned char pp_hex_digits[256];
    return pp_hex_digits[(unsigned char)c];
}

/* `s` without the blanks, tabs and carriage returns at both ends, or at its end. */
struct pp_span pp_trim(struct pp_span s);
struct pp_span pp_trim_end(struct pp_span s);

/* Moves the next piece of `*s`, up to `stop` or the end, into `*piece`. False at the end. */
static inline bool pp_cut(struct pp_span *s, char stop, struct pp_span *piece)
{
    if (s->p == s->end)
        return false;
    const char *hit = (const char *)memchr(s->p, stop, pp_len(*s));
    *piece = (struct pp_span){s->p, hit ? hit : s->end};
    s->p = hit ? hit + 1 : s->end;
    return true;
}

/* The next line of `*s` without its newline (and the carriage return before it). */
static inline bool pp_line(struct pp_span *s, struct pp_span *line)
{
    if (!pp_cut(s, '\n', line))
        return false;
    if (line->p < line->end && line->end[-1] == '\r')
        line->end--;
    return true;
}

/* The number of newlines. */
uint64_t pp_count_lines(struct pp_span s);

/*
 * The lines at the start of `s`, with their newlines, up to the first that does not begin with
 * `first`.
 */
struct pp_span pp_lines_beginning(struct pp_span s, char first);

/* Moves the next word of `*s`, after any blanks and up to the next, into `*word`. */
bool pp_word(struct pp_span *s, struct pp_span *word);

/*
 * The length of the control character at the start of `s`: one of ASCII except the tab, or one of
 * C1 in UTF-8, where U+009B controls a terminal like "ESC [". 0 if there is none.
 */
size_t pp_control(struct pp_span s);

/* Moves past `text` if `*s` begins with it. */
static inline bool pp_take(struct pp_span *s, const char *text)
{
    if (!pp_starts(*s, text))
        return false;
    s->p += strlen(text);
    return true;
}

/*
 * Parses the decimal digits at the start of `*s`, and moves past them. False if there are none, or
 * too many.
 */
bool pp_take_u64(struct pp_span *s, uint64_t *number);

/* `s` from its first byte that is not a blank. */
static inline struct pp_span pp_skip_blanks(struct pp_span s)
{
    while (s.p < s.end && pp_is_blank(*s.p))
        s.p++;
    return s;
}

/* The part of a path after its last slash. */
struct pp_span pp_base_name(struct pp_span path);

/* Moves past the hexadecimal digits at the start of `*s`. The value of the last 16 of them. */
uint64_t pp_take_hex(struct pp_span *s);

/* Parse all of `s`: decimal, or hexadecimal with or without "0x". False if it doesn't fit. */
bool pp_parse_u64(struct pp_span s, uint64_t *out);
bool pp_parse_i64(struct pp_span s, int64_t *out);
bool pp_parse_hex(struct pp_span s, uint64_t *out);

/*
 * Orders spans as strcmp() orders strings: by their bytes as unsigned numbers, and a prefix first.
 */
int pp_compare_spans(struct pp_span a, struct pp_span b);

#endif
