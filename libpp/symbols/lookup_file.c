/* Looks up locations in programs and libraries. */
#include <stdlib.h>

#include "base/memory.h"
#include "symbols/debug_info.h"
#include "symbols/go_table.h"
#include "symbols/lookup.h"

struct file_lookup {
    const struct pp_lookup *l;
    struct pp_answer *answer;
    struct pp_located files;
    struct pp_debug_info debug;
    struct pp_go_table *go;          /* the function table of a Go program */
    struct pp_symbol_table *symbols; /* NULL until it is needed */
    uint64_t *wanted;                /* the addresses that are looked for in them */
    uint64_t code_offset; /* offset of the first mapping of code: see location_anchored() */
    struct pp_namer namer;
    struct pp_found_frame *frames; /* at the current location */
    size_t frames_cap;
    size_t unplaced; /* locations whose offset in the file is unknown */
    uint32_t flags;
};

/* --- addresses of the file --------------------------------------------------- */

enum { PAGE = 4096 };

/*
 * Matches the first mapping of code to the only executable segment. That is for cases in which
 * offsets are unknown: a file of debug information has none, and some systems do not give those of
 * mappings.
 */
static bool location_anchored(const struct file_lookup *f, const struct pp_mapping *m,
                              uint64_t address, uint64_t *out)
{
    const struct pp_image *image = f->files.binary.path ? &f->files.binary : &f->files.debug;
    const struct pp_segment *code = pp_image_code(image);
    if (!code)
        return false;
    *out = address - m->start + (m->offset - f->code_offset) + code->address / PAGE * PAGE;
    return pp_image_has_code(image, *out);
}

/*
 * Without mappings, as in text of perf, newer versions of perf print offsets and older ones
 * addresses; in a program that cannot move, these are addresses of the file.
 */
static bool location_in_process(const struct file_lookup *f, const struct pp_location *location,
                                uint64_t *out)
{
    const struct pp_image *binary = &f->files.binary;
    const struct pp_mapping *m = pp_mapping(f->l->profile, location->mapping);
    uint64_t offset = location->address - m->start + m->offset;
    bool anywhere = !m->file && !m->start && (!m->limit || m->limit == UINT64_MAX);
    if (!anywhere && binary->path && pp_image_address(binary, offset, out) &&
        pp_image_has_code(binary, *out))
        return true;
    if (!anywhere && (m->start || m->limit))
        return (!binary->path || !m->offset) && location_anchored(f, m, location->address, out);
    *out = location->address;
    return binary->path && !binary->movable && pp_image_has_code(binary, *out);
}

static bool location_address(const struct file_lookup *f, const struct pp_location *location,
                             uint64_t *out)
{
    *out = location->address;
    switch ((enum pp_location_of)location->of) {
    case PP_IN_IMAGE:
        return true;
    case PP_IN_FILE:
        return f->files.binary.path ? pp_image_address(&f->files.binary, location->address, out)
                                    : true;
    default:
        return location_in_process(f, location, out);
    }
}

/* The lowest offset of the mappings that locations are in. */
static uint64_t first_offset(const struct pp_lookup *l)
{
    uint64_t least = UINT64_MAX;
    for (size_t i = l->locations->first[l->module]; i < l->locations->first[l->module + 1]; i++) {
        const struct pp_location *location = pp_location_at(l->locations, l->locations->order[i]);
        uint64_t offset = pp_mapping(l->profile, location->mapping)->offset;
        least = offset < least ? offset : least;
    }
    return least;
}

/* Whether a mapping says that the module was replaced while it ran. */
static bool was_deleted(const struct pp_lookup *l)
{
    for (size_t i = l->locations->first[l->module]; i < l->locations->first[l->module + 1]; i++) {
        const struct pp_location *location = pp_location_at(l->locations, l->locations->order[i]);
        if (pp_mapping(l->profile, location->mapping)->flags & PP_FILE_DELETED)
            return true;
    }
    return false;
}

/* --- symbols ------------------------------------------------------------- */

static int compare_addresses(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* The addresses of all locations, in order. */
static void list_wanted(struct file_lookup *f)
{
    const struct pp_locations *locations = f->l->locations;
    size_t first = locations->first[f->l->module], end = locations->first[f->l->module + 1], n = 0;
    f->wanted = pp_calloc(end - first, sizeof *f->wanted);
    for (size_t i = first; i < end; i++)
        n += location_address(f, pp_location_at(locations, locations->order[i]), &f->wanted[n]);
    qsort(f->wanted, n, sizeof *f->wanted, compare_addresses);
    f->symbols->wanted = f->wanted;
    f->symbols->nwanted = n;
}

/* The functions at these of all files that were found. */
static const struct pp_symbol_table *symbols(struct file_lookup *f)
{
    if (f->symbols)
        return f->symbols;
    f->symbols = pp_calloc(1, sizeof *f->symbols);
    f->symbols->borrow = true;
    list_wanted(f);
    pp_debug_info_symbols(&f->debug, &f->files, f->symbols);
    return f->symbols;
}

static void file_lookup_release(struct file_lookup *f)
{
    pp_dwarf_free(f->debug.dwarf);
    pp_go_table_free(f->go);
    if (f->symbols)
        pp_symbol_table_release(f->symbols);
    free(f->symbols);
    free(f->wanted);
    free(f->frames);
    pp_namer_release(&f->namer);
    pp_located_release(&f->files);
}

/* --- names --------------------------------------------------------------- */

/* The symbol at an address, "memcpy@@GLIBC_2.14" without its version; empty if there is none. */
static struct pp_span symbol_at(struct file_lookup *f, uint64_t address)
{
    const struct pp_symbol *s = pp_symbol_find(symbols(f), address);
    struct pp_span name = s ? (struct pp_span){s->name, s->name + s->len} : pp_str("");
    const char *at = pp_find(name, '@');
    return at && at > name.p ? (struct pp_span){name.p, at} : name;
}

/* "scope::name" if the call has a scope; empty if it has no name. */
static struct pp_span name_in_scope(struct file_lookup *f, const struct pp_call *call)
{
    struct pp_out *out = &f->namer.buffer;
    if (!call->name || !call->scope)
        return pp_str(call->name ? call->name : "");
    out->len = 0;
    pp_puts(out, call->scope);
    pp_puts(out, call->name);
    return pp_out_bytes(out);
}

/* Whether the symbol belongs to a part or copy of the function, such as "main.cold" of "main". */
static bool is_part_of(struct pp_span symbol, const char *name)
{
    size_t n = strlen(name);
    return pp_starts(symbol, name) && symbol.p + n < symbol.end && symbol.p[n] == '.';
}

/*
 * A function without a linker's name in the debug information may have one as a symbol, if it is
 * not inlined. Empty if it has no name at all.
 */
static struct pp_span system_name(struct file_lookup *f, const struct pp_call *call,
                                  bool is_function, uint64_t address)
{
    bool lacks = !call->name || (call->needs_linkage && !call->is_linkage);
    struct pp_span symbol = lacks && is_function ? symbol_at(f, address) : pp_str("");
    if (pp_empty(symbol) || (call->name && is_part_of(symbol, call->name)))
        return name_in_scope(f, call);
    return symbol;
}

static uint32_t add_frame(struct file_lookup *f, uint32_t n, struct pp_span system,
                          const struct pp_call *call)
{
    if (pp_empty(system))
        return n;
    PP_GROW(f->frames, n + 1, f->frames_cap);
    f->frames[n] = (struct pp_found_frame){
        .function = pp_name_function(&f->namer, system, call->file, call->function_line),
        .line = call->line,
        .column = call->column,
        .discriminator = call->discriminator,
    };
    f->flags |=
        PP_HAS_FUNCTIONS | (call->line ? PP_HAS_LINES : 0u) | (call->file ? PP_HAS_FILENAMES : 0u);
    return n + 1;
}

static void look_up(struct file_lookup *f, pp_id id)
{
    static const struct pp_call unknown;
    const struct pp_call *calls = &unknown;
    uint64_t address;
    uint32_t frames = 0;
    if (!location_address(f, pp_location_at(f->l->locations, id), &address)) {
        f->unplaced++;
        return;
    }
    size_t n = f->debug.dwarf ? pp_dwarf_find(f->debug.dwarf, address + f->debug.shift, &calls) : 0;
    if (!n && f->go)
        n = pp_go_table_find(f->go, address, &calls);
    for (size_t i = n; i-- > 0;)
        frames = add_frame(f, frames, system_name(f, &calls[i], i + 1 == n, address), &calls[i]);
    if (!frames)
        frames = add_frame(f, 0, symbol_at(f, address), &calls[0]);
    if (frames)
        pp_answer_location(f->answer, id, f->frames, frames);
}

/* --- entry point --------------------------------------------------------- */

static void report_problems(const struct file_lookup *f, size_t locations)
{
    const char *path = f->files.binary.path ? f->files.binary.path : f->files.debug.path;
    const struct pp_lookup *l = f->l;
    const struct pp_location *first =
        pp_location_at(l->locations, l->locations->order[l->locations->first[l->module]]);
    const struct pp_mapping *m = pp_mapping(l->profile, first->mapping);
    bool located = first->of != PP_IN_PROCESS || m->start || (m->limit && m->limit != UINT64_MAX);
    if (f->unplaced == locations)
        pp_answer_problem(f->answer, located ? PP_BINARY_DOES_NOT_FIT : PP_BINARY_NOT_PLACED, path,
                          "");
    if (f->debug.dwarf && pp_dwarf_missing_splits(f->debug.dwarf))
        pp_answer_problem(f->answer, PP_SPLIT_MISSING, path, "");
}

void pp_lookup_file(const struct pp_lookup *l, struct pp_answer *answer)
{
    struct file_lookup f = {.l = l, .answer = answer, .code_offset = first_offset(l)};
    const struct pp_module *module = pp_module_at(l->locations, l->module);
    size_t first = l->locations->first[l->module], end = l->locations->first[l->module + 1];
    const struct pp_wanted_file wanted = {
        .path = pp_text(l->profile, module->file).p,
        .build_id = pp_text(l->profile, module->build_id).p,
        .binary = l->binary,
        .deleted = was_deleted(l),
        .recorded_ns =
            l->profile->about.time_ns ? l->profile->about.time_ns : l->options->sources.recorded_ns,
    };
    pp_namer_init(&f.namer, l->options, answer);
    pp_locate(&l->options->sources, &wanted, &f.files, answer);
    if (f.files.binary.path || f.files.debug.path) {
        pp_debug_info_open(&f.debug, &l->options->sources, &f.files, answer);
        if (f.debug.dwarf && l->options->names_only)
            pp_dwarf_leave_out_lines(f.debug.dwarf);
        if (f.files.binary.path)
            f.go = pp_go_table_new(&f.files.binary);
        for (size_t i = first; i < end; i++)
            look_up(&f, l->locations->order[i]);
        report_problems(&f, end - first);
        const char *id = f.files.binary.path ? f.files.binary.build_id : f.files.debug.build_id;
        if (f.flags && (f.debug.dwarf || f.go))
            f.flags |= PP_HAS_INLINES;
        pp_answer_module(answer, &(struct pp_found_module){pp_str(id), f.flags});
    }
    file_lookup_release(&f);
}
