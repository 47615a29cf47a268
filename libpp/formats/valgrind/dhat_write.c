/*
 * dhat_write.c - profiles for dh_view.html and the Firefox Profiler; dhat.c has the format.
 *
 * Frames are written as valgrind writes them, so that both programs understand them; an unknown
 * address is 0x0. Stacks with the same text become one, as dh_view rejects duplicates.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "base/memory.h"
#include "formats/format.h"
#include "syntax/json_write.h"

bool pp_dhat_write(const struct pp_profile *p, struct pp_out *out);

/* The numbers of a point, and their columns. */
static const struct {
    const char *key, *type;
} numbers[] = {
    {"tb", "alloc_space"},   {"tbk", "alloc_objects"}, {"tl", "lifetime"},
    {"mb", "max_space"},     {"mbk", "max_objects"},   {"gb", "peak_space"},
    {"gbk", "peak_objects"}, {"eb", "inuse_space"},    {"ebk", "inuse_objects"},
    {"rb", "read"},          {"wb", "written"},
};

enum number { TB, TBK, TL, MB, MBK, GB, GBK, EB, EBK, RB, WB, NUMBERS };

struct dhat_writer {
    const struct pp_profile *p;
    struct pp_json_writer json;
    int columns[NUMBERS];
    bool lifetimes, accesses, heap;
    struct pp_strings texts; /* texts of frames; each is written at its id */
    struct pp_table tree;    /* stacks: rows are a parent and a text */
    pp_id *place;            /* by node of the profile: its row in the tree */
    int64_t *values;         /* by row of the tree and number */
    bool *used;              /* by row */
};

/* --- columns ------------------------------------------------------------- */

static int column_of(const struct pp_profile *p, const char *type)
{
    for (unsigned c = 0; c < p->ncolumns; c++)
        if (pp_is(pp_text(p, p->columns[c].type), type))
            return (int)c;
    return -1;
}

static bool all_there(const struct dhat_writer *w, int first, int last)
{
    for (int n = first; n <= last; n++)
        if (w->columns[n] < 0)
            return false;
    return true;
}

/* A profile that is not a heap profile is written as one of units that occurred. */
static bool choose_columns(struct dhat_writer *w)
{
    int chosen = pp_column_select(w->p, NULL);
    for (unsigned n = 0; n < NUMBERS; n++)
        w->columns[n] = column_of(w->p, numbers[n].type);
    w->heap = w->columns[TB] >= 0;
    if (!w->heap && chosen >= 0) {
        struct pp_span unit = pp_text(w->p, w->p->columns[chosen].unit);
        w->heap = pp_is(unit, "bytes");
        w->columns[TB] = chosen;
    }
    w->lifetimes = w->columns[TL] >= 0 && all_there(w, GB, EBK);
    w->accesses = all_there(w, RB, WB);
    return w->columns[TB] >= 0;
}

/* --- frames -------------------------------------------------------------- */

static void put_where(struct pp_out *out, const struct pp_profile *p, const struct pp_frame *f)
{
    struct pp_span file = pp_text(p, pp_function(p, f->function)->file);
    struct pp_span module = pp_text(p, pp_mapping(p, f->mapping)->file);
    bool named = pp_function(p, f->function)->name != 0;
    if (named ? pp_empty(file) : !pp_empty(module)) {
        pp_puts(out, " (in ");
        pp_put(out, pp_empty(module) ? pp_str("???") : module);
        pp_puts(out, ")");
        return;
    }
    pp_puts(out, " (");
    pp_put(out, pp_empty(file) ? pp_str("???") : file);
    pp_putf(out, ":%u", (unsigned)f->line);
    if (f->column)
        pp_putf(out, ":%u", (unsigned)f->column);
    pp_puts(out, ")");
}

/* "0x109213: temporary (alloc.c:9)" */
static void put_frame(struct pp_out *out, const struct pp_profile *p, pp_id id)
{
    const struct pp_frame *f = pp_frame(p, id);
    struct pp_span name = pp_frame_name(p, id);
    pp_putf(out, "0x%" PRIX64 ": ", f->address);
    pp_put(out, pp_empty(name) ? pp_str("???") : name);
    put_where(out, p, f);
}

/* By frame: its text. Id 1 is the root's, which is entry 0 in the file. */
static pp_id *make_texts(struct dhat_writer *w)
{
    pp_id *texts = pp_calloc(w->p->frames.count, sizeof *texts);
    struct pp_out text;
    pp_out_memory(&text, NULL);
    for (size_t i = 1; i < w->p->frames.count; i++) {
        text.len = 0;
        put_frame(&text, w->p, (pp_id)i);
        texts[i] = pp_intern_string(&w->texts, pp_out_bytes(&text));
    }
    pp_out_release(&text);
    return texts;
}

/* --- stacks -------------------------------------------------------------- */

static void make_tree(struct dhat_writer *w)
{
    const struct pp_profile *p = w->p;
    pp_id *texts = make_texts(w);
    w->place = pp_calloc(p->nodes.count, sizeof *w->place);
    for (size_t n = 1; n < p->nodes.count; n++) {
        bool fresh = false;
        const struct pp_node *node = pp_node(p, (pp_id)n);
        w->place[n] = pp_intern_child(&w->tree, w->place[node->parent], texts[node->frame], &fresh);
    }
    free(texts);
}

static bool add_up(struct dhat_writer *w)
{
    const struct pp_profile *p = w->p;
    w->values = pp_calloc(w->tree.count * NUMBERS, sizeof *w->values);
    w->used = pp_calloc(w->tree.count, sizeof *w->used);
    for (size_t s = 0; s < p->samples.count; s++) {
        size_t row = w->place[pp_sample(p, (pp_id)s)->node];
        for (unsigned n = 0; n < NUMBERS; n++) {
            int64_t v = w->columns[n] < 0 ? 0 : p->columns[w->columns[n]].values[s];
            w->values[row * NUMBERS + n] += v;
            w->used[row] = w->used[row] || v;
        }
    }
    for (size_t i = 0; i < w->tree.count * NUMBERS; i++)
        if (w->values[i] < 0)
            return false;
    return true;
}

/* --- the file ------------------------------------------------------------ */

static void put_text(struct dhat_writer *w, const char *key, const char *text)
{
    pp_json_key(&w->json, key);
    pp_json_put_text(&w->json, pp_str(text));
}

static void put_number(struct dhat_writer *w, const char *key, int64_t v)
{
    pp_json_key(&w->json, key);
    pp_json_put_i64(&w->json, v);
}

static bool in_nanoseconds(const struct dhat_writer *w)
{
    return w->columns[TL] >= 0 &&
           pp_is(pp_text(w->p, w->p->columns[w->columns[TL]].unit), "nanoseconds");
}

static void put_head(struct dhat_writer *w)
{
    bool time = in_nanoseconds(w);
    put_number(w, "dhatFileVersion", 2);
    put_text(w, "mode", w->heap ? "heap" : "ad-hoc");
    put_text(w, "verb", w->heap ? "Allocated" : "Counted");
    pp_json_key(&w->json, "bklt");
    pp_json_put_bool(&w->json, w->lifetimes);
    pp_json_key(&w->json, "bkacc");
    pp_json_put_bool(&w->json, w->accesses);
    if (!w->heap) {
        struct pp_span unit = pp_text(w->p, w->p->columns[w->columns[TB]].unit);
        pp_json_key(&w->json, "bu");
        pp_json_put_text(&w->json, unit);
        pp_json_key(&w->json, "bsu");
        pp_json_put_text(&w->json, unit);
        put_text(w, "bksu", "events");
    }
    put_text(w, "tu", time ? "\xc2\xb5s" : "instrs");
    put_text(w, "Mtu", time ? "s" : "Minstr");
    if (w->lifetimes)
        put_number(w, "tuth", time ? 10 : 500);
    put_text(w, "cmd", "(converted by pp)");
    put_number(w, "pid", 0);
    put_number(w, "te", time ? w->p->about.duration_ns / 1000 : 0);
    if (w->lifetimes)
        put_number(w, "tg", 0);
}

static bool is_written(const struct dhat_writer *w, unsigned n)
{
    return n <= TBK || (n < RB ? w->lifetimes : w->accesses);
}

static void put_point(struct dhat_writer *w, pp_id row)
{
    const struct {
        pp_id parent, text;
    } * node;
    pp_json_open(&w->json, '{');
    for (unsigned n = 0; n < NUMBERS; n++) {
        int64_t v = w->values[(size_t)row * NUMBERS + n];
        if (is_written(w, n))
            put_number(w, numbers[n].key, n == TL && in_nanoseconds(w) ? v / 1000 : v);
    }
    pp_json_key(&w->json, "fs");
    pp_json_open(&w->json, '[');
    for (; row; row = node->parent) {
        node = pp_row(&w->tree, row);
        pp_json_put_i64(&w->json, node->text);
    }
    pp_json_close(&w->json, ']');
    pp_json_close(&w->json, '}');
    pp_putc(w->json.out, '\n');
}

static void put_all(struct dhat_writer *w)
{
    pp_json_open(&w->json, '{');
    put_head(w);
    pp_json_key(&w->json, "pps");
    pp_json_open(&w->json, '[');
    for (size_t row = 0; row < w->tree.count; row++)
        if (w->used[row])
            put_point(w, (pp_id)row);
    pp_json_close(&w->json, ']');
    pp_json_key(&w->json, "ftbl");
    pp_json_open(&w->json, '[');
    pp_json_put_text(&w->json, pp_str("[root]"));
    for (size_t i = 1; i < w->texts.count; i++)
        pp_json_put_text(&w->json, pp_string_at(&w->texts, (pp_id)i));
    pp_json_close(&w->json, ']');
    pp_json_close(&w->json, '}');
    pp_putc(w->json.out, '\n');
}

bool pp_dhat_write(const struct pp_profile *p, struct pp_out *out)
{
    struct dhat_writer w = {.p = p, .json = {.out = out}};
    if (!choose_columns(&w))
        return pp_error(out->diag, out->name, "the profile has no values");
    pp_strings_init(&w.texts);
    pp_table_init_tree(&w.tree);
    make_tree(&w);
    bool ok = add_up(&w);
    if (ok)
        put_all(&w);
    else
        pp_error(out->diag, out->name, "DHAT's format cannot hold values below 0");
    pp_strings_release(&w.texts);
    pp_table_release(&w.tree);
    free(w.place);
    free(w.values);
    free(w.used);
    return ok && !out->failed;
}
