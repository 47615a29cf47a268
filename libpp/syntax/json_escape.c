#include "syntax/json_escape.h"

#include "base/utf8.h"

/* Four hexadecimal digits after "\u", or -1. */
static long code_unit(struct pp_span s)
{
    enum { LENGTH = 6 };
    uint64_t n;
    if (pp_len(s) < LENGTH || !pp_starts(s, "\\u") || s.p[3] == 'x' || s.p[3] == 'X' ||
        !pp_parse_hex((struct pp_span){s.p + 2, s.p + LENGTH}, &n))
        return -1;
    return (long)n;
}

/* Cuts "\u1234", or a pair of them, off `*s`; half a pair becomes U+FFFD. NULL if it is not one. */
static char *put_unicode(struct pp_span *s, char *to)
{
    enum { LENGTH = 6 };
    long c = code_unit(*s);
    if (c < 0)
        return NULL;
    s->p += LENGTH;
    long low = c >= 0xd800 && c < 0xdc00 ? code_unit(*s) : 0;
    if (low >= 0xdc00 && low < 0xe000) {
        s->p += LENGTH;
        c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
    } else if (c >= 0xd800 && c < 0xe000) {
        c = 0xfffd;
    }
    return pp_utf8_put(to, (uint32_t)c);
}

/* Takes the escape at the start of `*s`. NULL if it is invalid. */
static char *put_escape(struct pp_span *s, char *to)
{
    static const char names[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
    char c = s->p + 1 < s->end ? s->p[1] : '\0';
    const char *name = c ? strchr(names, c) : NULL;
    if (!name)
        return put_unicode(s, to);
    *to++ = meant[name - names];
    s->p += 2;
    return to;
}

char *pp_json_unescape(struct pp_span *raw, char *to)
{
    for (const char *hit; (hit = pp_find(*raw, '\\'));) {
        size_t plain = (size_t)(hit - raw->p);
        memmove(to, raw->p, plain);
        raw->p = hit;
        to = put_escape(raw, to + plain);
        if (!to)
            return NULL;
    }
    if (!pp_empty(*raw))
        memmove(to, raw->p, pp_len(*raw));
    return to + pp_len(*raw);
}
