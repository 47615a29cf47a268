/*
 * firefox_write_tables.c - writes the tables that threads share: stacks, frames, functions and
 * libraries.
 */
#include <stdlib.h>

#include "base/memory.h"
#include "formats/reader/frame_name.h"
#include "formats/viewers/firefox_write.h"

/* --- functions, frames and stacks ---------------------------------------- */

static void find_used(struct pp_fx_writer *w)
{
    const struct pp_profile *p = w->p;
    for (size_t s = 0; s < p->samples.count; s++)
        if (pp_fx_value_of(w, (pp_id)s))
            w->used[pp_sample(p, (pp_id)s)->node] = true;
    for (size_t n = p->nodes.count; n-- > 1;)
        if (w->used[n])
            w->used[pp_node(p, (pp_id)n)->parent] = true;
    pp_id stacks = 0;
    for (size_t n = 1; n < p->nodes.count; n++) {
        if (!w->used[n])
            continue;
        w->stack_of_node[n] = ++stacks;
        w->frame_used[pp_node(p, (pp_id)n)->frame] = true;
    }
}

static pp_id source_of(struct pp_fx_writer *w, pp_id file)
{
    return file ? pp_intern(&w->sources, &(struct pp_fx_source){file, 0}) : 0;
}

/* The address of a frame in its library, wherever that was mapped; -1 if unknown. */
static int64_t address_of(const struct pp_fx_writer *w, const struct pp_frame *f)
{
    const struct pp_mapping *m = pp_mapping(w->p, f->mapping);
    uint64_t address = f->address;
    if (m->limit || m->start || m->offset)
        address += m->offset - m->start;
    bool known = f->address && f->mapping && !(m->flags & PP_START_UNKNOWN);
    return known && address <= INT64_MAX ? (int64_t)address : -1;
}

/* An address without a name is its own name, which is how the viewer recognizes it. */
static struct pp_span name_of(struct pp_fx_writer *w, pp_id frame, struct pp_out *room)
{
    const struct pp_frame *f = pp_frame(w->p, frame);
    int64_t address = address_of(w, f);
    if (!pp_empty(pp_frame_name(w->p, frame)) || address < 0)
        return pp_name_of_frame(w->p, frame, room);
    room->len = 0;
    pp_putf(room, "0x%llx", (unsigned long long)address);
    w->names_missing = true;
    return pp_out_bytes(room);
}

static void make_func(struct pp_fx_writer *w, pp_id frame, struct pp_out *room)
{
    const struct pp_profile *p = w->p;
    const struct pp_frame *f = pp_frame(p, frame);
    const struct pp_function *function = pp_function(p, f->function);
    struct pp_fx_func row = {
        .name = pp_intern_string(&w->strings, name_of(w, frame, room)),
        .file = pp_intern_string(&w->strings, pp_text(p, function->file)),
        .line = function->line,
        .library = f->mapping,
    };
    w->func_of_frame[frame] = pp_intern(&w->funcs, &row);
}

static void make_funcs(struct pp_fx_writer *w)
{
    struct pp_out room;
    pp_out_memory(&room, NULL);
    for (size_t f = 0; f < w->p->frames.count; f++) {
        if (!w->frame_used[f])
            continue;
        w->place_of_frame[f] = (pp_id)w->nframes++;
        make_func(w, (pp_id)f, &room);
    }
    w->source_of_func = pp_calloc(w->funcs.count, sizeof *w->source_of_func);
    for (size_t i = 1; i < w->funcs.count; i++)
        w->source_of_func[i] =
            source_of(w, ((const struct pp_fx_func *)pp_row(&w->funcs, (pp_id)i))->file);
    pp_out_release(&room);
}

/* --- small things to write ----------------------------------------------- */

void pp_fx_put_text(struct pp_fx_writer *w, const char *key, struct pp_span value)
{
    pp_json_key(&w->json, key);
    pp_json_put_text(&w->json, value);
}

void pp_fx_put_number(struct pp_fx_writer *w, const char *key, uint64_t value)
{
    pp_json_key(&w->json, key);
    pp_json_put_u64(&w->json, value);
}

void pp_fx_begin_list(struct pp_fx_writer *w, const char *key)
{
    pp_json_key(&w->json, key);
    pp_json_open(&w->json, '[');
}

void pp_fx_end_list(struct pp_fx_writer *w)
{
    pp_json_close(&w->json, ']');
}

void pp_fx_put_empty_list(struct pp_fx_writer *w, const char *key)
{
    pp_fx_begin_list(w, key);
    pp_fx_end_list(w);
}

void pp_fx_put_or_null(struct pp_fx_writer *w, uint64_t value, bool there)
{
    if (there)
        pp_json_put_u64(&w->json, value);
    else
        pp_json_put_null(&w->json);
}

/* Writes a list of `n` equal values: a number, or null. */
static void put_equal(struct pp_fx_writer *w, const char *key, size_t n, bool null, int64_t value)
{
    pp_fx_begin_list(w, key);
    for (size_t i = 0; i < n; i++) {
        if (null)
            pp_json_put_null(&w->json);
        else
            pp_json_put_i64(&w->json, value);
    }
    pp_fx_end_list(w);
}

/* --- libraries ----------------------------------------------------------- */

/* Writes the first 16 bytes of a build id as a GUID, with an age of 0. */
static void put_breakpad_id(struct pp_fx_writer *w, struct pp_span build_id)
{
    static const unsigned char order[16] = {3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15};
    char text[33];
    for (size_t i = 0; i < 16; i++)
        for (size_t half = 0; half < 2; half++) {
            size_t at = 2 * (size_t)order[i] + half;
            char c = at < pp_len(build_id) ? build_id.p[at] : '0';
            text[2 * i + half] = c >= 'a' && c <= 'f' ? (char)(c - ('a' - 'A')) : c;
        }
    text[32] = '0';
    pp_fx_put_text(w, "breakpadId", (struct pp_span){text, text + 33});
}

void pp_fx_put_libs(struct pp_fx_writer *w)
{
    const struct pp_profile *p = w->p;
    pp_fx_begin_list(w, "libs");
    for (size_t m = 1; m < p->mappings.count; m++) {
        const struct pp_mapping *row = pp_mapping(p, (pp_id)m);
        struct pp_span path = pp_text(p, row->file), id = pp_text(p, row->build_id);
        pp_json_open(&w->json, '{');
        pp_fx_put_text(w, "arch", pp_str(""));
        pp_fx_put_text(w, "name", pp_base_name(path));
        pp_fx_put_text(w, "path", path);
        pp_fx_put_text(w, "debugName", pp_base_name(path));
        pp_fx_put_text(w, "debugPath", path);
        put_breakpad_id(w, id);
        pp_json_key(&w->json, "codeId");
        if (pp_empty(id))
            pp_json_put_null(&w->json);
        else
            pp_json_put_text(&w->json, id);
        pp_json_close(&w->json, '}');
    }
    pp_fx_end_list(w);
}

/* --- the shared tables --------------------------------------------------- */

static void put_strings(struct pp_fx_writer *w)
{
    pp_fx_begin_list(w, "stringArray");
    for (size_t i = 0; i < w->strings.count; i++)
        pp_json_put_text(&w->json, pp_string_at(&w->strings, (pp_id)i));
    pp_fx_end_list(w);
}

void pp_fx_open_table(struct pp_fx_writer *w, const char *key)
{
    pp_json_key(&w->json, key);
    pp_json_open(&w->json, '{');
}

void pp_fx_close_table(struct pp_fx_writer *w, size_t length)
{
    pp_fx_put_number(w, "length", length);
    pp_json_close(&w->json, '}');
}

static void put_sources(struct pp_fx_writer *w)
{
    size_t n = w->sources.count - 1;
    pp_fx_open_table(w, "sources");
    put_equal(w, "id", n, true, 0);
    pp_fx_begin_list(w, "filename");
    for (size_t i = 1; i <= n; i++)
        pp_json_put_u64(&w->json,
                        ((const struct pp_fx_source *)pp_row(&w->sources, (pp_id)i))->file);
    pp_fx_end_list(w);
    pp_fx_close_table(w, n);
}

static void put_stacks(struct pp_fx_writer *w)
{
    const struct pp_profile *p = w->p;
    size_t n = 0;
    pp_fx_open_table(w, "stackTable");
    pp_fx_begin_list(w, "frame");
    for (size_t i = 1; i < p->nodes.count; i++)
        if (w->used[i]) {
            pp_json_put_u64(&w->json, w->place_of_frame[pp_node(p, (pp_id)i)->frame]);
            n++;
        }
    pp_fx_end_list(w);
    pp_fx_begin_list(w, "prefix");
    for (size_t i = 1; i < p->nodes.count; i++)
        if (w->used[i]) {
            pp_id parent = w->stack_of_node[pp_node(p, (pp_id)i)->parent];
            pp_fx_put_or_null(w, (uint64_t)parent - 1, parent);
        }
    pp_fx_end_list(w);
    pp_fx_close_table(w, n);
}

/* Writes a column of the table of frames. */
static void put_frame_column(struct pp_fx_writer *w, const char *key,
                             void (*put)(struct pp_fx_writer *w, pp_id frame))
{
    pp_fx_begin_list(w, key);
    for (size_t f = 0; f < w->p->frames.count; f++)
        if (w->frame_used[f])
            put(w, (pp_id)f);
    pp_fx_end_list(w);
}

static void put_frame_func(struct pp_fx_writer *w, pp_id frame)
{
    pp_json_put_u64(&w->json, w->func_of_frame[frame] - 1);
}

static void put_frame_address(struct pp_fx_writer *w, pp_id frame)
{
    pp_json_put_i64(&w->json, address_of(w, pp_frame(w->p, frame)));
}

static void put_frame_depth(struct pp_fx_writer *w, pp_id frame)
{
    pp_json_put_u64(&w->json, pp_frame(w->p, frame)->inlined);
}

static void put_frame_line(struct pp_fx_writer *w, pp_id frame)
{
    uint32_t line = pp_frame(w->p, frame)->line;
    pp_fx_put_or_null(w, line, line);
}

static void put_frame_place(struct pp_fx_writer *w, pp_id frame)
{
    const struct pp_frame *f = pp_frame(w->p, frame);
    pp_fx_put_or_null(w, f->column, f->line && f->column);
}

static void put_frames(struct pp_fx_writer *w)
{
    pp_fx_open_table(w, "frameTable");
    put_frame_column(w, "address", put_frame_address);
    put_frame_column(w, "inlineDepth", put_frame_depth);
    put_equal(w, "category", w->nframes, false, 0);
    put_equal(w, "subcategory", w->nframes, false, 0);
    put_frame_column(w, "func", put_frame_func);
    put_equal(w, "nativeSymbol", w->nframes, true, 0);
    put_equal(w, "innerWindowID", w->nframes, false, 0);
    put_frame_column(w, "line", put_frame_line);
    put_frame_column(w, "column", put_frame_place);
    pp_fx_close_table(w, w->nframes);
}

static const struct pp_fx_func *func(const struct pp_fx_writer *w, size_t i)
{
    return pp_row(&w->funcs, (pp_id)i);
}

/* Each library has a resource with the same number. */
static void put_funcs(struct pp_fx_writer *w)
{
    size_t n = w->funcs.count - 1;
    pp_fx_open_table(w, "funcTable");
    pp_fx_begin_list(w, "name");
    for (size_t i = 1; i <= n; i++)
        pp_json_put_u64(&w->json, func(w, i)->name);
    pp_fx_end_list(w);
    pp_fx_begin_list(w, "isJS");
    for (size_t i = 1; i <= n; i++)
        pp_json_put_bool(&w->json, false);
    pp_fx_end_list(w);
    pp_fx_begin_list(w, "relevantForJS");
    for (size_t i = 1; i <= n; i++)
        pp_json_put_bool(&w->json, false);
    pp_fx_end_list(w);
    pp_fx_begin_list(w, "resource");
    for (size_t i = 1; i <= n; i++)
        pp_json_put_i64(&w->json, (int64_t)func(w, i)->library - 1);
    pp_fx_end_list(w);
    pp_fx_begin_list(w, "source");
    for (size_t i = 1; i <= n; i++)
        pp_fx_put_or_null(w, (uint64_t)w->source_of_func[i] - 1, w->source_of_func[i]);
    pp_fx_end_list(w);
    pp_fx_begin_list(w, "lineNumber");
    for (size_t i = 1; i <= n; i++)
        pp_fx_put_or_null(w, func(w, i)->line, func(w, i)->line);
    pp_fx_end_list(w);
    put_equal(w, "columnNumber", n, true, 0);
    pp_fx_close_table(w, n);
}

static void put_resources(struct pp_fx_writer *w)
{
    enum { LIBRARY = 1 };
    size_t n = w->p->mappings.count - 1;
    pp_fx_open_table(w, "resourceTable");
    pp_fx_begin_list(w, "lib");
    for (size_t i = 0; i < n; i++)
        pp_json_put_u64(&w->json, i);
    pp_fx_end_list(w);
    pp_fx_begin_list(w, "name");
    for (size_t i = 1; i <= n; i++) {
        struct pp_span file = pp_text(w->p, pp_mapping(w->p, (pp_id)i)->file);
        pp_json_put_u64(&w->json, pp_intern_string(&w->strings, pp_base_name(file)));
    }
    pp_fx_end_list(w);
    put_equal(w, "host", n, true, 0);
    put_equal(w, "type", n, false, LIBRARY);
    pp_fx_close_table(w, n);
}

static void put_native_symbols(struct pp_fx_writer *w)
{
    pp_fx_open_table(w, "nativeSymbols");
    pp_fx_put_empty_list(w, "libIndex");
    pp_fx_put_empty_list(w, "address");
    pp_fx_put_empty_list(w, "name");
    pp_fx_put_empty_list(w, "functionSize");
    pp_fx_close_table(w, 0);
}

/* Strings come last, as resources add some. */
void pp_fx_put_shared(struct pp_fx_writer *w)
{
    pp_json_key(&w->json, "shared");
    pp_json_open(&w->json, '{');
    put_stacks(w);
    put_frames(w);
    put_funcs(w);
    put_resources(w);
    put_native_symbols(w);
    put_sources(w);
    put_strings(w);
    pp_json_close(&w->json, '}');
}

/* --- all of them --------------------------------------------------------- */

void pp_fx_init_tables(struct pp_fx_writer *w)
{
    const struct pp_profile *p = w->p;
    pp_strings_init(&w->strings);
    pp_table_init(&w->funcs, sizeof(struct pp_fx_func));
    pp_table_init(&w->sources, sizeof(struct pp_fx_source));
    w->func_of_frame = pp_calloc(p->frames.count, sizeof *w->func_of_frame);
    w->place_of_frame = pp_calloc(p->frames.count, sizeof *w->place_of_frame);
    w->frame_used = pp_calloc(p->frames.count, sizeof *w->frame_used);
    w->used = pp_calloc(p->nodes.count, sizeof *w->used);
    w->stack_of_node = pp_calloc(p->nodes.count, sizeof *w->stack_of_node);
    find_used(w);
    make_funcs(w);
}

void pp_fx_release_tables(struct pp_fx_writer *w)
{
    pp_strings_release(&w->strings);
    pp_table_release(&w->funcs);
    pp_table_release(&w->sources);
    free(w->func_of_frame);
    free(w->place_of_frame);
    free(w->frame_used);
    free(w->used);
    free(w->stack_of_node);
    free(w->source_of_func);
}
