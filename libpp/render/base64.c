#include "render/base64.h"

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static uint32_t byte_at(struct pp_span bytes, size_t i)
{
    return i < pp_len(bytes) ? (unsigned char)bytes.p[i] : 0;
}

void pp_put_base64(struct pp_out *o, struct pp_span bytes)
{
    for (; !pp_empty(bytes); bytes.p += pp_len(bytes) < 3 ? pp_len(bytes) : 3) {
        uint32_t group = byte_at(bytes, 0) << 16 | byte_at(bytes, 1) << 8 | byte_at(bytes, 2);
        char *to = pp_out_room(o, 4);
        for (unsigned i = 0; i < 4; i++)
            to[i] = i <= pp_len(bytes) ? letters[group >> (18 - 6 * i) & 63] : '=';
        o->len += 4;
    }
}
