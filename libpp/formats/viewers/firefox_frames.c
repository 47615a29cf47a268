#include "formats/viewers/firefox_frames.h"

#include <stdlib.h>

#include "base/bisect.h"
#include "base/memory.h"

/*
 * Bits of the column `flags`, for the values that are present; since version 71, for functions 75.
 */
enum {
    FRAME_IS_INLINED = 1,
    FRAME_HAS_ADDRESS = 2,
    FRAME_HAS_CATEGORY = 4,
    FRAME_HAS_LINE = 16,
    FRAME_HAS_COLUMN = 32,
    FUNC_IS_JS = 1,
    FUNC_HAS_RESOURCE = 4,
    FUNC_HAS_SOURCE = 8,
    FUNC_HAS_LINE = 16,
};

/* --- views --------------------------------------------------------------- */

static bool is_there(const struct pp_fx_table *t)
{
    for (unsigned c = 0; c < PP_FX_MAX_COLUMNS; c++)
        if (t->columns[c].there)
            return true;
    return false;
}

static int by_start(const void *a, const void *b, void *libs)
{
    const struct pp_fx_lib *list = libs;
    size_t i = *(const size_t *)a, j = *(const size_t *)b;
    if (list[i].start != list[j].start)
        return list[i].start < list[j].start ? -1 : 1;
    return i < j ? -1 : i > j;
}

static void sort_libs(struct pp_fx_view *v)
{
    v->by_start = pp_calloc(v->nlibs, sizeof *v->by_start);
    for (size_t i = 0; i < v->nlibs; i++)
        if (v->libs[i].placed)
            v->by_start[v->nplaced++] = i;
    if (v->nplaced)
        qsort_r(v->by_start, v->nplaced, sizeof *v->by_start, by_start, v->libs);
}

void pp_fx_view_init(struct pp_fx_view *v, struct pp_fx *f, const struct pp_fx_thread *t)
{
    *v = (struct pp_fx_view){.f = f, .process = &f->processes[t->process], .at = t->at};
    for (unsigned i = 0; i < PP_FX_TABLES; i++)
        v->tables[i] = is_there(&t->tables[i]) ? &t->tables[i] : &f->shared.tables[i];
    v->strings = t->strings.n ? &t->strings : &f->shared.strings;
    v->libs = t->nlibs ? t->libs : v->process->libs;
    v->nlibs = t->nlibs ? t->nlibs : v->process->nlibs;
    const struct pp_fx_column *stacks = v->tables[PP_FX_STACKS]->columns;
    const struct pp_fx_table *frames = v->tables[PP_FX_FRAMES];
    v->processed = !frames->columns[FRAME_LOCATION].there;
    v->nframes = pp_fx_rows(frames, PP_FX_MAX_COLUMNS);
    if (v->processed)
        v->nframes = frames->columns[FRAME_FUNC].n;
    if (stacks[STACK_FRAME].there)
        v->nstacks = pp_fx_rows(v->tables[PP_FX_STACKS], STACK_OFFSET + 1);
    sort_libs(v);
    v->frames = pp_calloc(v->nframes, sizeof *v->frames);
    v->leaves = pp_calloc(v->nframes, sizeof *v->leaves);
    v->used = pp_calloc(v->nstacks, sizeof *v->used);
    v->nodes = pp_calloc(v->nstacks, sizeof *v->nodes);
}

void pp_fx_view_release(struct pp_fx_view *v)
{
    free(v->by_start);
    free(v->frames);
    free(v->leaves);
    free(v->used);
    free(v->nodes);
}

static bool string_at(const struct pp_fx_view *v, int64_t index, struct pp_span *text)
{
    if (index < 0 || (uint64_t)index >= v->strings->n)
        return pp_fx_fail(v, "string %lld does not exist", (long long)index);
    *text = pp_fx_text(v->f, v->strings->v[index]);
    return true;
}

/* --- mappings ------------------------------------------------------------ */

static bool is_hex(struct pp_span s)
{
    if (pp_empty(s))
        return false;
    while (!pp_empty(s) && pp_hex_digit(*s.p))
        s.p++;
    return pp_empty(s);
}

static char lower(char c)
{
    return c >= 'A' && c <= 'F' ? (char)(c + ('a' - 'A')) : c;
}

/*
 * A breakpad id is a GUID and an age: the first 16 bytes of a build id, with the bytes of the
 * GUID's first three numbers reversed.
 */
static size_t from_breakpad(struct pp_span id, char *out)
{
    static const unsigned char order[16] = {3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15};
    if (pp_len(id) < 32)
        return 0;
    for (size_t i = 0; i < 16; i++) {
        const char *digits = id.p + (size_t)2 * order[i];
        out[2 * i] = lower(digits[0]);
        out[2 * i + 1] = lower(digits[1]);
    }
    return 32;
}

static pp_id build_id_of(struct pp_fx_view *v, const struct pp_fx_lib *l)
{
    enum { LONGEST = 128 };
    char out[LONGEST] = {0};
    struct pp_span code = pp_fx_text(v->f, l->code_id), id = pp_fx_text(v->f, l->breakpad_id);
    size_t n = 0;
    if (is_hex(code) && pp_len(code) <= LONGEST)
        for (; n < pp_len(code); n++)
            out[n] = lower(code.p[n]);
    else if (is_hex(id))
        n = from_breakpad(id, out);
    return pp_string(v->f->r->out, (struct pp_span){out, out + n});
}

/* Gecko's names have no folder; a path with another name is not used. */
static struct pp_span file_of(const struct pp_fx_view *v, const struct pp_fx_lib *l)
{
    struct pp_span path = pp_fx_text(v->f, l->path), name = pp_fx_text(v->f, l->name);
    if (!v->processed && !pp_same(pp_base_name(path), name) && !pp_empty(name))
        return name;
    if (pp_empty(path))
        path = pp_fx_text(v->f, l->debug_path);
    return pp_empty(path) ? name : path;
}

static pp_id mapping_of(struct pp_fx_view *v, struct pp_fx_lib *l)
{
    struct pp_profile *p = v->f->r->out;
    if (!l->mapping) {
        struct pp_mapping row = {.file = pp_string(p, file_of(v, l)),
                                 .build_id = build_id_of(v, l)};
        if (!v->processed) {
            row.start = l->start;
            row.limit = l->end;
            row.offset = l->offset;
        }
        l->mapping = pp_intern(&p->mappings, &row) + 1;
    }
    return l->mapping - 1;
}

/* --- processed frames ---------------------------------------------------- */

/* The value of a column, unless `flags` says that it is absent. */
static int64_t value_if(const struct pp_fx_table *t, unsigned column, int64_t row, int64_t flags,
                        int64_t bit)
{
    if (flags != PP_FX_NONE && !(flags & bit))
        return PP_FX_NONE;
    return pp_fx_index(t, column, (size_t)row);
}

static uint32_t small(int64_t v)
{
    return v > 0 && v <= UINT32_MAX ? (uint32_t)v : 0;
}

/* Finds the library of a frame: its own, or that of its function's resource. */
static bool lib_of(const struct pp_fx_view *v, int64_t frame, int64_t func, struct pp_fx_lib **lib)
{
    const struct pp_fx_table *frames = v->tables[PP_FX_FRAMES], *funcs = v->tables[PP_FX_FUNCS];
    int64_t flags = pp_fx_value(frames, FRAME_FLAGS, (size_t)frame), index;
    if (frames->columns[FRAME_LIB].there) {
        index = value_if(frames, FRAME_LIB, frame, flags, FRAME_HAS_ADDRESS);
    } else {
        int64_t resource =
            value_if(funcs, FUNC_RESOURCE, func, pp_fx_value(funcs, FUNC_FLAGS, (size_t)func),
                     FUNC_HAS_RESOURCE);
        index = resource < 0
                    ? PP_FX_NONE
                    : pp_fx_index(v->tables[PP_FX_RESOURCES], RESOURCE_LIB, (size_t)resource);
    }
    *lib = NULL;
    if (index == PP_FX_NONE)
        return true;
    if ((uint64_t)index >= v->nlibs)
        return pp_fx_fail(v, "library %lld does not exist", (long long)index);
    *lib = &v->libs[index];
    return true;
}

static bool file_of_func(const struct pp_fx_view *v, int64_t func, int64_t flags,
                         struct pp_span *file)
{
    const struct pp_fx_table *funcs = v->tables[PP_FX_FUNCS];
    int64_t name = pp_fx_index(funcs, FUNC_FILE, (size_t)func);
    if (name == PP_FX_NONE) {
        int64_t source = value_if(funcs, FUNC_SOURCE, func, flags, FUNC_HAS_SOURCE);
        if (source == PP_FX_NONE)
            return true;
        if ((uint64_t)source >= v->tables[PP_FX_SOURCES]->columns[SOURCE_FILE].n)
            return pp_fx_fail(v, "source %lld does not exist", (long long)source);
        name = pp_fx_index(v->tables[PP_FX_SOURCES], SOURCE_FILE, (size_t)source);
    }
    return name == PP_FX_NONE || string_at(v, name, file);
}

/* Before version 6, names of functions in scripts contain file and line. */
static void split_name(const struct pp_fx_view *v, int64_t func, struct pp_code *code)
{
    const struct pp_fx_column *c = v->tables[PP_FX_FUNCS]->columns;
    if (c[FUNC_FILE].there || c[FUNC_SOURCE].there ||
        pp_fx_value(v->tables[PP_FX_FUNCS], FUNC_JS, (size_t)func) <= 0)
        return;
    struct pp_fx_location l = pp_fx_parse_location(code->function);
    if (l.is_address)
        return;
    code->function = l.name;
    code->file = l.file;
    code->start_line = l.line;
}

/* Whether a name is only the address in hexadecimal, as recorders write it before symbolization. */
static bool is_only_address(struct pp_span name, int64_t address)
{
    uint64_t v;
    return pp_starts(name, "0x") && pp_parse_hex(name, &v) && address >= 0 &&
           v == (uint64_t)address;
}

static bool read_func(const struct pp_fx_view *v, int64_t func, struct pp_code *code)
{
    const struct pp_fx_table *funcs = v->tables[PP_FX_FUNCS];
    if (func < 0 || (uint64_t)func >= funcs->columns[FUNC_NAME].n)
        return pp_fx_fail(v, "function %lld does not exist", (long long)func);
    int64_t flags = pp_fx_value(funcs, FUNC_FLAGS, (size_t)func);
    code->start_line = small(value_if(funcs, FUNC_LINE, func, flags, FUNC_HAS_LINE));
    if (!string_at(v, pp_fx_index(funcs, FUNC_NAME, (size_t)func), &code->function) ||
        !file_of_func(v, func, flags, &code->file))
        return false;
    split_name(v, func, code);
    return true;
}

static bool processed_frame(struct pp_fx_view *v, int64_t frame, pp_id *id)
{
    const struct pp_fx_table *t = v->tables[PP_FX_FRAMES];
    struct pp_code code = {0};
    struct pp_fx_lib *lib;
    int64_t func = pp_fx_index(t, FRAME_FUNC, (size_t)frame);
    int64_t flags = pp_fx_value(t, FRAME_FLAGS, (size_t)frame);
    int64_t address = value_if(t, FRAME_ADDRESS, frame, flags, FRAME_HAS_ADDRESS);
    if (!read_func(v, func, &code) || !lib_of(v, frame, func, &lib))
        return false;
    if (lib && v->process->unsymbolicated && is_only_address(code.function, address))
        code.function.end = code.function.p;
    code.mapping = lib ? mapping_of(v, lib) : 0;
    code.address = address > 0 ? (uint64_t)address : 0;
    code.line = small(value_if(t, FRAME_LINE, frame, flags, FRAME_HAS_LINE));
    code.column = small(value_if(t, FRAME_COLUMN, frame, flags, FRAME_HAS_COLUMN));
    code.inlined = flags != PP_FX_NONE ? flags & FRAME_IS_INLINED
                                       : pp_fx_value(t, FRAME_DEPTH, (size_t)frame) > 0;
    *id = pp_reader_frame(v->f->r, &code);
    return true;
}

/* --- Gecko's frames ------------------------------------------------------ */

/* The last library that begins at or before the address, if it extends to it. */
static struct pp_fx_lib *lib_at(const struct pp_fx_view *v, uint64_t address)
{
    PP_BISECT(n, v->nplaced, i, v->libs[v->by_start[i]].start <= address);
    struct pp_fx_lib *lib = n ? &v->libs[v->by_start[n - 1]] : NULL;
    return lib && address < lib->end ? lib : NULL;
}

/* A caller's address is a return address, so the byte before it counts. */
static pp_id address_frame(struct pp_fx_view *v, const struct pp_fx_location *l,
                           struct pp_span text, bool leaf)
{
    uint64_t address = l->address - (!leaf && l->address);
    struct pp_fx_lib *lib = lib_at(v, address);
    struct pp_code code = {.address = address};
    if (lib)
        code.mapping = mapping_of(v, lib);
    else
        code.function = text;
    return pp_reader_frame(v->f->r, &code);
}

static pp_id named_frame(struct pp_fx_view *v, const struct pp_fx_location *l, int64_t frame)
{
    static const char root[] = "(root scope) ";
    const struct pp_fx_table *t = v->tables[PP_FX_FRAMES];
    struct pp_out name;
    pp_out_memory(&name, NULL);
    if (l->is_script)
        pp_puts(&name, root);
    pp_put(&name, l->name);
    uint32_t line = small(pp_fx_value(t, FRAME_LINE, (size_t)frame));
    pp_id id = pp_reader_frame(v->f->r, &(struct pp_code){
                                            .function = pp_out_bytes(&name),
                                            .file = l->file,
                                            .start_line = line ? l->line : 0,
                                            .line = line ? line : l->line,
                                            .column = line ? 0 : l->column,
                                            .module = l->module,
                                        });
    pp_out_release(&name);
    return id;
}

static bool gecko_frame(struct pp_fx_view *v, int64_t frame, bool leaf, pp_id *id)
{
    struct pp_span text = {0};
    int64_t location = pp_fx_index(v->tables[PP_FX_FRAMES], FRAME_LOCATION, (size_t)frame);
    if (!string_at(v, location, &text))
        return false;
    struct pp_fx_location l = pp_fx_parse_location(text);
    *id = l.is_address ? address_frame(v, &l, text, leaf) : named_frame(v, &l, frame);
    return true;
}

static bool frame_of(struct pp_fx_view *v, int64_t frame, bool leaf, pp_id *id)
{
    if (frame < 0 || (uint64_t)frame >= v->nframes)
        return pp_fx_fail(v, "frame %lld does not exist", (long long)frame);
    pp_id *known = leaf && !v->processed ? &v->leaves[frame] : &v->frames[frame];
    if (!*known) {
        if (!(v->processed ? processed_frame(v, frame, id) : gecko_frame(v, frame, leaf, id)))
            return false;
        *known = *id + 1;
    }
    *id = *known - 1;
    return true;
}

/* --- stacks -------------------------------------------------------------- */

bool pp_fx_use_stack(struct pp_fx_view *v, int64_t stack)
{
    if (stack == PP_FX_NONE || stack < 0)
        return true;
    if ((uint64_t)stack >= v->nstacks)
        return pp_fx_fail(v, "stack %lld does not exist: there are %zu", (long long)stack,
                          v->nstacks);
    v->used[stack] = true;
    return true;
}

/* The parent of stack `i`, which is an earlier stack, or PP_FX_NONE. */
static bool parent_of(const struct pp_fx_view *v, size_t i, int64_t *parent)
{
    const struct pp_fx_table *t = v->tables[PP_FX_STACKS];
    *parent = PP_FX_NONE;
    if (t->columns[STACK_OFFSET].there) {
        int64_t offset = pp_fx_value(t, STACK_OFFSET, i);
        if (offset != PP_FX_NONE && offset != 0)
            *parent = offset > 0 && (uint64_t)offset <= i ? (int64_t)i - offset : INT64_MAX;
    } else {
        *parent = pp_fx_index(t, STACK_PREFIX, i);
    }
    return *parent == PP_FX_NONE || (uint64_t)*parent < i ||
           pp_fx_fail(v, "the caller of stack %zu does not come before it", i);
}

static bool use_parents(struct pp_fx_view *v)
{
    int64_t parent;
    for (size_t i = v->nstacks; i-- > 0;) {
        if (!parent_of(v, i, &parent))
            return false;
        if (v->used[i] && parent != PP_FX_NONE)
            v->used[parent] = true;
    }
    return true;
}

static bool make_node(struct pp_fx_view *v, size_t i, uint32_t *depths)
{
    struct pp_reader *r = v->f->r;
    int64_t parent;
    pp_id frame = 0;
    parent_of(v, i, &parent);
    pp_id under = parent == PP_FX_NONE ? 0 : v->nodes[parent];
    depths[i] = parent == PP_FX_NONE ? 1 : depths[parent] + 1;
    if (!frame_of(v, pp_fx_index(v->tables[PP_FX_STACKS], STACK_FRAME, i), false, &frame))
        return false;
    v->nodes[i] = under;
    if (depths[i] <= r->max_depth)
        v->nodes[i] = pp_child(r->out, under, frame);
    else
        pp_reader_cut(r, pp_json_place(&v->f->json), depths[i]);
    return true;
}

bool pp_fx_make_nodes(struct pp_fx_view *v)
{
    if (!use_parents(v))
        return false;
    uint32_t *depths = pp_calloc(v->nstacks, sizeof *depths);
    bool ok = true;
    for (size_t i = 0; ok && i < v->nstacks; i++)
        if (v->used[i])
            ok = make_node(v, i, depths);
    free(depths);
    return ok;
}

bool pp_fx_node(struct pp_fx_view *v, int64_t stack, pp_id *node)
{
    int64_t parent;
    pp_id frame = 0;
    *node = 0;
    if (stack < 0)
        return true;
    *node = v->nodes[stack];
    if (v->processed)
        return true;
    parent_of(v, (size_t)stack, &parent);
    pp_id under = parent == PP_FX_NONE ? 0 : v->nodes[parent];
    if (*node == under) /* cut at the maximum depth */
        return true;
    if (!frame_of(v, pp_fx_index(v->tables[PP_FX_STACKS], STACK_FRAME, (size_t)stack), true,
                  &frame))
        return false;
    *node = pp_child(v->f->r->out, under, frame);
    return true;
}

/* --- categories ---------------------------------------------------------- */

static int64_t subcategory_of(const struct pp_fx_view *v, const struct pp_fx_category *c,
                              int64_t frame)
{
    int64_t sub = pp_fx_index(v->tables[PP_FX_FRAMES], FRAME_SUBCATEGORY, (size_t)frame);
    return sub > 0 && (uint64_t)sub < c->count ? sub : 0;
}

/*
 * The first subcategory stands for the whole category, and "Other" without a subcategory says
 * nothing.
 */
pp_id pp_fx_category(struct pp_fx_view *v, int64_t stack)
{
    const struct pp_fx_process *p = v->process;
    const struct pp_fx_table *frames = v->tables[PP_FX_FRAMES];
    if (stack < 0)
        return 0;
    int64_t frame = pp_fx_index(v->tables[PP_FX_STACKS], STACK_FRAME, (size_t)stack);
    int64_t flags = pp_fx_value(frames, FRAME_FLAGS, (size_t)frame);
    int64_t index = value_if(frames, FRAME_CATEGORY, frame, flags, FRAME_HAS_CATEGORY);
    if (index == PP_FX_NONE)
        index = pp_fx_index(v->tables[PP_FX_STACKS], STACK_CATEGORY, (size_t)stack);
    if (index < 0 || (uint64_t)index >= p->ncategories)
        return 0;
    const struct pp_fx_category *c = &p->categories[index];
    int64_t sub = subcategory_of(v, c, frame);
    struct pp_span name = pp_fx_text(v->f, c->name);
    if (!sub)
        return pp_is(name, "Other") ? 0 : pp_string(v->f->r->out, name);
    struct pp_out text;
    pp_out_memory(&text, NULL);
    pp_put(&text, name);
    pp_puts(&text, ": ");
    pp_put(&text, pp_fx_text(v->f, p->subcategories.v[c->first + (size_t)sub]));
    pp_id id = pp_string(v->f->r->out, pp_out_bytes(&text));
    pp_out_release(&text);
    return id;
}
