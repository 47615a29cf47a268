#include "formats/heaptrack/blocks.h"

#include <stdlib.h>

#include "base/memory.h"

struct unique {
    int64_t size;
    pp_id trace, one;
};

size_t pp_heaptrack_kind(struct pp_heaptrack_blocks *b, int64_t size, pp_id trace)
{
    PP_GROW(b->kinds, b->count + 1, b->cap);
    b->kinds[b->count] = (struct pp_heaptrack_kind_row){.size = size, .trace = trace};
    return b->count++;
}

/*
 * The state at the peak needs neither a log nor a second pass: a kind that has not changed since
 * the last peak is as it was then, and the state of others was saved at their first change.
 */
static void before_change(struct pp_heaptrack_blocks *b, struct pp_heaptrack_kind_row *k)
{
    if (k->changed != b->peaks) {
        k->changed = b->peaks;
        k->before = k->live;
    }
}

int64_t pp_heaptrack_at_peak(const struct pp_heaptrack_blocks *b, size_t kind)
{
    const struct pp_heaptrack_kind_row *k = &b->kinds[kind];
    return k->changed == b->peaks ? k->before : k->live;
}

static bool take(struct pp_heaptrack_blocks *b, struct pp_heaptrack_kind_row *k)
{
    before_change(b, k);
    k->allocated++;
    k->live++;
    if (__builtin_add_overflow(b->total, k->size, &b->total))
        return false;
    if (b->total > b->peak) {
        b->peak = b->total;
        b->peaks++;
    }
    return true;
}

static bool give(struct pp_heaptrack_blocks *b, struct pp_heaptrack_kind_row *k, bool temporary)
{
    if (k->live == 0)
        return false;
    before_change(b, k);
    k->live--;
    k->temporary += temporary;
    b->total -= k->size;
    return true;
}

/* As heaptrack counts: kind 0 counts as the last one allocated before there is any. */
bool pp_heaptrack_take(struct pp_heaptrack_blocks *b, size_t kind)
{
    b->last = kind;
    return take(b, &b->kinds[kind]);
}

bool pp_heaptrack_give(struct pp_heaptrack_blocks *b, size_t kind)
{
    bool temporary = b->last == kind;
    b->last = 0;
    return give(b, &b->kinds[kind], temporary);
}

bool pp_heaptrack_take_at(struct pp_heaptrack_blocks *b, int64_t size, pp_id trace,
                          uint64_t address)
{
    struct unique row = {size, trace, 1};
    if (!b->unique.width)
        pp_table_init(&b->unique, sizeof row);
    size_t kind = pp_intern(&b->unique, &row) - 1;
    if (kind == b->count)
        pp_heaptrack_kind(b, size, trace);
    *pp_number_at(&b->living, address, 0) = (uint32_t)kind + 1;
    b->last = address;
    return take(b, &b->kinds[kind]);
}

bool pp_heaptrack_give_at(struct pp_heaptrack_blocks *b, uint64_t address)
{
    if (!pp_number_find(&b->living, address, 0))
        return false;
    uint32_t *kind = pp_number_at(&b->living, address, 0);
    give(b, &b->kinds[*kind - 1], b->last == address);
    b->last = 0;
    *kind = 0;
    return true;
}

void pp_heaptrack_blocks_release(struct pp_heaptrack_blocks *b)
{
    free(b->kinds);
    free(b->living.slots);
    if (b->unique.width)
        pp_table_release(&b->unique);
}
