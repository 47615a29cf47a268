/*
 * Records: joins the bytes that come in blocks into whole records, and takes these in the order of
 * time.
 */
#include <inttypes.h>

#include "formats/perf/data/state.h"

/* --- perf's own records -------------------------------------------------- */

static bool on_packed(struct pp_reader *r, struct pp_data_state *s, struct pp_span packed)
{
    enum { ROOM = 64 << 10 };
    char room[ROOM];
    if (!s->zstd)
        s->zstd = pp_zstd_new();
    if (!s->zstd) {
        pp_fail(r, r->in.p, "the recording is packed with zstd, which pp was built without");
        return false;
    }
    for (bool more = true; more;) {
        const char *why = "", *before = packed.p;
        char *out = room;
        if (pp_zstd_unpack(s->zstd, &packed, &out, room + ROOM, &why) == PP_ZSTD_CORRUPT) {
            pp_warn(r, r->in.p, "the recording is damaged here: %s", why);
            return false;
        }
        size_t n = (size_t)(out - room);
        s->unpacked_bytes += n;
        if (s->unpacked_bytes > r->max_unpacked)
            return pp_fail(r, r->in.p, "the recording unpacks to more than --max-size allows");
        if (!pp_data_records(r, s, &s->unpacked, (struct pp_span){room, out}))
            return false;
        more = n == ROOM || (!pp_empty(packed) && (n || packed.p != before));
    }
    return true;
}

/* An attr, then its ids up to the end of the record. */
static bool on_attr(struct pp_reader *r, struct pp_data_state *s, struct pp_span body)
{
    size_t size = pp_len(body) >= 8 ? pp_data_u32(body.p + 4, s->swap) : 0;
    size = size ? size : PP_DATA_ATTR_MIN;
    if (size > pp_len(body))
        return pp_fail(r, r->in.p, "the attribute of an event is too small");
    struct pp_span attr = {body.p, body.p + size}, ids = {body.p + size, body.end};
    return pp_data_add_attr(r, s, attr, ids);
}

/* Names an event after its attr was read, by the id of one of its counters. */
static void on_event_update(struct pp_reader *r, struct pp_data_state *s, struct pp_span body)
{
    enum { NAME = 2 };
    struct pp_data_bytes b = pp_data_bytes_of(s, body);
    uint64_t kind = pp_data_take64(&b), id = pp_data_take64(&b);
    int attr = pp_data_attr_of(&s->attrs, id);
    struct pp_span name = pp_data_text((struct pp_span){b.p, b.end});
    if (kind != NAME || attr < 0 || pp_empty(name))
        return;
    const char *copy = pp_copy(&r->arena, name);
    s->attrs.list[attr].name = (struct pp_span){copy, copy + pp_len(name)};
}

/* Such a record says how many bytes follow it. */
static void expect_behind(struct pp_data_stream *stream, struct pp_data_state *s, uint32_t type,
                          struct pp_span body)
{
    struct pp_data_bytes b = pp_data_bytes_of(s, body);
    s->behind = type;
    s->collected_len = 0;
    if (type == PP_DATA_HEADER_TRACING_DATA)
        stream->collect = ((uint64_t)pp_data_take32(&b) + 7) / 8 * 8;
    else
        stream->skip = pp_data_take64(&b);
}

static void on_feature(struct pp_reader *r, struct pp_data_state *s, struct pp_span body)
{
    struct pp_data_bytes b = pp_data_bytes_of(s, body);
    uint64_t feature = pp_data_take64(&b);
    if (!b.short_)
        pp_data_feature(r, s, feature, (struct pp_span){b.p, b.end});
}

/* --- in their turn ------------------------------------------------------- */

struct turn {
    struct pp_reader *r;
    struct pp_data_state *s;
};

/* Takes a record of the kernel when its time has come. False after failing. */
static bool take_kernel_record(void *ctx, struct pp_span record, uint64_t place)
{
    const struct turn *t = ctx;
    struct pp_reader *r = t->r;
    struct pp_data_state *s = t->s;
    struct pp_span in = r->in;
    uint64_t bytes = r->bytes;
    struct pp_data_record h = {pp_data_u32(record.p, s->swap), pp_data_u16(record.p + 4, s->swap),
                               pp_data_u16(record.p + 6, s->swap)};
    struct pp_span body = {record.p + PP_DATA_RECORD_HEADER, record.end};
    r->in = record; /* for messages */
    r->bytes = place;
    bool ok = true;
    if (h.type == PP_DATA_SAMPLE)
        ok = pp_data_sample_record(r, s, &h, body);
    else if (h.type == PP_DATA_CALLCHAIN_DEFERRED)
        ok = pp_data_deferred_record(r, s, body);
    else if (h.type == PP_DATA_EXIT)
        ok = pp_data_deferred_exit(r, s, body);
    else
        pp_data_task_record(r, s, &h, body);
    r->in = in;
    r->bytes = bytes;
    return ok;
}

static bool end_round(struct pp_reader *r, struct pp_data_state *s, bool all)
{
    struct turn t = {r, s};
    return pp_data_queue_round(&s->queue, all, take_kernel_record, &t);
}

/* --- records ------------------------------------------------------------- */

static uint64_t place_of(const struct pp_reader *r, const struct pp_data_state *s,
                         const struct pp_data_stream *stream, struct pp_span record)
{
    bool in_block = stream == &s->file && record.p >= r->in.p && record.p < r->in.end;
    return in_block ? r->bytes + (uint64_t)(record.p - r->in.p) : s->at;
}

static bool on_perf_record(struct pp_reader *r, struct pp_data_state *s,
                           struct pp_data_stream *stream, const struct pp_data_record *h,
                           struct pp_span body)
{
    switch (h->type) {
    case PP_DATA_HEADER_ATTR:
        return on_attr(r, s, body);
    case PP_DATA_HEADER_EVENT_TYPE:
        pp_data_event_types(s, r, body);
        return true;
    case PP_DATA_HEADER_TRACING_DATA:
    case PP_DATA_AUXTRACE:
        s->counts.aux += h->type == PP_DATA_AUXTRACE;
        expect_behind(stream, s, h->type, body);
        return true;
    case PP_DATA_HEADER_BUILD_ID:
        pp_data_build_id(r, s, (struct pp_span){body.p - PP_DATA_RECORD_HEADER, body.end});
        return true;
    case PP_DATA_FINISHED_ROUND:
        return pp_data_has_parts(s) || end_round(r, s, false);
    case PP_DATA_EVENT_UPDATE:
        on_event_update(r, s, body);
        return true;
    case PP_DATA_HEADER_FEATURE:
        on_feature(r, s, body);
        return true;
    case PP_DATA_AUXTRACE_INFO:
        s->trace = pp_len(body) >= 4 ? pp_data_u32(body.p, s->swap) : 0;
        return true;
    case PP_DATA_COMPRESSED:
    case PP_DATA_COMPRESSED2:
        if (stream == &s->unpacked) {
            pp_warn(r, r->in.p, "the recording is damaged: packed data within packed data");
            return false;
        }
        if (h->type == PP_DATA_COMPRESSED2) {
            struct pp_data_bytes b = pp_data_bytes_of(s, body);
            body = pp_data_take(&b, pp_data_take64(&b));
        }
        return on_packed(r, s, body);
    default:
        s->counts.unknown_types += h->type > PP_DATA_LAST_TYPE;
        return true;
    }
}

/* Takes a whole record, or holds it back until its time has come. */
static bool on_record(struct pp_reader *r, struct pp_data_state *s, struct pp_data_stream *stream,
                      const struct pp_data_record *h, struct pp_span record)
{
    struct pp_span body = {record.p + PP_DATA_RECORD_HEADER, record.end};
    struct turn t = {r, s};
    uint64_t time;
    if (h->type >= PP_DATA_HEADER_ATTR)
        return on_perf_record(r, s, stream, h, body);
    if (h->type == PP_DATA_SAMPLE && !s->attrs.count)
        return pp_fail(r, r->in.p, "a sample comes before the description of any event");
    uint64_t place = place_of(r, s, stream, record);
    if (!pp_data_time(s, h, body, &time))
        return take_kernel_record(&t, record, place);
    pp_data_queue_add(&s->queue, time, place, record);
    return true;
}

/* --- from bytes to records ----------------------------------------------- */

/* Takes up to `want` bytes from `*in`, and returns how many. */
static size_t take_up_to(struct pp_span *in, uint64_t want, struct pp_span *taken)
{
    size_t n = want < pp_len(*in) ? (size_t)want : pp_len(*in);
    *taken = (struct pp_span){in->p, in->p + n};
    in->p += n;
    return n;
}

/* Takes the bytes that follow a record which says how many they are. */
static void take_behind(struct pp_reader *r, struct pp_data_state *s, struct pp_data_stream *stream,
                        struct pp_span *in)
{
    struct pp_span taken;
    stream->skip -= take_up_to(in, stream->skip, &taken);
    if (!stream->collect)
        return;
    size_t n = take_up_to(in, stream->collect, &taken);
    PP_GROW(s->collected, s->collected_len + n, s->collected_cap);
    if (n)
        memcpy(s->collected + s->collected_len, taken.p, n);
    s->collected_len += n;
    stream->collect -= n;
    if (!stream->collect && s->collected_len)
        pp_data_tracing(r, s, (struct pp_span){s->collected, s->collected + s->collected_len});
}

/* Reads the header of a record; false at damage. */
static bool read_header(struct pp_reader *r, const struct pp_data_state *s, const char *p,
                        struct pp_data_record *h)
{
    *h = (struct pp_data_record){pp_data_u32(p, s->swap), pp_data_u16(p + 4, s->swap),
                                 pp_data_u16(p + 6, s->swap)};
    if (h->size >= PP_DATA_RECORD_HEADER)
        return true;
    bool inside = p >= r->in.p && p < r->in.end;
    pp_warn(r, inside ? p : r->in.p,
            "the recording is damaged here: a record has %u bytes; what follows is not read",
            h->size);
    return false;
}

/* Adds bytes of `*in` to the incomplete record. True once it has `want`. */
static bool fill_rest(struct pp_data_stream *stream, struct pp_span *in, size_t want)
{
    struct pp_span taken;
    if (stream->len >= want)
        return true;
    PP_GROW(stream->rest, want, stream->cap);
    size_t n = take_up_to(in, want - stream->len, &taken);
    if (n)
        memcpy(stream->rest + stream->len, taken.p, n);
    stream->len += n;
    return stream->len >= want;
}

/* Completes the record that began in an earlier block. False after failing, or at damage. */
static bool finish_rest(struct pp_reader *r, struct pp_data_state *s, struct pp_data_stream *stream,
                        struct pp_span *in)
{
    struct pp_data_record h;
    if (!fill_rest(stream, in, PP_DATA_RECORD_HEADER))
        return true;
    if (!read_header(r, s, stream->rest, &h))
        return false;
    if (!fill_rest(stream, in, h.size))
        return true;
    stream->len = 0;
    return on_record(r, s, stream, &h, (struct pp_span){stream->rest, stream->rest + h.size});
}

bool pp_data_records(struct pp_reader *r, struct pp_data_state *s, struct pp_data_stream *stream,
                     struct pp_span in)
{
    struct pp_data_record h;
    struct pp_span taken;
    while (!pp_empty(in)) {
        if (stream == &s->file)
            s->at = r->bytes + (uint64_t)(in.p - r->in.p);
        if (stream->skip || stream->collect) {
            take_behind(r, s, stream, &in);
        } else if (stream->len || pp_len(in) < PP_DATA_RECORD_HEADER) {
            if (!finish_rest(r, s, stream, &in))
                return false;
        } else if (!read_header(r, s, in.p, &h)) {
            return false;
        } else if (h.size > pp_len(in)) {
            fill_rest(stream, &in, h.size);
        } else {
            take_up_to(&in, h.size, &taken);
            if (!on_record(r, s, stream, &h, taken))
                return false;
        }
    }
    return true;
}

bool pp_data_records_end(struct pp_reader *r, struct pp_data_state *s)
{
    if (s->file.len || s->unpacked.len || s->file.collect || s->file.skip)
        pp_warn(r, r->in.end, "the recording ends within a record, which is left out");
    return end_round(r, s, true) && pp_data_deferred_end(r, s);
}
