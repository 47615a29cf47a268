/*
 * Profiles of pprof, as Go and profilers of many other languages write them.
 *
 * A protocol buffers message, usually gzipped; its fields are in proto/profile.proto. As text:
 *
 *     sample_type { type: 1 unit: 2 }
 *     sample { location_id: [2, 1] value: 30 }          leaf first
 *     location { id: 1 line { function_id: 1 } }
 *     location { id: 2 line { function_id: 2 } }
 *     function { id: 1 name: 3 system_name: 3 }
 *     function { id: 2 name: 4 system_name: 4 }
 *     string_table: ["", "cpu", "nanoseconds", "main", "work"]
 *
 * Reading and writing one gives the same profile, apart from ids and the order of strings. See
 * https://github.com/google/pprof/blob/main/proto/README.md
 */
#include "formats/pprof/pprof.h"

/* --- detection ----------------------------------------------------------- */

/*
 * A pprof has no magic number, but other files rarely consist of its fields: of the 256 values of a
 * field's first byte, at most 15 are valid. So each is worth 4 bits.
 */
enum { FIELD_BITS = 4, ENOUGH_BITS = 16, SURE_BITS = 40, MAX_BITS = 400 };

/* The number of fields of each message; all but a few are numbers. */
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

/* The bits for the fields of a message, or -1 if one is invalid. */
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

/* The bits for a field of the profile, or -1. `seen` has a bit for each field so far. */
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

/*
 * Damage far from the start is for the reader to report. A field that the end of the head cuts is
 * not an error.
 */
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
