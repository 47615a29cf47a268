#include "formats/mapped.h"

#include <stdlib.h>

#include "base/memory.h"
#include "parse/maps.h"

struct pp_region {
    struct pp_map map;
    pp_id id; /* in the profile; 0 as long as nothing needs it */
};

struct pp_mapped_frame {
    uint64_t return_address;
    pp_id frame;
};

enum { CACHE_SLOTS = 1 << 12 };

static int by_start(const void *a, const void *b)
{
    const struct pp_map *x = &((const struct pp_region *)a)->map;
    const struct pp_map *y = &((const struct pp_region *)b)->map;
    if (x->start != y->start)
        return x->start < y->start ? -1 : 1;
    return (x->limit > y->limit) - (x->limit < y->limit);
}

static pp_id add_mapping(struct pp_profile *p, const struct pp_map *m)
{
    return pp_intern(&p->mappings, &(struct pp_mapping){.start = m->start,
                                                        .limit = m->limit,
                                                        .offset = m->offset,
                                                        .file = pp_string(p, m->file)});
}

/* Whether this is the program: code of a file that isn't a library. */
static bool is_program(const struct pp_map *m)
{
    struct pp_span name = pp_base_name(m->file);
    return m->executable && pp_starts(m->file, "/") && !pp_find_text(name, ".so") &&
           !pp_ends(name, ".dylib");
}

/* The program's first piece of code, so that it is the first mapping of the profile. */
static void add_program(const struct pp_mapped *m, struct pp_profile *p)
{
    for (size_t i = 0; i < m->nregions; i++) {
        if (is_program(&m->regions[i].map)) {
            add_mapping(p, &m->regions[i].map);
            return;
        }
    }
}

static void add_code(struct pp_mapped *m, struct pp_profile *p)
{
    add_program(m, p);
    for (size_t i = 0; i < m->nregions; i++)
        if (m->regions[i].map.executable)
            m->regions[i].id = add_mapping(p, &m->regions[i].map);
}

void pp_mapped_read(struct pp_mapped *m, struct pp_reader *r, struct pp_span in)
{
    struct pp_span line;
    while (pp_line(&in, &line)) {
        if (pp_empty(pp_trim(line)))
            continue;
        PP_GROW(m->regions, m->nregions + 1, m->cap);
        struct pp_region *region = &m->regions[m->nregions];
        *region = (struct pp_region){0};
        if (pp_empty(in) && in.end[-1] != '\n')
            pp_warn(r, line.p, "the list of mapped files is cut in '%.*s'", PP_SHOW(line));
        else if (pp_parse_map(line, &r->arena, &region->map))
            m->nregions++;
        else
            pp_warn(r, line.p, "not a mapped file: '%.*s'", PP_SHOW(line));
    }
    add_code(m, r->out);
    if (m->nregions)
        qsort(m->regions, m->nregions, sizeof *m->regions, by_start);
}

/* The mapping that `address` is in, or 0. */
static pp_id find_mapping(struct pp_mapped *m, struct pp_profile *p, uint64_t address)
{
    size_t low = 0, high = m->nregions;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (m->regions[middle].map.start <= address)
            low = middle + 1;
        else
            high = middle;
    }
    if (!low || address >= m->regions[low - 1].map.limit)
        return 0;
    struct pp_region *region = &m->regions[low - 1];
    if (!region->id)
        region->id = add_mapping(p, &region->map);
    return region->id;
}

pp_id pp_mapped_frame(struct pp_mapped *m, struct pp_reader *r, uint64_t return_address)
{
    if (!m->cache)
        m->cache = pp_calloc(CACHE_SLOTS, sizeof *m->cache);
    struct pp_mapped_frame *c = &m->cache[(return_address ^ return_address >> 12) % CACHE_SLOTS];
    if (c->return_address != return_address) {
        struct pp_frame f = {.address = return_address - 1};
        f.mapping = find_mapping(m, r->out, f.address);
        *c = (struct pp_mapped_frame){return_address, pp_intern(&r->out->frames, &f)};
    }
    return c->frame;
}

void pp_mapped_release(struct pp_mapped *m)
{
    free(m->regions);
    free(m->cache);
}
