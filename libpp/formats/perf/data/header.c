/* The front of a recording: attributes of the events, and the ids of their counters. */
#include <inttypes.h>
#include <stdio.h>

#include "formats/perf/data/state.h"

/* --- attrs --------------------------------------------------------------- */

/*
 * Whether samples of both attrs have their id at the same position, so that either attr finds it.
 */
static bool are_alike(const struct pp_data_attr *a, const struct pp_data_attr *b)
{
    const uint64_t in_front = PP_DATA_IDENTIFIER | PP_DATA_IP | PP_DATA_TID | PP_DATA_TIME |
                              PP_DATA_ADDR | PP_DATA_ID | PP_DATA_STREAM_ID | PP_DATA_CPU;
    if (a->sample_type & b->sample_type & PP_DATA_IDENTIFIER)
        return true;
    return (a->sample_type & in_front) == (b->sample_type & in_front);
}

static void add_ids(struct pp_data_state *s, struct pp_span ids, uint32_t attr)
{
    struct pp_data_bytes b = pp_data_bytes_of(s, ids);
    while (pp_data_left(&b) >= 8)
        *pp_number_at(&s->attrs.ids, pp_data_take64(&b), attr) = attr;
}

bool pp_data_add_attr(struct pp_reader *r, struct pp_data_state *s, struct pp_span attr,
                      struct pp_span ids)
{
    struct pp_data_attr a;
    struct pp_data_attrs *attrs = &s->attrs;
    char key[24];
    if (attrs->count == PP_DATA_MOST_ATTRS)
        return pp_fail(r, r->in.p, "more than %d events", PP_DATA_MOST_ATTRS);
    if (!pp_data_read_attr(attr, s->swap, &a))
        return pp_fail(r, r->in.p, "the attribute of an event is too small");
    int n = snprintf(key, sizeof key, "#%zu", attrs->count);
    const char *copy = pp_copy(&r->arena, (struct pp_span){key, key + n});
    a.event.name = (struct pp_span){copy, copy + n};
    PP_GROW(attrs->list, attrs->count + 1, attrs->cap);
    s->unlike = s->unlike || (attrs->count && !are_alike(&attrs->list[0], &a));
    attrs->list[attrs->count++] = a;
    add_ids(s, ids, (uint32_t)(attrs->count - 1));
    return true;
}

/* --- the front ----------------------------------------------------------- */

/*
 * Finds the bytes of a section that lies in the front, or anywhere in an input that is a file;
 * false if it does not.
 */
static bool find_bytes(struct pp_reader *r, const struct pp_data_state *s,
                       struct pp_data_section at, struct pp_span *out)
{
    static const uint64_t most = 64 << 20;
    if (at.offset <= s->front_len && at.size <= s->front_len - at.offset) {
        *out = (struct pp_span){s->front + at.offset, s->front + at.offset + at.size};
        return true;
    }
    const struct pp_anywhere *input = r->anywhere;
    if (!input || at.offset > input->size || at.size > input->size - at.offset || at.size > most)
        return false;
    size_t size = (size_t)at.size;
    char *bytes = pp_alloc(&r->arena, size);
    *out = (struct pp_span){bytes, bytes + size};
    return input->read(input->ctx, at.offset, bytes, size);
}

static bool read_entry(struct pp_reader *r, struct pp_data_state *s, const char *entry)
{
    size_t size = (size_t)s->header.attr_size - 16;
    struct pp_span attr = {entry, entry + size}, ids = {entry, entry};
    struct pp_data_section at = {pp_data_u64(entry + size, s->swap),
                                 pp_data_u64(entry + size + 8, s->swap), 0};
    if (at.size && !find_bytes(r, s, at, &ids))
        pp_warn(r, r->in.p, "the ids of an event lie outside of the recording");
    return pp_data_add_attr(r, s, attr, ids);
}

void pp_data_event_types(struct pp_data_state *s, struct pp_reader *r, struct pp_span in)
{
    enum { NAME = 64, ENTRY = 8 + NAME };
    for (; pp_len(in) >= ENTRY; in.p += ENTRY) {
        uint64_t config = pp_data_u64(in.p, s->swap);
        struct pp_span name = pp_data_text((struct pp_span){in.p + 8, in.p + ENTRY});
        for (size_t i = 0; i < s->attrs.count; i++) {
            struct pp_data_attr *a = &s->attrs.list[i];
            if (a->config != config || !pp_empty(a->name) || pp_empty(name))
                continue;
            const char *copy = pp_copy(&r->arena, name);
            a->name = (struct pp_span){copy, copy + pp_len(name)};
        }
    }
}

bool pp_data_read_front(struct pp_reader *r, struct pp_data_state *s)
{
    struct pp_span attrs, types;
    uint64_t size = s->header.attr_size;
    if (!find_bytes(r, s, s->header.attrs, &attrs))
        return pp_fail(r, r->in.p,
                       r->anywhere ? "the attributes are not in the recording"
                                   : "the attributes are behind the data, which can "
                                     "only be read from a file, not from a pipe");
    for (; pp_len(attrs) >= size; attrs.p += size)
        if (!read_entry(r, s, attrs.p))
            return false;
    if (!s->attrs.count)
        return pp_fail(r, r->in.p, "the recording has no events");
    if (s->unlike)
        return pp_fail(r, r->in.p,
                       "the events of samples cannot be determined: events have "
                       "samples of different layouts, without identifiers");
    if (find_bytes(r, s, s->header.event_types, &types))
        pp_data_event_types(s, r, types);
    return true;
}
