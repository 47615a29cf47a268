/*
 * pprof_fields.c - fields of messages, strings and lists of numbers, for the files of the reader.
 */
#include "base/memory.h"
#include "formats/pprof/pprof.h"

bool pp_pprof_each(struct pp_pprof *s, uint32_t field,
                   bool (*take)(struct pp_pprof *s, const struct pp_wire *f))
{
    struct pp_wire f = {.left = field ? s->where[field] : s->in};
    while (pp_wire_next(&f))
        if ((!field || f.field == field) && !take(s, &f))
            return false;
    return !f.fault || pp_fail(s->r, f.at, "%s", f.fault);
}

bool pp_pprof_take_numbers(struct pp_pprof *s, const struct pp_wire *f,
                           struct pp_pprof_numbers *list)
{
    struct pp_span packed = f->bytes;
    if (f->type == PP_WIRE_VARINT) {
        PP_GROW(list->v, list->n + 1, list->cap);
        list->v[list->n++] = f->number;
        return true;
    }
    if (f->type != PP_WIRE_BYTES)
        return pp_fail(s->r, f->at, "a list of numbers is of the wrong type");
    PP_GROW(list->v, list->n + pp_len(packed) + 1, list->cap); /* each takes at least a byte */
    uint64_t *to = list->v + list->n;
    while (!pp_empty(packed))
        if (!pp_wire_varint(&packed, to++))
            return pp_fail(s->r, packed.p, "a number is cut off or exceeds 64 bits");
    list->n = (size_t)(to - list->v);
    return true;
}

uint32_t pp_pprof_next_copy(struct pp_pprof_copies *copies, pp_id id)
{
    size_t old = copies->cap;
    PP_GROW(copies->n, (size_t)id + 1, copies->cap);
    memset(copies->n + old, 0, (copies->cap - old) * sizeof *copies->n);
    return ++copies->n[id];
}

pp_id pp_pprof_string(struct pp_pprof *s, int64_t index, const char *at)
{
    if (index == 0)
        return 0;
    if (index < 0 || (uint64_t)index >= s->ntexts) {
        pp_warn(s->r, at, "string %lld does not exist, there are %zu; taken as empty",
                (long long)index, s->ntexts);
        return 0;
    }
    struct pp_pprof_text *text = &s->texts[index];
    if (!text->id)
        text->id = pp_string(s->r->out, (struct pp_span){text->p, text->p + text->len});
    return text->id;
}

pp_id pp_pprof_frame(const struct pp_reader *r, struct pp_frame frame, uint32_t blank)
{
    static const struct pp_frame none;
    if (!(r->keep & PP_HOLDS_ADDRESSES))
        frame.address = 0;
    if (!(r->keep & PP_HOLDS_LINES))
        frame.line = frame.column = 0;
    if (memcmp(&frame, &none, sizeof frame) == 0)
        frame.column = blank & PP_MAX_COLUMN_NUMBER;
    return pp_intern(&r->out->frames, &frame);
}
