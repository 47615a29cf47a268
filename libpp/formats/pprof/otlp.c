/*
 * Profiles of OpenTelemetry, as its eBPF profiler, its collector and async-profiler write them: a
 * protocol buffers message much like pprof's, in which several profiles share a dictionary.
 *
 *     resource_profiles {
 *       resource { attributes { key: "process.pid" value { int_value: 71 } } }
 *       scope_profiles { profiles {
 *         sample_type { type_strindex: 1 unit_strindex: 2 }
 *         samples { stack_index: 1 attribute_indices: [1] values: [30] }
 *       } }
 *     }
 *     dictionary {
 *       string_table: ["", "cpu", "nanoseconds", ...]
 *       stack_table: [{}, { location_indices: [2, 1] }]      leaf first
 *       location_table: ..., function_table: ...
 *     }
 *
 * The input is one message; or many, each after its length in four bytes, big-endian, as the
 * collector's file exporter writes them; or JSON of the same shape, one object or one a line.
 * https://opentelemetry.io/docs/specs/otel/profiles/
 */
#include "formats/pprof/otlp.h"
#include "formats/reader/json_reader.h"

/* --- detection ----------------------------------------------------------- */

enum { SURE = 400, LIKELY = 40 };

static bool is_space(char c)
{
    return pp_is_blank(c) || c == '\n' || c == '\r';
}

static struct pp_span without_blanks(struct pp_span in)
{
    static const char bom[] = "\xef\xbb\xbf";
    if (pp_starts(in, bom))
        in.p += strlen(bom);
    while (in.p < in.end && is_space(*in.p))
        in.p++;
    return in;
}

/* No message begins with a '{': that would be a group, which is obsolete. */
static bool is_json(struct pp_span in)
{
    in = without_blanks(in);
    return in.p < in.end && *in.p == '{';
}

static uint32_t big_endian(const char *p)
{
    uint32_t v = 0;
    for (unsigned i = 0; i < 4; i++)
        v = v << 8 | (unsigned char)p[i];
    return v;
}

/* A length that begins with 0, which no field of a message does. */
static bool is_framed(struct pp_span in)
{
    return pp_len(in) > 4 && *in.p == '\0' && big_endian(in.p) > 0;
}

/* Whether `bytes`, which may be cut, are a message with only these fields, all of type bytes. */
static bool has_fields(struct pp_span bytes, uint32_t most)
{
    struct pp_wire w = {.left = bytes};
    size_t n = 0;
    for (; pp_wire_next(&w); n++)
        if (w.field > most || w.type != PP_WIRE_BYTES)
            return false;
    return n || w.fault;
}

/* Takes the next key of a message, and the length of its bytes, which may be cut. */
static bool next_key(struct pp_span *s, uint64_t *key, uint64_t *length)
{
    return pp_wire_varint(s, key) && pp_wire_varint(s, length);
}

enum { BYTES_1 = 1 << 3 | PP_WIRE_BYTES, BYTES_2 = 2 << 3 | PP_WIRE_BYTES };

/*
 * Whether this begins like ResourceProfiles: with a Resource, or with a list of profiles that ends
 * with the key of a scope, or of a profile that begins with its sample type.
 */
static bool begins_resource_profiles(struct pp_span s)
{
    uint64_t key, length;
    if (!next_key(&s, &key, &length))
        return false;
    if (key == BYTES_1) {
        if (length > pp_len(s))
            return false;
        if (!has_fields((struct pp_span){s.p, s.p + length}, 3) && length)
            return false;
        s.p += length;
        if (!next_key(&s, &key, &length))
            return false;
    }
    return key == BYTES_2 && next_key(&s, &key, &length) && (key == BYTES_1 || key == BYTES_2);
}

/*
 * Whether this begins like a dictionary: the first of its tables are the best evidence, and the
 * first string is empty.
 */
static bool begins_dictionary(struct pp_span s)
{
    struct pp_wire w = {.left = s};
    uint32_t before = 0;
    size_t n = 0;
    while (pp_wire_next(&w)) {
        if (w.field < 1 || w.field >= PP_OTLP_TABLES || w.type != PP_WIRE_BYTES)
            return false;
        if (w.field == PP_OTLP_STRING && before != PP_OTLP_STRING && !pp_empty(w.bytes))
            return false;
        before = w.field;
        n++;
    }
    return n > 2;
}

static unsigned message_bid(struct pp_span head)
{
    uint64_t key, length;
    struct pp_span s = head;
    bool resources = false, dictionary = false;
    while (!pp_empty(s)) {
        if (!next_key(&s, &key, &length) || (key != BYTES_1 && key != BYTES_2))
            return 0;
        struct pp_span inside = {s.p, length < pp_len(s) ? s.p + length : s.end};
        if (key == BYTES_1 && !begins_resource_profiles(inside))
            return 0;
        if (key == BYTES_2 && !begins_dictionary(inside))
            return 0;
        *(key == BYTES_1 ? &resources : &dictionary) = true;
        s.p = inside.end;
    }
    return resources && dictionary ? SURE : resources || dictionary ? LIKELY : 0;
}

static unsigned json_bid(struct pp_span head)
{
    static const char *const paths[] = {"resourceProfiles",         "dictionary.stringTable",
                                        "dictionary.stackTable",    "dictionary.locationTable",
                                        "dictionary.functionTable", "dictionary.mappingTable"};
    uint32_t found = pp_json_paths(head, paths, sizeof paths / sizeof *paths);
    return found & 1 ? SURE : found ? LIKELY : 0;
}

/* A message that begins with a newline and a '{' is one with a field of 123 bytes. */
static unsigned otlp_bid(struct pp_span head)
{
    unsigned bid = message_bid(head);
    if (bid || !is_framed(head))
        return bid || !is_json(head) ? bid : json_bid(head);
    size_t length = big_endian(head.p);
    struct pp_span first = {head.p + 4, head.end};
    if (length < pp_len(first))
        first.end = first.p + length;
    return message_bid(first);
}

/* --- reading ------------------------------------------------------------- */

static bool read_framed(struct pp_reader *r, struct pp_span in)
{
    while (!pp_empty(in)) {
        size_t length = pp_len(in) < 4 ? SIZE_MAX : big_endian(in.p);
        if (length > pp_len(in) - 4)
            return pp_fail(r, in.p, "a message is longer than what is left: cut off or damaged");
        struct pp_span message = {in.p + 4, in.p + 4 + length};
        if (!pp_otlp_message(r, message, NULL))
            return false;
        in.p = message.end;
    }
    return true;
}

static bool otlp_read(struct pp_reader *r, struct pp_span in)
{
    bool message = message_bid(in) > 0;
    return !message && is_json(in)     ? pp_otlp_json(r, in)
           : !message && is_framed(in) ? read_framed(r, in)
                                       : pp_otlp_message(r, in, NULL);
}

static bool otlp_finish(struct pp_profile **p, const char *file, struct pp_diag *diag)
{
    return (*p)->ncolumns || pp_error(diag, file, "there is no profile in it");
}

/* --- messages in a sequence, which are read one after the other ---------- */

/* The last message that begins in `in`, other than the first. */
static const char *last_framed(struct pp_span in)
{
    const char *last = NULL, *p = in.p;
    while (in.end - p >= 4 && big_endian(p) <= (size_t)(in.end - p - 4)) {
        p += 4 + big_endian(p);
        last = p;
    }
    return last;
}

/* The last line that begins with an object, after one that ends with an object. */
static const char *last_object(struct pp_span in)
{
    for (const char *p = in.end; p > in.p;) {
        p = memrchr(in.p, '\n', (size_t)(p - in.p));
        if (!p)
            return NULL;
        const char *before = p;
        while (before > in.p && is_space(before[-1]))
            before--;
        if (p + 1 < in.end && p[1] == '{' && before > in.p && before[-1] == '}')
            return p + 1;
    }
    return NULL;
}

/* One message has its dictionary at the end, mostly: such an input is read whole. */
static const char *otlp_split(struct pp_span in)
{
    if (message_bid(in))
        return NULL;
    return is_json(in) ? last_object(in) : is_framed(in) ? last_framed(in) : NULL;
}

const struct pp_format pp_format_otlp = {
    .name = "otlp",
    .title = "profiles of OpenTelemetry",
    .suffixes = (const char *const[]){".otlp", NULL},
    .holds =
        PP_HOLDS_COLUMNS | PP_HOLDS_LINES | PP_HOLDS_ADDRESSES | PP_HOLDS_LABELS | PP_HOLDS_TIME,
    .binary = true,
    .bid = otlp_bid,
    .read = otlp_read,
    .split = otlp_split,
    .in_order = true,
    .finish = otlp_finish,
    .write = pp_otlp_write,
};
