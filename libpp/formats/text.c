/* The whole profile as plain text, for people and for golden tests. Write-only. */
#include <stdlib.h>

#include "formats/format.h"

/* Bytes that would break a line or a terminal are written as \xNN. */
static void put_text(struct pp_out *out, struct pp_span s)
{
    for (const char *p = s.p; p < s.end; p++) {
        unsigned char c = (unsigned char)*p;
        if (c < 0x20 || c == 0x7f)
            pp_putf(out, "\\x%02x", c);
        else
            pp_putc(out, *p);
    }
}

static void put_string(const struct pp_profile *p, struct pp_out *out, const char *before, pp_id id)
{
    pp_puts(out, before);
    put_text(out, pp_text(p, id));
}

static void put_said(const struct pp_profile *p, struct pp_out *out, const char *what, pp_id id)
{
    if (!id)
        return;
    put_string(p, out, what, id);
    pp_putc(out, '\n');
}

static void put_about(const struct pp_profile *p, struct pp_out *out)
{
    const struct pp_about *a = &p->about;
    if (a->time_ns)
        pp_putf(out, "time %lld\n", (long long)a->time_ns);
    if (a->duration_ns)
        pp_putf(out, "duration %lld\n", (long long)a->duration_ns);
    if (a->period || a->period_type || a->period_unit) {
        pp_putf(out, "period %lld ", (long long)a->period);
        put_string(p, out, "", a->period_type);
        put_string(p, out, "/", a->period_unit);
        pp_putc(out, '\n');
    }
    put_said(p, out, "default ", a->default_type);
    put_said(p, out, "drop ", a->drop_frames);
    put_said(p, out, "keep ", a->keep_frames);
    put_said(p, out, "doc ", a->doc_url);
    for (size_t i = 0; i < a->ncomments; i++)
        put_said(p, out, "comment ", a->comments[i]);
}

static void put_column(const struct pp_profile *p, struct pp_out *out, const struct pp_column *c)
{
    static const char *const sides[] = {"", " before", " after"};
    put_string(p, out, "column ", c->type);
    put_string(p, out, "/", c->unit);
    pp_puts(out, sides[c->side]);
    if (c->decimals)
        pp_putf(out, " decimals %u", c->decimals);
    pp_putc(out, '\n');
}

static void put_mapping(const struct pp_profile *p, struct pp_out *out, pp_id id)
{
    static const char *const flags[] = {" functions",      " filenames",     " lines",  " inlines",
                                        " callers-return", " start-unknown", " deleted"};
    const struct pp_mapping *m = pp_mapping(p, id);
    pp_putf(out, "mapping %u: %#llx-%#llx+%#llx", (unsigned)id, (unsigned long long)m->start,
            (unsigned long long)m->limit, (unsigned long long)m->offset);
    if (m->file)
        put_string(p, out, " ", m->file);
    if (m->build_id)
        put_string(p, out, " build-id ", m->build_id);
    for (unsigned i = 0; i < sizeof flags / sizeof *flags; i++)
        if (m->flags >> i & 1)
            pp_puts(out, flags[i]);
    pp_putc(out, '\n');
}

static void put_function(const struct pp_profile *p, struct pp_out *out,
                         const struct pp_function *f)
{
    put_text(out, pp_text(p, f->name));
    if (f->system_name && f->system_name != f->name)
        put_string(p, out, " | ", f->system_name);
    if (f->file)
        put_string(p, out, " in ", f->file);
    if (f->line)
        pp_putf(out, " from %u", f->line);
}

static void put_frame(const struct pp_profile *p, struct pp_out *out, pp_id id)
{
    static const char *const kinds[PP_KINDS] = {"", " kernel", " jit", " interpreted"};
    const struct pp_frame *f = pp_frame(p, id);
    pp_puts(out, "    ");
    if (f->function)
        put_function(p, out, pp_function(p, f->function));
    else
        pp_puts(out, "?");
    if (f->line)
        pp_putf(out, " line %u", f->line);
    if (f->line && f->column)
        pp_putf(out, " column %u", f->column);
    if (f->discriminator)
        pp_putf(out, " discriminator %u", f->discriminator);
    if (f->address)
        pp_putf(out, " at %#llx", (unsigned long long)f->address);
    if (f->mapping)
        pp_putf(out, " mapping %u", (unsigned)f->mapping);
    pp_puts(out, f->kind < PP_KINDS ? kinds[f->kind] : " kind?");
    if (f->inlined)
        pp_puts(out, " inlined");
    if (f->marked)
        pp_puts(out, " marked");
    if (f->folded)
        pp_puts(out, " folded");
    pp_putc(out, '\n');
}

static void put_labels(const struct pp_profile *p, struct pp_out *out, pp_id set)
{
    for (; set; set = pp_label(p, set)->next) {
        const struct pp_label *l = pp_label(p, set);
        put_string(p, out, "  ", l->key);
        if (l->text)
            put_string(p, out, "=", l->text);
        else
            pp_putf(out, ":%lld", (long long)l->number);
        if (l->unit)
            put_string(p, out, " ", l->unit);
        pp_putc(out, '\n');
    }
}

static void put_sample(const struct pp_profile *p, struct pp_out *out, pp_id id)
{
    const struct pp_sample *s = pp_sample(p, id);
    pp_puts(out, "sample");
    for (unsigned c = 0; c < p->ncolumns; c++) {
        pp_putc(out, ' ');
        pp_put_decimal(out, p->columns[c].values[id], p->columns[c].decimals);
    }
    if (s->time_ns)
        pp_putf(out, " time %lld", (long long)s->time_ns);
    if (s->copy)
        pp_putf(out, " copy %u", s->copy);
    pp_putc(out, '\n');
    put_labels(p, out, s->labels);
}

static bool text_write(const struct pp_profile *p, struct pp_out *out)
{
    pp_id *frames = NULL;
    size_t cap = 0;
    put_about(p, out);
    for (unsigned c = 0; c < p->ncolumns; c++)
        put_column(p, out, &p->columns[c]);
    for (size_t m = 1; m < p->mappings.count; m++)
        put_mapping(p, out, (pp_id)m);
    for (size_t s = 0; s < p->samples.count; s++) {
        if (!pp_sample_exists(p, (pp_id)s))
            continue;
        put_sample(p, out, (pp_id)s);
        size_t depth = pp_stack(p, pp_sample(p, (pp_id)s)->node, &frames, &cap);
        for (size_t i = 0; i < depth; i++)
            put_frame(p, out, frames[i]);
    }
    free(frames);
    return !out->failed;
}

const struct pp_format pp_format_text = {
    .name = "text",
    .title = "everything, for reading by eye",
    .suffixes = (const char *const[]){".txt", NULL},
    .holds = ~(unsigned)(PP_HOLDS_LINKAGE |
                         PP_HOLDS_BRANCHES), /* names are written as they are displayed */
    .write = text_write,
};
