/*
 * Files of memcheck, massif and helgrind with --xtree-memory and --xtree-leak: bytes and blocks
 * that were allocated or leaked, by stack.
 *
 *     # callgrind format
 *     creator: xtree-1
 *     positions: line
 *     events: curB  curBk  totB  totBk  totFdB  totFdBk
 *     fl=(1) alloc.c
 *     fn=(1) main
 *     19
 *     cfi=(1)
 *     cfn=(2) temporary
 *     calls=0 9
 *     19 0 0 24000 1000 0 0
 *     fl=(1)
 *     fn=(2)
 *     9 0 0 24000 1000 0 0
 *
 * Each block, up to an empty line, is one stack, root first; the last costs are those of the stack.
 * So nothing has to be estimated. Freed memory is counted for the stack that freed it.
 * https://valgrind.org/docs/manual/manual-core.html#manual-core.xtree
 */
#include <stdlib.h>

#include "base/memory.h"
#include "formats/valgrind/callgrind_blocks.h"
#include "model/allocators.h"

struct xtree {
    struct pp_costs costs;
    pp_id *frames; /* of the block, root first, without that of the last function */
    size_t depth, cap;
    struct pp_cost_function function; /* the last one */
    pp_id file;
    bool open;   /* a block is open */
    bool valued; /* its costs were read */
    struct pp_cost_place at;
    int64_t values[PP_MAX_COLUMNS];
    const char *begin; /* of the block */
};

/*
 * The events of --xtree-memory under the names of other heap profiles; those of leaks keep their
 * names.
 */
static bool xtree_column(struct pp_span event, struct pp_span *type, struct pp_span *unit,
                         int64_t *factor)
{
    static const struct {
        const char *event, *type, *unit;
    } known[] = {
        {"curB", "inuse_space", "bytes"},   {"curBk", "inuse_objects", "count"},
        {"totB", "alloc_space", "bytes"},   {"totBk", "alloc_objects", "count"},
        {"totFdB", "freed_space", "bytes"}, {"totFdBk", "freed_objects", "count"},
    };
    (void)factor;
    *unit = pp_str(pp_ends(event, "Bk") ? "count" : "bytes");
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (pp_is(event, known[i].event)) {
            *type = pp_str(known[i].type);
            *unit = pp_str(known[i].unit);
        }
    return true;
}

static void push_last(struct xtree *x)
{
    struct pp_reader *r = x->costs.r;
    PP_GROW(x->frames, x->depth + 1, x->cap);
    x->frames[x->depth++] = pp_costs_frame(r, &x->function, x->function.name, x->file, x->at);
}

static bool on_function(struct pp_costs *s, const char *at)
{
    struct xtree *x = s->ctx;
    if (x->open)
        push_last(x);
    else
        x->begin = at;
    x->function = s->function;
    x->file = s->file;
    x->at = (struct pp_cost_place){0};
    x->open = true;
    x->valued = false;
    return true;
}

static bool on_cost(struct pp_costs *s, const char *at)
{
    struct xtree *x = s->ctx;
    (void)at;
    x->at = s->at;
    x->valued = !s->no_values;
    memcpy(x->values, s->values, sizeof x->values);
    return true;
}

/* The callee follows, with the same costs. */
static bool on_call(struct pp_costs *s, const char *at)
{
    struct xtree *x = s->ctx;
    (void)at;
    x->at = s->at;
    x->valued = false;
    return true;
}

static bool add_values(struct xtree *x)
{
    struct pp_reader *r = x->costs.r;
    struct pp_sample sample = {
        .node = pp_reader_stack(r, x->begin, x->frames, x->depth, PP_ROOT_FIRST),
    };
    pp_id id = pp_sample_id(r->out, &sample);
    for (unsigned e = 0; e < x->costs.nevents; e++)
        if (!pp_reader_add(r, x->begin, id, x->costs.columns[e], x->values[e]))
            return false;
    return true;
}

static bool end_block(struct pp_costs *s, const char *at)
{
    struct xtree *x = s->ctx;
    bool ok = true;
    (void)at;
    if (x->open && !x->valued)
        pp_warn(s->r, x->begin, "a stack without costs");
    if (x->open && x->valued) {
        push_last(x);
        ok = add_values(x);
    }
    x->open = false;
    x->depth = 0;
    return ok;
}

static bool on_part(struct pp_costs *s)
{
    return end_block(s, s->r->in.end);
}

bool pp_xtree_read(struct pp_reader *r, struct pp_span in)
{
    static const struct pp_cost_sink sink = {
        .sums = "totals",
        .column = xtree_column,
        .function = on_function,
        .cost = on_cost,
        .call = on_call,
        .blank = end_block,
        .part = on_part,
    };
    struct xtree x = {.costs = {.r = r, .sink = &sink}};
    x.costs.ctx = &x;
    bool ok = pp_costs_read(&x.costs, in);
    pp_id lost = ok ? pp_string_find(r->out, pp_str("DB")) : 0;
    if (lost)
        r->out->about.default_type = lost;

    if (ok)
        r->out->about.drop_frames = pp_cstring(r->out, pp_allocator_frames);
    pp_costs_release(&x.costs);
    free(x.frames);
    return ok;
}

static unsigned xtree_bid(struct pp_span head)
{
    return pp_cost_creator(head, "xtree") ? 8 * 32 : 0;
}

const struct pp_format pp_format_xtree = {
    .name = "xtree",
    .title = "trees of memory and leaks that valgrind's tools write",
    .suffixes = (const char *const[]){".kcg", NULL},
    .holds = PP_HOLDS_COLUMNS | PP_HOLDS_LINES,
    .bid = xtree_bid,
    .read = pp_xtree_read,
};
