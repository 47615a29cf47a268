#include "base/utf8.h"

/*
 * The length of a character that begins with `first`, and the bits of it in `first`; 0: none begins
 * so.
 */
static unsigned sequence_length(unsigned char first, uint32_t *bits)
{
    static const struct {
        unsigned char mask, is;
        unsigned length;
    } kinds[] = {{0x80, 0x00, 1}, {0xe0, 0xc0, 2}, {0xf0, 0xe0, 3}, {0xf8, 0xf0, 4}};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if ((first & kinds[i].mask) == kinds[i].is) {
            *bits = first & (unsigned char)~kinds[i].mask;
            return kinds[i].length;
        }
    return 0;
}

bool pp_utf8_next(struct pp_span *text, uint32_t *c)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    const char *p = text->p++;
    uint32_t value = 0;
    unsigned length = sequence_length((unsigned char)*p, &value);
    if (!length || (size_t)(text->end - p) < length)
        return false;
    for (unsigned i = 1; i < length; i++) {
        unsigned char next = (unsigned char)p[i];
        if ((next & 0xc0) != 0x80)
            return false;
        value = value << 6 | (next & 0x3f);
    }
    /* Overlong forms would hide characters that are searched for in their shortest form. */
    if (value < least[length] || value > 0x10ffff || (value >= 0xd800 && value < 0xe000))
        return false;
    text->p = p + length;
    *c = value;
    return true;
}

char *pp_utf8_put(char *to, uint32_t c)
{
    if (c < 0x80) {
        *to++ = (char)c;
        return to;
    }
    if (c < 0x800) {
        *to++ = (char)(0xc0 | c >> 6);
    } else if (c < 0x10000) {
        *to++ = (char)(0xe0 | c >> 12);
        *to++ = (char)(0x80 | (c >> 6 & 0x3f));
    } else {
        *to++ = (char)(0xf0 | c >> 18);
        *to++ = (char)(0x80 | (c >> 12 & 0x3f));
        *to++ = (char)(0x80 | (c >> 6 & 0x3f));
    }
    *to++ = (char)(0x80 | (c & 0x3f));
    return to;
}
