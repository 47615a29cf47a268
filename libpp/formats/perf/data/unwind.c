/*
 * Dumped stacks: samples that recorded the bytes of the stack. They wait until there are enough for
 * a batch, which is unwound at once (pp_reader.unwinder); then they get their stacks, in order.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "formats/perf/data/state.h"

/* A batch is unwound when its stacks have this many bytes. */
static const size_t batch_bytes = (size_t)16 << 20;

void pp_data_batch_release(struct pp_data_state *s)
{
    struct pp_data_batch *b = &s->batch;
    for (size_t i = 0; i < b->nspaces; i++)
        pp_data_space_release(&b->spaces[i]);
    free(b->waiting);
    free(b->bytes);
    free(b->frames);
    free(b->spaces);
    free(b->space_of.slots);
}

/* --- adding -------------------------------------------------------------- */

static size_t keep_bytes(struct pp_data_batch *b, struct pp_span bytes)
{
    size_t at = b->len, n = pp_len(bytes);
    PP_GROW(b->bytes, at + n, b->cap);
    if (n)
        memcpy(b->bytes + at, bytes.p, n);
    b->len += n;
    return at;
}

/* Registers in the byte order of this machine. */
static size_t keep_registers(const struct pp_data_state *s, struct pp_data_batch *b,
                             struct pp_span regs)
{
    b->len = (b->len + 7) / 8 * 8;
    size_t at = b->len;
    PP_GROW(b->bytes, at + pp_len(regs), b->cap);
    for (; !pp_empty(regs); regs.p += 8, b->len += 8) {
        uint64_t value = pp_data_u64(regs.p, s->swap);
        memcpy(b->bytes + b->len, &value, sizeof value);
    }
    return at;
}

static uint32_t keep_space(struct pp_data_batch *b, const struct pp_data_space *space)
{
    uint32_t i = *pp_number_at(&b->space_of, space->version, (uint32_t)b->nspaces);
    if (i == b->nspaces) {
        PP_GROW(b->spaces, b->nspaces + 1, b->spaces_cap);
        b->spaces[b->nspaces] = (struct pp_data_space){0};
        pp_data_space_copy(&b->spaces[b->nspaces++], space);
    }
    return i;
}

bool pp_data_wait(struct pp_reader *r, struct pp_data_state *s, const struct pp_data_sample *sample,
                  const struct pp_sample *row, uint32_t switched)
{
    enum { ABI_64 = 2 };
    struct pp_data_batch *b = &s->batch;
    struct pp_data_waiting w = {
        .row = *row,
        .attr = (uint32_t)(sample->attr - s->attrs.list),
        .switched = switched,
        .period = sample->period,
        .place = r->bytes,
        .ip = sample->ip,
        .wide = sample->regs_abi == ABI_64,
        .space = keep_space(b, pp_data_process(s, sample->pid)),
        .registers = keep_registers(s, b, sample->regs),
        .stack_len = pp_len(sample->stack),
        .read_len = pp_len(sample->read),
        .frames = b->nframes,
        .nframes = s->nframes,
    };
    w.stack = keep_bytes(b, sample->stack);
    w.read = keep_bytes(b, sample->read);
    PP_GROW(b->frames, b->nframes + s->nframes, b->frames_cap);
    for (size_t i = 0; i < s->nframes; i++)
        b->frames[b->nframes++] = s->frames[i];
    PP_GROW(b->waiting, b->count + 1, b->waiting_cap);
    b->waiting[b->count++] = w;
    return b->len < batch_bytes || pp_data_unwind(r, s);
}

/* --- unwinding ----------------------------------------------------------- */

/* The unwinder's input, and the memory that it needs meanwhile. */
struct request {
    struct pp_stack_dumps dumps;
    const struct pp_data_state *s;
    const struct pp_profile *p;
    struct pp_number_map file_of; /* index by file and build id */
    struct pp_dump_file *files;
    struct pp_dump_range *ranges;
    size_t nfiles, files_cap, nranges, cap;
};

/* The index of a file; a file that is mapped several times has one. */
static uint32_t file_index(struct request *q, const struct pp_data_map *m)
{
    pp_id id = m->build_id ? m->build_id : pp_number_find(&q->s->build_ids, m->file, 0);
    uint64_t key = (uint64_t)m->file << 32 | id;
    uint32_t i = *pp_number_at(&q->file_of, key, (uint32_t)q->nfiles);
    if (i == q->nfiles) {
        PP_GROW(q->files, q->nfiles + 1, q->files_cap);
        q->files[q->nfiles++] =
            (struct pp_dump_file){pp_text(q->p, m->file).p, pp_text(q->p, id).p};
    }
    return i;
}

static void add_range(void *ctx, uint64_t start, uint64_t end, uint32_t map)
{
    struct request *q = ctx;
    const struct pp_data_map *m = pp_row(&q->s->maps, map);
    PP_GROW(q->ranges, q->nranges + 1, q->cap);
    q->ranges[q->nranges++] =
        (struct pp_dump_range){start, end, start - m->start + m->offset, file_index(q, m)};
}

static struct pp_dump_space *list_spaces(struct request *q, const struct pp_data_batch *b)
{
    struct pp_dump_space *spaces = pp_calloc(b->nspaces, sizeof *spaces);
    size_t *first = pp_calloc(b->nspaces, sizeof *first);
    for (size_t i = 0; i < b->nspaces; i++) {
        first[i] = q->nranges;
        pp_data_space_walk(&b->spaces[i], add_range, q);
        spaces[i].count = q->nranges - first[i];
    }
    for (size_t i = 0; i < b->nspaces; i++)
        spaces[i].ranges = spaces[i].count ? q->ranges + first[i] : NULL;
    free(first);
    return spaces;
}

static struct pp_stack_dump *list_dumps(const struct pp_data_state *s)
{
    const struct pp_data_batch *b = &s->batch;
    struct pp_stack_dump *dumps = pp_calloc(b->count, sizeof *dumps);
    for (size_t i = 0; i < b->count; i++) {
        const struct pp_data_waiting *w = &b->waiting[i];
        const char *stack = b->bytes + w->stack;
        dumps[i] = (struct pp_stack_dump){
            .space = w->space,
            .wide = w->wide,
            .mask = s->attrs.list[w->attr].regs_user,
            .registers = (const uint64_t *)(const void *)(b->bytes + w->registers),
            .bytes = {stack, stack + w->stack_len},
        };
    }
    return dumps;
}

/* Stands for the callers whose stack perf did not copy; perf shows it as [unknown], too. */
static void push_cut(struct pp_reader *r, struct pp_data_state *s)
{
    const struct pp_function cut = {.system_name =
                                        pp_cstring(r->out, "[the copy of the stack ends here]")};
    struct pp_frame row = {.function = pp_intern(&r->out->functions, &cut)};
    PP_GROW(s->frames, s->nframes + 1, s->frames_cap);
    s->frames[s->nframes++] = pp_frame_row(r->out, row);
}

/* Adds a sample whose stack is known: the kernel's frames on top of the user's. */
static bool finish(struct pp_reader *r, struct pp_data_state *s, const struct pp_data_waiting *w,
                   const struct pp_stack_dumps *dumps, const struct pp_stack_dump *dump)
{
    struct pp_data_batch *b = &s->batch;
    s->nframes = 0;
    PP_GROW(s->frames, w->nframes, s->frames_cap);
    for (size_t i = 0; i < w->nframes; i++)
        s->frames[s->nframes++] = b->frames[w->frames + i];
    if (dump->count)
        pp_data_push_calls(r, s, &b->spaces[w->space], dumps->addresses + dump->first, dump->count);
    else
        pp_data_push_calls(r, s, &b->spaces[w->space], &w->ip, w->ip != 0);
    if (dump->end == PP_DUMP_CUT)
        push_cut(r, s);
    struct pp_sample row = w->row;
    row.node = pp_reader_stack(r, r->in.p, s->frames, s->nframes, PP_LEAF_FIRST);
    struct pp_data_sample sample = {
        .attr = &s->attrs.list[w->attr],
        .period = w->period,
        .read = {b->bytes + w->read, b->bytes + w->read + w->read_len},
    };
    s->counts.dumps[dump->end]++;
    if (!pp_data_count(r, s, &sample, &row))
        return false;
    if (w->switched)
        s->switched[w->switched] = pp_sample_id(r->out, &row);
    return true;
}

static bool finish_all(struct pp_reader *r, struct pp_data_state *s,
                       const struct pp_stack_dumps *dumps)
{
    uint64_t bytes = r->bytes;
    bool ok = true;
    for (size_t i = 0; ok && i < dumps->count; i++) {
        r->bytes = s->batch.waiting[i].place;
        ok = finish(r, s, &s->batch.waiting[i], dumps, &dumps->dumps[i]);
    }
    r->bytes = bytes;
    return ok;
}

static void clear(struct pp_data_batch *b)
{
    for (size_t i = 0; i < b->nspaces; i++)
        pp_data_space_release(&b->spaces[i]);
    b->count = b->len = b->nframes = b->nspaces = 0;
    free(b->space_of.slots);
    b->space_of = (struct pp_number_map){0};
}

bool pp_data_unwind(struct pp_reader *r, struct pp_data_state *s)
{
    struct request q = {.s = s, .p = r->out};
    if (!s->batch.count)
        return true;
    struct pp_dump_space *spaces = list_spaces(&q, &s->batch);
    struct pp_stack_dump *dumps = list_dumps(s);
    q.dumps = (struct pp_stack_dumps){
        .files = q.files,
        .spaces = spaces,
        .dumps = dumps,
        .nfiles = q.nfiles,
        .nspaces = s->batch.nspaces,
        .count = s->batch.count,
        .most = r->max_depth,
    };
    if (r->unwinder)
        r->unwinder->unwind(r->unwinder->ctx, &q.dumps);
    bool ok = finish_all(r, s, &q.dumps);
    clear(&s->batch);
    free(spaces);
    free(dumps);
    free(q.files);
    free(q.file_of.slots);
    free(q.ranges);
    free(q.dumps.addresses);
    return ok;
}
