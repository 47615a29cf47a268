/* Looks up locations in lists of symbols: those of the kernel, and of code made at run time. */
#include <stdlib.h>

#include "base/memory.h"
#include "symbols/kernel_list.h"
#include "symbols/lookup.h"
#include "symbols/symbol_text.h"
#include "syntax/perf_symbol.h"

struct lists {
    const struct pp_lookup *l;
    struct pp_answer *answer;
    struct pp_symbol_table symbols;
};

/* --- maps of JIT compilers ------------------------------------------------ */

/*
 * Reads the lists that the user names, or else those that perf would read: the module, if it has
 * such a name, or that of the process.
 */
static void read_perf_maps(struct lists *lists)
{
    const struct pp_lookup *l = lists->l;
    const char *const *named = l->options->sources.perf_maps;
    struct pp_span file = pp_text(l->profile, pp_module_at(l->locations, l->module)->file);
    for (const char *const *map = named; map && *map; map++)
        pp_read_symbol_list(pp_read_perf_map, *map, true, &lists->symbols, lists->answer);
    if (!named && pp_starts(file, "/tmp/perf-"))
        pp_read_symbol_list(pp_read_perf_map, file.p, false, &lists->symbols, lists->answer);
    else if (!named && l->perf_map)
        pp_read_symbol_list(pp_read_perf_map, l->perf_map, false, &lists->symbols, lists->answer);
}

/* --- names --------------------------------------------------------------- */

struct found {
    struct pp_namer namer;
    struct pp_found_frame *frames;
    uint32_t count;
    size_t cap;
    struct pp_out name;
};

static void add_frame(struct found *f, uint32_t function)
{
    PP_GROW(f->frames, f->count + 1, f->cap);
    f->frames[f->count++] = (struct pp_found_frame){.function = function};
}

/* Lists for Java have "Lcom/example/Thing;::method"; names of other languages may only look so. */
static bool is_java_class(struct pp_span part)
{
    const char *end = pp_find_text(part, ";::");
    return end && *part.p == 'L' && memchr(part.p, '/', (size_t)(end - part.p));
}

/*
 * HotSpot numbers its pieces of machine code: "StubRoutines (1)". Other tools that read perf's text
 * cut the bracket, but leave the blank before it.
 */
static bool is_numbered(struct pp_span part, size_t tidy)
{
    uint64_t n;
    struct pp_span rest = {part.p + tidy, part.end};
    return pp_starts(rest, " (") && pp_ends(rest, ")") &&
           pp_parse_u64((struct pp_span){rest.p + 2, rest.end - 1}, &n);
}

/*
 * Adds what a compiler calls a piece of code: a method, or several, each inlined in the one before.
 */
static void add_compiled(struct found *f, struct pp_answer *answer, struct pp_span symbol)
{
    for (struct pp_span part; pp_perf_part(&symbol, &part);) {
        f->name.len = 0;
        size_t n = pp_perf_tidy(part, is_java_class(part), pp_out_room(&f->name, pp_len(part)));
        n += !is_java_class(part) && is_numbered(part, n);
        struct pp_span tidy = {f->name.buf, f->name.buf + n};
        if (pp_same(tidy, part) || !n)
            add_frame(f, pp_name_function(&f->namer, part, NULL, 0));
        else
            add_frame(f, pp_answer_function(answer, &(struct pp_found_function){
                                                        .name = tidy, .system_name = part}));
    }
}

/* --- looking up ---------------------------------------------------------- */

/* Looks up the locations of one module. Returns whether any was found. */
static bool look_up_module(const struct lists *lists, struct found *found, size_t module)
{
    const struct pp_lookup *l = lists->l;
    bool kernel = pp_module_at(l->locations, (pp_id)module)->kind == PP_MODULE_KERNEL, any = false;
    uint64_t slide = 0;
    pp_id mapping = 0; /* the mapping of the slide */
    for (size_t i = l->locations->first[module]; i < l->locations->first[module + 1]; i++) {
        pp_id id = l->locations->order[i];
        const struct pp_location *location = pp_location_at(l->locations, id);
        if (kernel && location->mapping != mapping) {
            mapping = location->mapping;
            const struct pp_mapping *m = pp_mapping(l->profile, mapping);
            slide =
                pp_kernel_slide(&lists->symbols, pp_text(l->profile, m->file), m->start, m->offset);
        }
        const struct pp_symbol *s = pp_symbol_find(&lists->symbols, location->address + slide);
        if (!s || !s->len)
            continue;
        struct pp_span name = {s->name, s->name + s->len};
        found->count = 0;
        if (kernel)
            add_frame(found, pp_name_function(&found->namer, name, NULL, 0));
        else
            add_compiled(found, lists->answer, name);
        pp_answer_location(lists->answer, id, found->frames, found->count);
        any = true;
    }
    return any;
}

/* For the kernel, this includes its loadable modules, which are in the same list. */
void pp_lookup_lists(const struct pp_lookup *l, struct pp_answer *answer)
{
    bool kernel = pp_module_at(l->locations, l->module)->kind == PP_MODULE_KERNEL;
    struct lists lists = {.l = l, .answer = answer};
    struct found found = {.count = 0};
    if (kernel)
        pp_read_kernel_list(&l->options->sources, pp_text(l->profile, l->kernel_id).p,
                            &lists.symbols, answer);
    else
        read_perf_maps(&lists);
    pp_symbol_table_sort(&lists.symbols);
    pp_namer_init(&found.namer, l->options, answer);
    pp_out_memory(&found.name, NULL);
    bool any = look_up_module(&lists, &found, l->module);
    for (size_t m = l->module + (size_t)1; kernel && m < l->locations->modules.count; m++)
        if (pp_module_at(l->locations, (pp_id)m)->kind == PP_MODULE_KERNEL)
            look_up_module(&lists, &found, m);
    pp_answer_module(answer, &(struct pp_found_module){pp_str(""), any ? PP_HAS_FUNCTIONS : 0u});
    pp_namer_release(&found.namer);
    pp_out_release(&found.name);
    free(found.frames);
    pp_symbol_table_release(&lists.symbols);
}
