/* reader.c - functions for all readers: messages with a place in the input, stacks, values. */
#include <stdlib.h>

#include "base/memory.h"
#include "formats/format.h"

const char *pp_split_anywhere(struct pp_span in)
{
    return pp_empty(in) ? NULL : in.end;
}

static uint64_t lines_before(const struct pp_reader *r, const char *at)
{
    uint64_t lines = r->lines;
    struct pp_span before = {r->in.p, at};
    for (const char *p; (p = pp_find(before, '\n')); before.p = p + 1)
        lines++;
    return lines;
}

static uint64_t bytes_before(const struct pp_reader *r, const char *at)
{
    return r->bytes + (uint64_t)(at - r->in.p);
}

/* Computes the line number, only for a message that will be shown. */
static struct pp_place place_of(const struct pp_reader *r, const char *at)
{
    if (r->binary)
        return (struct pp_place){r->file, PP_AT_BYTE, bytes_before(r, at)};
    return (struct pp_place){r->file, PP_AT_LINE, lines_before(r, at) + 1};
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

/* True if the next message of this kind is only counted, not shown. */
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
        if (!r->out->about.drop_frames) /* files tell which frames are an allocator's */
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

const char *pp_split_tags(struct pp_span in)
{
    return pp_empty(in) ? NULL : pp_rfind((struct pp_span){in.p + 1, in.end}, '<');
}

/* --- a profile inside another -------------------------------------------- */

enum { MAX_INSIDE = 8, INNER_HEAD = 64 << 10 };

static const char *inner_name(struct pp_reader *r, const char *name)
{
    struct pp_out text;
    pp_out_memory(&text, NULL);
    pp_putf(&text, "%s(%s)", r->file, name);
    const char *copy = pp_copy(&r->arena, pp_out_bytes(&text));
    pp_out_release(&text);
    return copy;
}

static struct pp_reader inner_reader(struct pp_reader *r, const struct pp_format *f,
                                     struct pp_span in, const char *name)
{
    struct pp_reader inner = {
        .out = r->out,
        .diag = r->diag,
        .file = name ? inner_name(r, name) : r->file,
        .head = {in.p, pp_len(in) < INNER_HEAD ? in.end : in.p + INNER_HEAD},
        .keep = r->keep,
        .raw_counts = r->raw_counts,
        .has_maps = r->has_maps,
        .max_depth = r->max_depth,
        .max_unpacked = r->max_unpacked,
        .state = pp_calloc(1, f->state_size),
        .binary = f->binary,
        .in = in,
        .last = true,
        .begins = r->begins,
        .inside = r->inside + 1,
    };
    if (!name) {
        inner.lines = r->binary ? 0 : lines_before(r, in.p);
        inner.bytes = bytes_before(r, in.p);
    }
    return inner;
}

bool pp_read_inner(struct pp_reader *r, const struct pp_format *f, struct pp_span in,
                   const char *name)
{
    if (r->inside == MAX_INSIDE)
        return pp_fail(r, r->in.p, "profiles are nested too deeply");
    struct pp_reader inner = inner_reader(r, f, in, name);
    bool ok = f->read(&inner, in);
    if (f->end)
        f->end(&inner);
    r->out = inner.out;
    pp_reader_release(&inner);
    return ok && (!f->finish || f->finish(&r->out, inner.file, r->diag));
}

void pp_reader_release(struct pp_reader *r)
{
    free(r->state);
    pp_stack_path_release(&r->path);
    pp_arena_release(&r->arena);
    r->state = NULL;
}
