/*
 * otlp_write.c - writes a profile as OpenTelemetry's of opentelemetry-proto 1.10: one message, with
 * a Profile for each column, all with the same dictionary. A row of a table is made when it is
 * referred to for the first time, so there are no orphans and no duplicates; row 0 of each is
 * empty, as the format requires.
 */
#include <stdlib.h>

#include "base/memory.h"
#include "formats/pprof/otlp.h"
#include "formats/reader/frame_name.h"
#include "model/code.h"

/* What a node becomes: the chain of inlined frames that ends there. */
struct place {
    pp_id chain;
    pp_id under; /* the node below the chain */
};

struct function_row {
    pp_id name, system_name, file; /* of w->strings */
    uint32_t line;
};

struct attribute_row {
    int64_t number;
    pp_id key, text, unit; /* of w->strings */
    uint32_t is_text;
};

struct link_row {
    pp_id trace, span; /* texts of labels in the profile */
};

struct writer {
    const struct pp_profile *p;
    struct pp_out *out;
    struct pp_out tables[PP_OTLP_TABLES]; /* rows in the encoding of the file */
    size_t counts[PP_OTLP_TABLES];        /* of rows so far, with the empty one */
    struct pp_out row, part;              /* messages being built */
    struct pp_out numbers;                /* a packed list */
    struct pp_out name;                   /* for pp_name_of_frame() */

    struct pp_strings strings; /* rows in the encoding of the file */
    struct pp_table functions, attributes, links;
    pp_id *mapping_index; /* by mapping; 0: none yet */
    struct pp_table chains;
    pp_id *location_index; /* two by chain: exact, and of a return address; 0: none yet */
    struct place *places;  /* by node */
    pp_id *stack_index;    /* by node; 0: none yet, or the empty stack */
    pp_id *frames;         /* of a chain, innermost first */
    size_t frames_cap;
};

/* --- bytes --------------------------------------------------------------- */

static void put_row(struct writer *w, enum pp_otlp_table table)
{
    pp_wire_put_bytes(&w->tables[table], table, pp_out_bytes(&w->row));
    w->counts[table]++;
    w->row.len = 0;
}

/* Appends the message in `part` to `to`. */
static void put_part(struct writer *w, struct pp_out *to, uint32_t field)
{
    pp_wire_put_bytes(to, field, pp_out_bytes(&w->part));
    w->part.len = 0;
}

static void put_fixed64(struct pp_out *to, uint64_t v)
{
    for (unsigned i = 0; i < 8; i++)
        pp_putc(to, (char)(v >> (8 * i)));
}

/* Appends the list of numbers, packed. */
static void put_numbers(struct writer *w, struct pp_out *to, uint32_t field)
{
    if (w->numbers.len)
        pp_wire_put_bytes(to, field, pp_out_bytes(&w->numbers));
    w->numbers.len = 0;
}

/* The index of a string, which is added to the table when it is first used. */
static pp_id text(struct writer *w, struct pp_span s)
{
    return pp_intern_string(&w->strings, s);
}

static pp_id own_text(struct writer *w, pp_id string)
{
    return text(w, pp_text(w->p, string));
}

/* --- attributes and links ------------------------------------------------ */

static void put_attribute(struct writer *w, const struct attribute_row *a)
{
    enum { KEY = 1, VALUE, UNIT, STRING_VALUE = 1, INT_VALUE = 3 };
    pp_wire_put_number(&w->row, KEY, a->key);
    if (a->is_text) {
        pp_wire_put_bytes(&w->part, STRING_VALUE, pp_string_at(&w->strings, a->text));
    } else {
        pp_wire_put_varint(&w->part, INT_VALUE << 3 | PP_WIRE_VARINT);
        pp_wire_put_varint(&w->part, (uint64_t)a->number);
    }
    put_part(w, &w->row, VALUE);
    pp_wire_put_number(&w->row, UNIT, a->unit);
    put_row(w, PP_OTLP_ATTRIBUTE);
}

static pp_id attribute(struct writer *w, const struct attribute_row *a)
{
    size_t before = w->attributes.count;
    pp_id index = pp_intern(&w->attributes, a);
    if (index == before)
        put_attribute(w, a);
    return index;
}

static pp_id text_attribute(struct writer *w, const char *key, struct pp_span value)
{
    return attribute(w, &(struct attribute_row){
                            .key = text(w, pp_str(key)), .text = text(w, value), .is_text = 1});
}

/* The key of a label in the semantic conventions. */
static pp_id key_of(struct writer *w, struct pp_span label)
{
    static const struct {
        const char *label, *attribute;
    } names[] = {{"thread", "thread.name"}, {"tid", "thread.id"}, {"pid", "process.pid"}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (pp_is(label, names[i].label))
            return text(w, pp_str(names[i].attribute));
    return text(w, label);
}

/* Whether a label belongs into a link: it has this many hexadecimal digits. */
static bool is_link(const struct writer *w, const struct pp_label *l)
{
    struct pp_span key = pp_text(w->p, l->key), value = pp_text(w->p, l->text);
    size_t digits = pp_is(key, "trace_id") ? 32 : pp_is(key, "span_id") ? 16 : 0;
    if (!digits || pp_len(value) != digits)
        return false;
    while (!pp_empty(value) && pp_hex_digit(*value.p))
        value.p++;
    return pp_empty(value);
}

static void put_hex(struct writer *w, uint32_t field, pp_id string, size_t bytes)
{
    struct pp_span hex = pp_text(w->p, string);
    for (size_t i = 0; i < bytes; i++) {
        unsigned high = i * 2 < pp_len(hex) ? pp_hex_digit(hex.p[2 * i]) - 1 : 0;
        unsigned low = i * 2 < pp_len(hex) ? pp_hex_digit(hex.p[2 * i + 1]) - 1 : 0;
        pp_putc(&w->part, (char)(high << 4 | low));
    }
    put_part(w, &w->row, field);
}

static void put_link(struct writer *w, const struct link_row *l)
{
    enum { TRACE = 1, SPAN, TRACE_BYTES = 16, SPAN_BYTES = 8 };
    put_hex(w, TRACE, l->trace, TRACE_BYTES);
    put_hex(w, SPAN, l->span, SPAN_BYTES);
    put_row(w, PP_OTLP_LINK);
}

static pp_id link_of(struct writer *w, const struct link_row *l)
{
    size_t before = w->links.count;
    pp_id index = pp_intern(&w->links, l);
    if (index == before)
        put_link(w, l);
    return index;
}

/* Puts the indices of a sample's labels into `numbers`; returns its link. */
static pp_id put_labels(struct writer *w, pp_id set)
{
    struct link_row link = {0};
    for (; set; set = pp_label(w->p, set)->next) {
        const struct pp_label *l = pp_label(w->p, set);
        if (is_link(w, l)) {
            *(pp_is(pp_text(w->p, l->key), "trace_id") ? &link.trace : &link.span) = l->text;
            continue;
        }
        struct attribute_row a = {
            .key = key_of(w, pp_text(w->p, l->key)),
            .text = own_text(w, l->text),
            .is_text = l->text != 0,
            .number = l->text ? 0 : l->number,
            .unit = l->text ? 0 : own_text(w, l->unit),
        };
        pp_wire_put_varint(&w->numbers, attribute(w, &a));
    }
    return link.trace || link.span ? link_of(w, &link) : 0;
}

/* --- mappings and functions ---------------------------------------------- */

static pp_id mapping(struct writer *w, pp_id id)
{
    enum { START = 1, LIMIT, OFFSET, FILE_NAME, ATTRIBUTES };
    const struct pp_mapping *m = pp_mapping(w->p, id);
    if (!id || w->mapping_index[id])
        return w->mapping_index[id];
    if (m->build_id)
        pp_wire_put_varint(&w->numbers, text_attribute(w, "process.executable.build_id.gnu",
                                                       pp_text(w->p, m->build_id)));
    pp_wire_put_number(&w->row, START, m->start);
    pp_wire_put_number(&w->row, LIMIT, m->limit);
    pp_wire_put_number(&w->row, OFFSET, m->offset);
    pp_wire_put_number(&w->row, FILE_NAME, own_text(w, m->file));
    put_numbers(w, &w->row, ATTRIBUTES);
    w->mapping_index[id] = (pp_id)w->counts[PP_OTLP_MAPPING];
    put_row(w, PP_OTLP_MAPPING);
    return w->mapping_index[id];
}

/* The function of a frame; 0 if nothing is known about it. */
static pp_id function_of(struct writer *w, pp_id frame)
{
    enum { NAME = 1, SYSTEM_NAME, FILE_NAME, START_LINE };
    const struct pp_function *f = pp_function(w->p, pp_frame(w->p, frame)->function);
    struct function_row row = {
        .name = f->name ? text(w, pp_name_of_frame(w->p, frame, &w->name)) : 0,
        .system_name = own_text(w, f->system_name),
        .file = own_text(w, f->file),
        .line = f->line,
    };
    size_t before = w->functions.count;
    pp_id index = pp_intern(&w->functions, &row);
    if (index != before)
        return index;
    pp_wire_put_number(&w->part, NAME, row.name);
    pp_wire_put_number(&w->part, SYSTEM_NAME, row.system_name);
    pp_wire_put_number(&w->part, FILE_NAME, row.file);
    pp_wire_put_number(&w->part, START_LINE, row.line);
    put_part(w, &w->tables[PP_OTLP_FUNCTION], PP_OTLP_FUNCTION);
    w->counts[PP_OTLP_FUNCTION]++;
    return index;
}

/* --- locations ----------------------------------------------------------- */

static void find_places(struct writer *w)
{
    const struct pp_profile *p = w->p;
    for (pp_id n = 1; n < p->nodes.count; n++) {
        const struct pp_node *node = pp_node(p, n);
        struct place under =
            pp_joins_parent(p, n) ? w->places[node->parent] : (struct place){0, node->parent};
        bool fresh = false;
        /* The frame plus one, because the row {0, 0} is none. */
        w->places[n].chain = pp_intern_child(&w->chains, under.chain, node->frame + 1, &fresh);
        w->places[n].under = under.under;
    }
    w->location_index = pp_calloc(w->chains.count, 2 * sizeof *w->location_index);
}

/* A column larger than any real one marks frames about which nothing is known; see pprof.h. */
static void put_line(struct writer *w, pp_id frame)
{
    enum { FUNCTION = 1, LINE, COLUMN };
    const struct pp_frame *f = pp_frame(w->p, frame);
    pp_id index = function_of(w, frame);
    pp_wire_put_number(&w->part, FUNCTION, index);
    pp_wire_put_number(&w->part, LINE, f->line);
    pp_wire_put_number(&w->part, COLUMN, f->line ? f->column : 0);
}

static size_t chain_frames(struct writer *w, pp_id chain)
{
    size_t n = 0;
    for (; chain; n++) {
        const struct pp_node *link = pp_row(&w->chains, chain);
        PP_GROW(w->frames, n + 1, w->frames_cap);
        w->frames[n] = link->frame - 1;
        chain = link->parent;
    }
    return n;
}

/* A frame with only an address has no line. */
static bool says_nothing(const struct writer *w, pp_id frame)
{
    const struct pp_frame *f = pp_frame(w->p, frame);
    const struct pp_function *function = pp_function(w->p, f->function);
    return !function->name && !function->file && !f->line;
}

/* The address of a caller must lie within the call, so `returns` subtracts one. */
static pp_id location(struct writer *w, pp_id chain, bool returns)
{
    enum { MAPPING = 1, ADDRESS, LINES, ATTRIBUTES };
    pp_id *index = &w->location_index[2 * (size_t)chain + returns];
    if (*index > 0)
        return *index;
    size_t n = chain_frames(w, chain);
    const struct pp_frame *f = pp_frame(w->p, w->frames[n - 1]);
    pp_id mapping_index = mapping(w, f->mapping), kind = 0; /* first: both use `row` */
    if (f->kind == PP_KERNEL)
        kind = text_attribute(w, "profile.frame.type", pp_str("kernel"));
    pp_wire_put_number(&w->row, MAPPING, mapping_index);
    pp_wire_put_number(&w->row, ADDRESS, f->address - returns);
    for (size_t i = 0; i < n && !(n == 1 && says_nothing(w, w->frames[0])); i++) {
        function_of(w, w->frames[i]); /* uses `part` for a new one */
        put_line(w, w->frames[i]);
        put_part(w, &w->row, LINES);
    }
    if (kind)
        pp_wire_put_varint(&w->numbers, kind);
    put_numbers(w, &w->row, ATTRIBUTES);
    *index = (pp_id)w->counts[PP_OTLP_LOCATION];
    put_row(w, PP_OTLP_LOCATION);
    return *index;
}

/*
 * The location of the node `n` in a stack in which the location of the node `above` is on top of
 * it; 0: none.
 */
static pp_id location_under(struct writer *w, pp_id above, pp_id n)
{
    return location(w, w->places[n].chain, pp_is_returned_to(w->p, n, above));
}

/* Leaf first. */
static pp_id stack(struct writer *w, pp_id node)
{
    if (!node || w->stack_index[node])
        return w->stack_index[node];
    for (pp_id n = node, above = 0; n; above = n, n = w->places[n].under)
        location_under(w, above, n); /* uses `numbers` for a new one */
    for (pp_id n = node, above = 0; n; above = n, n = w->places[n].under)
        pp_wire_put_varint(&w->numbers, location_under(w, above, n));
    put_numbers(w, &w->row, 1);
    w->stack_index[node] = (pp_id)w->counts[PP_OTLP_STACK];
    put_row(w, PP_OTLP_STACK);
    return w->stack_index[node];
}

/* --- profiles ------------------------------------------------------------ */

static int64_t scale_of(const struct pp_column *c)
{
    int64_t scale = 1;
    for (unsigned i = 0; i < c->decimals; i++)
        scale *= 10;
    return scale;
}

static void put_sample(struct writer *w, struct pp_out *to, pp_id sample, int64_t value)
{
    enum { STACK = 1, ATTRIBUTES, LINK, VALUES, TIMES, FIELD = 2 };
    const struct pp_sample *s = pp_sample(w->p, sample);
    pp_id index = stack(w, s->node), link = put_labels(w, s->labels);
    pp_wire_put_number(&w->part, STACK, index);
    put_numbers(w, &w->part, ATTRIBUTES);
    pp_wire_put_number(&w->part, LINK, link);
    pp_wire_put_varint(&w->numbers, (uint64_t)value);
    put_numbers(w, &w->part, VALUES);
    if (s->time_ns) {
        put_fixed64(&w->numbers, (uint64_t)s->time_ns);
        put_numbers(w, &w->part, TIMES);
    }
    put_part(w, to, FIELD);
}

/* Values are whole numbers, rounded, halves away from zero. */
static void put_samples(struct writer *w, struct pp_out *to, const struct pp_column *c)
{
    int64_t scale = scale_of(c), whole;
    bool rounded = false;
    for (size_t s = 0; s < w->p->samples.count; s++) {
        int64_t value = c->values[s];
        if (!value || !pp_mul_div(value, 1, scale, true, &whole))
            continue;
        rounded = rounded || whole * scale != value;
        if (whole)
            put_sample(w, to, (pp_id)s, whole);
    }
    if (rounded)
        pp_warning(w->out->diag, w->out->name, "column '%.*s' is rounded to whole numbers",
                   PP_SHOW(pp_text(w->p, c->type)));
}

static void put_type(struct writer *w, struct pp_out *to, uint32_t field, pp_id type, pp_id unit)
{
    pp_wire_put_number(&w->part, 1, own_text(w, type));
    pp_wire_put_number(&w->part, 2, own_text(w, unit));
    put_part(w, to, field);
}

static void put_profile(struct writer *w, struct pp_out *to, const struct pp_column *c)
{
    enum { TYPE = 1, TIME = 3, DURATION, PERIOD_TYPE, PERIOD };
    const struct pp_about *a = &w->p->about;
    put_type(w, to, TYPE, c->type, c->unit);
    put_samples(w, to, c);
    if (a->time_ns) {
        pp_wire_put_varint(to, TIME << 3 | PP_WIRE_FIXED64);
        put_fixed64(to, (uint64_t)a->time_ns);
    }
    pp_wire_put_number(to, DURATION, (uint64_t)a->duration_ns);
    if (a->period_type || a->period_unit)
        put_type(w, to, PERIOD_TYPE, a->period_type, a->period_unit);
    pp_wire_put_number(to, PERIOD, (uint64_t)a->period);
}

/* Writes the profile of a column, as a field of the scope. */
static void add_profile(struct writer *w, struct pp_out *scope, unsigned column)
{
    struct pp_out profile;
    pp_out_memory(&profile, NULL);
    put_profile(w, &profile, &w->p->columns[column]);
    pp_wire_put_bytes(scope, 2, pp_out_bytes(&profile));
    pp_out_release(&profile);
}

/* Of a comparison only the second side is written: the format has no sides. */
static bool choose_side(const struct writer *w, enum pp_side *side)
{
    const struct pp_profile *p = w->p;
    bool has[PP_AFTER + 1] = {false};
    for (unsigned c = 0; c < p->ncolumns; c++)
        has[p->columns[c].side] = true;
    *side = has[PP_ONLY] ? PP_ONLY : PP_AFTER;
    if (!has[*side])
        return pp_error(w->out->diag, w->out->name, "OTLP needs a column of values");
    if (*side == PP_AFTER)
        pp_warning(w->out->diag, w->out->name,
                   "OTLP holds one side only: that of before is left out");
    return true;
}

/* Writes the column to show first. */
static void put_profiles(struct writer *w, struct pp_out *scope, enum pp_side side)
{
    int first = pp_column_select(w->p, NULL);
    if (first >= 0 && w->p->columns[first].side == side)
        add_profile(w, scope, (unsigned)first);
    for (unsigned c = 0; c < w->p->ncolumns; c++)
        if ((int)c != first && w->p->columns[c].side == side)
            add_profile(w, scope, c);
}

/* --- the message --------------------------------------------------------- */

/* Wraps the profiles in a scope, and the scope in a resource; both are empty. */
static void put_resource_profiles(struct writer *w, enum pp_side side)
{
    enum { RESOURCE_PROFILES = 1, SCOPE_PROFILES = 2, SCOPE = 1, NAME = 1 };
    struct pp_out scope, resource;
    pp_out_memory(&scope, NULL);
    pp_out_memory(&resource, NULL);
    pp_wire_put_bytes(&w->part, NAME, pp_str("pp"));
    put_part(w, &scope, SCOPE);
    put_profiles(w, &scope, side);
    pp_wire_put_bytes(&resource, SCOPE_PROFILES, pp_out_bytes(&scope));
    pp_wire_put_bytes(w->out, RESOURCE_PROFILES, pp_out_bytes(&resource));
    pp_out_release(&scope);
    pp_out_release(&resource);
}

static void put_dictionary(struct writer *w)
{
    enum { DICTIONARY = 2 };
    size_t size = 0;
    struct pp_out *strings = &w->tables[PP_OTLP_STRING];
    for (size_t i = 0; i < w->strings.count; i++)
        pp_wire_put_bytes(strings, PP_OTLP_STRING, pp_string_at(&w->strings, (pp_id)i));
    for (unsigned t = 1; t < PP_OTLP_TABLES; t++)
        size += w->tables[t].len;
    pp_wire_put_varint(w->out, DICTIONARY << 3 | PP_WIRE_BYTES);
    pp_wire_put_varint(w->out, size);
    for (unsigned t = 1; t < PP_OTLP_TABLES; t++)
        pp_put(w->out, pp_out_bytes(&w->tables[t]));
}

/* Row 0 of each table. That of links has ids of the right length, all zeros. */
static void put_empty_rows(struct writer *w)
{
    for (unsigned t = 1; t < PP_OTLP_TABLES; t++) {
        if (t == PP_OTLP_LINK)
            put_link(w, &(struct link_row){0});
        else if (t != PP_OTLP_STRING)
            put_row(w, (enum pp_otlp_table)t);
    }
}

static void init(struct writer *w)
{
    const struct pp_profile *p = w->p;
    for (unsigned t = 1; t < PP_OTLP_TABLES; t++)
        pp_out_memory(&w->tables[t], NULL);
    pp_out_memory(&w->row, NULL);
    pp_out_memory(&w->part, NULL);
    pp_out_memory(&w->numbers, NULL);
    pp_out_memory(&w->name, NULL);
    pp_strings_init(&w->strings);
    pp_table_init(&w->functions, sizeof(struct function_row));
    pp_table_init(&w->attributes, sizeof(struct attribute_row));
    pp_table_init(&w->links, sizeof(struct link_row));
    pp_table_init_tree(&w->chains);
    w->mapping_index = pp_calloc(p->mappings.count, sizeof *w->mapping_index);
    w->places = pp_calloc(p->nodes.count, sizeof *w->places);
    w->stack_index = pp_calloc(p->nodes.count, sizeof *w->stack_index);
    find_places(w);
    put_empty_rows(w);
}

static void release(struct writer *w)
{
    for (unsigned t = 1; t < PP_OTLP_TABLES; t++)
        pp_out_release(&w->tables[t]);
    pp_out_release(&w->row);
    pp_out_release(&w->part);
    pp_out_release(&w->numbers);
    pp_out_release(&w->name);
    pp_strings_release(&w->strings);
    pp_table_release(&w->functions);
    pp_table_release(&w->attributes);
    pp_table_release(&w->links);
    pp_table_release(&w->chains);
    free(w->mapping_index);
    free(w->location_index);
    free(w->places);
    free(w->stack_index);
    free(w->frames);
}

bool pp_otlp_write(const struct pp_profile *p, struct pp_out *out)
{
    struct writer w = {.p = p, .out = out};
    enum pp_side side;
    if (!choose_side(&w, &side))
        return false;
    init(&w);
    put_resource_profiles(&w, side);
    put_dictionary(&w);
    release(&w);
    return !out->failed;
}
