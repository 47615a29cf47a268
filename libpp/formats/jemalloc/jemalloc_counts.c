#include "formats/jemalloc/jemalloc_counts.h"

static void skip_blanks(struct pp_span *s)
{
    while (!pp_empty(*s) && (pp_is_blank(*s->p) || *s->p == '\r'))
        s->p++;
}

/* Takes a number and the `stop` after it off `*s`. Numbers that are too large become 2^64 - 1. */
static bool take_count(struct pp_span *s, char stop, uint64_t *out)
{
    uint64_t n = 0;
    bool large = false;
    skip_blanks(s);
    const char *digits = s->p;
    for (; !pp_empty(*s) && pp_is_digit(*s->p); s->p++)
        large = large || __builtin_mul_overflow(n, 10, &n) ||
                __builtin_add_overflow(n, (uint64_t)(*s->p - '0'), &n);
    bool none = s->p == digits;
    skip_blanks(s);
    if (none || pp_empty(*s) || *s->p++ != stop)
        return false;
    *out = large ? UINT64_MAX : n;
    return true;
}

bool pp_jemalloc_take_counts(struct pp_span *s, uint64_t inuse[2], uint64_t alloc[2])
{
    return take_count(s, ':', &inuse[0]) && take_count(s, '[', &inuse[1]) &&
           take_count(s, ':', &alloc[0]) && take_count(s, ']', &alloc[1]);
}
