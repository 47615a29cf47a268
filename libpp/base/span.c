#include "base/span.h"

struct pp_span pp_trim_end(struct pp_span s)
{
    while (s.p < s.end && (pp_is_blank(s.end[-1]) || s.end[-1] == '\r'))
        s.end--;
    return s;
}

struct pp_span pp_trim(struct pp_span s)
{
    while (s.p < s.end && (pp_is_blank(*s.p) || *s.p == '\r'))
        s.p++;
    return pp_trim_end(s);
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

bool pp_same_any_case(struct pp_span a, struct pp_span b)
{
    if (pp_len(a) != pp_len(b))
        return false;
    for (; a.p < a.end; a.p++, b.p++)
        if (lower(*a.p) != lower(*b.p))
            return false;
    return true;
}

/* A vector of bytes that are compared at once. */
typedef char lane __attribute__((vector_size(16)));
typedef unsigned char unsigned_lane __attribute__((vector_size(16)));

enum { LANES = 4 };

static inline lane load_lane(const char *p)
{
    lane bytes;
    memcpy(&bytes, p, sizeof bytes);
    return bytes;
}

/* Whether one of the bytes from `p` on is a newline with something other than `first` after it. */
static inline bool has_last_newline(const char *p, char first)
{
    lane any = {0};
    uint64_t halves[sizeof any / sizeof(uint64_t)];
#pragma GCC unroll 4
    for (size_t i = 0; i < LANES; i++, p += sizeof any)
        any |= (load_lane(p) == '\n') & (load_lane(p + 1) != first);
    memcpy(halves, &any, sizeof any);
    return halves[0] | halves[1];
}

struct pp_span pp_lines_beginning(struct pp_span s, char first)
{
    enum { STEP = LANES * sizeof(lane) };
    const char *p = s.p, *newline;
    if (pp_empty(s) || *s.p != first)
        return (struct pp_span){s.p, s.p};
    while (s.end - p > STEP && !has_last_newline(p, first))
        p += STEP;
    newline = pp_find((struct pp_span){p, s.end}, '\n');
    while (newline && newline + 1 < s.end && newline[1] == first)
        newline = pp_find((struct pp_span){newline + 1, s.end}, '\n');
    if (!newline)
        newline = pp_rfind(s, '\n');
    return (struct pp_span){s.p, newline ? newline + 1 : s.p};
}

/* 16 bytes at a time, each with a counter up to 255: finding each newline would be a call. */
uint64_t pp_count_lines(struct pp_span s)
{
    enum { MOST = 255 };
    uint64_t n = 0;
    while (pp_len(s) >= sizeof(lane)) {
        unsigned_lane counts = {0};
        size_t left = pp_len(s) / sizeof(lane);
#pragma GCC unroll 8
        for (left = left < MOST ? left : MOST; left; left--, s.p += sizeof(lane))
            counts -= (unsigned_lane)(load_lane(s.p) == '\n');
        for (size_t i = 0; i < sizeof counts; i++)
            n += counts[i];
    }
    for (; s.p < s.end; s.p++)
        n += *s.p == '\n';
    return n;
}

bool pp_word(struct pp_span *s, struct pp_span *word)
{
    while (s->p < s->end && pp_is_blank(*s->p))
        s->p++;
    word->p = s->p;
    while (s->p < s->end && !pp_is_blank(*s->p))
        s->p++;
    word->end = s->p;
    return word->p < word->end;
}

struct pp_span pp_base_name(struct pp_span path)
{
    const char *slash = pp_rfind(path, '/');
    return (struct pp_span){slash ? slash + 1 : path.p, path.end};
}

bool pp_parse_u64(struct pp_span s, uint64_t *out)
{
    uint64_t v = 0;
    for (const char *p = s.p; p < s.end; p++) {
        if (!pp_is_digit(*p))
            return false;
        if (__builtin_mul_overflow(v, 10, &v) ||
            __builtin_add_overflow(v, (uint64_t)(*p - '0'), &v))
            return false;
    }
    *out = v;
    return s.p < s.end;
}

bool pp_parse_i64(struct pp_span s, int64_t *out)
{
    bool negative = s.p < s.end && *s.p == '-';
    uint64_t v;
    s.p += negative;
    if (!pp_parse_u64(s, &v) || v > (uint64_t)INT64_MAX + negative)
        return false;
    *out = negative ? (int64_t)(0 - v) : (int64_t)v;
    return true;
}

const unsigned char pp_hex_digits[256] = {
    ['0'] = 1,  ['1'] = 2,  ['2'] = 3,  ['3'] = 4,  ['4'] = 5,  ['5'] = 6,  ['6'] = 7,  ['7'] = 8,
    ['8'] = 9,  ['9'] = 10, ['a'] = 11, ['b'] = 12, ['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16,
    ['A'] = 11, ['B'] = 12, ['C'] = 13, ['D'] = 14, ['E'] = 15, ['F'] = 16,
};

uint64_t pp_take_hex(struct pp_span *s)
{
    uint64_t v = 0;
    const char *p = s->p;
    for (unsigned digit; p < s->end && (digit = pp_hex_digit(*p)); p++)
        v = v << 4 | (digit - 1);
    s->p = p;
    return v;
}

bool pp_parse_hex(struct pp_span s, uint64_t *out)
{
    if (pp_starts(s, "0x") || pp_starts(s, "0X"))
        s.p += 2;
    uint64_t v = 0;
    for (const char *p = s.p; p < s.end; p++) {
        unsigned digit = pp_hex_digit(*p);
        if (!digit || v >> 60)
            return false;
        v = v << 4 | (digit - 1);
    }
    *out = v;
    return s.p < s.end;
}

int pp_compare_spans(struct pp_span a, struct pp_span b)
{
    size_t la = pp_len(a), lb = pp_len(b), n = la < lb ? la : lb;
    int order = n ? memcmp(a.p, b.p, n) : 0;
    return order ? order : (la > lb) - (la < lb);
}

size_t pp_control(struct pp_span s)
{
    if (pp_empty(s))
        return 0;
    unsigned char c = (unsigned char)*s.p;
    if ((c < 0x20 && c != '\t') || c == 0x7f)
        return 1;
    return pp_len(s) > 1 && c == 0xc2 && (unsigned char)s.p[1] >= 0x80 &&
                   (unsigned char)s.p[1] < 0xa0
               ? 2
               : 0;
}

const char *pp_rfind_text(struct pp_span s, const char *text)
{
    const char *last = NULL;
    for (const char *hit; (hit = pp_find_text(s, text)); s.p = hit + 1)
        last = hit;
    return last;
}

struct pp_span pp_before(struct pp_span s, const char *text)
{
    const char *hit = pp_find_text(s, text);
    return (struct pp_span){s.p, hit ? hit : s.end};
}

struct pp_span pp_after(struct pp_span s, const char *text)
{
    const char *hit = pp_find_text(s, text);
    return (struct pp_span){hit ? hit + strlen(text) : s.end, s.end};
}

bool pp_take_u64(struct pp_span *s, uint64_t *number)
{
    const char *end = s->p;
    while (end < s->end && pp_is_digit(*end))
        end++;
    if (!pp_parse_u64((struct pp_span){s->p, end}, number))
        return false;
    s->p = end;
    return true;
}
