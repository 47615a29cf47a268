/*
 * The tree from the leaves is never built: it can be many times as large as the one from the root.
 * Instead all stacks are in one array, each with a position in it. The stacks of a rectangle are
 * adjacent; moving their positions one frame towards the root and sorting them by it gives the
 * rectangles on top. Rectangles that are too narrow are not expanded.
 */
#include <stdlib.h>

#include "base/memory.h"
#include "render/layout_private.h"

/* A stack, with a position in it. */
struct item {
    int64_t width, other;
    pp_id node;    /* the position; 0: at the end */
    uint32_t rank; /* of its frame, and 0 at the end */
};

/* Items of a rectangle that is not drawn yet. */
struct pending {
    size_t first, end, rect; /* `rect`: once it is drawn */
    int64_t start;
    uint32_t depth;
};

struct reversal {
    struct item *items;
    size_t count;
    struct pending *stack; /* the leftmost rectangle is on top */
    size_t pending, cap;
};

static int compare_items(const void *a, const void *b)
{
    const struct item *x = a, *y = b;
    return (x->rank > y->rank) - (x->rank < y->rank);
}

static void point(const struct pp_layout_grower *g, struct item *i, pp_id node)
{
    i->node = node;
    i->rank = node ? g->ranks[pp_node(g->p, node)->frame] : 0;
}

/* One item for each node at which a stack ends. */
static void collect(struct pp_layout_grower *g, struct reversal *r)
{
    size_t nodes = g->p->nodes.count;
    struct item *items = pp_calloc(nodes, sizeof *items);
    for (size_t s = 0; s < g->p->samples.count; s++) {
        struct item *i = &items[pp_sample(g->p, (pp_id)s)->node];
        i->width += pp_layout_size(g, (pp_id)s, (int)g->out->column);
        i->other += pp_layout_size(g, (pp_id)s, g->other);
    }
    for (size_t n = 0; n < nodes; n++) {
        if (!items[n].width && !items[n].other)
            continue;
        struct item *i = &items[r->count++];
        *i = items[n];
        point(g, i, (pp_id)n);
    }
    r->items = items;
}

/* The end of the items from `first` on with equal frames; `*sums` gets their sums. */
static size_t group(const struct reversal *r, size_t first, size_t end, struct item *sums)
{
    size_t i = first;
    *sums = (struct item){.rank = r->items[first].rank};
    for (; i < end && r->items[i].rank == sums->rank; i++) {
        sums->width += r->items[i].width;
        sums->other += r->items[i].other;
    }
    return i;
}

/* Sorts the items and pushes their groups; those at their end are at the left. */
static void put_off(struct pp_layout_grower *g, struct reversal *r, struct pending all)
{
    if (all.end - all.first > 1)
        qsort(r->items + all.first, all.end - all.first, sizeof *r->items, compare_items);
    size_t bottom = r->pending;
    for (size_t i = all.first, end; i < all.end; i = end) {
        struct item sums;
        end = group(r, i, all.end, &sums);
        if (sums.rank && sums.width >= g->narrow) {
            PP_GROW(r->stack, r->pending + 1, r->cap);
            r->stack[r->pending++] = (struct pending){i, end, 0, all.start, all.depth};
        } else if (sums.rank) {
            pp_layout_hide(g, all.rect, sums.width, sums.other);
        }
        all.start += sums.width;
    }
    for (size_t top = r->pending; bottom + 1 < top; bottom++) {
        struct pending swapped = r->stack[--top];
        r->stack[top] = r->stack[bottom];
        r->stack[bottom] = swapped;
    }
}

static void draw(struct pp_layout_grower *g, struct reversal *r, struct pending of)
{
    pp_id frame = pp_node(g->p, r->items[of.first].node)->frame;
    struct pp_rect *rect = pp_layout_rect(g, frame, of.depth, of.start);
    for (size_t i = of.first; i < of.end; i++) {
        rect->width += r->items[i].width;
        rect->other += r->items[i].other;
        point(g, &r->items[i], pp_node(g->p, r->items[i].node)->parent);
    }
}

void pp_layout_grow_reversed(struct pp_layout_grower *g)
{
    struct reversal r = {0};
    collect(g, &r);
    put_off(g, &r, (struct pending){.end = r.count, .depth = 1});
    while (r.pending) {
        struct pending of = r.stack[--r.pending];
        draw(g, &r, of);
        of.rect = g->out->count - 1;
        of.depth++;
        put_off(g, &r, of);
    }
    free(r.items);
    free(r.stack);
}
