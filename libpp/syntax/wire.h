/*
 * wire.h - the wire format of protocol buffers: a cursor over the fields of a message, and
 * functions that write one. A message is a sequence of fields; the caller knows what the number of
 * a field means. See https://protobuf.dev/programming-guides/encoding/
 */
#ifndef PP_SYNTAX_WIRE_H
#define PP_SYNTAX_WIRE_H

#include "base/out.h"

/* The encoding of a field. 3 and 4, groups, are obsolete and refused. */
enum pp_wire_type {
    PP_WIRE_VARINT = 0,
    PP_WIRE_FIXED64 = 1,
    PP_WIRE_BYTES = 2,
    PP_WIRE_FIXED32 = 5
};

/*
 * A walk over the fields of a message: set `left` to the message and zero the rest, and call
 * pp_wire_next() until it returns false. `fault` is then the error at the byte `at`, or NULL at the
 * regular end.
 */
struct pp_wire {
    struct pp_span left;  /* the bytes after the field */
    const char *at;       /* the start of the field */
    const char *fault;    /* a static text */
    uint32_t field;       /* its number, 1 to 2^29 - 1 */
    uint32_t type;        /* enum pp_wire_type */
    uint64_t number;      /* of a VARINT, FIXED64 or FIXED32; signed numbers in two's complement */
    struct pp_span bytes; /* of BYTES: text, a message, or packed numbers */
};

/* Moves to the next field. False at the end, or at an error. */
bool pp_wire_next(struct pp_wire *w);

/* As pp_wire_varint(), for any length. */
bool pp_wire_long_varint(struct pp_span *s, uint64_t *v);

/*
 * Moves the varint at the start of `*s` into `*v`; false if it is cut or exceeds 64 bits. Nearly
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

/* Writes a varint, at most 10 bytes, to `to`; returns its end. */
static inline char *pp_wire_store(char *to, uint64_t v)
{
    for (; v >= 0x80; v >>= 7)
        *to++ = (char)(v | 0x80);
    *to++ = (char)v;
    return to;
}

void pp_wire_put_varint(struct pp_out *o, uint64_t v);

/* Writes a number; leaves out 0, which is the value of a missing field. */
void pp_wire_put_number(struct pp_out *o, uint32_t field, uint64_t v);

/* Writes text or a message, even if it is empty. */
void pp_wire_put_bytes(struct pp_out *o, uint32_t field, struct pp_span bytes);

/* Writes a list of numbers, packed if it has more than two, as Go's pprof does. */
void pp_wire_put_numbers(struct pp_out *o, uint32_t field, const uint64_t *v, size_t n);

#endif
