/*
 * Addresses that will have the same name become one: see model/code_ranges.h. That needs the build
 * ids of files, which a recording has at its end, so they are read in advance.
 */
#include <stdlib.h>

#include "base/bisect.h"
#include "formats/perf/data/state.h"

static bool are_wanted(const struct pp_reader *r)
{
    return r->ranger && r->keep & PP_HOLDS_PLACES && !(r->keep & PP_HOLDS_ADDRESSES);
}

/* The build id that names will be looked up with; false if it is not known yet. */
static bool build_id_of(const struct pp_data_state *s, pp_id file, pp_id own, pp_id *id)
{
    *id = own ? own : pp_number_find(&s->build_ids, file, 0);
    return *id || s->knows_build_ids;
}

/* The build id of the kernel, for it and its modules. */
static bool kernel_id_of(struct pp_reader *r, const struct pp_data_state *s, pp_id *id)
{
    return build_id_of(s, pp_cstring(r->out, "[kernel.kallsyms]"), 0, id) && *id;
}

/* Asks for the ranges of the file; false if it cannot be asked for. */
static bool ask(struct pp_reader *r, struct pp_data_state *s, const struct pp_data_map *m,
                struct pp_code_ranges *out)
{
    struct pp_code_file file = {
        .path = pp_text(r->out, m->file).p,
        .kernel = m->kind == PP_KERNEL,
        .start = m->start,
        .offset = m->offset,
    };
    pp_id id;
    if (!(file.kernel ? kernel_id_of(r, s, &id) : build_id_of(s, m->file, m->build_id, &id)))
        return false;
    file.build_id = pp_text(r->out, id).p;
    if (!s->ranges.opened)
        s->ranges.opened = r->ranger->open(r->ranger->ctx);
    *out = r->ranger->find(s->ranges.opened, &file);
    return true;
}

static bool may_have_ranges(const struct pp_reader *r, const struct pp_data_map *m)
{
    return !m->function && (m->kind == PP_KERNEL || pp_starts(pp_text(r->out, m->file), "/"));
}

/* The index of the ranges of a map. The same file may be mapped many times. */
static uint32_t add_ranges(struct pp_reader *r, struct pp_data_state *s,
                           const struct pp_data_map *m)
{
    struct pp_data_ranges *all = &s->ranges;
    struct pp_code_ranges in = {0};
    uint32_t id = m->build_id ? m->build_id : pp_number_find(&s->build_ids, m->file, 0);
    uint32_t *i = pp_number_at(&all->of, (uint64_t)m->file << 32 | id, UINT32_MAX);
    if (*i != UINT32_MAX)
        return *i;
    bool final = !may_have_ranges(r, m) || ask(r, s, m, &in);
    PP_GROW(all->list, all->count + 1, all->cap);
    all->list[all->count] = (struct pp_data_file_ranges){.in = in};
    if (final)
        *i = (uint32_t)all->count;
    return (uint32_t)all->count++;
}

static struct pp_data_file_ranges *ranges_of(struct pp_reader *r, struct pp_data_state *s,
                                             uint32_t map)
{
    struct pp_data_ranges *all = &s->ranges;
    size_t cap = all->of_map_cap;
    PP_GROW(all->of_map, (size_t)map + 1, all->of_map_cap);
    if (all->of_map_cap > cap)
        memset(all->of_map + cap, 0, (all->of_map_cap - cap) * sizeof *all->of_map);
    if (!all->of_map[map])
        all->of_map[map] = 1 + add_ranges(r, s, pp_row(&s->maps, map));
    return &all->list[all->of_map[map] - 1];
}

/* Where the frame of the range `n` is kept. */
static pp_id *frame_in(struct pp_data_file_ranges *f, size_t n, pp_id mapping)
{
    if (!f->frames) {
        f->frames = pp_calloc(f->in.count, sizeof *f->frames);
        f->mapping = mapping;
    }
    return f->mapping == mapping ? &f->frames[n] : NULL;
}

pp_id *pp_data_same_name(struct pp_reader *r, struct pp_data_state *s, uint32_t map, pp_id mapping,
                         uint64_t *address)
{
    if (!are_wanted(r))
        return NULL;
    struct pp_data_file_ranges *f = ranges_of(r, s, map);
    const struct pp_code_ranges *in = &f->in;
    uint64_t at = *address - in->base;
    if (!in->count || at < in->starts[0] || at >= in->starts[in->count - 1])
        return NULL;
    PP_BISECT(n, in->count, i, in->starts[i] <= at);
    uint64_t start = in->starts[n - 1];
    if (at == start)
        return NULL; /* a return address there belongs to the byte before */
    *address = in->base + start + 1;
    return frame_in(f, n - 1, mapping);
}

void pp_data_ranges_release(struct pp_reader *r, struct pp_data_state *s)
{
    for (size_t i = 0; i < s->ranges.count; i++) {
        free(s->ranges.list[i].in.starts);
        free(s->ranges.list[i].frames);
    }
    if (s->ranges.opened)
        r->ranger->close(s->ranges.opened);
    free(s->ranges.list);
    free(s->ranges.of_map);
    free(s->ranges.of.slots);
}
