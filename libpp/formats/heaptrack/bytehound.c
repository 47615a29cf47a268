/*
 * Recordings of bytehound ("memory-profiling_....dat"): each allocation and each free, as events in
 * chunks compressed with LZ4; bytehound_events.h describes the layout.
 *
 * Stacks are lists of return addresses, leaf first, with a list of mappings; or after `bytehound
 * postprocess` lists of frames with names. A block is identified by its id, or else by its address;
 * a reallocation is a free and an allocation.
 * https://github.com/koute/bytehound, common/src/event.rs
 */
#include <stdlib.h>

#include "base/memory.h"
#include "formats/heaptrack/blocks.h"
#include "formats/heaptrack/bytehound_events.h"
#include "formats/reader/heap_columns.h"
#include "formats/reader/mapped.h"
#include "model/allocators.h"

struct stack {
    pp_id node;
    uint32_t depth;
};

/* What `postprocess` found for an address: numbers of strings, NONE for none. */
#define NONE UINT32_MAX

struct bytehound {
    struct pp_reader *r;
    struct pp_number_map strings; /* by number: the string plus one */
    pp_id *frames;                /* with names, in the order of their numbers */
    size_t nframes, frames_cap;
    struct stack *stacks;
    size_t nstacks, stacks_cap;
    struct pp_number_map by_id;     /* stacks of addresses, by number */
    struct pp_number_map by_thread; /* the last stack of each thread */
    size_t ndecoded, first_decoded; /* stacks with names: those from here on */
    bool decoded, raw, cut;
    struct pp_heaptrack_blocks blocks;
    struct pp_table ids; /* of blocks: rows are two numbers and a 1 */
    struct pp_mapped mapped;
    struct {
        pp_id stack;
        int64_t count, size;
    } * groups;
    size_t ngroups, groups_cap;
};

enum { ALLOC_OBJECTS, ALLOC_SPACE, INUSE_OBJECTS, INUSE_SPACE };

/* --- stacks -------------------------------------------------------------- */

static uint64_t load(const char *p, unsigned size)
{
    uint64_t v = 0;
    for (unsigned i = 0; i < size; i++)
        v |= (uint64_t)(unsigned char)p[i] << (8 * i);
    return v;
}

static void push(struct bytehound *b, struct stack *s, pp_id frame)
{
    if (s->depth >= b->r->max_depth) {
        b->cut = true;
        return;
    }
    s->node = pp_child(b->r->out, s->node, frame);
    s->depth++;
}

static size_t add_stack(struct bytehound *b, struct stack s)
{
    PP_GROW(b->stacks, b->nstacks + 1, b->stacks_cap);
    b->stacks[b->nstacks] = s;
    return b->nstacks++;
}

/* Puts return addresses, leaf first, on top of a stack. */
static void push_addresses(struct bytehound *b, struct stack *s, struct pp_span list, unsigned size)
{
    b->raw = true;
    for (const char *p = list.end; p > list.p; p -= size) {
        uint64_t address = load(p - size, size);
        struct pp_code code = {.address = address ? address - 1 : 0};
        push(b, s, pp_frame_at(b->r->out, &code));
    }
}

static void read_backtrace(struct bytehound *b, const struct pp_bytehound_event *e, unsigned size)
{
    struct stack s = {0};
    push_addresses(b, &s, e->bytes[0], size);
    *pp_number_at(&b->by_id, e->numbers[0], 0) = (uint32_t)add_stack(b, s) + 1;
}

/* Reads a stack that differs from the thread's last one only at the leaf end. */
static void read_partial(struct bytehound *b, const struct pp_bytehound_event *e, unsigned size)
{
    uint32_t last = pp_number_find(&b->by_thread, e->numbers[1], 0);
    struct stack s = last ? b->stacks[last - 1] : (struct stack){0};
    uint64_t gone = e->numbers[2] == NONE ? s.depth : e->numbers[2];
    for (; gone && s.depth; gone--, s.depth--)
        s.node = pp_node(b->r->out, s.node)->parent;
    push_addresses(b, &s, e->bytes[0], size);
    uint32_t id = (uint32_t)add_stack(b, s) + 1;
    *pp_number_at(&b->by_id, e->numbers[0], 0) = id;
    *pp_number_at(&b->by_thread, e->numbers[1], 0) = id;
}

static struct pp_span string_at(const struct bytehound *b, uint64_t number)
{
    uint32_t id = number == NONE ? 0 : pp_number_find(&b->strings, number, 0);
    return id ? pp_text(b->r->out, id - 1) : pp_str("");
}

static void read_frame(struct bytehound *b, const struct pp_bytehound_event *e)
{
    const uint64_t *v = e->numbers;
    struct pp_span name = string_at(b, v[3]), raw = string_at(b, v[2]);
    struct pp_code code = {
        .address = v[0] ? v[0] - 1 : 0,
        .module = string_at(b, v[1]),
        .function = pp_empty(name) ? raw : name,
        .system = pp_empty(name) ? pp_str("") : raw,
        .file = string_at(b, v[4]),
        .line = v[5] == NONE ? 0 : (uint32_t)v[5],
        .column = v[6] == NONE ? 0 : (uint32_t)v[6],
        .inlined = v[7] != 0,
    };
    PP_GROW(b->frames, b->nframes + 1, b->frames_cap);
    b->frames[b->nframes++] = pp_reader_frame(b->r, &code);
}

static void read_decoded(struct bytehound *b, const struct pp_bytehound_event *e, const char *at)
{
    struct stack s = {0};
    for (const char *p = e->bytes[0].end; p > e->bytes[0].p; p -= 4) {
        uint64_t frame = load(p - 4, 4);
        if (frame >= b->nframes)
            pp_warn(b->r, at, "there is no frame %llu", (unsigned long long)frame);
        push(b, &s,
             frame < b->nframes ? b->frames[frame] : pp_reader_frame(b->r, &(struct pp_code){0}));
    }
    size_t id = add_stack(b, s);
    if (!b->decoded)
        b->first_decoded = id;
    b->decoded = true;
    b->ndecoded = id + 1 - b->first_decoded;
}

/* The index of a stack plus one, by its number in the file; 0: none. */
static pp_id stack_at(const struct bytehound *b, uint64_t number)
{
    if (b->decoded)
        return number < b->ndecoded ? (pp_id)(b->first_decoded + number + 1) : 0;
    return pp_number_find(&b->by_id, number, 0);
}

/* --- blocks -------------------------------------------------------------- */

/* The key of a block: its id, if it has one, or its address. */
static uint64_t key_of(struct bytehound *b, const uint64_t *id, uint64_t address)
{
    struct {
        uint64_t thread, number, one;
    } row = {id ? id[0] : 0, id ? id[1] : 0, 1};
    if ((!row.thread && !row.number) || (row.thread == UINT64_MAX && row.number == UINT64_MAX))
        return address;
    return pp_intern(&b->ids, &row) | UINT64_C(1) << 63;
}

/* Takes `body`: address, size and stack. False after failing. */
static bool allocate(struct bytehound *b, const uint64_t *id, const uint64_t *body, const char *at)
{
    pp_id stack = stack_at(b, body[2]);
    if (!stack)
        pp_warn(b->r, at, "there is no stack %llu", (unsigned long long)body[2]);
    if (body[1] > INT64_MAX ||
        !pp_heaptrack_take_at(&b->blocks, (int64_t)body[1], stack, key_of(b, id, body[0])))
        return pp_fail(b->r, at, "the size of the heap exceeds 64 bits");
    return true;
}

static void release(struct bytehound *b, const uint64_t *id, uint64_t address)
{
    pp_heaptrack_give_at(&b->blocks, key_of(b, id, address));
}

/* Takes a group of blocks that `bytehound strip` has removed. */
static void read_group(struct bytehound *b, const uint64_t *v)
{
    PP_GROW(b->groups, b->ngroups + 1, b->groups_cap);
    b->groups[b->ngroups].stack = stack_at(b, v[0]);
    b->groups[b->ngroups].count = v[3] > INT64_MAX ? INT64_MAX : (int64_t)v[3];
    b->groups[b->ngroups++].size = v[4] > INT64_MAX ? INT64_MAX : (int64_t)v[4];
}

static void read_file(struct bytehound *b, const struct pp_bytehound_event *e)
{
    struct pp_span in = b->r->in;
    if (!pp_is(e->bytes[0], "/proc/self/maps") || b->mapped.nregions)
        return;
    b->r->in = e->bytes[1]; /* messages point into it */
    pp_mapped_read(&b->mapped, b->r, e->bytes[1]);
    b->r->in = in;
}

/* --- events -------------------------------------------------------------- */

static bool read_event(struct bytehound *b, const struct pp_bytehound_event *e, const char *at)
{
    const uint64_t *v = e->numbers;
    switch (e->tag) {
    case PP_BH_ALLOC:
        return allocate(b, NULL, v + 1, at);
    case PP_BH_REALLOC:
        release(b, NULL, v[1]);
        return allocate(b, NULL, v + 2, at);
    case PP_BH_FREE:
        release(b, NULL, v[1]);
        break;
    case PP_BH_ALLOC_EX:
        return allocate(b, v, v + 3, at);
    case PP_BH_REALLOC_EX:
        release(b, v, v[3]);
        return allocate(b, v, v + 4, at);
    case PP_BH_FREE_EX:
        release(b, v, v[3]);
        break;
    case PP_BH_FILE:
    case PP_BH_FILE_64:
        read_file(b, e);
        break;
    case PP_BH_BACKTRACE:
        read_backtrace(b, e, 8);
        break;
    case PP_BH_BACKTRACE_32:
        read_backtrace(b, e, 4);
        break;
    case PP_BH_PARTIAL_BACKTRACE:
        read_partial(b, e, 8);
        break;
    case PP_BH_PARTIAL_BACKTRACE_32:
        read_partial(b, e, 4);
        break;
    case PP_BH_STRING:
        *pp_number_at(&b->strings, v[0], 0) = pp_string(b->r->out, e->bytes[0]) + 1;
        break;
    case PP_BH_FRAME:
        read_frame(b, e);
        break;
    case PP_BH_DECODED_BACKTRACE:
        read_decoded(b, e, at);
        break;
    case PP_BH_GROUP:
        read_group(b, v);
        break;
    default: /* about the process and its memory as a whole */
        break;
    }
    return true;
}

/* --- the end ------------------------------------------------------------- */

static pp_id sample_of(struct bytehound *b, pp_id stack)
{
    pp_id node = stack ? b->stacks[stack - 1].node : 0;
    if (!node)
        node = pp_child(b->r->out, 0, pp_reader_frame(b->r, &(struct pp_code){0}));
    return pp_sample_id(b->r->out, &(struct pp_sample){.node = node});
}

static bool add(struct bytehound *b, pp_id stack, const int64_t *values)
{
    pp_id id = sample_of(b, stack);
    for (int c = 0; c <= INUSE_SPACE; c++)
        if (!pp_reader_add(b->r, b->r->in.p, id, c, values[c]))
            return false;
    return true;
}

static bool add_blocks(struct bytehound *b)
{
    for (size_t i = 0; i < b->blocks.count; i++) {
        const struct pp_heaptrack_kind_row *k = &b->blocks.kinds[i];
        int64_t values[] = {k->allocated, 0, k->live, 0};
        if (__builtin_mul_overflow(k->allocated, k->size, &values[ALLOC_SPACE]) ||
            __builtin_mul_overflow(k->live, k->size, &values[INUSE_SPACE]))
            return pp_fail(b->r, b->r->in.p, "what was allocated exceeds 64 bits");
        if (!add(b, k->trace, values))
            return false;
    }
    for (size_t i = 0; i < b->ngroups; i++) {
        int64_t values[] = {b->groups[i].count, b->groups[i].size, 0, 0};
        if (!add(b, b->groups[i].stack, values))
            return false;
    }
    return true;
}

static void add_columns(struct pp_profile *p)
{
    pp_heap_columns_allocated(p);
    pp_heap_columns_in_use(p);
    p->about.default_type = pp_cstring(p, "inuse_space");
}

static bool finish(struct bytehound *b)
{
    add_columns(b->r->out);
    if (b->cut)
        pp_reader_cut(b->r, b->r->in.p, (size_t)b->r->max_depth + 1);
    if (b->raw && !b->decoded)
        pp_mapped_place(&b->mapped, b->r->out);
    return add_blocks(b);
}

static bool read_all(struct bytehound *b, struct pp_bytehound_stream *s)
{
    struct pp_bytehound_event e;
    if (!pp_bytehound_next(s, &e) || e.tag != PP_BH_HEADER)
        return pp_fail(b->r, b->r->in.p, "it does not begin with a header of bytehound");
    while (pp_bytehound_next(s, &e))
        if (!read_event(b, &e, s->at))
            return false;
    return finish(b);
}

static bool bytehound_read(struct pp_reader *r, struct pp_span in)
{
    struct bytehound b = {.r = r};
    struct pp_bytehound_stream s = {.r = r, .in = in};
    pp_table_init(&b.ids, 3 * sizeof(uint64_t));
    r->out->about.drop_frames = pp_cstring(r->out, pp_allocator_frames);
    bool ok = read_all(&b, &s);
    pp_bytehound_release(&s);
    pp_table_release(&b.ids);
    pp_heaptrack_blocks_release(&b.blocks);
    pp_mapped_release(&b.mapped);
    free(b.strings.slots);
    free(b.by_id.slots);
    free(b.by_thread.slots);
    free(b.frames);
    free(b.stacks);
    free(b.groups);
    return ok;
}

/*
 * A chunk that begins with event 0. If it is compressed, its first bytes are literals, as there is
 * nothing to repeat; but a run of zeros soon is a repetition.
 */
static unsigned bytehound_bid(struct pp_span head)
{
    static const char zeros[4];
    if (pp_len(head) < 32 || (unsigned char)head.p[0] - 1u > 1 || head.p[4])
        return 0;
    if (head.p[0] == 2)
        return memcmp(head.p + 5, zeros, 4) == 0 ? 8 * 6 : 0;
    unsigned literals = (unsigned char)head.p[5] >> 4;
    if (literals == 0)
        return 0;
    const char *first = head.p + 6;
    while (literals == 15 && first < head.p + 24 && *first == '\xff')
        first++;
    first += literals == 15;
    return memcmp(first, zeros, literals < 4 ? literals : 4) == 0 ? 8 * 5 : 0;
}

const struct pp_format pp_format_bytehound = {
    .name = "bytehound",
    .title = "recordings of bytehound, a memory profiler",
    .suffixes = (const char *const[]){".dat", NULL},
    .holds = PP_HOLDS_COLUMNS | PP_HOLDS_LINES | PP_HOLDS_ADDRESSES,
    .binary = true,
    .bid = bytehound_bid,
    .read = bytehound_read,
};
