#include "formats/gperftools/legacy.h"

#include <math.h>
#include <stdlib.h>

#include "base/bisect.h"
#include "base/memory.h"

const char pp_legacy_allocators[] =
    "(__libc_|tc_)?(malloc|calloc|realloc|memalign|valloc|pvalloc|posix_memalign|c?free)"
    "|__posix_memalign|do_memalign|tc_(new|delete)(array)?(_nothrow)?"
    "|malloc_zone_(malloc|calloc|valloc|realloc|memalign|free)"
    "|tcmalloc::.*|BaseArena::.*|DoSampledAllocation|MallocedMemBlock::MallocedMemBlock"
    "|(::)?do_malloc(_no_errno|_pages)?|operator new(\\[\\])?|__builtin_(vec_)?(new|delete)"
    "|(__gnu_cxx::new_allocator::|__malloc_alloc_template::|simple_alloc::)?allocate"
    "|_M_allocate|cpp_alloc|runtime\\..*";

const char pp_legacy_locks[] =
    "(base::)?(RecordLockProfileData|Submit(Mutex|SpinLock)ProfileData).*"
    "|(base::)?(Mutex::)?(AwaitCommon|Unlock|UnlockSlow|ReaderUnlock).*"
    "|(base::)?(MutexLock::)?~MutexLock.*|(SpinLock::)?(Slow)?Unlock.*"
    "|(SpinLockHolder::)?~SpinLockHolder.*";

const char pp_legacy_handlers[] =
    "ProfileData::(Add|prof_handler)|CpuProfiler::prof_handler|__pthread_sighandler|__restore";

/* Calls of these are not allocations, although their names begin like those of Go's allocator. */
static const char go_calls[] = "runtime\\.(panic|reflectcall|call[0-9]*)";

/* A function at an address, and the one that contains it inlined. */
struct pp_legacy_name {
    struct pp_function function;
    uint32_t line;
    pp_id next; /* 0: none, as names[0] is never used */
};

/* --- stacks -------------------------------------------------------------- */

struct pp_legacy_stack *pp_legacy_begin(struct pp_legacy *l, const char *at)
{
    PP_GROW(l->stacks, l->nstacks + 1, l->stacks_cap);
    struct pp_legacy_stack *s = &l->stacks[l->nstacks++];
    *s = (struct pp_legacy_stack){.at = at, .first = l->naddresses};
    l->naming = 0;
    return s;
}

void pp_legacy_drop(struct pp_legacy *l)
{
    l->naddresses = l->stacks[--l->nstacks].first;
}

void pp_legacy_address(struct pp_legacy *l, const char *at, uint64_t address,
                       enum pp_legacy_calls calls)
{
    struct pp_legacy_stack *s = &l->stacks[l->nstacks - 1];
    bool returned_to = calls == PP_ALL_RETURN || (calls == PP_LEAF_IS_EXACT && s->count);
    if (address <= returned_to) {
        pp_warn(l->r, at, "an address that is 0 is left out");
        return;
    }
    PP_GROW(l->addresses, l->naddresses + 1, l->addresses_cap);
    l->addresses[l->naddresses++] = address - returned_to;
    s->count++;
}

bool pp_legacy_addresses(struct pp_legacy *l, struct pp_span in, enum pp_legacy_calls calls)
{
    struct pp_span word;
    uint64_t address;
    while (pp_word(&in, &word)) {
        if (!pp_parse_hex(word, &address)) {
            pp_warn(l->r, word.p, "bad address '%.*s': the stack is left out", PP_SHOW(word));
            pp_legacy_drop(l);
            return false;
        }
        pp_legacy_address(l, word.p, address, calls);
    }
    return true;
}

bool pp_legacy_line(struct pp_span *in, struct pp_span *line)
{
    while (pp_line(in, line)) {
        *line = pp_trim(*line);
        if (!pp_empty(*line))
            return true;
    }
    return false;
}

/* --- values -------------------------------------------------------------- */

bool pp_legacy_whole(struct pp_legacy *l, const char *at, double value, int64_t *out)
{
    if (!(fabs(value) < (double)INT64_MAX))
        return pp_fail(l->r, at, "a value exceeds 64 bits");
    *out = (int64_t)value;
    return true;
}

double pp_legacy_heap_factor(int64_t objects, int64_t bytes, int64_t interval)
{
    if (!objects || !bytes)
        return 0;
    if (interval <= 1)
        return 1;
    /* expm1() would be more exact, but would truncate other numbers than pprof does. */
    return 1 / (1 - exp(-((double)bytes / (double)objects) / (double)interval));
}

/* --- names --------------------------------------------------------------- */

/* The first name of an address, or NULL. */
static const struct pp_legacy_name *names_of(const struct pp_legacy *l, pp_id named)
{
    return named && l->first_name[named] ? &l->names[l->first_name[named]] : NULL;
}

void pp_legacy_named(struct pp_legacy *l, uint64_t address, const struct pp_function *function,
                     uint32_t line)
{
    enum { MOST_INLINED = 64 };
    if (!l->named.width)
        pp_table_init(&l->named, sizeof address);
    size_t known = l->named.count;
    pp_id id = pp_intern(&l->named, &address);
    bool is_new = l->named.count > known;
    l->nnamed = l->named.count;
    if (!id || (!is_new && (l->naming != address || l->naming_depth >= MOST_INLINED)))
        return;
    PP_GROW(l->names, l->nnames + 2, l->names_cap);
    l->nnames += !l->nnames; /* number 0 is none */
    l->names[l->nnames] = (struct pp_legacy_name){*function, line, 0};
    pp_id name = (pp_id)l->nnames++;
    if (is_new) {
        PP_GROW(l->first_name, l->named.count, l->first_name_cap);
        l->first_name[id] = name;
        l->naming_depth = 0;
    } else {
        l->names[l->naming_last].next = name;
    }
    l->naming_last = name;
    l->naming_depth++;
    l->naming = address;
}

/* Cuts ":LINE" off the end of a place. A negative line is unknown. */
static struct pp_span cut_line_number(struct pp_span place, uint32_t *line)
{
    const char *colon = pp_rfind(place, ':');
    int64_t number = 0;
    *line = 0;
    if (!colon || !pp_parse_i64((struct pp_span){colon + 1, place.end}, &number))
        return place;
    if (number > 0 && number <= UINT32_MAX)
        *line = (uint32_t)number;
    return (struct pp_span){place.p, colon};
}

bool pp_legacy_go_line(struct pp_legacy *l, struct pp_span line)
{
    struct pp_span mark, where, name, place;
    uint64_t address;
    uint32_t number;
    struct pp_profile *p = l->r->out;
    if (!pp_cut(&line, '\t', &mark) || !pp_is(mark, "#") || !pp_cut(&line, '\t', &where) ||
        !pp_parse_hex(where, &address) || !pp_cut(&line, '\t', &name))
        return false;
    const char *plus = pp_rfind(name, '+');
    if (plus)
        name.end = plus;
    place = cut_line_number(pp_trim(line), &number);
    struct pp_function f = {.name = pp_string(p, name), .file = pp_string(p, place)};
    pp_legacy_named(l, address, &f, number);
    return true;
}

/* "FUNCTION (FILE:LINE)", "FUNCTION (/a/library)", or something other than code: "GC". */
static void java_name(struct pp_legacy *l, uint64_t address, struct pp_span text)
{
    struct pp_profile *p = l->r->out;
    struct pp_function f = {0};
    uint32_t line = 0;
    const char *open = pp_ends(text, ")") ? pp_rfind(text, '(') : NULL;
    if (open && open > text.p && pp_is_blank(open[-1])) {
        struct pp_span inside = {open + 1, text.end - 1}, file = cut_line_number(inside, &line);
        bool has_line = file.end != inside.end;
        f.name = pp_string(p, pp_trim((struct pp_span){text.p, open}));
        f.file = pp_string(p, has_line ? file : pp_base_name(file));
    } else if (pp_find_text(text, "generated stub/JIT")) {
        f.name = pp_cstring(p, "STUB");
    } else {
        f.name = pp_string(p, text);
    }
    l->naming = 0; /* nothing is inlined */
    pp_legacy_named(l, address, &f, line);
}

void pp_legacy_java_lines(struct pp_legacy *l, struct pp_span in)
{
    struct pp_span line, number;
    uint64_t address;
    l->nameless_places = true;
    while (pp_legacy_line(&in, &line)) {
        struct pp_span text = line;
        if (pp_word(&text, &number) && pp_starts(number, "0x") && pp_parse_hex(number, &address))
            java_name(l, address, pp_trim(text));
        else
            pp_warn(l->r, line.p, "not understood, and left out: '%.*s'", PP_SHOW(line));
    }
}

/* --- mapped files -------------------------------------------------------- */

void pp_legacy_maps(struct pp_legacy *l, struct pp_span *in)
{
    const char *at = pp_mapped_heading(*in);
    struct pp_span maps = {at, in->end}, heading;
    if (!at)
        return;
    pp_line(&maps, &heading);
    pp_mapped_list(&l->mapped, l->r, maps);
    in->end = at;
}

/* Whether `b` continues where `a` ends: a file that was mapped in two steps. */
static bool continues(const struct pp_map *a, const struct pp_map *b)
{
    bool same_file = pp_empty(a->file) || pp_empty(b->file) || pp_same(a->file, b->file);
    bool same_build =
        pp_empty(a->build_id) || pp_empty(b->build_id) || pp_same(a->build_id, b->build_id);
    bool fits = !a->offset || !b->offset || a->offset + (a->limit - a->start) == b->offset;
    return same_file && same_build && fits && a->limit == b->start;
}

/* Keeps only executable mappings, each file once. */
static void join_regions(struct pp_mapped *m)
{
    size_t n = 0;
    for (size_t i = 0; i < m->nregions; i++) {
        const struct pp_map *map = &m->regions[i].map;
        struct pp_map *last = n ? &m->regions[n - 1].map : NULL;
        if (!map->executable)
            continue;
        if (!last || !continues(last, map)) {
            m->regions[n++] = m->regions[i];
            continue;
        }
        last->limit = map->limit;
        last->file = pp_empty(map->file) ? last->file : map->file;
        last->build_id = pp_empty(map->build_id) ? last->build_id : map->build_id;
    }
    m->nregions = n;
}

/* "libc.so", "libc.so.6", "libc.so_2": not the program. */
static bool is_library(struct pp_span file)
{
    for (const char *so; (so = pp_find_text(file, ".so")); file.p = so + 1) {
        struct pp_span rest = {so + 3, file.end};
        if (pp_empty(rest))
            return true;
        if ((*rest.p == '.' || *rest.p == '_') && pp_len(rest) > 1 && pp_is_digit(rest.p[1]))
            return true;
    }
    return false;
}

/* Moves the program to the front: the first file that is neither a library nor "[vdso]". */
static void program_first(struct pp_mapped *m)
{
    for (size_t i = 0; i < m->nregions; i++) {
        struct pp_span file = m->regions[i].map.file;
        if (pp_empty(file) || *file.p == '[' || is_library(file))
            continue;
        struct pp_region program = m->regions[i];
        m->regions[i] = m->regions[0];
        m->regions[0] = program;
        return;
    }
}

/* Corrects the first mapping of programs that remap their own code. */
static void mend_program(struct pp_mapped *m)
{
    enum { USUAL_START = 0x400000 };
    if (m->nregions > 1 && pp_starts(m->regions[0].map.file, "/anon_hugepage") &&
        m->regions[0].map.limit == m->regions[1].map.start)
        memmove(m->regions, m->regions + 1, --m->nregions * sizeof *m->regions);
    if (!m->nregions)
        return;
    struct pp_map *map = &m->regions[0].map;
    if (map->start - map->offset == USUAL_START) {
        map->start = USUAL_START;
        map->offset = 0;
    }
}

/* --- places -------------------------------------------------------------- */

/* An address and its frames. */
struct pp_legacy_place {
    size_t region;       /* index in `sorted`, from 1; 0: none */
    size_t first, count; /* of l->frames, innermost first */
};

/* The regions by address; each begins after the previous one. */
struct regions {
    struct pp_region **sorted;
    size_t n;
    bool fake; /* some address is in none */
};

static int by_start(const void *a, const void *b)
{
    const struct pp_region *x = *(struct pp_region *const *)a, *y = *(struct pp_region *const *)b;
    if (x->map.start != y->map.start)
        return x->map.start < y->map.start ? -1 : 1;
    return (x > y) - (x < y);
}

static void sort_regions(struct regions *s, struct pp_mapped *m)
{
    s->sorted = pp_calloc(m->nregions, sizeof *s->sorted);
    s->n = m->nregions;
    for (size_t i = 0; i < s->n; i++)
        s->sorted[i] = &m->regions[i];
    if (s->n)
        qsort(s->sorted, s->n, sizeof *s->sorted, by_start);
}

/*
 * The region of an address, from 1; 0 if there is none. Old profilers leave out the first part of a
 * file that is mapped in several: addresses there belong to the region that continues it.
 */
static size_t find_region(struct regions *s, uint64_t address)
{
    PP_BISECT(low, s->n, i, s->sorted[i]->map.start <= address);
    if (low && address < s->sorted[low - 1]->map.limit)
        return low;
    struct pp_map *next = low < s->n ? &s->sorted[low]->map : NULL;
    uint64_t before = low ? s->sorted[low - 1]->map.limit : 0;
    if (!next || !next->offset || next->offset > next->start - before ||
        next->start - next->offset > address)
        return 0;
    next->start -= next->offset;
    next->offset = 0;
    return low + 1;
}

/* Adds a mapping for each region, in their order, and one of all memory for addresses in none. */
static pp_id add_mappings(struct pp_legacy *l, const struct regions *s)
{
    struct pp_profile *p = l->r->out;
    for (size_t i = 0; i < l->mapped.nregions; i++) {
        struct pp_region *region = &l->mapped.regions[i];
        struct pp_mapping row = {
            .start = region->map.start,
            .limit = region->map.limit,
            .offset = region->map.offset,
            .build_id = pp_string(p, region->map.build_id),
        };
        pp_set_mapping_file(p, &row, region->map.file);
        region->id = pp_intern(&p->mappings, &row);
    }
    if (!s->fake)
        return 0;
    return pp_intern(&p->mappings, &(struct pp_mapping){.limit = UINT64_MAX});
}

static void push_frame(struct pp_legacy *l, const struct pp_frame *frame)
{
    PP_GROW(l->frames, l->nframes + 1, l->frames_cap);
    l->frames[l->nframes++] = pp_intern(&l->r->out->frames, frame);
}

/* Makes the frames of an address: one for each of its names, or one without a name. */
static void make_frames(struct pp_legacy *l, struct pp_legacy_place *place, uint64_t address,
                        pp_id mapping, const struct pp_legacy_name *name)
{
    struct pp_frame f = {.address = address, .mapping = mapping};
    place->first = l->nframes;
    if (name && l->nameless_places)
        f.address = f.mapping = 0;
    if (!name)
        push_frame(l, &f);
    for (; name; name = name->next ? &l->names[name->next] : NULL) {
        f.function = pp_intern(&l->r->out->functions, &name->function);
        f.line = l->r->keep & PP_HOLDS_LINES ? name->line : 0;
        f.inlined = name->next != 0;
        push_frame(l, &f);
    }
    place->count = l->nframes - place->first;
}

/* The row of an address in `named`, or 0. It may add the address, which is harmless now. */
static pp_id named_id(struct pp_legacy *l, uint64_t address)
{
    if (!l->named.width)
        return 0;
    pp_id id = pp_intern(&l->named, &address);
    return id < l->nnamed ? id : 0;
}

/* Turns l->addresses into indices of places, and finds the region of each. */
static void number_places(struct pp_legacy *l, struct pp_table *places, struct regions *s)
{
    size_t cap = 0;
    PP_GROW(l->places, 1, cap);
    for (size_t i = 0; i < l->naddresses; i++) {
        size_t known = places->count;
        pp_id id = pp_intern(places, &l->addresses[i]);
        if (places->count > known) {
            PP_GROW(l->places, places->count, cap);
            l->places[id] = (struct pp_legacy_place){find_region(s, l->addresses[i]), 0, 0};
            bool named = l->nameless_places && names_of(l, named_id(l, l->addresses[i]));
            s->fake = s->fake || (!l->places[id].region && !named);
        }
        l->addresses[i] = id;
    }
}

static void make_places(struct pp_legacy *l)
{
    struct pp_table places;
    struct regions s = {0};
    pp_table_init(&places, sizeof(uint64_t));
    join_regions(&l->mapped);
    program_first(&l->mapped);
    mend_program(&l->mapped);
    sort_regions(&s, &l->mapped);
    number_places(l, &places, &s);
    pp_id fake = add_mappings(l, &s);
    for (size_t i = 1; i < places.count; i++) {
        uint64_t address = *(const uint64_t *)pp_row(&places, (pp_id)i);
        size_t region = l->places[i].region;
        make_frames(l, &l->places[i], address, region ? s.sorted[region - 1]->id : fake,
                    names_of(l, named_id(l, address)));
    }
    free(s.sorted);
    pp_table_release(&places);
}

/* --- the profile --------------------------------------------------------- */

/* Makes at most as many frames as a stack may have, as few bytes can stand for many. */
static pp_id node_of(struct pp_legacy *l, const struct pp_legacy_stack *s)
{
    if (!s->count)
        return 0;
    const uint64_t *places = &l->addresses[s->first];
    size_t room = 0, n = 0;
    for (size_t i = 0; i < s->count; i++)
        room += l->places[places[i]].count;
    if (room > l->r->max_depth) {
        pp_reader_cut(l->r, s->at, room);
        room = l->r->max_depth;
    }
    PP_GROW(l->path, room, l->path_cap);
    for (size_t i = s->count; i-- > 0;) {
        const struct pp_legacy_place *place = &l->places[places[i]];
        for (size_t k = place->count; k-- > 0 && n < room;)
            l->path[n++] = l->frames[place->first + k];
    }
    return pp_reader_stack(l->r, s->at, l->path, n, PP_ROOT_FIRST);
}

/*
 * The sample of a stack. A repeated stack stays separate, as in pprof; but if labels are not
 * wanted, that would serve no purpose.
 */
static pp_id sample_of(struct pp_legacy *l, const struct pp_legacy_stack *s)
{
    struct pp_profile *p = l->r->out;
    bool apart = l->r->keep & PP_HOLDS_LABELS;
    struct pp_label label = {.number = s->block};
    struct pp_sample sample = {.node = node_of(l, s), .labels = apart ? s->labels : 0};
    if (s->has_block && apart) {
        label.key = pp_cstring(p, "bytes");
        sample.labels = pp_label_set(p, &label, 1);
    }
    size_t before = p->samples.count, cap = l->copies_cap;
    pp_id id = pp_sample_id(p, &sample);
    if (id >= before || !apart)
        return id;
    PP_GROW(l->copies, (size_t)id + 1, l->copies_cap);
    memset(l->copies + cap, 0, (l->copies_cap - cap) * sizeof *l->copies);
    sample.copy = ++l->copies[id];
    return pp_sample_id(p, &sample);
}

void pp_legacy_drop_doubled_leaves(struct pp_legacy *l)
{
    for (size_t i = 0; i < l->nstacks; i++) {
        struct pp_legacy_stack *s = &l->stacks[i];
        uint64_t *addresses = &l->addresses[s->first];
        if (s->count > 1 && addresses[0] == addresses[1] + 1)
            memmove(addresses + 1, addresses + 2, (--s->count - 1) * sizeof *addresses);
    }
}

bool pp_legacy_finish(struct pp_legacy *l)
{
    make_places(l);
    for (size_t i = 0; i < l->nstacks; i++) {
        const struct pp_legacy_stack *s = &l->stacks[i];
        pp_id id = sample_of(l, s);
        for (unsigned c = 0; c < l->r->out->ncolumns; c++)
            if (!pp_reader_add(l->r, s->at, id, (int)c, s->values[c]))
                return false;
    }
    return true;
}

void pp_legacy_release(struct pp_legacy *l)
{
    pp_mapped_release(&l->mapped);
    pp_table_release(&l->named);
    free(l->stacks);
    free(l->addresses);
    free(l->names);
    free(l->first_name);
    free(l->places);
    free(l->frames);
    free(l->path);
    free(l->copies);
}

void pp_legacy_about(struct pp_legacy *l, const char *drop, const char *period_type,
                     const char *period_unit, int64_t period)
{
    struct pp_profile *p = l->r->out;
    p->about.drop_frames = pp_cstring(p, drop);
    if (drop == pp_legacy_allocators)
        p->about.keep_frames = pp_cstring(p, go_calls);
    p->about.period_type = pp_cstring(p, period_type);
    p->about.period_unit = pp_cstring(p, period_unit);
    p->about.period = period;
}
