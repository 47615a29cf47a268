/*
 * pprof_read.c - reads a pprof except its samples: header, strings, mappings, functions, locations.
 */
#include <profile.pb-c.h>
#include <stdlib.h>

#include "base/memory.h"
#include "formats/pprof/pprof.h"

/* Names for the fields of Profile in messages. */
static const char *const field_names[PP_PPROF_FIELDS] = {
    [PP_PPROF_SAMPLE_TYPE] = "sample type", [PP_PPROF_SAMPLE] = "sample",
    [PP_PPROF_MAPPING] = "mapping",         [PP_PPROF_LOCATION] = "location",
    [PP_PPROF_FUNCTION] = "function",       [PP_PPROF_STRING_TABLE] = "string",
    [PP_PPROF_DROP_FRAMES] = "drop_frames", [PP_PPROF_KEEP_FRAMES] = "keep_frames",
    [PP_PPROF_TIME_NANOS] = "time_nanos",   [PP_PPROF_DURATION_NANOS] = "duration_nanos",
    [PP_PPROF_PERIOD_TYPE] = "period type", [PP_PPROF_PERIOD] = "period",
    [PP_PPROF_COMMENT] = "comment",         [PP_PPROF_DEFAULT_SAMPLE_TYPE] = "default_sample_type",
    [PP_PPROF_DOC_URL] = "doc_url",
};

/* --- ids ----------------------------------------------------------------- */

/* `count` records are in the input, so memory is in proportion to it. */
static void ids_init(struct pp_pprof_ids *ids, size_t count)
{
    size_t slots = 2;
    while (slots / 2 < count)
        slots *= 2;
    ids->nnear = slots;
    ids->near = pp_calloc(slots, sizeof *ids->near);
    ids->slots = pp_calloc(slots, sizeof *ids->slots);
    ids->mask = slots - 1;
    ids->seed = (uintptr_t)ids->slots;
}

static void ids_release(struct pp_pprof_ids *ids)
{
    free(ids->near);
    free(ids->slots);
}

/* The first use of an id counts. */
static void ids_put(struct pp_pprof *s, struct pp_pprof_ids *ids, uint64_t id, uint32_t value,
                    const struct pp_wire *f)
{
    const char *what = field_names[f->field];
    if (id == 0)
        pp_warn(s->r, f->at, "a %s has the id 0, which pprof refuses", what);
    if (pp_pprof_value_of(ids, id))
        pp_warn(s->r, f->at, "a %s has the id %llu of another; the first one is used", what,
                (unsigned long long)id);
    else if (id < ids->nnear)
        ids->near[id] = value + 1;
    else
        *pp_pprof_slot(ids, id) = (struct pp_pprof_id){id, (uint64_t)value + 1};
}

/* --- submessages --------------------------------------------------------- */

static void *scratch_alloc(void *arena, size_t size)
{
    return pp_alloc(arena, size);
}

static void scratch_free(void *arena, void *p)
{
    (void)arena; /* the arena is freed as a whole */
    (void)p;
}

/* Reports where a message is damaged, after protobuf-c has refused it. */
static void *fail_message(struct pp_pprof *s, const struct pp_wire *f)
{
    struct pp_wire inside = {.left = f->bytes};
    while (pp_wire_next(&inside))
        continue;
    if (inside.fault)
        pp_fail(s->r, inside.at, "in a %s: %s", field_names[f->field], inside.fault);
    else
        pp_fail(s->r, f->at, "a %s has a field of the wrong type", field_names[f->field]);
    return NULL;
}

/* The message in `f`, valid until the next one; NULL after failing. */
static void *unpack(struct pp_pprof *s, const struct pp_wire *f,
                    const ProtobufCMessageDescriptor *type)
{
    ProtobufCAllocator scratch = {scratch_alloc, scratch_free, &s->scratch};
    pp_arena_clear(&s->scratch);
    void *message =
        protobuf_c_message_unpack(type, &scratch, pp_len(f->bytes), (const uint8_t *)f->bytes.p);
    return message ? message : fail_message(s, f);
}

/* --- first pass: strings and header -------------------------------------- */

static bool take_string(struct pp_pprof *s, const struct pp_wire *f)
{
    size_t len = pp_len(f->bytes);
    if (len > UINT32_MAX)
        return pp_fail(s->r, f->at, "a string is longer than 4 GiB");
    if (s->ntexts == 0 && len)
        pp_warn(s->r, f->at, "string 0 is '%.*s' and not empty; taken as empty", PP_SHOW(f->bytes));
    PP_GROW(s->texts, s->ntexts + 1, s->texts_cap);
    s->texts[s->ntexts++] = (struct pp_pprof_text){.p = f->bytes.p, .len = (uint32_t)len};
    return true;
}

/* Of several, the last one counts, as in protocol buffers. */
static bool take_single(struct pp_pprof *s, const struct pp_wire *f)
{
    struct pp_pprof_value *value = &s->header[f->field];
    bool again = s->count[f->field] > 1;
    if (again && f->field == PP_PPROF_TIME_NANOS && value->number && f->number)
        return pp_fail(s->r, f->at,
                       "a second time_nanos: several concatenated profiles "
                       "are not one profile");
    if (again)
        pp_warn(s->r, f->at, "a second %s; the last one is used", field_names[f->field]);
    *value = (struct pp_pprof_value){f->number, f->bytes, f->at};
    return true;
}

static enum pp_wire_type type_of(uint32_t field)
{
    return field <= PP_PPROF_STRING_TABLE || field == PP_PPROF_PERIOD_TYPE ? PP_WIRE_BYTES
                                                                           : PP_WIRE_VARINT;
}

static bool take_any(struct pp_pprof *s, const struct pp_wire *f)
{
    if (f->field >= PP_PPROF_FIELDS)
        return true; /* a field of a later version */
    if (f->field != PP_PPROF_COMMENT && f->type != type_of(f->field))
        return pp_fail(s->r, f->at, "a %s is of the wrong type", field_names[f->field]);
    if (++s->count[f->field] >= UINT32_MAX)
        return pp_fail(s->r, f->at, "more than 2^32 of the kind %s", field_names[f->field]);
    if (s->count[f->field] == 1)
        s->where[f->field].p = f->at;
    s->where[f->field].end = f->left.p;
    if (f->field < PP_PPROF_STRING_TABLE)
        return true;
    if (f->field == PP_PPROF_STRING_TABLE)
        return take_string(s, f);
    return f->field == PP_PPROF_COMMENT || take_single(s, f);
}

static bool take_sample_type(struct pp_pprof *s, const struct pp_wire *f)
{
    const Pprof__ValueType *t = unpack(s, f, &pprof__value_type__descriptor);
    struct pp_profile *p = s->r->out;
    if (!t)
        return false;
    pp_id type = pp_pprof_string(s, t->type, f->at), unit = pp_pprof_string(s, t->unit, f->at);
    return pp_column_new(p, PP_ONLY, pp_text(p, type), pp_text(p, unit)) >= 0 ||
           pp_fail(s->r, f->at, "more than %d sample types", PP_MAX_COLUMNS);
}

static bool take_period_type(struct pp_pprof *s)
{
    const struct pp_pprof_value *value = &s->header[PP_PPROF_PERIOD_TYPE];
    if (!value->at)
        return true;
    struct pp_wire f = {.field = PP_PPROF_PERIOD_TYPE, .at = value->at, .bytes = value->bytes};
    const Pprof__ValueType *t = unpack(s, &f, &pprof__value_type__descriptor);
    if (!t)
        return false;
    s->r->out->about.period_type = pp_pprof_string(s, t->type, f.at);
    s->r->out->about.period_unit = pp_pprof_string(s, t->unit, f.at);
    return true;
}

static bool take_comments(struct pp_pprof *s, const struct pp_wire *f)
{
    s->comments.n = 0;
    if (!pp_pprof_take_numbers(s, f, &s->comments))
        return false;
    for (size_t i = 0; i < s->comments.n; i++) {
        pp_id text = pp_pprof_string(s, (int64_t)s->comments.v[i], f->at);
        pp_comment(s->r->out, pp_text(s->r->out, text));
    }
    return true;
}

static pp_id header_string(struct pp_pprof *s, enum pp_pprof_field field)
{
    return pp_pprof_string(s, (int64_t)s->header[field].number, s->header[field].at);
}

static bool read_header(struct pp_pprof *s)
{
    struct pp_about *about = &s->r->out->about;
    if (!pp_pprof_each(s, 0, take_any))
        return false;
    if (!s->count[PP_PPROF_SAMPLE_TYPE])
        return pp_fail(s->r, s->in.p, "the profile has no sample types");
    if (!pp_pprof_each(s, PP_PPROF_SAMPLE_TYPE, take_sample_type) || !take_period_type(s))
        return false;
    about->time_ns = (int64_t)s->header[PP_PPROF_TIME_NANOS].number;
    about->duration_ns = (int64_t)s->header[PP_PPROF_DURATION_NANOS].number;
    about->period = (int64_t)s->header[PP_PPROF_PERIOD].number;
    about->default_type = header_string(s, PP_PPROF_DEFAULT_SAMPLE_TYPE);
    about->drop_frames = header_string(s, PP_PPROF_DROP_FRAMES);
    about->keep_frames = header_string(s, PP_PPROF_KEEP_FRAMES);
    about->doc_url = header_string(s, PP_PPROF_DOC_URL);
    return pp_pprof_each(s, PP_PPROF_COMMENT, take_comments);
}

/* --- mappings and functions ---------------------------------------------- */

static uint32_t flags_of(const Pprof__Mapping *m)
{
    return (m->has_functions ? PP_HAS_FUNCTIONS : 0u) | (m->has_filenames ? PP_HAS_FILENAMES : 0u) |
           (m->has_line_numbers ? PP_HAS_LINES : 0u) | (m->has_inline_frames ? PP_HAS_INLINES : 0u);
}

static bool take_mapping(struct pp_pprof *s, const struct pp_wire *f)
{
    const Pprof__Mapping *m = unpack(s, f, &pprof__mapping__descriptor);
    if (!m)
        return false;
    struct pp_table *table = &s->r->out->mappings;
    struct pp_mapping row = {
        .start = m->memory_start,
        .limit = m->memory_limit,
        .offset = m->file_offset,
        .build_id = pp_pprof_string(s, m->build_id, f->at),
        .flags = flags_of(m),
    };
    pp_id file = pp_pprof_string(s, m->filename, f->at);
    pp_set_mapping_file(s->r->out, &row, pp_text(s->r->out, file));
    size_t before = table->count;
    pp_id id = pp_intern(table, &row);
    if (id < before) { /* it occurred before, or is all zero */
        row.copy = pp_pprof_next_copy(&s->mapping_copies, id);
        id = pp_intern(table, &row);
    }
    ids_put(s, &s->mappings, m->id, id, f);
    return true;
}

static uint32_t line_number(struct pp_pprof *s, int64_t line, const char *at)
{
    if (line >= 0 && line <= UINT32_MAX)
        return (uint32_t)line;
    pp_warn(s->r, at, "the line number %lld is out of range; taken as 0", (long long)line);
    return 0;
}

static bool take_function(struct pp_pprof *s, const struct pp_wire *f)
{
    const Pprof__Function *m = unpack(s, f, &pprof__function__descriptor);
    if (!m)
        return false;
    pp_id name = pp_pprof_string(s, m->name, f->at);
    struct pp_function row = {
        .name = name,
        .system_name = pp_pprof_system_name(name, pp_pprof_string(s, m->system_name, f->at)),
        .file = pp_pprof_string(s, m->filename, f->at),
        .line = line_number(s, m->start_line, f->at),
    };
    ids_put(s, &s->functions, m->id, pp_intern(&s->r->out->functions, &row), f);
    return true;
}

/* --- locations ----------------------------------------------------------- */

static uint32_t column_number(struct pp_pprof *s, int64_t column, const char *at)
{
    if (column >= 0 && column < PP_PPROF_BLANK_LOCATION)
        return (uint32_t)column & PP_MAX_COLUMN_NUMBER;
    pp_warn(s->r, at, "the column number %lld is out of range; taken as 0", (long long)column);
    return 0;
}

/* A mapping that does not exist counts as none, as in pprof. */
static pp_id mapping_of(struct pp_pprof *s, uint64_t id)
{
    uint64_t value = id ? pp_pprof_value_of(&s->mappings, id) : 0;
    return value ? (pp_id)(value - 1) : 0;
}

static pp_id function_of(struct pp_pprof *s, const Pprof__Line *line, const char *at)
{
    uint64_t value = pp_pprof_value_of(&s->functions, line->function_id);
    if (value)
        return (pp_id)(value - 1);
    pp_warn(s->r, at, "function %llu does not exist; the frame is left without one",
            (unsigned long long)line->function_id);
    return 0;
}

static void push_frame(struct pp_pprof *s, struct pp_frame frame)
{
    PP_GROW(s->frames, s->nframes + 1, s->frames_cap);
    s->frames[s->nframes++] = pp_pprof_frame(s->r, frame, PP_PPROF_BLANK_LOCATION);
}

/* The frames of a location differ only in their lines. */
static void push_lines(struct pp_pprof *s, const Pprof__Location *m, struct pp_frame frame,
                       const char *at)
{
    for (size_t i = 0; i < m->n_line; i++) {
        frame.function = function_of(s, m->line[i], at);
        frame.line = line_number(s, m->line[i]->line, at);
        frame.column = column_number(s, m->line[i]->column, at) & PP_MAX_COLUMN_NUMBER;
        frame.inlined = i + 1 < m->n_line;
        if (m->n_line == 1 && !frame.function && !frame.line && !frame.column)
            frame.column = PP_PPROF_BLANK_LINE;
        push_frame(s, frame);
    }
}

/* Adds a location with the frames from `first` on. */
static void add_location(struct pp_pprof *s, uint64_t id, size_t first, const struct pp_wire *f)
{
    size_t index = s->nlocations++, count = s->nframes - first;
    s->location[index] = (struct pp_pprof_location){.first = first, .count = (uint32_t)count};
    if (count > s->most_frames)
        s->most_frames = count;
    ids_put(s, &s->locations, id, (uint32_t)index, f);
    if (count == 1 && id < s->locations.nnear && s->locations.near[id] == index + 1)
        s->single[id] = s->frames[first];
}

static bool take_location(struct pp_pprof *s, const struct pp_wire *f)
{
    const Pprof__Location *m = unpack(s, f, &pprof__location__descriptor);
    if (!m)
        return false;
    size_t first = s->nframes;
    struct pp_frame frame = {
        .address = m->address,
        .mapping = mapping_of(s, m->mapping_id),
        .folded = m->is_folded != 0,
    };
    if (m->n_line)
        push_lines(s, m, frame, f->at);
    else
        push_frame(s, frame);
    add_location(s, m->id, first, f);
    return true;
}

/* --- entry point --------------------------------------------------------- */

static bool read_tables(struct pp_pprof *s)
{
    ids_init(&s->mappings, s->count[PP_PPROF_MAPPING]);
    ids_init(&s->functions, s->count[PP_PPROF_FUNCTION]);
    ids_init(&s->locations, s->count[PP_PPROF_LOCATION]);
    s->single = pp_calloc(s->locations.nnear, sizeof *s->single);
    s->single_used = pp_calloc(s->locations.nnear, sizeof *s->single_used);
    s->most_frames = 1;
    s->location = pp_calloc(s->count[PP_PPROF_LOCATION], sizeof *s->location);
    return pp_pprof_each(s, PP_PPROF_MAPPING, take_mapping) &&
           pp_pprof_each(s, PP_PPROF_FUNCTION, take_function) &&
           pp_pprof_each(s, PP_PPROF_LOCATION, take_location);
}

static void release(struct pp_pprof *s)
{
    free(s->texts);
    free(s->comments.v);
    ids_release(&s->mappings);
    ids_release(&s->functions);
    ids_release(&s->locations);
    free(s->location);
    free(s->single);
    free(s->single_used);
    free(s->frames);
    pp_arena_release(&s->scratch);
    free(s->stack.v);
    free(s->values.v);
    free(s->labels);
    free(s->path);
    free(s->stacks.slots);
    free(s->label_sets.slots);
    free(s->mapping_copies.n);
    free(s->sample_copies.n);
}

/*
 * Records may refer to later ones. Therefore one pass over the profile reads the strings, and then
 * one pass for each table, in the order of their dependencies, goes from its first to its last
 * record.
 */
bool pp_pprof_read(struct pp_reader *r, struct pp_span in)
{
    struct pp_pprof s = {.r = r, .in = in};
    bool ok = read_header(&s) && read_tables(&s) && pp_pprof_read_samples(&s);
    release(&s);
    return ok;
}
