/* fields.h - reads the numbers in heaptrack's lines. */
#ifndef PP_HEAPTRACK_FIELDS_H
#define PP_HEAPTRACK_FIELDS_H

#include "base/span.h"

/* Moves past a blank and a number. False if there is none. */
static inline bool pp_heaptrack_hex(struct pp_span *s, uint64_t *out)
{
    const char *p = s->p;
    uint64_t v = 0;
    while (p < s->end && *p == ' ')
        p++;
    const char *begin = p;
    for (unsigned digit; p < s->end && (digit = pp_hex_digit(*p)); p++) {
        if (v >> 60)
            return false;
        v = v << 4 | (digit - 1);
    }
    s->p = p;
    *out = v;
    return p > begin && (p == s->end || *p == ' ');
}

#endif
