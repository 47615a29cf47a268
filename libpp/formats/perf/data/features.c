/* The feature sections, in which a recording describes itself. In a pipe they are records. */
#include <inttypes.h>
#include <stdlib.h>

#include "formats/perf/data/state.h"

/* perf's numbers of the feature sections that are read. */
enum {
    FEATURE_TRACING_DATA = 1,
    FEATURE_BUILD_IDS = 2,
    FEATURE_HOST = 3,
    FEATURE_VERSION = 5,
    FEATURE_COMMAND = 11,
    FEATURE_EVENTS = 12,
    FEATURE_CLOCK = 29,
    FEATURES = 256,
};

static struct pp_span kept(struct pp_reader *r, struct pp_span text)
{
    const char *copy = pp_copy(&r->arena, text);
    return (struct pp_span){copy, copy + pp_len(text)};
}

/* --- build ids ----------------------------------------------------------- */

enum { BUILD_ID_ENTRY = 8 + 4 + PP_DATA_BUILD_ID + 4 };

void pp_data_build_id(struct pp_reader *r, struct pp_data_state *s, struct pp_span record)
{
    enum { HAS_SIZE = 1 << 15 };
    if (pp_len(record) < BUILD_ID_ENTRY)
        return;
    uint16_t misc = pp_data_u16(record.p + 4, s->swap);
    const char *id = record.p + 12;
    size_t n = misc & HAS_SIZE ? (unsigned char)id[PP_DATA_BUILD_ID] : 0;
    struct pp_span file = pp_data_text((struct pp_span){record.p + BUILD_ID_ENTRY, record.end});
    pp_id text = pp_data_build_id_text(r->out, id, n);
    pp_id name = pp_data_file_name(r->out, file);
    if (text && name)
        *pp_number_at(&s->build_ids, name, text) = text;
}

static void build_ids(struct pp_reader *r, struct pp_data_state *s, struct pp_span in)
{
    while (pp_len(in) >= PP_DATA_RECORD_HEADER) {
        size_t size = pp_data_u16(in.p + 6, s->swap);
        if (size < PP_DATA_RECORD_HEADER || size > pp_len(in))
            return;
        pp_data_build_id(r, s, (struct pp_span){in.p, in.p + size});
        in.p += size;
    }
}

/* --- events -------------------------------------------------------------- */

/* The attr that has one of the ids; or else the one at this position. */
static struct pp_data_attr *described(struct pp_data_state *s, struct pp_data_bytes ids,
                                      size_t place)
{
    while (pp_data_left(&ids) >= 8) {
        uint32_t at = pp_number_find(&s->attrs.ids, pp_data_take64(&ids), UINT32_MAX);
        if (at < s->attrs.count)
            return &s->attrs.list[at];
    }
    return place < s->attrs.count ? &s->attrs.list[place] : NULL;
}

static void events(struct pp_reader *r, struct pp_data_state *s, struct pp_span in)
{
    struct pp_data_bytes b = pp_data_bytes_of(s, in);
    uint32_t n = pp_data_take32(&b), attr_size = pp_data_take32(&b);
    for (uint32_t i = 0; i < n && !b.short_; i++) {
        pp_data_take(&b, attr_size);
        uint32_t nids = pp_data_take32(&b);
        struct pp_span name = pp_data_take_text(&b), ids = pp_data_take_words(&b, nids);
        struct pp_data_attr *a = described(s, pp_data_part(&b, ids), i);
        if (a && !pp_empty(name) && !b.short_)
            a->name = kept(r, name);
    }
}

/* --- tracepoints --------------------------------------------------------- */

/* The number after "ID: " in the description of a tracepoint, and the name after "name: ". */
static bool read_format(struct pp_span text, struct pp_span *name, uint64_t *id)
{
    struct pp_span line, word;
    bool named = false, numbered = false;
    *name = pp_str("");
    while (!(named && numbered) && pp_line(&text, &line)) {
        if (pp_starts(line, "name: ")) {
            *name = (struct pp_span){line.p + strlen("name: "), line.end};
            named = true;
        } else if (pp_starts(line, "ID: ")) {
            line.p += strlen("ID: ");
            numbered = pp_word(&line, &word) && pp_parse_u64(word, id);
        }
    }
    return named && numbered;
}

static void add_tracepoint(struct pp_reader *r, struct pp_data_state *s, struct pp_span system,
                           struct pp_span format)
{
    struct pp_span name;
    struct pp_out text;
    uint64_t id;
    if (!read_format(format, &name, &id))
        return;
    pp_out_memory(&text, NULL);
    pp_put(&text, system);
    pp_putc(&text, ':');
    pp_put(&text, name);
    pp_id string = pp_string(r->out, pp_out_bytes(&text));
    *pp_number_at(&s->tracepoints, id, string) = string;
    pp_out_release(&text);
}

/* A text that ends with NUL. */
static struct pp_span take_string(struct pp_data_bytes *b)
{
    struct pp_span text = pp_data_text((struct pp_span){b->p, b->end});
    b->short_ = b->short_ || text.end == b->end;
    b->p = text.end == b->end ? b->end : text.end + 1;
    return text;
}

static void name_tracepoints(struct pp_reader *r, struct pp_data_state *s)
{
    for (size_t i = 0; i < s->attrs.count; i++) {
        struct pp_data_attr *a = &s->attrs.list[i];
        uint32_t name = pp_number_find(&s->tracepoints, a->config, 0);
        if (a->type == PP_DATA_TRACEPOINT && pp_empty(a->name) && name)
            a->name = kept(r, pp_text(r->out, name));
    }
}

/*
 * 0x17 0x08 0x44 "tracing", a version, the byte order and size of a long, the size of a page; then
 * sections of formats; only those of the systems are read.
 */
void pp_data_tracing(struct pp_reader *r, struct pp_data_state *s, struct pp_span in)
{
    static const char tracing_magic[] = "\x17\x08\x44tracing";
    struct pp_data_bytes b = pp_data_bytes_of(s, in);
    if (!pp_starts(in, tracing_magic))
        return;
    b.p += strlen(tracing_magic);
    take_string(&b); /* version */
    b.swap = s->swap;
    pp_data_take(&b, 2);          /* byte order, size of a long */
    pp_data_take32(&b);           /* size of a page */
    for (int i = 0; i < 2; i++) { /* header_page, header_event */
        take_string(&b);
        pp_data_take(&b, pp_data_take64(&b));
    }
    for (uint32_t n = pp_data_take32(&b); n && !b.short_; n--) /* ftrace's own */
        pp_data_take(&b, pp_data_take64(&b));
    for (uint32_t systems = pp_data_take32(&b); systems && !b.short_; systems--) {
        struct pp_span system = take_string(&b);
        for (uint32_t n = pp_data_take32(&b); n && !b.short_; n--)
            add_tracepoint(r, s, system, pp_data_take(&b, pp_data_take64(&b)));
    }
    name_tracepoints(r, s);
}

/* --- the rest ------------------------------------------------------------ */

static void command(struct pp_reader *r, struct pp_data_state *s, struct pp_span in)
{
    struct pp_data_bytes b = pp_data_bytes_of(s, in);
    struct pp_out line;
    uint32_t n = pp_data_take32(&b);
    pp_out_memory(&line, NULL);
    for (uint32_t i = 0; i < n && !b.short_; i++) {
        pp_puts(&line, i ? " " : "");
        pp_put(&line, pp_data_take_text(&b));
    }
    s->command = kept(r, pp_out_bytes(&line));
    pp_out_release(&line);
}

static void clock_data(struct pp_data_state *s, struct pp_span in)
{
    struct pp_data_bytes b = pp_data_bytes_of(s, in);
    uint32_t version = pp_data_take32(&b);
    pp_data_take32(&b); /* the clock's id */
    s->wall_clock = pp_data_take64(&b);
    s->clock = pp_data_take64(&b);
    s->clock_known = version == 1 && !b.short_;
}

static struct pp_span text_of(struct pp_reader *r, struct pp_data_state *s, struct pp_span in)
{
    struct pp_data_bytes b = pp_data_bytes_of(s, in);
    return kept(r, pp_data_take_text(&b));
}

void pp_data_feature(struct pp_reader *r, struct pp_data_state *s, uint64_t feature,
                     struct pp_span in)
{
    switch (feature) {
    case FEATURE_TRACING_DATA:
        pp_data_tracing(r, s, in);
        break;
    case FEATURE_BUILD_IDS:
        build_ids(r, s, in);
        break;
    case FEATURE_HOST:
        s->host = text_of(r, s, in);
        break;
    case FEATURE_VERSION:
        s->version = text_of(r, s, in);
        break;
    case FEATURE_COMMAND:
        command(r, s, in);
        break;
    case FEATURE_EVENTS:
        events(r, s, in);
        break;
    case FEATURE_CLOCK:
        clock_data(s, in);
        break;
    default:
        break;
    }
}

void pp_data_read_features(struct pp_reader *r, struct pp_data_state *s, uint64_t from)
{
    struct pp_data_bytes table = {s->front, s->front + s->front_len, s->swap, false};
    for (unsigned f = 0; f < FEATURES; f++) {
        if (!(s->header.features[f / 64] >> f % 64 & 1))
            continue;
        uint64_t offset = pp_data_take64(&table), size = pp_data_take64(&table);
        if (table.short_) {
            pp_warn(r, r->in.end, "the recording ends before the list of its features");
            return;
        }
        if (!size)
            continue;
        if (offset < from || offset - from > s->front_len ||
            size > s->front_len - (offset - from)) {
            pp_warn(r, r->in.end, "feature %u lies outside of the recording", f);
            continue;
        }
        const char *at = s->front + (offset - from);
        pp_data_feature(r, s, f, (struct pp_span){at, at + size});
    }
}

/* Where a feature section lies; false if it is not there, or not in the input. */
static bool find_feature(const struct pp_reader *r, const struct pp_data_state *s, unsigned wanted,
                         struct pp_data_section *out)
{
    enum { ENTRY = 16 };
    char entry[ENTRY];
    uint64_t at = s->header.data.offset + s->header.data.size;
    if (!(s->header.features[wanted / 64] >> wanted % 64 & 1) || at < s->header.data.offset)
        return false;
    for (unsigned f = 0; f < wanted; f++)
        at += s->header.features[f / 64] >> f % 64 & 1 ? ENTRY : 0;
    if (!r->anywhere->read(r->anywhere->ctx, at, entry, ENTRY))
        return false;
    *out = (struct pp_data_section){pp_data_u64(entry, s->swap), pp_data_u64(entry + 8, s->swap),
                                    wanted};
    return out->offset <= r->anywhere->size && out->size <= r->anywhere->size - out->offset;
}

/* Reads a feature section before its turn. */
static void read_ahead(struct pp_reader *r, struct pp_data_state *s, unsigned feature)
{
    static const uint64_t most = 64 << 20;
    struct pp_data_section at;
    if (!s->header.data.size || !find_feature(r, s, feature, &at) || at.size > most)
        return;
    size_t size = (size_t)at.size;
    char *bytes = pp_calloc(size, 1);
    if (r->anywhere->read(r->anywhere->ctx, at.offset, bytes, size))
        pp_data_feature(r, s, feature, (struct pp_span){bytes, bytes + size});
    free(bytes);
}

void pp_data_read_ahead(struct pp_reader *r, struct pp_data_state *s)
{
    if (!r->anywhere)
        return;
    read_ahead(r, s, FEATURE_BUILD_IDS);
    read_ahead(r, s, FEATURE_EVENTS);
    s->knows_build_ids = true;
}
