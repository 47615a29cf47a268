#include "formats/heaptrack/lz4.h"

enum { LEAST_MATCH = 4 };

/* A length of four bits, which continues in the next bytes if all four are set. */
static bool take_length(struct pp_span *in, size_t *length)
{
    unsigned char byte = 255;
    if (*length < 15)
        return true;
    while (byte == 255) {
        if (pp_empty(*in))
            return false;
        byte = (unsigned char)*in->p++;
        *length += byte;
    }
    return true;
}

static bool copy_literals(struct pp_span *in, char *out, size_t room, size_t *len, size_t count)
{
    if (count > pp_len(*in) || count > room - *len)
        return false;
    memcpy(out + *len, in->p, count);
    in->p += count;
    *len += count;
    return true;
}

/* Copies earlier bytes, which may overlap with the copy. */
static bool copy_match(struct pp_span *in, char *out, size_t room, size_t *len, size_t count)
{
    if (pp_len(*in) < 2)
        return false;
    size_t back = (unsigned char)in->p[0] | (size_t)(unsigned char)in->p[1] << 8;
    in->p += 2;
    if (!take_length(in, &count))
        return false;
    count += LEAST_MATCH;
    if (!back || back > *len || count > room - *len)
        return false;
    for (size_t i = 0; i < count; i++)
        out[*len + i] = out[*len + i - back];
    *len += count;
    return true;
}

bool pp_lz4_unpack(struct pp_span in, char *out, size_t room, size_t *len)
{
    *len = 0;
    while (!pp_empty(in)) {
        unsigned char token = (unsigned char)*in.p++;
        size_t literals = token >> 4;
        if (!take_length(&in, &literals) || !copy_literals(&in, out, room, len, literals))
            return false;
        if (pp_empty(in)) /* the last sequence has no match */
            return true;
        if (!copy_match(&in, out, room, len, token & 15))
            return false;
    }
    return true;
}
