/*
 * wire.h - the wire format of protocol buffers: a cursor that walks the fields of a message, and
 * the few calls that write one. Every message is bytes, a sequence of fields; what a field's
 * number means is for the caller to know. See https://protobuf.dev/programming-guides/encoding/
 */
#ifndef PP_PARSE_WIRE_H
#define PP_PARSE_WIRE_H

#include "base/out.h"

/* How a field is encoded. 3 and 4, groups, have long been out of use and are refused. */
enum pp_wire_type {
    PP_WIRE_VARINT = 0,
    PP_WIRE_FIXED64 = 1,
    PP_WIRE_BYTES = 2,
    PP_WIRE_FIXED32 = 5
};

/*
 * A walk over the fields of a message: start with the message in `left` and the rest zero, and
 * call pp_wire_next() until it returns false. `fault` then says what is wrong at the byte `at`,
 * or is NULL if the message just ended.
 */
struct pp_wire {
    struct pp_span left;  /* what follows the field */
    const char *at;       /* where the field begins */
    const char *fault;    /* a text for people, not to be freed */
    uint32_t field;       /* its number, 1 to 2^29 - 1 */
    uint32_t type;        /* enum pp_wire_type */
    uint64_t number;      /* of a VARINT, FIXED64 or FIXED32; signed ones in two's complement */
    struct pp_span bytes; /* of BYTES: text, a message, or packed numbers */
};

/* Moves to the next field. False at the end, or at a fault. */
bool pp_wire_next(struct pp_wire *w);

/* The same as pp_wire_varint(), of any length. */
bool pp_wire_long_varint(struct pp_span *s, uint64_t *v);

/*
 * Moves the varint that `*s` begins with into `*v`; false if it is cut or exceeds 64 bits. Nearly
 * all have one byte or two.
 */
static inline bool pp_wire_varint(struct pp_span *s, uint64_t *v)
{
    const unsigned char *p = (const unsigned char *)s->p;
    if (pp_len(*s) < 2 || (p[0] >= 0x80 && p[1] >= 0x80))
        return pp_wire_long_varint(s, v);
    bool one = p[0] < 0x80;
    *v = one ? p[0] : (p[0] & 0x7fu) | (uint64_t)p[1] << 7;
    s->p += one ? 1 : 2;
    return true;
}

/* --- writing ------------------------------------------------------------- */

/* The bytes of a varint, at most 10, to `to`; the place after them. */
static inline char *pp_wire_store(char *to, uint64_t v)
{
    for (; v >= 0x80; v >>= 7)
        *to++ = (char)(v | 0x80);
    *to++ = (char)v;
    return to;
}

void pp_wire_put_varint(struct pp_out *o, uint64_t v);

/* A number; left out if it is 0, as that is what a reader takes a missing one for. */
void pp_wire_put_number(struct pp_out *o, uint32_t field, uint64_t v);

/* Text or a message, also an empty one. */
void pp_wire_put_bytes(struct pp_out *o, uint32_t field, struct pp_span bytes);

/* A list of numbers, packed if it has more than two, as Go's pprof does it. */
void pp_wire_put_numbers(struct pp_out *o, uint32_t field, const uint64_t *v, size_t n);

#endif
