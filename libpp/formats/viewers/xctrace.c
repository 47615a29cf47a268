/*
 * Time profiles that Apple's xctrace exports from a recording as XML:
 *
 *     xctrace export --input X.trace --xpath '//table[@schema="time-profile"]'
 *
 *     <row><sample-time id="1">1000000</sample-time>
 *       <thread id="2" fmt="Main Thread 0x1 (app, pid: 100)"><tid id="3">1</tid></thread>
 *       <weight id="9">1000000</weight>
 *       <backtrace id="10"><frame id="11" name="b" addr="0x100001120">
 *         <binary id="12" name="app" UUID="..." load-addr="0x100000000" path="/x/app"/>
 *         <source line="21"><path id="13">/x/app.c</path></source></frame></backtrace></row>
 *     <row><sample-time id="14">2000000</sample-time><thread ref="2"/><weight ref="9"/>
 *       <backtrace ref="10"/></row>
 *
 * An element that recurs refers to the id of its first occurrence. Frames are leaf first.
 * https://developer.apple.com/xcode/
 */
#include <stdlib.h>

#include "base/memory.h"
#include "formats/format.h"
#include "syntax/xml.h"

enum kind {
    OTHER, /* not used itself, but its children may be */
    ROW,
    TIME,
    THREAD,
    TID,
    PID,
    WEIGHT,
    CYCLES,
    BACKTRACE,
    TAGGED,
    FRAME,
    BINARY,
    SOURCE,
    PATH,
    KINDS
};
static const char *const names[KINDS] = {
    "",      "row",    "sample-time",  "thread",    "tid",
    "pid",   "weight", "cycle-weight", "backtrace", "tagged-backtrace",
    "frame", "binary", "source",       "path"};

/* The value of an element, for its parent and for those that refer to it. */
struct value {
    int64_t number; /* of a time, a weight, an id */
    pp_id id;       /* of a name (thread), a stack, a frame, a mapping, a file */
    bool known;
};

/* An open element. */
struct element {
    enum kind kind;
    uint64_t id; /* 0: none */
    bool ref;    /* it refers to `id` */
    struct value own;
    struct value parts[KINDS]; /* the first value of each kind in it */
    size_t frames;             /* where the frames of a backtrace begin */
    uint64_t address;
    pp_id function; /* string: of a frame */
    uint32_t line;  /* of a source */
};

struct xctrace {
    struct pp_reader *r;
    struct pp_xml_stream *x;
    struct element *open;
    size_t count, cap;
    struct pp_table ids;
    struct value *values; /* by the row of their id */
    size_t nvalues, values_cap;
    pp_id *frames;
    size_t nframes, frames_cap;
    char *text; /* the text since the last tag */
    size_t ntext, text_cap;
    int time, samples, cycles; /* columns; -1: none yet */
};

/* --- references ---------------------------------------------------------- */

static struct value *value_of(struct xctrace *t, uint64_t id)
{
    pp_id row = pp_intern(&t->ids, &id); /* 0 for id 0, as in all tables */
    PP_GROW(t->values, (size_t)row + 1, t->values_cap);
    while (t->nvalues <= row)
        t->values[t->nvalues++] = (struct value){.known = false};
    return &t->values[row];
}

/* --- attributes ---------------------------------------------------------- */

static pp_id mapping_of(struct xctrace *t, struct pp_span name, struct pp_span path,
                        struct pp_span uuid, uint64_t start)
{
    struct pp_profile *p = t->r->out;
    char hex[64];
    size_t n = 0;
    for (const char *c = uuid.p; c < uuid.end && n < sizeof hex; c++)
        if (pp_hex_digit(*c))
            hex[n++] = (char)(*c >= 'A' && *c <= 'F' ? *c | 0x20 : *c);
    struct pp_mapping m = {
        .start = start,
        .file = pp_string(p, pp_empty(path) ? name : path),
        .build_id = pp_string(p, (struct pp_span){hex, hex + n}),
        .flags = start ? 0 : PP_START_UNKNOWN,
    };
    return pp_intern(&p->mappings, &m);
}

struct attributes {
    struct pp_span name, fmt, path, uuid;
    uint64_t address, load;
};

/* Copies the attributes of the element, as each lives only until the next one is read. */
static bool read_attributes(struct xctrace *t, struct element *e, struct attributes *a)
{
    struct pp_xml_attribute at;
    uint64_t line;
    while (pp_xml_stream_attribute(t->x, &at)) {
        struct pp_span kept = {0}, *text = NULL;
        bool id = pp_is(at.name, "id"), ref = pp_is(at.name, "ref");
        if ((id || ref) && !pp_parse_u64(at.value, &e->id))
            return pp_fail(t->r, pp_xml_stream_at(t->x), "the %s '%.*s' is not a number",
                           id ? "id" : "ref", PP_SHOW(at.value));
        e->ref = e->ref || ref;
        if (pp_is(at.name, "name"))
            text = &a->name;
        else if (pp_is(at.name, "fmt"))
            text = &a->fmt;
        else if (pp_is(at.name, "path"))
            text = &a->path;
        else if (pp_is(at.name, "UUID"))
            text = &a->uuid;
        else if (pp_is(at.name, "addr"))
            pp_parse_hex(at.value, &a->address);
        else if (pp_is(at.name, "load-addr"))
            pp_parse_hex(at.value, &a->load);
        else if (pp_is(at.name, "line") && pp_parse_u64(at.value, &line) && line <= UINT32_MAX)
            e->line = (uint32_t)line;
        if (text) {
            kept.p = pp_copy(&t->r->arena, at.value);
            kept.end = kept.p + pp_len(at.value);
            *text = kept;
        }
    }
    return true;
}

/* The name of a frame; none if it is the address. */
static pp_id name_of_frame(struct xctrace *t, const struct attributes *a)
{
    uint64_t address;
    bool hex = pp_starts(a->name, "0x") && pp_parse_hex(a->name, &address) && address == a->address;
    return hex || !a->name.p ? 0 : pp_string(t->r->out, a->name);
}

/* --- elements ------------------------------------------------------------ */

static enum kind kind_of(struct pp_span name)
{
    for (int k = ROW; k < KINDS; k++)
        if (pp_is(name, names[k]))
            return (enum kind)k;
    return OTHER;
}

/* "NAME 0xTID (PROCESS, pid: N)" */
static struct pp_span thread_name(struct pp_span fmt)
{
    const char *hex = fmt.p ? pp_find_text(fmt, " 0x") : NULL;
    return hex ? pp_trim((struct pp_span){fmt.p, hex}) : fmt;
}

static bool on_schema(struct xctrace *t)
{
    struct element e = {.kind = OTHER};
    struct attributes a = {.address = 0};
    if (!read_attributes(t, &e, &a))
        return false;
    if (a.name.p && pp_is(a.name, "time-sample"))
        return pp_fail(t->r, pp_xml_stream_at(t->x),
                       "the table 'time-sample' has addresses only; export 'time-profile': xctrace "
                       "export --xpath '//table[@schema=\"time-profile\"]'");
    return true;
}

static bool open_element(struct xctrace *t)
{
    struct pp_span name = pp_xml_stream_name(t->x);
    struct element e = {.kind = kind_of(name), .frames = t->nframes};
    struct attributes a = {.address = 0};
    if (pp_is(name, "schema") && !on_schema(t))
        return false;
    if (e.kind != OTHER && !read_attributes(t, &e, &a))
        return false;
    e.address = a.address;
    if (e.kind == THREAD && a.fmt.p)
        e.own.id = pp_string(t->r->out, thread_name(a.fmt));
    else if (e.kind == FRAME)
        e.function = name_of_frame(t, &a);
    else if (e.kind == BINARY && (a.name.p || a.path.p))
        e.own.id = mapping_of(t, a.name.p ? a.name : pp_str(""), a.path.p ? a.path : pp_str(""),
                              a.uuid.p ? a.uuid : pp_str(""), a.load);
    pp_arena_clear(&t->r->arena);
    PP_GROW(t->open, t->count + 1, t->cap);
    t->open[t->count++] = e;
    return true;
}

/* Whether the text of an element is used, and not another thing in it. */
static bool has_text(enum kind kind)
{
    return kind != OTHER && kind != ROW && kind != FRAME && kind != BACKTRACE;
}

/* Text comes in parts. What lies around the children of an element belongs to it as well. */
static bool on_text(struct xctrace *t)
{
    struct pp_span text = pp_xml_stream_text(t->x);
    enum { LONGEST = 1 << 16 }; /* no number and no path is longer */
    if (!t->count || !has_text(t->open[t->count - 1].kind) || pp_len(text) > LONGEST - t->ntext)
        return true;
    PP_GROW(t->text, t->ntext + pp_len(text), t->text_cap);
    memcpy(t->text + t->ntext, text.p, pp_len(text));
    t->ntext += pp_len(text);
    return true;
}

/* Uses the text before a tag. */
static void end_text(struct xctrace *t)
{
    struct pp_span text = pp_trim((struct pp_span){t->text, t->text + t->ntext});
    t->ntext = 0;
    if (pp_empty(text))
        return;
    struct element *e = &t->open[t->count - 1];
    if (e->kind == PATH)
        e->own.id = pp_string(t->r->out, text);
    else if (pp_parse_i64(text, &e->own.number))
        e->own.known = true;
}

/* --- rows ---------------------------------------------------------------- */

static int column(struct xctrace *t, int *column, const char *type, const char *unit)
{
    if (*column < 0)
        *column = pp_column(t->r->out, pp_str(type), pp_str(unit));
    return *column;
}

static bool end_row(struct xctrace *t, const struct element *row)
{
    struct pp_profile *p = t->r->out;
    const char *at = pp_xml_stream_at(t->x);
    const struct value *thread = &row->parts[THREAD], *stack = &row->parts[BACKTRACE];
    const struct value *weight = &row->parts[WEIGHT], *cycles = &row->parts[CYCLES];
    struct pp_label label = {.key = pp_cstring(p, "thread"), .text = thread->id};
    struct pp_sample sample = {.node = stack->id};
    if (thread->id && t->r->keep & PP_HOLDS_LABELS)
        sample.labels = pp_label_set(p, &label, 1);
    if (t->r->keep & PP_HOLDS_TIME && row->parts[TIME].known)
        sample.time_ns = row->parts[TIME].number;
    pp_id id = pp_sample_id(p, &sample);
    if (weight->known &&
        !pp_reader_add(t->r, at, id, column(t, &t->time, "time", "nanoseconds"), weight->number))
        return false;
    if (cycles->known &&
        !pp_reader_add(t->r, at, id, column(t, &t->cycles, "cycles", "count"), cycles->number))
        return false;
    return pp_reader_add(t->r, at, id, column(t, &t->samples, "samples", "count"), 1);
}

static void end_frame(struct xctrace *t, struct element *e)
{
    struct pp_profile *p = t->r->out;
    struct pp_code code = {
        .function = pp_text(p, e->function),
        .file = pp_text(p, e->parts[PATH].id),
        .line = e->line,
        .address = e->address,
        .mapping = e->parts[BINARY].id,
    };
    if (!e->ref)
        e->own = (struct value){.id = pp_frame_at(p, &code), .known = true};
    if (!e->own.id)
        return;
    PP_GROW(t->frames, t->nframes + 1, t->frames_cap);
    t->frames[t->nframes++] = e->own.id;
}

/* Passes the value of a closed element to its parent. */
static void hand_on(struct xctrace *t, const struct element *e)
{
    if (!t->count)
        return;
    struct element *up = &t->open[t->count - 1];
    if (e->kind == SOURCE) { /* its file and line belong to the frame */
        up->parts[PATH] = e->parts[PATH];
        up->line = e->line;
    } else if (e->kind == TAGGED) {
        up->parts[BACKTRACE] = e->parts[BACKTRACE];
    } else if (e->kind != OTHER && !up->parts[e->kind].known && !up->parts[e->kind].id) {
        up->parts[e->kind] = e->own;
    }
}

static bool close_element(struct xctrace *t)
{
    struct element e = t->open[--t->count];
    const char *at = pp_xml_stream_at(t->x);
    if (e.ref) {
        e.own = *value_of(t, e.id);
        if (!e.own.known)
            pp_warn(t->r, at, "there is no %s with id %llu", names[e.kind],
                    (unsigned long long)e.id);
        if (e.kind == TAGGED)
            e.parts[BACKTRACE] = e.own;
    } else if (e.kind == BACKTRACE) {
        size_t n = t->nframes - e.frames;
        e.own.id = pp_reader_stack(t->r, at, n ? t->frames + e.frames : NULL, n, PP_LEAF_FIRST);
    } else if (e.kind == TAGGED) {
        e.own = e.parts[BACKTRACE];
    }
    if (e.kind == BACKTRACE)
        t->nframes = e.frames;
    if (e.kind == FRAME)
        end_frame(t, &e);
    if (e.kind == ROW && !end_row(t, &e))
        return false;
    if (e.id && !e.ref) {
        e.own.known = true;
        *value_of(t, e.id) = e.own;
    }
    hand_on(t, &e);
    return true;
}

/* --- reading ------------------------------------------------------------- */

static bool take(void *ctx, enum pp_xml_event event)
{
    struct xctrace *t = ctx;
    if (event == PP_XML_TEXT)
        return on_text(t);
    if (t->ntext)
        end_text(t);
    return event == PP_XML_OPEN ? open_element(t) : close_element(t);
}

static void begin(struct xctrace *t, struct pp_reader *r)
{
    t->r = r;
    t->time = t->samples = t->cycles = -1;
    t->x = pp_xml_stream_new(take, t);
    pp_table_init(&t->ids, sizeof(uint64_t));
}

static void conclude(struct xctrace *t)
{
    struct pp_profile *p = t->r->out;
    if (t->samples < 0)
        pp_warn(t->r, t->r->in.p, "no row was found");
    column(t, &t->samples, "samples", "count");
    p->about.default_type = p->columns[t->time >= 0     ? t->time
                                       : t->cycles >= 0 ? t->cycles
                                                        : 0]
                                .type;
}

static bool xctrace_read(struct pp_reader *r, struct pp_span in)
{
    struct xctrace *t = r->state;
    if (!t->x)
        begin(t, r);
    if (!pp_xml_stream_read(t->x, in, r->last)) {
        const char *error = pp_xml_stream_error(t->x);
        return *error ? pp_fail(r, pp_xml_stream_at(t->x), "%s", error) : false;
    }
    if (r->last)
        conclude(t);
    return true;
}

static void xctrace_end(struct pp_reader *r)
{
    struct xctrace *t = r->state;
    pp_xml_stream_free(t->x);
    if (t->ids.rows)
        pp_table_release(&t->ids);
    free(t->values);
    free(t->open);
    free(t->frames);
    free(t->text);
}

static unsigned xctrace_bid(struct pp_span head)
{
    bool xml = pp_starts(head, "<?xml") || pp_starts(head, "<trace-query-result");
    return xml && pp_find_text(head, "<trace-query-result") ? 120 : 0;
}

const struct pp_format pp_format_xctrace = {
    .name = "xctrace",
    .title = "time profiles that Apple's xctrace exports (XML)",
    .holds =
        PP_HOLDS_COLUMNS | PP_HOLDS_LINES | PP_HOLDS_ADDRESSES | PP_HOLDS_LABELS | PP_HOLDS_TIME,
    .bid = xctrace_bid,
    .read = xctrace_read,
    .split = pp_split_tags,
    .in_order = true,
    .state_size = sizeof(struct xctrace),
    .end = xctrace_end,
};
