/*
 * callgrind_write.c - call graphs for KCachegrind and callgrind_annotate; callgrind.c has the
 * format.
 *
 * Each column is an event, except that of calls, which becomes their counts. A function has one
 * node for each recursion level, "f", "f'2" and so on, so the cost of a call is the total of the
 * callee, and no cost is counted twice. A function is identified by its object and its name: code
 * inlined into it from another file is part of it, as in callgrind.
 *
 * Both programs take the cost of calls of a function for its total. If it is also the root of
 * stacks, these are called by a function "(root)".
 */
#include <inttypes.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/out.h"
#include "formats/valgrind/callgrind_tree.h"

bool pp_callgrind_write(const struct pp_profile *p, struct pp_out *out);

struct writer {
    const struct pp_profile *p;
    const struct pp_cg_tree *t;
    struct pp_out *out;
    unsigned columns[PP_MAX_COLUMNS]; /* of the events */
    unsigned nevents;
    bool instr, objects;
    struct pp_strings names[3]; /* that have numbers: of objects, files and functions */
    pp_id object, file;         /* current: strings of the profile plus one */
    pp_id level_file;
    struct pp_out name;
};

enum { OBJECTS, FILES, FUNCTIONS };

/* --- names --------------------------------------------------------------- */

static bool is_trimmed(struct pp_span name)
{
    return *name.p != ' ' && name.end[-1] != ' ';
}

/*
 * "fn=(2) main" the first time, then "fn=(2)"; a name that begins or ends with a blank is written
 * as it is, as the blank would be lost.
 */
static void put_name(struct writer *w, const char *key, int kind, struct pp_span name)
{
    size_t known = w->names[kind].count;
    if (pp_empty(name))
        name = pp_str("???");
    pp_puts(w->out, key);
    bool numbered = is_trimmed(name);
    if (numbered)
        pp_putf(w->out, "(%u)", (unsigned)pp_intern_string(&w->names[kind], name));
    if (numbered && w->names[kind].count > known)
        pp_putc(w->out, ' ');
    if (!numbered || w->names[kind].count > known)
        for (; name.p < name.end; name.p++)
            pp_putc(w->out, (unsigned char)*name.p < ' ' || *name.p == 0x7f ? '?' : *name.p);
    pp_putc(w->out, '\n');
}

/* "f", or "f'3" at the third recursion level; a function without a name has that of its object. */
static struct pp_span level_name(struct writer *w, pp_id level)
{
    const struct pp_cg_level *l = pp_row(&w->t->levels, level);
    const struct pp_cg_function *f = pp_row(&w->t->functions, l->function);
    w->name.len = 0;
    if (f->kind == PP_CG_ROOT) {
        pp_puts(&w->name, "(root)");
    } else if (f->name) {
        pp_put(&w->name, pp_text(w->p, f->name));
    } else if (f->object) {
        pp_puts(&w->name, "[");
        pp_put(&w->name, pp_base_name(pp_text(w->p, f->object)));
        pp_puts(&w->name, "]");
    } else {
        pp_puts(&w->name, "[unknown]");
    }
    if (l->number > 1)
        pp_putf(&w->name, "'%u", (unsigned)l->number);
    return pp_out_bytes(&w->name);
}

static void put_object(struct writer *w, const char *key, pp_id object)
{
    if (w->objects)
        put_name(w, key, OBJECTS, pp_text(w->p, object));
}

static void put_file(struct writer *w, const char *key, pp_id file)
{
    put_name(w, key, FILES, pp_text(w->p, file));
}

/* --- costs --------------------------------------------------------------- */

static void put_place(struct writer *w, uint64_t address, uint32_t line)
{
    if (w->instr)
        pp_putf(w->out, "0x%" PRIx64 " ", address);
    pp_putf(w->out, "%u", (unsigned)line);
}

static bool is_any(const int64_t *values, unsigned n)
{
    for (unsigned e = 0; e < n; e++)
        if (values[e])
            return true;
    return false;
}

static void put_costs(struct writer *w, const int64_t *values)
{
    for (unsigned e = 0; e < w->nevents; e++) {
        pp_putc(w->out, ' ');
        pp_put_i64(w->out, values[e]);
    }
    pp_putc(w->out, '\n');
}

/* Writes the file of the next line, if it changes. */
static void switch_file(struct writer *w, pp_id file)
{
    if (file != w->file)
        put_file(w, file == w->level_file ? "fe=" : "fi=", file);
    w->file = file;
}

static void put_call(struct writer *w, const struct pp_cg_line *line, int64_t calls)
{
    const struct pp_cg_level *callee = pp_row(&w->t->levels, line->callee);
    const struct pp_cg_function *f = pp_row(&w->t->functions, callee->function);
    if (f->object != w->object)
        put_object(w, "cob=", f->object);
    if (w->t->files[callee->function] != w->file)
        put_file(w, "cfi=", w->t->files[callee->function]);
    put_name(w, "cfn=", FUNCTIONS, level_name(w, line->callee));
    pp_putf(w->out, "calls=%" PRId64 " ", calls > 0 ? calls : 1);
    put_place(w, 0, 0);
    pp_putc(w->out, '\n');
}

static void put_line(struct writer *w, size_t i)
{
    const struct pp_cg_line *line = pp_row(&w->t->lines, w->t->order[i]);
    const int64_t *values = w->t->values + (size_t)w->t->order[i] * w->nevents;
    if (!line->callee && !is_any(values, w->nevents))
        return;
    switch_file(w, line->file);
    if (line->callee)
        put_call(w, line, w->t->calls[w->t->order[i]]);
    put_place(w, line->address, line->line);
    put_costs(w, values);
}

/* Writes a function with its lines from `i` on; returns the first line of another one. */
static size_t put_level(struct writer *w, size_t i)
{
    pp_id level = ((const struct pp_cg_line *)pp_row(&w->t->lines, w->t->order[i]))->level;
    const struct pp_cg_level *l = pp_row(&w->t->levels, level);
    const struct pp_cg_function *f = pp_row(&w->t->functions, l->function);
    pp_putc(w->out, '\n');
    put_object(w, "ob=", f->object);
    w->object = f->object;
    w->level_file = w->file = w->t->files[l->function];
    put_file(w, "fl=", w->file);
    put_name(w, "fn=", FUNCTIONS, level_name(w, level));
    for (; i < w->t->lines.count - 1; i++) {
        const struct pp_cg_line *line = pp_row(&w->t->lines, w->t->order[i]);
        if (line->level != level)
            break;
        put_line(w, i);
    }
    return i;
}

/* --- the header ---------------------------------------------------------- */

/* "Ir", or "cpu(nanoseconds)" if it is not just a count; without blanks. */
static void put_event(struct writer *w, const struct pp_column *c)
{
    struct pp_span type = pp_text(w->p, c->type), unit = pp_text(w->p, c->unit);
    bool plain = pp_is(unit, "count") || pp_empty(unit);
    if (pp_empty(type))
        type = pp_str("events"); /* a line without an event could not be read */
    pp_putc(w->out, ' ');
    for (; type.p < type.end; type.p++)
        pp_putc(w->out, (unsigned char)*type.p <= ' ' ? '_' : *type.p);
    if (plain)
        return;
    pp_putc(w->out, '(');
    for (; unit.p < unit.end; unit.p++)
        pp_putc(w->out, (unsigned char)*unit.p <= ' ' ? '_' : *unit.p);
    pp_putc(w->out, ')');
}

static void put_sums(struct writer *w, const char *key)
{
    pp_puts(w->out, key);
    for (unsigned e = 0; e < w->nevents; e++) {
        pp_putc(w->out, ' ');
        pp_put_i64(w->out, w->t->sums[e]);
    }
    pp_putc(w->out, '\n');
}

static void put_header(struct writer *w)
{
    pp_puts(w->out, "# callgrind format\nversion: 1\ncreator: pp\n");
    pp_puts(w->out, w->instr ? "positions: instr line\n" : "positions: line\n");
    pp_puts(w->out, "events:");
    for (unsigned e = 0; e < w->nevents; e++)
        put_event(w, &w->p->columns[w->columns[e]]);
    pp_putc(w->out, '\n');
    put_sums(w, "summary:");
}

/* --- entry point --------------------------------------------------------- */

static bool is_calls(const struct pp_profile *p, unsigned column)
{
    return pp_is(pp_text(p, p->columns[column].type), "calls") &&
           pp_is(pp_text(p, p->columns[column].unit), "count");
}

/* The column to show comes first, as KCachegrind shows the first. */
static int choose_columns(struct writer *w)
{
    int chosen = pp_column_select(w->p, NULL), calls = -1;
    if (chosen >= 0)
        w->columns[w->nevents++] = (unsigned)chosen;
    for (unsigned c = 0; c < w->p->ncolumns; c++) {
        if ((int)c == chosen)
            continue;
        if (is_calls(w->p, c))
            calls = (int)c;
        else
            w->columns[w->nevents++] = c;
    }
    return calls;
}

static void look_around(struct writer *w)
{
    for (size_t i = 0; i < w->t->lines.count; i++)
        w->instr = w->instr || ((const struct pp_cg_line *)pp_row(&w->t->lines, (pp_id)i))->address;
    for (size_t i = 0; i < w->t->functions.count; i++)
        w->objects = w->objects ||
                     ((const struct pp_cg_function *)pp_row(&w->t->functions, (pp_id)i))->object;
}

static void put_all(struct writer *w)
{
    for (int i = 0; i < 3; i++)
        pp_strings_init(&w->names[i]);
    pp_out_memory(&w->name, NULL);
    put_header(w);
    for (size_t i = 0; i < w->t->lines.count - 1;)
        i = put_level(w, i);
    pp_putc(w->out, '\n');
    put_sums(w, "totals:");
    for (int i = 0; i < 3; i++)
        pp_strings_release(&w->names[i]);
    pp_out_release(&w->name);
}

bool pp_callgrind_write(const struct pp_profile *p, struct pp_out *out)
{
    struct pp_cg_tree t = {.p = p};
    struct writer w = {.p = p, .t = &t, .out = out};
    int calls = choose_columns(&w);
    if (!w.nevents)
        return pp_error(out->diag, out->name, "the profile has no values");
    pp_cg_tree_init(&t, w.columns, w.nevents, calls);
    look_around(&w);
    put_all(&w);
    pp_cg_tree_release(&t);
    return !out->failed;
}
