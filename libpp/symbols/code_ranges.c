#include "symbols/code_ranges.h"

#include <stdlib.h>

#include "base/child.h"
#include "base/memory.h"
#include "symbols/go_table.h"
#include "symbols/kernel_list.h"
#include "symbols/locate.h"
#include "symbols/locations.h"

/* --- in the child -------------------------------------------------------- */

/*
 * Places where another name may begin: offsets in a file, or addresses in the kernel. More of them
 * than there are names do no harm, so symbols need not be sorted out.
 */
struct edges {
    const struct pp_image *image;
    uint64_t *list;
    size_t count, cap;
};

static void add_edge(struct edges *e, uint64_t at)
{
    PP_GROW(e->list, e->count + 1, e->cap);
    e->list[e->count++] = at;
}

/* Adds an address of the file. */
static void add_address(struct edges *e, uint64_t address)
{
    for (size_t i = 0; i < e->image->nsegments; i++) {
        const struct pp_segment *s = &e->image->segments[i];
        if (s->executable && address >= s->address && address - s->address < s->file_size)
            add_edge(e, address - s->address + s->offset);
    }
}

static void add_function(void *ctx, uint64_t start, uint64_t size)
{
    add_address(ctx, start);
    add_address(ctx, start + size);
}

static bool are_sorted(const struct edges *e)
{
    for (size_t i = 1; i < e->count; i++)
        if (e->list[i] < e->list[i - 1])
            return false;
    return true;
}

/* Sorts by 11 bits at a time, from the lowest up, as far as edges differ: libraries have 100,000.
 */
static void sort(struct edges *e)
{
    enum { BITS = 11, BUCKETS = 1 << BITS };
    uint64_t *from = e->list, *to = pp_calloc(e->count, sizeof *to), differ = 0;
    for (size_t i = 1; i < e->count; i++)
        differ |= from[i] ^ from[0];
    for (unsigned shift = 0; shift < 64 && differ >> shift; shift += BITS) {
        size_t first[BUCKETS + 1] = {0};
        for (size_t i = 0; i < e->count; i++)
            first[(from[i] >> shift) % BUCKETS + 1]++;
        for (size_t i = 1; i < BUCKETS; i++)
            first[i] += first[i - 1];
        for (size_t i = 0; i < e->count; i++)
            to[first[(from[i] >> shift) % BUCKETS]++] = from[i];
        uint64_t *swap = from;
        from = to;
        to = swap;
    }
    free(to);
    e->list = from;
}

static void put_base(uint64_t base, struct pp_out *out)
{
    pp_put(out, (struct pp_span){(const char *)&base, (const char *)(&base + 1)});
}

static void put_start(uint32_t start, struct pp_out *out)
{
    pp_put(out, (struct pp_span){(const char *)&start, (const char *)(&start + 1)});
}

/* The answer: the first edge, and the distances of all from there, as far as they fit. */
static void put_edges(struct edges *e, struct pp_out *out)
{
    if (!e->count)
        return;
    if (!are_sorted(e))
        sort(e);
    put_base(e->list[0], out);
    for (size_t i = 0; i < e->count && e->list[i] - e->list[0] <= UINT32_MAX; i++)
        if (!i || e->list[i] != e->list[i - 1])
            put_start((uint32_t)(e->list[i] - e->list[0]), out);
}

/* The edges of all functions in the tables that names will be looked up in, and of all code. */
static void put_functions(const struct pp_located *files, struct pp_out *out)
{
    struct edges e = {.image = &files->binary};
    pp_image_functions(&files->binary, add_function, &e);
    if (files->extra.path)
        pp_image_functions(&files->extra, add_function, &e);
    for (size_t i = 0; i < files->binary.nsegments; i++) {
        const struct pp_segment *s = &files->binary.segments[i];
        uint64_t end;
        if (s->executable && !__builtin_add_overflow(s->offset, s->file_size, &end)) {
            add_edge(&e, s->offset);
            add_edge(&e, end);
        }
    }
    put_edges(&e, out);
    free(e.list);
}

/* Whether there is nothing but names: neither lines nor inlined calls. */
static bool has_only_symbols(const struct pp_located *files)
{
    if (files->debug.path || pp_image_has_debug_info(&files->binary))
        return false;
    struct pp_go_table *go = pp_go_table_new(&files->binary);
    bool only = !go;
    pp_go_table_free(go);
    return only;
}

/* A file that does not exist has no names: it is one range. */
static void put_missing(struct pp_out *out)
{
    put_base(0, out);
    put_start(0, out);
    put_start(UINT32_MAX, out);
}

static void answer_file(const struct pp_symbol_sources *sources, const struct pp_code_file *file,
                        struct pp_answer *nobody, struct pp_out *out)
{
    const struct pp_wanted_file wanted = {.path = file->path, .build_id = file->build_id};
    struct pp_located files;
    pp_locate(sources, &wanted, &files, nobody);
    if (!files.binary.path && !files.debug.path)
        put_missing(out);
    else if (files.binary.path && has_only_symbols(&files))
        put_functions(&files, out);
    pp_located_release(&files);
}

/* Symbols of the list have no sizes; each ends at the next, or at a limit before that. */
static void answer_kernel(const struct pp_symbol_sources *sources, const struct pp_code_file *file,
                          struct pp_answer *nobody, struct pp_out *out)
{
    struct pp_symbol_table table = {0};
    struct edges e = {0};
    pp_read_kernel_list(sources, file->build_id, &table, nobody);
    uint64_t slide = pp_kernel_slide(&table, pp_str(file->path), file->start, file->offset);
    for (size_t i = 0; i < table.count; i++) {
        uint64_t start = table.symbols[i].start, end;
        add_edge(&e, start - slide);
        bool far = i + 1 == table.count || table.symbols[i + 1].start - start > PP_UNKNOWN_REACH;
        if (far && !__builtin_add_overflow(start, PP_UNKNOWN_REACH, &end))
            add_edge(&e, end - slide);
    }
    put_edges(&e, out);
    free(e.list);
    pp_symbol_table_release(&table);
}

/* A question: what does not fit into a byte string follows it. */
struct question {
    uint64_t start, offset;
    uint32_t kernel, path; /* `path`: length, with the NUL that ends it, as of the build id */
};

static void answer(void *ctx, struct pp_span in, struct pp_out *out)
{
    const struct pp_symbolize_options *options = ctx;
    struct question q;
    struct pp_out ignored; /* problems are reported when names are looked up */
    struct pp_answer nobody;
    memcpy(&q, in.p, sizeof q);
    const char *path = in.p + sizeof q;
    const struct pp_code_file file = {path, path + q.path, q.kernel, q.start, q.offset};
    pp_out_memory(&ignored, NULL);
    pp_answer_init(&nobody, &ignored);
    if (file.kernel)
        answer_kernel(&options->sources, &file, &nobody, out);
    else
        answer_file(&options->sources, &file, &nobody, out);
    pp_answer_release(&nobody);
    pp_out_release(&ignored);
}

/* --- in the parent ------------------------------------------------------- */

void *pp_code_ranges_open(const struct pp_symbolize_options *options)
{
    const struct pp_child_limits limits = {options->seconds ? options->seconds : PP_SYMBOL_SECONDS,
                                           options->memory ? options->memory : PP_SYMBOL_MEMORY};
    return pp_helper_new(answer, (void *)options, &limits);
}

void pp_code_ranges_close(void *opened)
{
    pp_helper_free(opened);
}

/* Takes the answer; none if it is not in order, as of a child that has gone astray. */
static struct pp_code_ranges take(struct pp_span bytes)
{
    struct pp_code_ranges r = {0};
    if (pp_len(bytes) < sizeof r.base + 2 * sizeof *r.starts)
        return r;
    memcpy(&r.base, bytes.p, sizeof r.base);
    bytes.p += sizeof r.base;
    r.count = pp_len(bytes) / sizeof *r.starts;
    r.starts = pp_calloc(r.count, sizeof *r.starts);
    memcpy(r.starts, bytes.p, r.count * sizeof *r.starts);
    for (size_t i = 1; i < r.count; i++) {
        if (r.starts[i] > r.starts[i - 1])
            continue;
        free(r.starts);
        return (struct pp_code_ranges){0};
    }
    return r;
}

static void put_question(struct pp_out *out, const struct pp_code_file *file)
{
    const struct question q = {file->start, file->offset, file->kernel,
                               (uint32_t)strlen(file->path) + 1};
    pp_put(out, (struct pp_span){(const char *)&q, (const char *)(&q + 1)});
    pp_put(out, (struct pp_span){file->path, file->path + q.path});
    pp_put(out, (struct pp_span){file->build_id, file->build_id + strlen(file->build_id) + 1});
}

struct pp_code_ranges pp_code_ranges_find(void *opened, const struct pp_code_file *file)
{
    struct pp_code_ranges found = {0};
    struct pp_out question, got;
    if (!file->kernel && pp_is_jit(pp_str(file->path), PP_USER))
        return found; /* names of such code are found in other ways */
    pp_out_memory(&question, NULL);
    pp_out_memory(&got, NULL);
    put_question(&question, file);
    if (pp_helper_ask(opened, pp_out_bytes(&question), &got))
        found = take(pp_out_bytes(&got));
    pp_out_release(&question);
    pp_out_release(&got);
    return found;
}
