#include "formats/perf/script/maps.h"

#include <stdlib.h>

#include "base/bisect.h"
#include "base/memory.h"
#include "formats/perf/script/frame.h"
#include "model/branches.h"
#include "model/compact.h"

pp_id pp_perf_mapping(struct pp_profile *p, pp_id file, uint64_t start)
{
    return pp_intern(&p->mappings, &(struct pp_mapping){
                                       .start = start,
                                       .file = file,
                                       .flags = PP_CALLERS_RETURN,
                                   });
}

/* --- records ------------------------------------------------------------- */

/* Cuts a hexadecimal number and `stop` from the start of `*s`. */
static bool take_hex(struct pp_span *s, const char *stop, uint64_t *out)
{
    const char *hit = pp_find_text(*s, stop);
    if (!hit || !pp_parse_hex((struct pp_span){s->p, hit}, out))
        return false;
    s->p = hit + strlen(stop);
    return true;
}

/* "x", "r-xp"; for the kernel, whose process is -1, perf may not print it. */
static bool is_executable(struct pp_span ids, struct pp_span protection)
{
    return pp_find(protection, 'x') || pp_starts(ids, "-1/");
}

/* Without the symbol at the start of the kernel, which perf prints after its name. */
static struct pp_span without_symbol(struct pp_span file)
{
    const char *end = pp_starts(file, "[kernel.kallsyms]") ? pp_find(file, ']') : NULL;
    return (struct pp_span){file.p, end ? end + 1 : file.end};
}

/*
 * For the kernel, perf prints the address of its first symbol instead of an offset, and older
 * versions start the mapping at 0. Its addresses are those it was linked for, wherever it is
 * loaded.
 */
static void place_kernel(struct pp_mapping *m, struct pp_span file)
{
    if (!pp_starts(file, "[kernel.kallsyms]") || m->start >= m->offset)
        return;
    uint64_t size = m->limit - m->start;
    m->start = m->offset;
    if (__builtin_add_overflow(m->start, size, &m->limit))
        m->limit = UINT64_MAX;
}

/* "[0x561a38948000(0x1000) @ 0x1000 fe:00 109529 14563]: ", or with a build id after the offset. */
static bool take_place(struct pp_span *s, struct pp_mapping *m, struct pp_span *build_id)
{
    struct pp_span offset;
    uint64_t size;
    if (!take_hex(s, "(", &m->start) || !take_hex(s, ") @ ", &size) ||
        __builtin_add_overflow(m->start, size, &m->limit))
        return false;
    const char *end = pp_find_text(*s, "]: ");
    struct pp_span place = {s->p, end};
    if (!end || !pp_word(&place, &offset) || !pp_parse_hex(offset, &m->offset))
        return false;
    s->p = end + strlen("]: ");
    place = pp_trim(place);
    if (pp_starts(place, "<") && pp_ends(place, ">"))
        *build_id = (struct pp_span){place.p + 1, place.end - 1};
    return size > 0;
}

/*
 * PERF_RECORD_MMAP2 13196/13196: [0x561a38948000(0x1000) @ 0x1000 fe:00 109529 14563]: r-xp /bin/x
 * PERF_RECORD_MMAP2 13196/13196: [0x561a38948000(0x1000) @ 0x1000 <e49e49c13a62>]: r-xp /bin/x
 * PERF_RECORD_MMAP -1/0: [0xffffffff81000000(0x120bb08) @ 0xffffffff81000000]: x [kernel.kallsyms]
 */
bool pp_perf_add_map(struct pp_reader *r, struct pp_span payload)
{
    struct pp_span name, ids, protection, file = payload, build_id = pp_str("");
    struct pp_mapping m = {.flags = PP_CALLERS_RETURN};
    if (!pp_word(&file, &name) || !pp_starts(name, "PERF_RECORD_MMAP") || !pp_word(&file, &ids))
        return false;
    file = pp_trim(file);
    if (!pp_cut(&file, '[', &name) || !take_place(&file, &m, &build_id) ||
        !pp_word(&file, &protection))
        return false;
    file = without_symbol(pp_perf_module_name(file));
    if (pp_empty(file))
        return false;
    place_kernel(&m, file);
    if (is_executable(ids, protection) && r->keep & PP_HOLDS_ADDRESSES) {
        m.file = pp_string(r->out, file);
        m.build_id = pp_string(r->out, build_id);
        pp_intern(&r->out->mappings, &m);
    }
    return true;
}

/* --- locating ------------------------------------------------------------ */

/* A mapping with a known address. */
struct located {
    const struct pp_mapping *m;
    pp_id id;
    bool doubtful; /* a mapping of the same file in another process overlaps it, shifted */
};

struct locating {
    struct pp_profile *p;
    struct located *sorted; /* by file and start */
    size_t n;
};

static bool is_located(const struct pp_mapping *m)
{
    return m->flags & PP_CALLERS_RETURN && m->limit;
}

static bool is_frames(const struct pp_mapping *m)
{
    return m->flags & PP_CALLERS_RETURN && !m->limit;
}

static int by_place(const void *a, const void *b)
{
    const struct located *x = a, *y = b;
    if (x->m->file != y->m->file)
        return x->m->file < y->m->file ? -1 : 1;
    if (x->m->start != y->m->start)
        return x->m->start < y->m->start ? -1 : 1;
    return x->id < y->id ? -1 : 1;
}

static void sort_located(struct locating *l)
{
    size_t count = l->p->mappings.count;
    l->sorted = pp_calloc(count, sizeof *l->sorted);
    for (pp_id id = 1; id < count; id++)
        if (is_located(pp_mapping(l->p, id)))
            l->sorted[l->n++] = (struct located){pp_mapping(l->p, id), id, false};
    if (l->n)
        qsort(l->sorted, l->n, sizeof *l->sorted, by_place);
    struct located *last = l->sorted; /* of the earlier ones of the file, the one that ends last */
    for (struct located *at = l->sorted + 1; at < l->sorted + l->n; at++) {
        bool same_file = at->m->file == last->m->file;
        if (same_file && at->m->start < last->m->limit &&
            at->m->start - at->m->offset != last->m->start - last->m->offset)
            at->doubtful = last->doubtful = true;
        if (!same_file || at->m->limit > last->m->limit)
            last = at;
    }
}

static bool starts_before(const struct pp_mapping *m, pp_id file, uint64_t address)
{
    return m->file < file || (m->file == file && m->start <= address);
}

/* The mapping that contains a frame whose file is known; or NULL. */
static const struct located *find_located(const struct locating *l, const struct pp_frame *f)
{
    pp_id file = pp_mapping(l->p, f->mapping)->file;
    PP_BISECT(n, l->n, i, starts_before(l->sorted[i].m, file, f->address));
    const struct located *found = n ? &l->sorted[n - 1] : NULL;
    return found && found->m->file == file && f->address < found->m->limit ? found : NULL;
}

/*
 * For each mapping that is known only from frames, whether all its frames are in located mappings,
 * so that it is removed. If not, their addresses are offsets, some of which may look like addresses
 * of a program mapped low. The caller frees the result.
 */
static bool *find_gone(const struct locating *l)
{
    bool *gone = pp_calloc(l->p->mappings.count, sizeof *gone);
    for (size_t i = 1; i < l->p->mappings.count; i++)
        gone[i] = is_frames(pp_mapping(l->p, (pp_id)i));
    for (size_t i = 1; i < l->p->frames.count; i++) {
        const struct pp_frame *f = pp_frame(l->p, (pp_id)i);
        const struct located *found = gone[f->mapping] ? find_located(l, f) : NULL;
        gone[f->mapping] = found && !found->doubtful;
    }
    return gone;
}

/*
 * The only mapping at an address; NULL if there is none, or there are several, of different
 * processes.
 */
static const struct located *find_anywhere(const struct locating *l, uint64_t address)
{
    const struct located *found = NULL;
    for (const struct located *at = l->sorted; at < l->sorted + l->n; at++) {
        if (address < at->m->start || address >= at->m->limit)
            continue;
        if (found && (found->m->file != at->m->file ||
                      found->m->start - found->m->offset != at->m->start - at->m->offset))
            return NULL;
        found = at;
    }
    return found;
}

/* Branch records have only addresses. */
static void locate_branch(const struct locating *l, struct pp_frame *f)
{
    const struct located *found =
        !f->mapping && !f->function && f->address ? find_anywhere(l, f->address) : NULL;
    if (found)
        f->mapping = found->id;
}

void pp_perf_locate(struct pp_profile **p)
{
    struct locating l = {.p = *p};
    sort_located(&l);
    if (l.n) {
        bool *gone = find_gone(&l);
        struct pp_branch_keys branches = pp_branch_keys(l.p);
        size_t count = l.p->frames.count;
        pp_id *frames = pp_calloc(count * 2, sizeof *frames); /* each may get a second one */
        for (pp_id i = 0; i < count; i++) {
            struct pp_frame f = *pp_frame(l.p, i);
            if (gone[f.mapping])
                f.mapping = find_located(&l, &f)->id;
            else if (branches.range || branches.jump)
                locate_branch(&l, &f);
            frames[i] = pp_intern(&l.p->frames, &f);
            frames[frames[i]] = frames[i];
        }
        pp_reshape(p, &(struct pp_reshape){.frames = frames, .gone = gone});
        free(frames);
        free(gone);
    }
    free(l.sorted);
}
