#include "formats/jemalloc/sampled_blocks.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "formats/reader/heap_columns.h"
#include "model/allocators.h"

/* In the order of the columns; the last two may be missing. */
enum { ALLOC_OBJECTS, ALLOC_SPACE, INUSE_OBJECTS, INUSE_SPACE };

/* The rest of a stack's counts that no sample has yet: less than one of each. */
struct pp_block_rest {
    long double objects, bytes;
};

struct key {
    pp_id stack;
    uint32_t kind; /* of blocks: 1 freed, 2 live */
};

unsigned pp_blocks_bid(struct pp_span head, const char *const *names, size_t n)
{
    unsigned bits = 0;
    if (!pp_starts(pp_trim(head), "{"))
        return 0;
    for (size_t i = 0; i < n; i++)
        if (pp_find_text(head, names[i]))
            bits += 8 * (unsigned)strlen(names[i]);
    return bits;
}

void pp_blocks_describe(struct pp_blocks *b, const char *fmt, ...)
{
    char text[256];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    pp_comment(b->r->out, pp_str(text));
}

void pp_blocks_begin(struct pp_blocks *b, uint64_t interval, bool has_live)
{
    struct pp_profile *p = b->r->out;
    struct pp_about *about = &p->about;
    if (b->interval)
        return; /* the member is repeated */
    b->interval = interval;
    b->has_live = has_live;
    pp_table_init(&b->keys, sizeof(struct key));
    pp_heap_columns_allocated(p);
    if (has_live)
        pp_heap_columns_in_use(p);
    about->period_type = pp_cstring(p, "space");
    about->period_unit = pp_cstring(p, "bytes");
    about->period = (int64_t)interval;
    about->default_type = pp_cstring(p, "alloc_space");
    about->drop_frames = pp_cstring(p, pp_allocator_frames);
    pp_comment(p, pp_str(b->r->raw_counts ? "counts are of samples" : "counts are un-biased"));
}

pp_id pp_blocks_stack(struct pp_blocks *b, struct pp_json *j)
{
    const char *at = j->in.p;
    struct pp_span text;
    size_t n = 0;
    uint64_t address;
    if (!pp_json_array(j))
        return 0;
    while (pp_json_element(j) && pp_json_string(j, &text)) {
        PP_GROW(b->frames, n + 1, b->frames_cap);
        if (pp_parse_hex(text, &address) && address > 1)
            b->frames[n++] = pp_mapped_frame(&b->mapped, b->r, address);
        else
            pp_warn(b->r, text.p, "not a return address, and left out: '%.*s'", PP_SHOW(text));
    }
    return pp_reader_stack(b->r, at, b->frames, n, PP_LEAF_FIRST);
}

pp_id pp_blocks_thread(struct pp_blocks *b, struct pp_span name, uint64_t uid)
{
    char number[24];
    if (!pp_empty(pp_trim(name)))
        return pp_string(b->r->out, name);
    snprintf(number, sizeof number, "%" PRIu64, uid);
    return pp_cstring(b->r->out, number);
}

/* --- samples ------------------------------------------------------------- */

static pp_id labels_of(struct pp_blocks *b, const struct pp_block *block)
{
    struct pp_profile *p = b->r->out;
    struct pp_label labels[4] = {{0}};
    size_t n = 0;
    if (block->thread)
        labels[n++] = (struct pp_label){.key = pp_cstring(p, "thread"), .text = block->thread};
    if (b->r->keep & PP_HOLDS_LABELS) {
        pp_id bytes = pp_cstring(p, "bytes"), ns = pp_cstring(p, "nanoseconds");
        labels[n++] =
            (struct pp_label){.key = bytes, .number = (int64_t)block->size, .unit = bytes};
        if (block->freed && block->freed_ns >= block->time_ns)
            labels[n++] = (struct pp_label){
                .key = pp_cstring(p, "lifetime"),
                .number = (int64_t)(block->freed_ns - block->time_ns),
                .unit = ns,
            };
        if (block->freed && block->free_thread != block->thread)
            labels[n++] =
                (struct pp_label){.key = pp_cstring(p, "free_thread"), .text = block->free_thread};
    }
    return pp_label_set(p, labels, n);
}

static struct pp_block_rest *rest_of(struct pp_blocks *b, const struct pp_block *block)
{
    const struct key key = {block->stack, block->freed ? 1 : 2};
    size_t known = b->keys.count;
    pp_id id = pp_intern(&b->keys, &key);
    PP_GROW(b->rests, b->keys.count, b->rests_cap);
    if (b->keys.count > known)
        b->rests[id] = (struct pp_block_rest){0};
    return &b->rests[id];
}

/* Takes the whole part off `*rest`. */
static long double take_whole(long double *rest)
{
    long double whole = rintl(*rest);
    *rest -= whole;
    return whole;
}

bool pp_blocks_add(struct pp_blocks *b, const struct pp_block *block)
{
    if (!block->size) {
        pp_warn(b->r, block->at, "a block of no bytes is left out");
        return true;
    }
    long double size = (long double)block->size, stands_for = 1;
    if (!b->r->raw_counts)
        stands_for = 1 / -expm1l(-size / (long double)b->interval);
    struct pp_block_rest *rest = rest_of(b, block);
    rest->objects += stands_for;
    rest->bytes += stands_for * size;
    long double objects = take_whole(&rest->objects), bytes = take_whole(&rest->bytes);
    if (objects >= (long double)INT64_MAX || bytes >= (long double)INT64_MAX)
        return pp_fail(b->r, block->at, "a count exceeds 64 bits");

    struct pp_sample sample = {.node = block->stack, .labels = labels_of(b, block)};
    if (b->r->keep & PP_HOLDS_TIME && block->time_ns <= INT64_MAX)
        sample.time_ns = (int64_t)block->time_ns;
    pp_id id = pp_sample_id(b->r->out, &sample);
    bool ok = pp_reader_add(b->r, block->at, id, ALLOC_OBJECTS, (int64_t)objects) &&
              pp_reader_add(b->r, block->at, id, ALLOC_SPACE, (int64_t)bytes);
    if (ok && b->has_live && !block->freed)
        ok = pp_reader_add(b->r, block->at, id, INUSE_OBJECTS, (int64_t)objects) &&
             pp_reader_add(b->r, block->at, id, INUSE_SPACE, (int64_t)bytes);
    return ok;
}

/* --- the end ------------------------------------------------------------- */

bool pp_blocks_end(struct pp_blocks *b, struct pp_json *j)
{
    if (!pp_json_end(j) && !j->cut)
        return pp_fail(b->r, j->at, "%s", j->why);
    if (!b->interval)
        return pp_fail(b->r, j->in.end, "there is no list of blocks");
    if (j->cut)
        pp_warn(b->r, j->at, "the input is truncated: the part before this is read");
    if (b->r->out->frames.count > 1 && !b->r->has_maps)
        pp_remark(b->r, "it has addresses but no mappings; see --maps");
    return true;
}

void pp_blocks_release(struct pp_blocks *b)
{
    pp_mapped_release(&b->mapped);
    pp_table_release(&b->keys);
    free(b->frames);
    free(b->rests);
}
