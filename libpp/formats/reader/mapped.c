#include "formats/reader/mapped.h"

#include <stdlib.h>

#include "base/bisect.h"
#include "base/hash.h"
#include "base/memory.h"
#include "base/prefetch.h"

struct pp_mapped_frame {
    uint64_t return_address; /* 0: a free slot */
    pp_id frame;
};

enum { FIRST_SLOTS = 64, AHEAD = 16 };

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
    struct pp_mapping row = {.start = m->start, .limit = m->limit, .offset = m->offset};
    pp_set_mapping_file(p, &row, m->file);
    return pp_intern(&p->mappings, &row);
}

/* Whether this is the program: code of a file that isn't a library. */
static bool is_program(const struct pp_map *m)
{
    struct pp_span name = pp_base_name(m->file);
    return m->executable && pp_starts(m->file, "/") && !pp_find_text(name, ".so") &&
           !pp_ends(name, ".dylib");
}

/* Makes the first mapping of the program's code the first one of the profile. */
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

/* "NAME=VALUE" lines, with which some lists shorten the names of files. */
struct values {
    struct value {
        struct pp_span name, text;
    } * list;
    size_t n, cap;
};

static bool take_value(struct values *v, struct pp_span line)
{
    const char *equals = pp_find(line, '=');
    if (!equals)
        return false;
    struct pp_span name = pp_trim((struct pp_span){line.p, equals});
    PP_GROW(v->list, v->n + 1, v->cap);
    v->list[v->n++] = (struct value){name, pp_trim((struct pp_span){equals + 1, line.end})};
    return true;
}

/* "$NAME/rest" with the last value given for NAME. */
static struct pp_span expand(const struct values *v, struct pp_span file, struct pp_arena *a)
{
    if (pp_empty(file) || *file.p != '$')
        return file;
    const char *slash = pp_find(file, '/');
    struct pp_span name = {file.p + 1, slash ? slash : file.end};
    for (size_t i = v->n; i-- > 0;) {
        if (!pp_same(v->list[i].name, name))
            continue;
        struct pp_span text = v->list[i].text, rest = {name.end, file.end};
        char *joined = pp_alloc(a, pp_len(text) + pp_len(rest) + 1);
        memcpy(joined, text.p, pp_len(text));
        memcpy(joined + pp_len(text), rest.p, pp_len(rest));
        return (struct pp_span){joined, joined + pp_len(text) + pp_len(rest)};
    }
    return file;
}

/* Without what a log puts before a line: "... file.cc:123] ". */
static struct pp_span without_log(struct pp_span line)
{
    const char *end = pp_find(line, ']'), *p = end;
    while (p && p > line.p && pp_is_digit(p[-1]))
        p--;
    if (!p || p == end || p == line.p || p[-1] != ':' ||
        pp_find((struct pp_span){line.p, end}, '['))
        return line;
    return (struct pp_span){end + 1, line.end};
}

static void list_line(struct pp_mapped *m, struct pp_reader *r, struct values *v,
                      struct pp_span line)
{
    PP_GROW(m->regions, m->nregions + 1, m->cap);
    struct pp_region *region = &m->regions[m->nregions];
    *region = (struct pp_region){0};
    if (pp_parse_map(without_log(line), &r->arena, &region->map)) {
        region->map.file = expand(v, region->map.file, &r->arena);
        m->nregions++;
    } else if (!take_value(v, without_log(line))) {
        pp_warn(r, line.p, "not a mapped file: '%.*s'", PP_SHOW(line));
    }
}

void pp_mapped_list(struct pp_mapped *m, struct pp_reader *r, struct pp_span in)
{
    struct values v = {0};
    struct pp_span line;
    while (pp_line(&in, &line)) {
        if (pp_empty(pp_trim(line)))
            continue;
        if (pp_empty(in) && in.end[-1] != '\n')
            pp_warn(r, line.p, "the list of mapped files is cut in '%.*s'", PP_SHOW(line));
        else
            list_line(m, r, &v, line);
    }
    free(v.list);
}

void pp_mapped_read(struct pp_mapped *m, struct pp_reader *r, struct pp_span in)
{
    pp_mapped_list(m, r, in);
    add_code(m, r->out);
    if (m->nregions)
        qsort(m->regions, m->nregions, sizeof *m->regions, by_start);
}

const char *pp_mapped_heading(struct pp_span in)
{
    static const char *const headings[] = {"MAPPED_LIBRARIES:", "--- Memory map: ---"};
    const char *first = NULL;
    for (size_t i = 0; i < sizeof headings / sizeof *headings; i++) {
        const char *hit = pp_find_text(in, headings[i]);
        while (hit && hit > in.p && hit[-1] != '\n')
            hit = pp_find_text((struct pp_span){hit + 1, in.end}, headings[i]);
        if (hit && (!first || hit < first))
            first = hit;
    }
    return first;
}

pp_id pp_mapped_find(struct pp_mapped *m, struct pp_profile *p, uint64_t address)
{
    PP_BISECT(n, m->nregions, i, m->regions[i].map.start <= address);
    if (!n || address >= m->regions[n - 1].map.limit)
        return 0;
    struct pp_region *region = &m->regions[n - 1];
    if (!region->id)
        region->id = add_mapping(p, &region->map);
    return region->id;
}

/* A list of mapped files, and the profile whose frames get their mappings from it. */
struct placing {
    struct pp_mapped *mapped;
    struct pp_profile *p;
};

static void place_frame(void *ctx, void *row)
{
    struct placing *placing = ctx;
    struct pp_frame *f = row;
    f->mapping = pp_mapped_find(placing->mapped, placing->p, f->address);
}

/* Rows stay distinct: they differ by address. */
void pp_mapped_place(struct pp_mapped *m, struct pp_profile *p)
{
    pp_change_rows(&p->frames, place_frame, &(struct placing){m, p});
}

static size_t first_slot(const struct pp_mapped *m, uint64_t return_address)
{
    uint64_t seed = (uintptr_t)m->slots;
    return pp_mix(return_address ^ seed, UINT64_C(0x9e3779b97f4a7c15)) & m->mask;
}

/* The slot of an address, or the free one where it belongs. */
static struct pp_mapped_frame *slot_of(const struct pp_mapped *m, uint64_t return_address)
{
    size_t i = first_slot(m, return_address);
    while (m->slots[i].return_address && m->slots[i].return_address != return_address)
        i = (i + 1) & m->mask;
    return &m->slots[i];
}

/* Doubles the slots, or makes the first ones. */
static void grow_slots(struct pp_mapped *m)
{
    struct pp_mapped_frame *old = m->slots;
    size_t n = old ? m->mask + 1 : 0;
    m->mask = n ? n * 2 - 1 : FIRST_SLOTS - 1;
    m->slots = pp_calloc(m->mask + 1, sizeof *m->slots);
    for (size_t i = 0; i < n; i++)
        if (old[i].return_address)
            *slot_of(m, old[i].return_address) = old[i];
    free(old);
}

pp_id pp_mapped_frame(struct pp_mapped *m, struct pp_reader *r, uint64_t return_address)
{
    if (!m->slots)
        grow_slots(m);
    struct pp_mapped_frame *slot = slot_of(m, return_address);
    if (slot->return_address)
        return slot->frame;
    struct pp_frame f = {.address = return_address - 1};
    f.mapping = pp_mapped_find(m, r->out, f.address);
    pp_id frame = pp_append_row(&r->out->frames, &f);
    *slot = (struct pp_mapped_frame){return_address, frame};
    if (++m->used > m->mask / 2)
        grow_slots(m);
    return frame;
}

void pp_mapped_frames(struct pp_mapped *m, struct pp_reader *r, const uint64_t *return_addresses,
                      size_t n, pp_id *frames)
{
    for (size_t i = 0; i < n; i++) {
        if (m->slots && i + AHEAD < n)
            pp_prefetch(&m->slots[first_slot(m, return_addresses[i + AHEAD])]);
        frames[i] = pp_mapped_frame(m, r, return_addresses[i]);
    }
}

void pp_mapped_release(struct pp_mapped *m)
{
    free(m->regions);
    free(m->slots);
}
