#include "work/machine_code.h"

#include <stdlib.h>

#include "base/memory.h"
#include "cli/cli.h"
#include "work/objdump.h"

enum { MOST_FUNCTIONS = 50, MOST_BYTES = 512 << 10 };

/* --- functions --------------------------------------------------------------- */

/* A function in a binary, a frame of it by which it is found, and its self value. */
struct hot {
    pp_id frame, function, mapping;
    int64_t self;
};

static int by_identity(const void *a, const void *b)
{
    const struct hot *x = a, *y = b;
    if (x->mapping != y->mapping)
        return x->mapping < y->mapping ? -1 : 1;
    if (x->function != y->function)
        return x->function < y->function ? -1 : 1;
    return (x->frame > y->frame) - (x->frame < y->frame);
}

static int by_self(const void *a, const void *b)
{
    const struct hot *x = a, *y = b;
    if (x->self != y->self)
        return x->self > y->self ? -1 : 1;
    return by_identity(a, b);
}

/* Whether the address can be converted to an offset in the file of its mapping. */
static bool is_in_file(const struct pp_profile *p, const struct pp_frame *f)
{
    const struct pp_mapping *m = pp_mapping(p, f->mapping);
    return f->address && f->mapping && m->file && f->kind != PP_KERNEL &&
           !(m->flags & PP_START_UNKNOWN);
}

/* The self value of each frame that is in a file; the caller frees the list. */
static struct hot *weigh_frames(const struct pp_profile *p, unsigned column, size_t *n)
{
    struct hot *list = pp_calloc(p->frames.count, sizeof *list);
    for (size_t s = 0; s < p->samples.count; s++) {
        pp_id frame = pp_node(p, pp_sample(p, (pp_id)s)->node)->frame;
        int64_t value = p->columns[column].values[s];
        list[frame].self += value < 0 ? -value : value;
    }
    *n = 0;
    for (size_t f = 1; f < p->frames.count; f++) {
        const struct pp_frame *frame = pp_frame(p, (pp_id)f);
        if (list[f].self && is_in_file(p, frame))
            list[(*n)++] = (struct hot){(pp_id)f, frame->function, frame->mapping, list[f].self};
    }
    return list;
}

/* Joins the frames of each function and sorts by weight. Returns the number of functions. */
static size_t join_functions(struct hot *list, size_t n)
{
    size_t kept = 0;
    if (n)
        qsort(list, n, sizeof *list, by_identity);
    for (size_t i = 0; i < n; i++) {
        struct hot *last = kept ? &list[kept - 1] : NULL;
        if (last && last->function == list[i].function && last->mapping == list[i].mapping)
            last->self += list[i].self;
        else
            list[kept++] = list[i];
    }
    if (kept)
        qsort(list, kept, sizeof *list, by_self);
    return kept;
}

/* --- code -------------------------------------------------------------------- */

struct search {
    const struct pp_profile *p;
    struct pp_html_code *code;
    struct pp_code_file *files; /* by mapping; valid where `opened` is true */
    bool *opened;
    size_t bytes, cap;
};

static struct pp_code_file *file_of(struct search *s, pp_id mapping)
{
    struct pp_code_file *f = &s->files[mapping];
    struct pp_span path = pp_text(s->p, pp_mapping(s->p, mapping)->file);
    if (!s->opened[mapping])
        pp_code_file_open(f, path.p); /* strings end with a NUL in memory */
    s->opened[mapping] = true;
    return f->path ? f : NULL;
}

static struct pp_span kept(struct pp_html_code *code, struct pp_span text)
{
    const char *copy = pp_copy(&code->texts, text);
    return (struct pp_span){copy, copy + pp_len(text)};
}

/*
 * Adds the instructions at the addresses of frames, which differ by `shift` from those in the file.
 */
static void take_code(struct search *s, const struct hot *hot, struct pp_span text, uint64_t shift)
{
    struct pp_html_code *code = s->code;
    struct pp_html_routine *r = &code->routines[code->count];
    size_t cap = 0;
    struct pp_code_instruction i = {0};
    struct pp_span file = {0};
    *r = (struct pp_html_routine){.shift = shift,
                                  .function = pp_text(s->p, pp_function(s->p, hot->function)->name),
                                  .module = pp_text(s->p, pp_mapping(s->p, hot->mapping)->file)};
    while (pp_next_instruction(&text, &i)) {
        PP_GROW(r->instructions, r->count + 1, cap);
        if (!pp_same(i.file, file))
            file = kept(code, i.file);
        r->instructions[r->count++] =
            (struct pp_html_instruction){i.address + shift, kept(code, i.text), file,
                                         i.line <= UINT32_MAX ? (uint32_t)i.line : 0};
        s->bytes += pp_len(i.text);
    }
    code->count += r->count > 0;
}

static void find_code(struct search *s, const struct hot *hot)
{
    const struct pp_frame *frame = pp_frame(s->p, hot->frame);
    const struct pp_mapping *m = pp_mapping(s->p, hot->mapping);
    struct pp_code_file *file = file_of(s, hot->mapping);
    struct pp_code_symbol symbol;
    struct pp_out out;
    uint64_t address;
    if (!file || !pp_code_find(file, frame->address - m->start + m->offset, &address, &symbol))
        return;
    pp_out_memory(&out, NULL);
    if (pp_disassemble(file, &symbol, &out))
        take_code(s, hot, pp_out_bytes(&out), frame->address - address);
    pp_out_release(&out);
}

struct pp_html_code *pp_machine_code_find(const struct pp_profile *p, unsigned column)
{
    size_t n;
    struct hot *list = weigh_frames(p, column, &n);
    size_t functions = join_functions(list, n);
    struct search s = {
        .p = p,
        .code = pp_calloc(1, sizeof *s.code),
        .files = pp_calloc(p->mappings.count, sizeof *s.files),
        .opened = pp_calloc(p->mappings.count, sizeof *s.opened),
    };
    s.code->routines = pp_calloc(MOST_FUNCTIONS, sizeof *s.code->routines);
    for (size_t i = 0; i < functions && i < MOST_FUNCTIONS && s.bytes < MOST_BYTES; i++)
        find_code(&s, &list[i]);
    if (!s.code->count)
        pp_warning(
            &pp_messages, NULL,
            "--with-asm: objdump found no code: addresses must be known in files that are here");
    for (size_t m = 0; m < p->mappings.count; m++)
        pp_code_file_release(&s.files[m]);
    free(s.files);
    free(s.opened);
    free(list);
    return s.code;
}

void pp_machine_code_release(struct pp_html_code *code)
{
    if (!code)
        return;
    for (size_t i = 0; i < code->count; i++)
        free(code->routines[i].instructions);
    free(code->routines);
    pp_arena_release(&code->texts);
    free(code);
}
