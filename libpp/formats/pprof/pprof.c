/*
 * Profiles of pprof: what Go, and profilers of many other languages, record.
 *
 * A message of protocol buffers, usually gzipped; proto/profile.proto says of what it is made.
 * Shown as text:
 *
 *     sample_type { type: 1 unit: 2 }
 *     sample { location_id: [2, 1] value: 30 }          leaf first
 *     location { id: 1 line { function_id: 1 } }
 *     location { id: 2 line { function_id: 2 } }
 *     function { id: 1 name: 3 system_name: 3 }
 *     function { id: 2 name: 4 system_name: 4 }
 *     string_table: ["", "cpu", "nanoseconds", "main", "work"]
 *
 * What it holds comes back whole when it is written again, ids and the order of strings apart.
 * See https://github.com/google/pprof/blob/main/proto/README.md
 */
#include "formats/pprof/pprof.h"

/* --- detection ----------------------------------------------------------- */

/*
 * Nothing marks a pprof, but hardly anything else is made of its fields: of the 256 values that
 * the first byte of a field can have, 15 or less are right. So each tells 4 bits.
 */
enum { FIELD_BITS = 4, ENOUGH_BITS = 16, SURE_BITS = 40, MAX_BITS = 400 };

/* How many fields the messages have, of which all but a few are numbers. */
static const uint32_t fields_of[PP_PPROF_FIELDS] = {
    [PP_PPROF_SAMPLE_TYPE] = 2, [PP_PPROF_SAMPLE] = 3,   [PP_PPROF_MAPPING] = 10,
    [PP_PPROF_LOCATION] = 5,    [PP_PPROF_FUNCTION] = 5, [PP_PPROF_PERIOD_TYPE] = 2,
};

static bool is_bytes(uint32_t field)
{
    return fields_of[field] || field == PP_PPROF_STRING_TABLE;
}

static bool right_inside(uint32_t message, const struct pp_wire *f)
{
    if (f->field > fields_of[message])
        return false;
    bool number = f->type == PP_WIRE_VARINT, bytes = f->type == PP_WIRE_BYTES;
    if (message == PP_PPROF_SAMPLE)
        return f->field == 3 ? bytes : number || bytes;
    return message == PP_PPROF_LOCATION && f->field == 4 ? bytes : number;
}

/* The bits of a message's fields, or -1 if one of them isn't right. */
static int bits_inside(uint32_t message, struct pp_span bytes)
{
    int bits = 0;
    struct pp_wire f = {.left = bytes};
    while (pp_wire_next(&f)) {
        if (!right_inside(message, &f))
            return -1;
        bits += FIELD_BITS;
        if (bits > MAX_BITS)
            return bits;
    }
    return f.fault ? -1 : bits;
}

/* The bits of a field of the profile, or -1. `seen` has a bit for each that was there. */
static int bits_of(const struct pp_wire *f, uint32_t seen)
{
    if (f->field >= PP_PPROF_FIELDS)
        return -1;
    bool bytes = f->type == PP_WIRE_BYTES, list = f->field == PP_PPROF_COMMENT;
    if (!list && bytes != is_bytes(f->field))
        return -1;
    if (!bytes && (f->type != PP_WIRE_VARINT || (!list && seen >> f->field & 1)))
        return -1;
    int inside = fields_of[f->field] ? bits_inside(f->field, f->bytes) : 0;
    return inside < 0 ? -1 : FIELD_BITS + inside;
}

/* Damage far behind the start is for the reader to tell of. A field cut by the end is no fault. */
static unsigned pprof_bid(struct pp_span head)
{
    int bits = 0;
    uint32_t seen = 0;
    struct pp_wire f = {.left = head};
    while (bits < MAX_BITS && pp_wire_next(&f)) {
        int more = bits_of(&f, seen);
        if (more < 0)
            return bits >= SURE_BITS ? (unsigned)bits : 0;
        bits += more;
        seen |= UINT32_C(1) << f.field;
    }
    return bits >= ENOUGH_BITS ? (unsigned)bits : 0;
}

const struct pp_format pp_format_pprof = {
    .name = "pprof",
    .title = "protobuf profiles of Go and pprof",
    .suffixes = (const char *const[]){".pb.gz", ".pprof", ".pgo", ".pb", NULL},
    .holds = PP_HOLDS_COLUMNS | PP_HOLDS_LINES | PP_HOLDS_ADDRESSES | PP_HOLDS_LABELS,
    .binary = true,
    .gzipped = true,
    .bid = pprof_bid,
    .read = pp_pprof_read,
    .write = pp_pprof_write,
};
