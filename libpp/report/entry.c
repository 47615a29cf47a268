#include "report/entry.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>

#include "base/memory.h"

/* --- rows ---------------------------------------------------------------- */

struct making {
    struct pp_entries *e;
    unsigned parts;
    const struct pp_paths *paths;
    pp_id *file; /* by string of the profile: the cleaned name; 0 until it is made */
    struct pp_out path;
};

static pp_id clean_file(struct making *m, pp_id file)
{
    if (!file || m->file[file])
        return m->file[file];
    struct pp_span path = pp_text(m->e->p, file);
    if (m->paths)
        path = pp_trim_path(path, m->paths);
    m->path.len = 0;
    pp_put_clean_path(&m->path, path);
    struct pp_span made = pp_out_bytes(&m->path);
    return m->file[file] = pp_intern_string(&m->e->strings, made);
}

static struct pp_entry entry_of(struct making *m, const struct pp_frame *f)
{
    const struct pp_profile *p = m->e->p;
    const struct pp_function *function = pp_function(p, f->function);
    struct pp_entry row = {0};
    if (m->parts & PP_ENTRY_NAME)
        row.name = function->name;
    if (m->parts & PP_ENTRY_FILE)
        row.file = clean_file(m, function->file);
    if (f->function && m->parts & PP_ENTRY_LINE)
        row.line = f->line;
    if (f->function && m->parts & PP_ENTRY_COLUMN)
        row.column = f->column;
    if (m->parts & PP_ENTRY_ADDRESS)
        row.address = f->address;
    if (m->parts & PP_ENTRY_OBJECT)
        row.start_line = function->line;
    if ((!row.name && !row.file) || m->parts & PP_ENTRY_OBJECT)
        row.object = pp_mapping(p, f->mapping)->file;
    return row;
}

/* --- texts --------------------------------------------------------------- */

void pp_put_entry(struct pp_out *out, const struct pp_entries *e, pp_id id, struct pp_span name,
                  struct pp_span file, const char *between)
{
    const struct pp_entry *row = pp_entry(e, id);
    struct pp_span object = pp_base_name(pp_text(e->p, row->object));
    size_t start = out->len;
    assert(!out->drain); /* else len would count only a part */
    if (row->address)
        pp_putf(out, "%016" PRIx64, row->address);
    if (!pp_empty(name)) {
        pp_puts(out, out->len > start ? between : "");
        pp_put(out, name);
    }
    if (!row->line && pp_empty(file) && !pp_empty(name))
        return;
    pp_puts(out, out->len > start ? between : "");
    pp_put(out, file);
    if (row->line)
        pp_putf(out, ":%" PRIu32, row->line);
    if (row->line && row->column)
        pp_putf(out, ":%" PRIu32, row->column);
    if (row->line || !pp_empty(file))
        return;
    if (pp_empty(object))
        pp_puts(out, "<unknown>");
    else
        pp_putf(out, "[%.*s]", (int)pp_len(object), object.p);
}

static void make_texts(struct pp_entries *e)
{
    struct pp_out text;
    pp_out_memory(&text, NULL);
    e->text = pp_calloc(e->rows.count, sizeof *e->text);
    for (pp_id id = 0; id < e->rows.count; id++) {
        text.len = 0;
        pp_put_entry(&text, e, id, pp_text(e->p, pp_entry(e, id)->name), pp_entry_file(e, id), " ");
        e->text[id] = pp_intern_string(&e->strings, pp_out_bytes(&text));
    }
    pp_out_release(&text);
}

/* --- entry point --------------------------------------------------------- */

void pp_entries_init(struct pp_entries *e, const struct pp_profile *p, unsigned parts,
                     const struct pp_paths *paths)
{
    struct making m = {.e = e, .parts = parts, .paths = paths};
    *e = (struct pp_entries){.p = p};
    pp_strings_init(&e->strings);
    pp_table_init(&e->rows, sizeof(struct pp_entry));
    m.file = pp_calloc(p->strings.count, sizeof *m.file);
    pp_out_memory(&m.path, NULL);
    e->of_frame = pp_calloc(p->frames.count, sizeof *e->of_frame);
    for (pp_id f = 0; f < p->frames.count; f++) {
        struct pp_entry row = entry_of(&m, pp_frame(p, f));
        e->of_frame[f] = pp_intern(&e->rows, &row);
    }
    pp_out_release(&m.path);
    free(m.file);
    make_texts(e);
}

void pp_entries_release(struct pp_entries *e)
{
    pp_strings_release(&e->strings);
    pp_table_release(&e->rows);
    free(e->of_frame);
    free(e->text);
}
