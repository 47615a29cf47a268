#include "render/layout.h"

#include <stdlib.h>

#include "base/memory.h"
#include "render/layout_private.h"

/* --- the order of names -------------------------------------------------- */

struct named {
    struct pp_span name;
    pp_id frame;
    unsigned tie; /* of frames that differ only in kind */
};

static int compare_named(const void *a, const void *b)
{
    const struct named *x = a, *y = b;
    int order = pp_compare_spans(x->name, y->name);
    if (!order)
        order = (x->tie > y->tie) - (x->tie < y->tie);
    return order ? order : (x->frame > y->frame) - (x->frame < y->frame);
}

static void rank_frames(struct pp_layout_grower *g)
{
    size_t n = g->p->frames.count;
    struct named *names = pp_calloc(n, sizeof *names);
    for (size_t i = 0; i < n; i++) {
        const struct pp_frame *f = pp_frame(g->p, (pp_id)i);
        names[i] = (struct named){pp_frame_name(g->p, (pp_id)i), (pp_id)i,
                                  (unsigned)f->kind << 1 | f->inlined};
    }
    if (!g->options->no_sort)
        qsort(names, n, sizeof *names, compare_named);
    g->ranks = pp_calloc(n, sizeof *g->ranks);
    g->by_rank = pp_calloc(n, sizeof *g->by_rank);
    for (size_t i = 0; i < n; i++) {
        g->by_rank[i] = names[i].frame;
        g->ranks[names[i].frame] = (uint32_t)i + 1;
    }
    free(names);
}

/* --- the tree from the root ---------------------------------------------- */

/* For each node: its self and total value, and the list of its children. */
struct tree {
    int64_t *self, *total, *other;
    pp_id *first, *next;
};

static void sum_up(struct pp_layout_grower *g, struct tree *t)
{
    const struct pp_profile *p = g->p;
    size_t n = p->nodes.count;
    t->self = pp_calloc(n, sizeof *t->self);
    t->total = pp_calloc(n, sizeof *t->total);
    t->other = g->other >= 0 ? pp_calloc(n, sizeof *t->other) : NULL;
    for (size_t s = 0; s < p->samples.count; s++) {
        pp_id node = pp_sample(p, (pp_id)s)->node;
        t->self[node] += pp_layout_size(g, (pp_id)s, (int)g->out->column);
        if (t->other)
            t->other[node] += pp_layout_size(g, (pp_id)s, g->other);
    }
    memcpy(t->total, t->self, n * sizeof *t->total);
    for (size_t i = n; i-- > 1;) {
        pp_id parent = pp_node(p, (pp_id)i)->parent;
        t->total[parent] += t->total[i];
        if (t->other)
            t->other[parent] += t->other[i];
    }
}

/* What is on top of a rectangle that is too narrow is left out with it. */
static bool is_visited(const struct pp_layout_grower *g, const struct tree *t, size_t node)
{
    return t->total[pp_node(g->p, (pp_id)node)->parent] >= g->narrow;
}

/*
 * Lists of children by name, without sorting them: the nodes of each frame are chained, and frames
 * are processed from the last name to the first, with each node put at the head of its parent's
 * list.
 */
static void link_children(const struct pp_layout_grower *g, struct tree *t)
{
    const struct pp_profile *p = g->p;
    pp_id *of_frame = pp_calloc(p->frames.count, sizeof *of_frame);
    t->first = pp_calloc(p->nodes.count, sizeof *t->first);
    t->next = pp_calloc(p->nodes.count, sizeof *t->next);
    for (size_t i = 1; i < p->nodes.count; i++) {
        pp_id frame = pp_node(p, (pp_id)i)->frame;
        if (!is_visited(g, t, i))
            continue;
        t->next[i] = of_frame[frame];
        of_frame[frame] = (pp_id)i;
    }
    for (size_t rank = p->frames.count; rank-- > 0;)
        for (pp_id n = of_frame[g->by_rank[rank]], after; n; n = after) {
            pp_id parent = pp_node(p, n)->parent;
            after = t->next[n];
            t->next[n] = t->first[parent];
            t->first[parent] = n;
        }
    free(of_frame);
}

/* In the order in which they were first seen, which is the order of the nodes. */
static void link_as_seen(const struct pp_layout_grower *g, struct tree *t)
{
    size_t n = g->p->nodes.count;
    t->first = pp_calloc(n, sizeof *t->first);
    t->next = pp_calloc(n, sizeof *t->next);
    for (size_t i = n; i-- > 1;) {
        pp_id parent = pp_node(g->p, (pp_id)i)->parent;
        if (!is_visited(g, t, i))
            continue;
        t->next[i] = t->first[parent];
        t->first[parent] = (pp_id)i;
    }
}

/* A level of a walk: where it ends, and its rectangle. */
struct level {
    int64_t end;
    size_t rect;
};

/*
 * The next node after `n` and everything on top of it; `*at` and `*depth` are adjusted. 0 at the
 * end.
 */
static pp_id step_over(const struct pp_layout_grower *g, const struct tree *t, pp_id n,
                       const struct level *levels, uint32_t *depth, int64_t *at)
{
    while (n && !t->next[n]) {
        n = pp_node(g->p, n)->parent;
        *at = levels[--*depth].end;
    }
    return n ? t->next[n] : 0;
}

static void walk(struct pp_layout_grower *g, const struct tree *t)
{
    struct level *levels = NULL;
    int64_t at = t->self[0];
    size_t cap = 0;
    uint32_t depth = 1;
    PP_GROW(levels, 1, cap);
    levels[0] = (struct level){t->total[0], 0};
    for (pp_id n = t->first[0]; n;) {
        int64_t width = t->total[n], other = t->other ? t->other[n] : 0;
        bool shown = width >= g->narrow;
        if (shown) {
            struct pp_rect *r = pp_layout_rect(g, pp_node(g->p, n)->frame, depth, at);
            r->width = width;
            r->other = other;
        } else {
            pp_layout_hide(g, levels[depth - 1].rect, width, other);
        }
        if (shown && t->first[n]) {
            PP_GROW(levels, (size_t)depth + 1, cap);
            levels[depth++] = (struct level){at + width, g->out->count - 1};
            at += t->self[n];
            n = t->first[n];
        } else {
            at += width;
            n = step_over(g, t, n, levels, &depth, &at);
        }
    }
    free(levels);
}

/* Inserts a lost function into the list of the widest, if it is wide enough. */
static void note_lost(struct pp_layout *l, struct pp_lost lost)
{
    l->nlost++;
    l->lost_sum += lost.other;
    for (size_t i = 0; i < PP_LOST_SHOWN; i++)
        if (lost.other > l->lost[i].other) {
            struct pp_lost after = l->lost[i];
            l->lost[i] = lost;
            lost = after;
        }
}

static void find_lost(struct pp_layout_grower *g, const struct tree *t)
{
    for (size_t i = 1; t->other && i < g->p->nodes.count; i++) {
        struct pp_node node = *pp_node(g->p, (pp_id)i);
        if (!t->total[i] && t->other[i] && (t->total[node.parent] || !node.parent))
            note_lost(g->out, (struct pp_lost){node.frame, t->other[i]});
    }
}

void pp_layout_grow_tree(struct pp_layout_grower *g)
{
    struct tree t;
    sum_up(g, &t);
    if (g->options->no_sort)
        link_as_seen(g, &t);
    else
        link_children(g, &t);
    walk(g, &t);
    find_lost(g, &t);
    free(t.self);
    free(t.total);
    free(t.other);
    free(t.first);
    free(t.next);
}

/* --- entry point --------------------------------------------------------- */

static void choose_columns(struct pp_layout_grower *g)
{
    struct pp_layout *l = g->out;
    l->column = g->options->column;
    g->other = -1;
    if (l->column >= g->p->ncolumns)
        return;
    g->other = pp_column_other(g->p, l->column);
    l->compared = g->other >= 0;
    l->widths = g->options->widths == PP_BEFORE ? PP_BEFORE : PP_AFTER;
    if (l->compared && g->p->columns[l->column].side != l->widths) {
        unsigned given = l->column;
        l->column = (unsigned)g->other;
        g->other = (int)given;
    }
}

/* Adds the rectangle of all samples, with the sums of both sides. */
static void add_root(struct pp_layout_grower *g)
{
    struct pp_layout *l = g->out;
    struct pp_rect *root = pp_layout_rect(g, 0, 0, 0);
    for (size_t s = 0; s < g->p->samples.count; s++) {
        root->width += pp_layout_size(g, (pp_id)s, (int)l->column);
        root->other += pp_layout_size(g, (pp_id)s, g->other);
    }
    l->sum = root->width;
    if (g->options->total > root->width)
        root->width = g->options->total;
}

/* The smallest whole number that is at least the minimum width, computed as other tools do. */
static int64_t narrowest(const struct pp_layout *l, const struct pp_layout_options *options)
{
    double all = (double)l->rects[0].width, least;
    if (options->least_percent)
        least = options->least / (100.0 / all);
    else
        least = options->least / (options->pixels / all);
    if (!(least > 1))
        return 1;
    if (least >= 0x1p63)
        return INT64_MAX;
    int64_t whole = (int64_t)least;
    return whole + ((double)whole < least);
}

static void measure(struct pp_layout *l)
{
    if (l->lanes) { /* they know their own height */
        for (size_t i = 0; i < l->count; i++)
            l->hidden += l->rects[i].hidden;
        return;
    }
    l->hidden = l->count ? l->rects[0].hidden : 0;
    for (size_t i = 1; i < l->count; i++) {
        const struct pp_rect *r = &l->rects[i];
        l->hidden += r->hidden;
        int64_t change = r->width > r->other ? r->width - r->other : r->other - r->width;
        if (r->depth > l->depth)
            l->depth = r->depth;
        if (change > l->most_change)
            l->most_change = change;
    }
}

void pp_layout_make(struct pp_layout *l, const struct pp_profile *p,
                    const struct pp_layout_options *options)
{
    *l = (struct pp_layout){0};
    struct pp_layout_grower g = {.out = l, .p = p, .options = options};
    choose_columns(&g);
    add_root(&g);
    if (l->sum) {
        g.narrow = narrowest(l, options);
        rank_frames(&g);
        if (options->by_time && options->clock && !l->compared)
            pp_layout_grow_lanes(&g);
        else if (options->by_time)
            pp_layout_grow_chart(&g);
        else if (options->reverse)
            pp_layout_grow_reversed(&g);
        else
            pp_layout_grow_tree(&g);
        l->narrow = g.narrow;
        if (!l->lanes)
            pp_layout_limit(l, options->most);
        if (options->others)
            pp_layout_add_others(l);
    }
    measure(l);
    free(g.ranks);
    free(g.by_rank);
}

void pp_layout_release(struct pp_layout *l)
{
    free(l->rects);
    if (l->lanes)
        pp_strings_release(&l->lane_names);
    free(l->lanes);
    *l = (struct pp_layout){0};
}
