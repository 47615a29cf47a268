/* A flame chart: samples from left to right, where neighbours share their common frames. */
#include <stdlib.h>

#include "base/memory.h"
#include "render/layout_private.h"

struct moment {
    int64_t time;
    pp_id sample;
};

/* The current stack: for each depth its frame, and the rectangle that is still growing. */
struct chart {
    struct moment *moments;
    pp_id *frames; /* of the current sample */
    size_t *open;  /* rects[open[i]] is that of depth i + 1 */
    size_t frames_cap, depth, open_cap;
    int64_t at, at_other;
};

static int compare_moments(const void *a, const void *b)
{
    const struct moment *x = a, *y = b;
    if (x->time != y->time)
        return x->time < y->time ? -1 : 1;
    return (x->sample > y->sample) - (x->sample < y->sample);
}

static void sort_by_time(const struct pp_profile *p, struct chart *c)
{
    size_t n = p->samples.count;
    bool sorted = true;
    c->moments = pp_calloc(n, sizeof *c->moments);
    for (size_t s = 0; s < n; s++) {
        c->moments[s] = (struct moment){pp_sample(p, (pp_id)s)->time_ns, (pp_id)s};
        sorted &= !s || c->moments[s - 1].time <= c->moments[s].time;
    }
    if (!sorted)
        qsort(c->moments, n, sizeof *c->moments, compare_moments);
}

/*
 * Ends the rectangles deeper than `depth`. One that is too narrow is removed: everything on top of
 * it was narrower and is gone, so it is the last one.
 */
static void close_to(struct pp_layout_grower *g, struct chart *c, size_t depth)
{
    while (c->depth > depth) {
        struct pp_rect *r = &g->out->rects[c->open[--c->depth]];
        r->width = c->at - r->start;
        r->other = c->at_other - r->other;
        if (r->width < g->narrow) {
            pp_layout_hide(g, c->depth ? c->open[c->depth - 1] : 0, r->width, r->other);
            g->out->count--;
        }
    }
}

static void add_moment(struct pp_layout_grower *g, struct chart *c, pp_id sample)
{
    size_t same = 0, n = pp_stack(g->p, pp_sample(g->p, sample)->node, &c->frames, &c->frames_cap);
    if (g->options->reverse)
        pp_turn_round(c->frames, n);
    while (same < n && same < c->depth && g->out->rects[c->open[same]].frame == c->frames[same])
        same++;
    close_to(g, c, same);
    PP_GROW(c->open, n, c->open_cap);
    for (; c->depth < n; c->depth++) {
        struct pp_rect *r = pp_layout_rect(g, c->frames[c->depth], (uint32_t)c->depth + 1, c->at);
        r->other = c->at_other; /* where it began; its width at the end */
        c->open[c->depth] = g->out->count - 1;
    }
    c->at += pp_layout_size(g, sample, (int)g->out->column);
    c->at_other += pp_layout_size(g, sample, g->other);
}

void pp_layout_grow_chart(struct pp_layout_grower *g)
{
    struct chart c = {0};
    sort_by_time(g->p, &c);
    for (size_t i = 0; i < g->p->samples.count; i++)
        if (pp_layout_size(g, c.moments[i].sample, (int)g->out->column) ||
            pp_layout_size(g, c.moments[i].sample, g->other))
            add_moment(g, &c, c.moments[i].sample);
    close_to(g, &c, 0);
    free(c.moments);
    free(c.frames);
    free(c.open);
}
