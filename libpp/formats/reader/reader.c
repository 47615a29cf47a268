/* reader.c - what every reader calls: messages that point at the input, stacks, values. */
#include <stdlib.h>

#include "formats/format.h"

const char *pp_split_anywhere(struct pp_span in)
{
    return pp_empty(in) ? NULL : in.end;
}

/* Finds out the line number only now that someone will read it. */
static struct pp_place place_of(const struct pp_reader *r, const char *at)
{
    if (r->binary)
        return (struct pp_place){r->file, PP_AT_BYTE, r->bytes + (uint64_t)(at - r->in.p)};
    uint64_t line = r->lines + 1;
    struct pp_span before = {r->in.p, at};
    for (const char *p; (p = pp_find(before, '\n')); before.p = p + 1)
        line++;
    return (struct pp_place){r->file, PP_AT_LINE, line};
}

bool pp_fail(const struct pp_reader *r, const char *at, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    pp_vreport(r->diag, PP_ERROR, place_of(r, at), fmt, ap);
    va_end(ap);
    return false;
}

bool pp_fail_byte(const struct pp_reader *r, uint64_t byte, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    pp_vreport(r->diag, PP_ERROR, (struct pp_place){r->file, PP_AT_BYTE, byte}, fmt, ap);
    va_end(ap);
    return false;
}

void pp_warn_byte(const struct pp_reader *r, uint64_t byte, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    pp_vreport(r->diag, PP_WARNING, (struct pp_place){r->file, PP_AT_BYTE, byte}, fmt, ap);
    va_end(ap);
}

/* Whether so many of this kind were shown that one more is only counted. */
static bool is_only_counted(const struct pp_diag *d, const char *kind)
{
    for (size_t i = 0; i < d->nkinds; i++)
        if (strcmp(d->kinds[i].kind, kind) == 0)
            return d->kinds[i].seen >= PP_DIAG_SHOWN;
    return false;
}

void pp_warn(const struct pp_reader *r, const char *at, const char *fmt, ...)
{
    struct pp_place place = {.file = r->file};
    va_list ap;
    va_start(ap, fmt);
    if (!is_only_counted(r->diag, fmt))
        place = place_of(r, at);
    pp_vreport(r->diag, PP_WARNING, place, fmt, ap);
    va_end(ap);
}

void pp_remark(const struct pp_reader *r, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    pp_vreport(r->diag, PP_NOTE, (struct pp_place){.file = r->file}, fmt, ap);
    va_end(ap);
}

pp_id pp_reader_frame(struct pp_reader *r, const struct pp_code *code)
{
    struct pp_code kept = *code;
    if (!(r->keep & PP_HOLDS_LINES)) {
        kept.file = (struct pp_span){0};
        kept.line = kept.column = kept.start_line = 0;
    }
    if (!(r->keep & PP_HOLDS_ADDRESSES))
        kept.address = 0;
    return pp_frame_at(r->out, &kept);
}

void pp_reader_cut(const struct pp_reader *r, const char *at, size_t depth)
{
    pp_warn(r, at, "a stack of %zu frames is cut at %u; see --max-depth", depth, r->max_depth);
}

pp_id pp_reader_stack(struct pp_reader *r, const char *at, const pp_id *frames, size_t n,
                      enum pp_order order)
{
    if (n > r->max_depth) {
        pp_reader_cut(r, at, n);
        if (order == PP_LEAF_FIRST)
            frames += n - r->max_depth;
        n = r->max_depth;
    }
    return pp_stack_path_node(&r->path, r->out, frames, n, order);
}

bool pp_reader_add(struct pp_reader *r, const char *at, pp_id sample, int column, int64_t value)
{
    if (pp_add(r->out, sample, (unsigned)column, value))
        return true;
    struct pp_span type = pp_text(r->out, r->out->columns[column].type);
    return pp_fail(r, at, "the sum of column '%.*s' exceeds 64 bits", PP_SHOW(type));
}

const char *pp_split_lines(struct pp_span in)
{
    const char *newline = pp_rfind(in, '\n');
    return newline ? newline + 1 : NULL;
}

void pp_reader_release(struct pp_reader *r)
{
    free(r->state);
    pp_stack_path_release(&r->path);
    pp_arena_release(&r->arena);
    r->state = NULL;
}
