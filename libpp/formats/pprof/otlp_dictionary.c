/* otlp_dictionary.c - reads the tables that profiles refer to. */
#include <stdlib.h>

#include "base/memory.h"
#include "formats/pprof/otlp.h"
#include "formats/pprof/pprof.h"

static const char *const row_names[PP_OTLP_TABLES] = {
    [PP_OTLP_MAPPING] = "mapping",   [PP_OTLP_LOCATION] = "location",
    [PP_OTLP_FUNCTION] = "function", [PP_OTLP_LINK] = "link",
    [PP_OTLP_STRING] = "string",     [PP_OTLP_ATTRIBUTE] = "attribute",
    [PP_OTLP_STACK] = "stack",
};

/* --- messages ------------------------------------------------------------ */

bool pp_otlp_whole(const struct pp_otlp *s, const struct pp_wire *w, const char *what)
{
    return !w->fault || pp_otlp_fail(s, w->at, "in a %s: %s", what, w->fault);
}

bool pp_otlp_take_numbers(const struct pp_otlp *s, const struct pp_wire *w,
                          struct pp_otlp_numbers *list)
{
    struct pp_span packed = w->bytes;
    PP_GROW(list->v, list->n + 1, list->cap);
    if (w->type != PP_WIRE_BYTES) {
        list->v[list->n++] = w->number;
        return true;
    }
    PP_GROW(list->v, list->n + pp_len(packed), list->cap);
    while (!pp_empty(packed))
        if (!pp_wire_varint(&packed, &list->v[list->n++]))
            return pp_otlp_fail(s, w->at, "a list of numbers is cut off");
    return true;
}

enum { FLAT_FIELDS = 8 };

/* The fields of a message in which none is repeated: numbers and bytes by field. */
struct flat {
    uint64_t number[FLAT_FIELDS];
    struct pp_span bytes[FLAT_FIELDS];
    uint32_t has; /* a bit for each field of type bytes that is present */
};

static bool read_flat(const struct pp_otlp *s, struct pp_span message, const char *what,
                      struct flat *f)
{
    *f = (struct flat){0};
    struct pp_wire w = {.left = message};
    while (pp_wire_next(&w)) {
        if (w.field >= FLAT_FIELDS)
            continue;
        if (w.type == PP_WIRE_BYTES) {
            f->bytes[w.field] = w.bytes;
            f->has |= UINT32_C(1) << w.field;
        } else {
            f->number[w.field] = w.number;
        }
    }
    return pp_otlp_whole(s, &w, what);
}

/* --- rows ---------------------------------------------------------------- */

bool pp_otlp_dictionary(struct pp_otlp *s, struct pp_span message)
{
    struct pp_wire w = {.left = message};
    while (pp_wire_next(&w)) {
        if (w.field >= PP_OTLP_TABLES)
            continue;
        if (w.type != PP_WIRE_BYTES)
            return pp_otlp_fail(s, w.at, "the table of %ss is of the wrong type",
                                row_names[w.field]);
        struct pp_otlp_rows *t = &s->tables[w.field];
        if (t->n >= UINT32_MAX - 1)
            return pp_otlp_fail(s, w.at, "more than 2^32 of the kind %s", row_names[w.field]);
        PP_GROW(t->rows, t->n + 1, t->cap);
        t->rows[t->n++] = w.bytes;
    }
    for (unsigned t = 1; t < PP_OTLP_TABLES; t++)
        s->tables[t].known = pp_calloc(s->tables[t].n, sizeof *s->tables[t].known);
    return pp_otlp_whole(s, &w, "dictionary");
}

void pp_otlp_release(struct pp_otlp *s)
{
    for (unsigned t = 1; t < PP_OTLP_TABLES; t++) {
        free(s->tables[t].rows);
        free(s->tables[t].known);
    }
    free(s->places);
    free(s->frames);
    free(s->path);
    free(s->numbers.v);
    free(s->outer.v);
    free(s->labels.v);
}

static bool find_row(const struct pp_otlp *s, enum pp_otlp_table table, uint64_t index,
                     const char *at)
{
    size_t n = s->tables[table].n;
    return index < n || pp_otlp_fail(s, at, "%s %llu does not exist: there are %zu",
                                     row_names[table], (unsigned long long)index, n);
}

bool pp_otlp_string(struct pp_otlp *s, uint64_t index, const char *at, pp_id *string)
{
    struct pp_otlp_rows *t = &s->tables[PP_OTLP_STRING];
    if (!find_row(s, PP_OTLP_STRING, index, at))
        return false;
    if (pp_len(t->rows[index]) > UINT32_MAX)
        return pp_otlp_fail(s, at, "a string is longer than 4 GiB");
    if (!t->known[index])
        t->known[index] = pp_string(s->r->out, t->rows[index]) + 1;
    *string = t->known[index] - 1;
    return true;
}

/* --- labels -------------------------------------------------------------- */

/* pp's names for attributes that the semantic conventions define. */
static const struct {
    const char *attribute, *label;
} label_names[] = {
    {"thread.name", "thread"},
    {"thread.id", "tid"},
    {"process.pid", "pid"},
};

static pp_id label_key(struct pp_profile *p, pp_id key)
{
    for (size_t i = 0; i < sizeof label_names / sizeof *label_names; i++)
        if (pp_is(pp_text(p, key), label_names[i].attribute))
            return pp_cstring(p, label_names[i].label);
    return key;
}

/*
 * As a decimal fraction if that is exact, else with all digits of a double. It does not use
 * strtod(), which depends on the locale.
 */
static pp_id text_of_double(struct pp_profile *p, uint64_t bits)
{
    static const double exact = 9007199254740992.0; /* 2^53 */
    double v, power = 1;
    struct pp_out text;
    memcpy(&v, &bits, sizeof v);
    pp_out_memory(&text, NULL);
    for (unsigned d = 0; d <= 15 && !text.len; d++, power *= 10) {
        double scaled = v * power + (v < 0 ? -0.5 : 0.5);
        if (scaled > -exact && scaled < exact && (double)(int64_t)scaled / power == v)
            pp_put_decimal(&text, (int64_t)scaled, d);
    }
    if (!text.len)
        pp_putf(&text, "%.17g", v);
    pp_id id = pp_string(p, pp_out_bytes(&text));
    pp_out_release(&text);
    return id;
}

static pp_id text_of_hex(struct pp_profile *p, struct pp_span bytes)
{
    struct pp_out hex;
    pp_out_memory(&hex, NULL);
    for (; bytes.p < bytes.end; bytes.p++)
        pp_putf(&hex, "%02x", (unsigned char)*bytes.p);
    pp_id id = pp_string(p, pp_out_bytes(&hex));
    pp_out_release(&hex);
    return id;
}

enum any_value { TEXT = 1, BOOLEAN, INTEGER, REAL, ARRAY, MAP, BYTES, STRING_INDEX };

/* Lists and maps do not fit into a label: they are left out with a warning. */
static bool take_value(struct pp_otlp *s, const struct pp_wire *w, struct pp_label *l)
{
    struct pp_profile *p = s->r->out;
    switch (w->field) {
    case TEXT:
        l->text = pp_string(p, w->type == PP_WIRE_BYTES ? w->bytes : pp_str(""));
        return true;
    case BOOLEAN:
        l->text = pp_cstring(p, w->type == PP_WIRE_VARINT && w->number ? "true" : "false");
        return true;
    case INTEGER:
        l->number = w->type == PP_WIRE_VARINT ? (int64_t)w->number : 0;
        return true;
    case REAL:
        l->text = text_of_double(p, w->type == PP_WIRE_FIXED64 ? w->number : 0);
        return true;
    case BYTES:
        l->text = text_of_hex(p, w->type == PP_WIRE_BYTES ? w->bytes : pp_str(""));
        return true;
    case STRING_INDEX:
        return pp_otlp_string(s, w->type == PP_WIRE_VARINT ? w->number : 0, w->at, &l->text);
    default:
        pp_warn(s->r, s->place ? s->place : w->at,
                "an attribute '%.*s' is a list or a map: left out", PP_SHOW(pp_text(p, l->key)));
        l->key = 0;
        return true;
    }
}

static bool read_value(struct pp_otlp *s, struct pp_span message, struct pp_label *l)
{
    struct pp_wire w = {.left = message};
    while (pp_wire_next(&w))
        if (w.field <= STRING_INDEX && !take_value(s, &w, l))
            return false;
    return pp_otlp_whole(s, &w, "value");
}

enum { MAX_LABELS = 1024 }; /* of a sample: far more than any profiler writes */

/*
 * Of several values for one key the innermost counts: that of the sample before that of the
 * resource.
 */
static bool add_label(const struct pp_otlp *s, const char *at, struct pp_otlp_labels *list,
                      struct pp_label l)
{
    size_t i = 0;
    while (i < list->n && list->v[i].key != l.key)
        i++;
    if (i == MAX_LABELS)
        return pp_otlp_fail(s, at, "a sample has more than %d attributes", MAX_LABELS);
    PP_GROW(list->v, list->n + 1, list->cap);
    list->v[i] = l;
    if (i == list->n)
        list->n++;
    return true;
}

/* Adds a label for an attribute with a key and a value. */
static bool add_value(struct pp_otlp *s, struct pp_label l, struct pp_span value,
                      struct pp_otlp_labels *list)
{
    if (!read_value(s, value, &l))
        return false;
    if (l.text)
        l.unit = 0;
    if (!l.key)
        return true;
    l.key = label_key(s->r->out, l.key);
    return add_label(s, value.p ? value.p : s->r->in.p, list, l);
}

bool pp_otlp_attribute(struct pp_otlp *s, uint64_t index, const char *at,
                       struct pp_otlp_labels *list)
{
    struct flat f;
    struct pp_label l = {0};
    return find_row(s, PP_OTLP_ATTRIBUTE, index, at) &&
           read_flat(s, s->tables[PP_OTLP_ATTRIBUTE].rows[index], "attribute", &f) &&
           pp_otlp_string(s, f.number[1], at, &l.key) &&
           pp_otlp_string(s, f.number[3], at, &l.unit) && add_value(s, l, f.bytes[2], list);
}

bool pp_otlp_key_value(struct pp_otlp *s, struct pp_span message, struct pp_otlp_labels *list)
{
    struct flat f;
    struct pp_label l = {0};
    if (!read_flat(s, message, "attribute", &f))
        return false;
    if (f.has >> 1 & 1)
        l.key = pp_string(s->r->out, f.bytes[1]);
    else if (!pp_otlp_string(s, f.number[3], message.p, &l.key))
        return false;
    return add_value(s, l, f.bytes[2], list);
}

bool pp_otlp_link(struct pp_otlp *s, uint64_t index, const char *at, struct pp_otlp_labels *list)
{
    static const char *const names[] = {"", "trace_id", "span_id"};
    struct flat f;
    struct pp_profile *p = s->r->out;
    if (index == 0)
        return true;
    if (!find_row(s, PP_OTLP_LINK, index, at) ||
        !read_flat(s, s->tables[PP_OTLP_LINK].rows[index], "link", &f))
        return false;
    for (unsigned i = 1; i <= 2; i++) {
        struct pp_label l = {.key = pp_cstring(p, names[i])};
        if (pp_empty(f.bytes[i]))
            continue;
        l.text = text_of_hex(p, f.bytes[i]);
        if (!add_label(s, at, list, l))
            return false;
    }
    return true;
}

/* --- mappings ------------------------------------------------------------ */

/* Attributes that may have the build id, best first. */
static const char *const build_ids[] = {
    "process.executable.build_id.gnu",
    "process.executable.build_id.go",
    "process.executable.build_id.htlhash",
};

/* The value of the first of these attributes that is in `indices`; 0 if there is none. */
static bool find_text(struct pp_otlp *s, const struct pp_otlp_numbers *indices, const char *at,
                      const char *const *keys, size_t n, pp_id *text)
{
    struct pp_otlp_labels found = {0};
    bool ok = true;
    for (size_t i = 0; ok && i < indices->n; i++)
        ok = pp_otlp_attribute(s, indices->v[i], at, &found);
    for (size_t k = n; k-- > 0;)
        for (size_t i = 0; i < found.n; i++)
            if (pp_is(pp_text(s->r->out, found.v[i].key), keys[k]))
                *text = found.v[i].text;
    free(found.v);
    return ok;
}

static bool read_mapping(struct pp_otlp *s, struct pp_span message, struct pp_mapping *m)
{
    struct pp_wire w = {.left = message};
    struct pp_otlp_numbers attributes = {0};
    bool ok = true;
    while (ok && pp_wire_next(&w)) {
        uint64_t number = w.type == PP_WIRE_BYTES ? 0 : w.number;
        if (w.field == 1)
            m->start = number;
        else if (w.field == 2)
            m->limit = number;
        else if (w.field == 3)
            m->offset = number;
        else if (w.field == 4)
            ok = pp_otlp_string(s, number, w.at, &m->file);
        else if (w.field == 5)
            ok = pp_otlp_take_numbers(s, &w, &attributes);
    }
    ok = ok && pp_otlp_whole(s, &w, "mapping") &&
         find_text(s, &attributes, message.p, build_ids, sizeof build_ids / sizeof *build_ids,
                   &m->build_id);
    free(attributes.v);
    return ok;
}

static bool mapping_of(struct pp_otlp *s, uint64_t index, const char *at, pp_id *id)
{
    struct pp_otlp_rows *t = &s->tables[PP_OTLP_MAPPING];
    struct pp_mapping m = {0};
    if (index == 0 && !t->n)
        return true;
    if (!find_row(s, PP_OTLP_MAPPING, index, at))
        return false;
    if (!t->known[index]) {
        if (!read_mapping(s, t->rows[index], &m))
            return false;
        t->known[index] = pp_intern(&s->r->out->mappings, &m) + 1;
    }
    *id = t->known[index] - 1;
    return true;
}

/* --- functions ----------------------------------------------------------- */

static uint32_t line_of(const struct pp_otlp *s, uint64_t line, const char *at)
{
    if (line <= UINT32_MAX)
        return (uint32_t)line;
    pp_warn(s->r, s->place ? s->place : at, "the line number %lld is out of range; taken as 0",
            (long long)line);
    return 0;
}

static bool function_of(struct pp_otlp *s, uint64_t index, const char *at, pp_id *id)
{
    struct pp_otlp_rows *t = &s->tables[PP_OTLP_FUNCTION];
    struct pp_function row = {0};
    struct flat f;
    if (index == 0 && !t->n)
        return true;
    if (!find_row(s, PP_OTLP_FUNCTION, index, at))
        return false;
    if (!t->known[index]) {
        if (!read_flat(s, t->rows[index], "function", &f) ||
            !pp_otlp_string(s, f.number[1], at, &row.name) ||
            !pp_otlp_string(s, f.number[2], at, &row.system_name) ||
            !pp_otlp_string(s, f.number[3], at, &row.file))
            return false;
        row.line = line_of(s, f.number[4], at);
        row.name = row.name ? row.name : row.system_name;
        row.system_name = row.system_name == row.name ? 0 : row.system_name;
        t->known[index] = pp_intern(&s->r->out->functions, &row) + 1;
    }
    *id = t->known[index] - 1;
    return true;
}

/* --- locations ----------------------------------------------------------- */

/* Values of profile.frame.type in the semantic conventions; others are native code. */
static const struct {
    const char *type;
    enum pp_kind kind;
} frame_types[] = {
    {"kernel", PP_KERNEL},      {"jvm", PP_JIT},          {"v8js", PP_JIT},
    {"dotnet", PP_JIT},         {"beam", PP_JIT},         {"cpython", PP_INTERPRETED},
    {"php", PP_INTERPRETED},    {"perl", PP_INTERPRETED}, {"ruby", PP_INTERPRETED},
    {"luajit", PP_INTERPRETED},
};

static enum pp_kind kind_of(struct pp_span type)
{
    for (size_t i = 0; i < sizeof frame_types / sizeof *frame_types; i++)
        if (pp_is(type, frame_types[i].type))
            return frame_types[i].kind;
    return PP_USER;
}

static void push_frame(struct pp_otlp *s, struct pp_frame frame)
{
    PP_GROW(s->frames, s->nframes + 1, s->frames_cap);
    s->frames[s->nframes++] = pp_pprof_frame(s->r, frame, PP_PPROF_BLANK_LINE);
}

/* The last line is the function that contains the inlined ones. */
static bool push_line(struct pp_otlp *s, struct pp_span line, struct pp_frame frame, bool last)
{
    struct flat f;
    pp_id function = 0;
    if (!read_flat(s, line, "line", &f) || !function_of(s, f.number[1], line.p, &function))
        return false;
    frame.function = function;
    frame.line = line_of(s, f.number[2], line.p);
    frame.column = f.number[3] < PP_MAX_COLUMN_NUMBER ? (uint32_t)f.number[3] & 0xffffff : 0;
    frame.inlined = !last;
    push_frame(s, frame);
    return true;
}

struct location {
    struct pp_frame frame;
    struct pp_otlp_numbers attributes;
    size_t nlines;
};

static bool read_location(struct pp_otlp *s, struct pp_span message, struct location *l)
{
    static const char *const frame_type[] = {"profile.frame.type"};
    struct pp_wire w = {.left = message};
    pp_id mapping = 0, type = 0;
    bool ok = true;
    while (ok && pp_wire_next(&w)) {
        if (w.field == 1)
            ok = mapping_of(s, w.type == PP_WIRE_VARINT ? w.number : 0, w.at, &mapping);
        else if (w.field == 2)
            l->frame.address = w.type == PP_WIRE_VARINT ? w.number : 0;
        else if (w.field == 3)
            l->nlines += w.type == PP_WIRE_BYTES;
        else if (w.field == 4)
            ok = pp_otlp_take_numbers(s, &w, &l->attributes);
    }
    l->frame.mapping = mapping;
    ok = ok && pp_otlp_whole(s, &w, "location") &&
         find_text(s, &l->attributes, message.p, frame_type, 1, &type);
    l->frame.kind = kind_of(pp_text(s->r->out, type)) & 0x1f;
    return ok;
}

static bool push_lines(struct pp_otlp *s, struct pp_span message, const struct location *l)
{
    struct pp_wire w = {.left = message};
    size_t left = l->nlines;
    while (pp_wire_next(&w))
        if (w.field == 3 && w.type == PP_WIRE_BYTES &&
            !push_line(s, w.bytes, l->frame, --left == 0))
            return false;
    if (!l->nlines)
        push_frame(s, l->frame);
    return true;
}

static bool location_of(struct pp_otlp *s, uint64_t index, const char *at, size_t *place)
{
    struct pp_otlp_rows *t = &s->tables[PP_OTLP_LOCATION];
    if (!find_row(s, PP_OTLP_LOCATION, index, at))
        return false;
    if (!t->known[index]) {
        struct location l = {0};
        size_t first = s->nframes;
        bool ok = read_location(s, t->rows[index], &l) && push_lines(s, t->rows[index], &l);
        free(l.attributes.v);
        if (!ok)
            return false;
        PP_GROW(s->places, s->nplaces + 1, s->places_cap);
        s->places[s->nplaces++] = (struct pp_otlp_place){first, s->nframes - first};
        t->known[index] = (pp_id)s->nplaces;
    }
    *place = t->known[index] - 1;
    return true;
}

/* --- stacks -------------------------------------------------------------- */

/* Puts the frames of a location on the path, up to the maximum depth of a stack. */
static size_t go_in(struct pp_otlp *s, size_t depth, size_t place)
{
    const struct pp_otlp_place *l = &s->places[place];
    for (size_t i = l->count; i-- > 0; depth++) {
        if (depth >= s->r->max_depth)
            return depth + i + 1;
        PP_GROW(s->path, depth + 1, s->path_cap);
        s->path[depth] = s->frames[l->first + i];
    }
    return depth;
}

static bool read_stack(struct pp_otlp *s, struct pp_span message, const char *at, pp_id *node)
{
    struct pp_wire w = {.left = message};
    size_t depth = 0, place = 0;
    s->numbers.n = 0;
    while (pp_wire_next(&w))
        if (w.field == 1 && !pp_otlp_take_numbers(s, &w, &s->numbers))
            return false;
    if (!pp_otlp_whole(s, &w, "stack"))
        return false;
    for (size_t i = s->numbers.n; i-- > 0;) {
        if (!location_of(s, s->numbers.v[i], at, &place))
            return false;
        depth = go_in(s, depth, place);
    }
    *node = pp_reader_stack(s->r, s->place ? s->place : at, s->path, depth, PP_ROOT_FIRST);
    return true;
}

bool pp_otlp_stack(struct pp_otlp *s, uint64_t index, const char *at, pp_id *node)
{
    struct pp_otlp_rows *t = &s->tables[PP_OTLP_STACK];
    if (!find_row(s, PP_OTLP_STACK, index, at))
        return false;
    if (!t->known[index]) {
        if (!read_stack(s, t->rows[index], at, node))
            return false;
        t->known[index] = *node + 1;
    }
    *node = t->known[index] - 1;
    return true;
}
