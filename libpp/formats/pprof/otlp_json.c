/*
 * otlp_json.c - profiles in JSON: converts them to protocol buffers, which are then read as usual.
 * Members have the fields' names in lowerCamelCase, in any order; 64-bit numbers may be strings;
 * ids of traces and spans are hexadecimal.
 */
#include "base/memory.h"
#include "formats/pprof/otlp.h"
#include "formats/reader/json_reader.h"
#include "syntax/decimal.h"

/* --- the messages -------------------------------------------------------- */

/* How a member is converted to a field. */
enum kind {
    MESSAGE = 1,
    TEXT,
    NUMBER,
    BOOLEAN,
    HEX,
    LEFT_OUT, /* as an empty message: lists and maps, for which pp only warns */
    KINDS,
};

#define FIELD(number, kind) ((number)*KINDS + (kind))
#define MEMBER(name, number, kind) \
    { \
        name, FIELD(number, kind), NULL \
    }
#define LIST(name, list) \
    { \
        name, 0, &(list) \
    }

static const struct pp_json_shape any_value =
    PP_JSON_OBJECT(MEMBER("stringValue", 1, TEXT), MEMBER("boolValue", 2, BOOLEAN),
                   MEMBER("intValue", 3, NUMBER), MEMBER("doubleValue", 1, TEXT),
                   MEMBER("bytesValue", 1, TEXT), MEMBER("arrayValue", 5, LEFT_OUT),
                   MEMBER("kvlistValue", 6, LEFT_OUT), MEMBER("stringValueStrindex", 8, NUMBER));
static const struct pp_json_shape key_value =
    PP_JSON_OBJECT(MEMBER("key", 1, TEXT), {"value", FIELD(2, MESSAGE), &any_value},
                   MEMBER("keyStrindex", 3, NUMBER));
static const struct pp_json_shape attribute =
    PP_JSON_OBJECT(MEMBER("keyStrindex", 1, NUMBER), {"value", FIELD(2, MESSAGE), &any_value},
                   MEMBER("unitStrindex", 3, NUMBER));

static const struct pp_json_shape numbers[] = {
    [1] = PP_JSON_ARRAY(FIELD(1, NUMBER), NULL),   [2] = PP_JSON_ARRAY(FIELD(2, NUMBER), NULL),
    [4] = PP_JSON_ARRAY(FIELD(4, NUMBER), NULL),   [5] = PP_JSON_ARRAY(FIELD(5, NUMBER), NULL),
    [11] = PP_JSON_ARRAY(FIELD(11, NUMBER), NULL),
};

static const struct pp_json_shape value_type =
    PP_JSON_OBJECT(MEMBER("typeStrindex", 1, NUMBER), MEMBER("unitStrindex", 2, NUMBER));
static const struct pp_json_shape sample =
    PP_JSON_OBJECT(MEMBER("stackIndex", 1, NUMBER), LIST("attributeIndices", numbers[2]),
                   MEMBER("linkIndex", 3, NUMBER), LIST("values", numbers[4]),
                   LIST("timestampsUnixNano", numbers[5]));
static const struct pp_json_shape samples = PP_JSON_ARRAY(FIELD(2, MESSAGE), &sample);
static const struct pp_json_shape profile =
    PP_JSON_OBJECT({"sampleType", FIELD(1, MESSAGE), &value_type}, LIST("samples", samples),
                   MEMBER("timeUnixNano", 3, NUMBER), MEMBER("durationNano", 4, NUMBER),
                   {"periodType", FIELD(5, MESSAGE), &value_type}, MEMBER("period", 6, NUMBER),
                   LIST("attributeIndices", numbers[11]));
static const struct pp_json_shape profiles = PP_JSON_ARRAY(FIELD(2, MESSAGE), &profile);
static const struct pp_json_shape scope_profiles = PP_JSON_OBJECT(LIST("profiles", profiles));
static const struct pp_json_shape scopes = PP_JSON_ARRAY(FIELD(2, MESSAGE), &scope_profiles);
static const struct pp_json_shape key_values = PP_JSON_ARRAY(FIELD(1, MESSAGE), &key_value);
static const struct pp_json_shape resource = PP_JSON_OBJECT(LIST("attributes", key_values));
static const struct pp_json_shape resource_profiles =
    PP_JSON_OBJECT({"resource", FIELD(1, MESSAGE), &resource}, LIST("scopeProfiles", scopes));
static const struct pp_json_shape resources = PP_JSON_ARRAY(FIELD(1, MESSAGE), &resource_profiles);

static const struct pp_json_shape mapping =
    PP_JSON_OBJECT(MEMBER("memoryStart", 1, NUMBER), MEMBER("memoryLimit", 2, NUMBER),
                   MEMBER("fileOffset", 3, NUMBER), MEMBER("filenameStrindex", 4, NUMBER),
                   LIST("attributeIndices", numbers[5]));
static const struct pp_json_shape line = PP_JSON_OBJECT(
    MEMBER("functionIndex", 1, NUMBER), MEMBER("line", 2, NUMBER), MEMBER("column", 3, NUMBER));
static const struct pp_json_shape lines = PP_JSON_ARRAY(FIELD(3, MESSAGE), &line);
static const struct pp_json_shape location =
    PP_JSON_OBJECT(MEMBER("mappingIndex", 1, NUMBER), MEMBER("address", 2, NUMBER),
                   LIST("lines", lines), LIST("attributeIndices", numbers[4]));
static const struct pp_json_shape function =
    PP_JSON_OBJECT(MEMBER("nameStrindex", 1, NUMBER), MEMBER("systemNameStrindex", 2, NUMBER),
                   MEMBER("filenameStrindex", 3, NUMBER), MEMBER("startLine", 4, NUMBER));
static const struct pp_json_shape link =
    PP_JSON_OBJECT(MEMBER("traceId", 1, HEX), MEMBER("spanId", 2, HEX));
static const struct pp_json_shape stack = PP_JSON_OBJECT(LIST("locationIndices", numbers[1]));

static const struct pp_json_shape tables[PP_OTLP_TABLES] = {
    [PP_OTLP_MAPPING] = PP_JSON_ARRAY(FIELD(PP_OTLP_MAPPING, MESSAGE), &mapping),
    [PP_OTLP_LOCATION] = PP_JSON_ARRAY(FIELD(PP_OTLP_LOCATION, MESSAGE), &location),
    [PP_OTLP_FUNCTION] = PP_JSON_ARRAY(FIELD(PP_OTLP_FUNCTION, MESSAGE), &function),
    [PP_OTLP_LINK] = PP_JSON_ARRAY(FIELD(PP_OTLP_LINK, MESSAGE), &link),
    [PP_OTLP_STRING] = PP_JSON_ARRAY(FIELD(PP_OTLP_STRING, TEXT), NULL),
    [PP_OTLP_ATTRIBUTE] = PP_JSON_ARRAY(FIELD(PP_OTLP_ATTRIBUTE, MESSAGE), &attribute),
    [PP_OTLP_STACK] = PP_JSON_ARRAY(FIELD(PP_OTLP_STACK, MESSAGE), &stack),
};
static const struct pp_json_shape dictionary = PP_JSON_OBJECT(
    LIST("mappingTable", tables[PP_OTLP_MAPPING]), LIST("locationTable", tables[PP_OTLP_LOCATION]),
    LIST("functionTable", tables[PP_OTLP_FUNCTION]), LIST("linkTable", tables[PP_OTLP_LINK]),
    LIST("stringTable", tables[PP_OTLP_STRING]), LIST("attributeTable", tables[PP_OTLP_ATTRIBUTE]),
    LIST("stackTable", tables[PP_OTLP_STACK]));
static const struct pp_json_shape document = PP_JSON_OBJECT(
    LIST("resourceProfiles", resources), {"dictionary", FIELD(2, MESSAGE), &dictionary});

enum { DOCUMENT = 1 << 20 };

/* --- from members to fields ---------------------------------------------- */

enum { MAX_OPEN = 16 }; /* more than the levels of nesting in the messages above */

struct transcoder {
    struct pp_reader *r;
    struct pp_json_reader json;
    struct pp_out bytes;     /* the message so far */
    size_t starts[MAX_OPEN]; /* of the open messages */
    size_t depth;
};

/* Inserts the field's number and length before the message that has just ended. */
static void end_message(struct transcoder *t, uint32_t field)
{
    char header[20], *end;
    size_t start = t->starts[--t->depth], len = t->bytes.len - start;
    end = pp_wire_store(header, field << 3 | PP_WIRE_BYTES);
    end = pp_wire_store(end, len);
    size_t n = (size_t)(end - header);
    pp_out_room(&t->bytes, n);
    memmove(t->bytes.buf + start + n, t->bytes.buf + start, len);
    memcpy(t->bytes.buf + start, header, n);
    t->bytes.len += n;
}

static bool take_message(struct transcoder *t, uint32_t field, enum pp_json_token token)
{
    if (token == PP_JSON_IN_OBJECT && t->depth < MAX_OPEN)
        t->starts[t->depth++] = t->bytes.len;
    else if (token == PP_JSON_OUT)
        end_message(t, field);
    else if (token != PP_JSON_A_NULL)
        return pp_json_fail(&t->json, "expected an object");
    return true;
}

static bool take_number(struct transcoder *t, uint32_t field, enum pp_json_token token,
                        struct pp_span text)
{
    uint64_t v = 0;
    int64_t negative;
    if (token == PP_JSON_A_NULL)
        return true;
    bool written = token == PP_JSON_A_NUMBER || token == PP_JSON_A_STRING;
    if (written && !pp_parse_u64(text, &v) && pp_parse_decimal(text, 0, &negative))
        v = (uint64_t)negative;
    else if (!written || !pp_parse_u64(text, &v))
        return pp_json_fail(&t->json, "'%.*s' is not a number of 64 bits", PP_SHOW(text));
    pp_wire_put_varint(&t->bytes, field << 3 | PP_WIRE_VARINT);
    pp_wire_put_varint(&t->bytes, v);
    return true;
}

static bool take_hex(struct transcoder *t, uint32_t field, struct pp_span text)
{
    char bytes[16];
    size_t n = pp_len(text) / 2;
    if (n > sizeof bytes || pp_len(text) % 2)
        return pp_json_fail(&t->json, "'%.*s' is not the id of a trace", PP_SHOW(text));
    for (size_t i = 0; i < n; i++) {
        unsigned high = pp_hex_digit(text.p[2 * i]), low = pp_hex_digit(text.p[2 * i + 1]);
        if (!high || !low)
            return pp_json_fail(&t->json, "'%.*s' is not the id of a trace", PP_SHOW(text));
        bytes[i] = (char)((high - 1) << 4 | (low - 1));
    }
    pp_wire_put_bytes(&t->bytes, field, (struct pp_span){bytes, bytes + n});
    return true;
}

/* Reads the fields of a complete document, and starts the next one. */
static bool end_document(struct transcoder *t)
{
    bool ok = pp_otlp_message(t->r, pp_out_bytes(&t->bytes), pp_json_place(&t->json));
    t->bytes.len = 0;
    return ok;
}

static bool take(void *ctx, int id, enum pp_json_token token, struct pp_span text)
{
    struct transcoder *t = ctx;
    uint32_t field = (uint32_t)id / KINDS;
    if (id == DOCUMENT)
        return token != PP_JSON_OUT || end_document(t);
    switch (id % KINDS) {
    case MESSAGE:
        return take_message(t, field, token);
    case NUMBER:
        return take_number(t, field, token, text);
    case HEX:
        return token != PP_JSON_A_STRING || take_hex(t, field, text);
    case BOOLEAN:
        pp_wire_put_number(&t->bytes, field, token == PP_JSON_TRUE);
        return true;
    case TEXT:
        if (token == PP_JSON_A_STRING || token == PP_JSON_A_NUMBER)
            pp_wire_put_bytes(&t->bytes, field, text);
        return true;
    default:
        pp_wire_put_bytes(&t->bytes, field, pp_str(""));
        return true;
    }
}

bool pp_otlp_json(struct pp_reader *r, struct pp_span in)
{
    struct transcoder t = {.r = r, .json = {.stream = {.several = true}}};
    pp_json_begin(&t.json, r, (struct pp_json_value){DOCUMENT, &document}, take, &t);
    bool ok = pp_json_read(&t.json, in);
    pp_json_reader_release(&t.json);
    pp_out_release(&t.bytes);
    return ok;
}
