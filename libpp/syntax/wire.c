#include "syntax/wire.h"

/* --- reading ------------------------------------------------------------- */

bool pp_wire_long_varint(struct pp_span *s, uint64_t *v)
{
    uint64_t value = 0;
    const char *p = s->p;
    for (unsigned shift = 0; p < s->end && shift < 64; shift += 7) {
        unsigned char byte = (unsigned char)*p++;
        value |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80) {
            *v = value;
            s->p = p;
            return shift < 63 || byte <= 1;
        }
    }
    return false;
}

static bool fault(struct pp_wire *w, const char *what)
{
    w->fault = what;
    return false;
}

/* A number of `width` bytes, little-endian. */
static bool next_fixed(struct pp_wire *w, size_t width)
{
    if (pp_len(w->left) < width)
        return fault(w, "a number is cut off");
    w->number = 0;
    for (size_t i = 0; i < width; i++)
        w->number |= (uint64_t)(unsigned char)w->left.p[i] << (8 * i);
    w->left.p += width;
    return true;
}

static bool next_bytes(struct pp_wire *w)
{
    uint64_t length;
    if (!pp_wire_varint(&w->left, &length))
        return fault(w, "a length is cut off or exceeds 64 bits");
    if (length > pp_len(w->left))
        return fault(w, "a field is longer than what it is in: cut off or damaged");
    w->bytes = (struct pp_span){w->left.p, w->left.p + length};
    w->left.p += length;
    return true;
}

static bool next_value(struct pp_wire *w)
{
    switch (w->type) {
    case PP_WIRE_VARINT:
        return pp_wire_varint(&w->left, &w->number) ||
               fault(w, "a number is cut off or exceeds 64 bits");
    case PP_WIRE_FIXED64:
        return next_fixed(w, 8);
    case PP_WIRE_BYTES:
        return next_bytes(w);
    case PP_WIRE_FIXED32:
        return next_fixed(w, 4);
    default:
        return fault(w, "a field is of no known type: damaged, or not protobuf");
    }
}

bool pp_wire_next(struct pp_wire *w)
{
    uint64_t key;
    if (w->fault || pp_empty(w->left))
        return false;
    w->at = w->left.p;
    if (!pp_wire_varint(&w->left, &key))
        return fault(w, "the number of a field is cut off or exceeds 64 bits");
    if (key < 8 || key > UINT32_MAX)
        return fault(w, "a field has an impossible number: damaged, or not protobuf");
    w->field = (uint32_t)key >> 3;
    w->type = (uint32_t)key & 7;
    return next_value(w);
}

/* --- writing ------------------------------------------------------------- */

enum { MAX_VARINT = 10 };

static void put_key(struct pp_out *o, uint32_t field, enum pp_wire_type type)
{
    pp_wire_put_varint(o, (uint64_t)field << 3 | type);
}

void pp_wire_put_varint(struct pp_out *o, uint64_t v)
{
    char *room = pp_out_room(o, MAX_VARINT);
    o->len += (size_t)(pp_wire_store(room, v) - room);
}

void pp_wire_put_number(struct pp_out *o, uint32_t field, uint64_t v)
{
    if (!v)
        return;
    put_key(o, field, PP_WIRE_VARINT);
    pp_wire_put_varint(o, v);
}

void pp_wire_put_bytes(struct pp_out *o, uint32_t field, struct pp_span bytes)
{
    put_key(o, field, PP_WIRE_BYTES);
    pp_wire_put_varint(o, pp_len(bytes));
    pp_put(o, bytes);
}

/* Writes the numbers first, as their length comes before them. */
static void put_packed(struct pp_out *o, uint32_t field, const uint64_t *v, size_t n)
{
    char *room = pp_out_room(o, (n + 2) * MAX_VARINT);
    char *numbers = room + (size_t)2 * MAX_VARINT, *end = numbers;
    for (size_t i = 0; i < n; i++)
        end = pp_wire_store(end, v[i]);
    size_t size = (size_t)(end - numbers);
    char *to = pp_wire_store(room, (uint64_t)field << 3 | PP_WIRE_BYTES);
    to = pp_wire_store(to, size);
    memmove(to, numbers, size);
    o->len += (size_t)(to - room) + size;
}

void pp_wire_put_numbers(struct pp_out *o, uint32_t field, const uint64_t *v, size_t n)
{
    if (n > 2) {
        put_packed(o, field, v, n);
        return;
    }
    for (size_t i = 0; i < n; i++) {
        put_key(o, field, PP_WIRE_VARINT);
        pp_wire_put_varint(o, v[i]);
    }
}
