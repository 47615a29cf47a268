/*
 * A flame chart in time: a lane for each thread, in which a sample is as wide as it lasted. Where
 * there are more samples than can be drawn, the time is cut into equal parts, and a part of a
 * thread shows its heaviest stack; what other stacks have beyond the frames in common is counted as
 * hidden.
 */
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "render/html_threads.h"
#include "render/layout_private.h"

enum { MOST_LANES = 100, LEAST_PARTS = 16, USUAL_OF = 1000 };

/* A sample with a value. */
struct record {
    int64_t time, value; /* the time is in nanoseconds from the first */
    pp_id thread, node;
};

/* The records of a thread: list[from] to list[to - 1], in the order of time. */
struct thread {
    size_t from, to;
    double weight;
    int64_t usual; /* how long a record lasts at most, if its value is no time */
    pp_id id;
};

/* Stacks of the records of a part, each once, with its value. */
struct sums {
    int64_t *of_node;
    pp_id *nodes;
    size_t count, cap;
};

struct lanes {
    struct pp_layout_grower *g;
    struct record *list;
    size_t count, nthreads;
    struct thread *threads; /* the heaviest first */
    struct pp_html_threads names;
    int64_t span;
    double unit; /* of the column in nanoseconds, or 0 */
    struct sums sums;
    /* of the lane that is drawn: */
    pp_id *frames, *other_frames; /* a stack; another */
    size_t frames_cap, other_cap;
    size_t *open; /* rects[open[i]] is that of depth i + 1, and still grows */
    size_t depth, open_cap;
    int64_t end;           /* of what is open */
    uint32_t row, highest; /* of the lane; and in it */
};

/* --- records and threads --------------------------------------------------- */

static int compare_records(const void *a, const void *b)
{
    const struct record *x = a, *y = b;
    if (x->thread != y->thread)
        return x->thread < y->thread ? -1 : 1;
    if (x->time != y->time)
        return x->time < y->time ? -1 : 1;
    return (x->node > y->node) - (x->node < y->node);
}

static void find_records(struct lanes *c)
{
    const struct pp_profile *p = c->g->p;
    int64_t first = INT64_MAX;
    c->list = pp_calloc(p->samples.count, sizeof *c->list);
    for (size_t s = 0; s < p->samples.count; s++) {
        const struct pp_sample *sample = pp_sample(p, (pp_id)s);
        int64_t value = pp_layout_size(c->g, (pp_id)s, (int)c->g->out->column);
        if (!value)
            continue;
        c->list[c->count++] = (struct record){sample->time_ns, value,
                                              c->names.of_labels[sample->labels], sample->node};
        first = sample->time_ns < first ? sample->time_ns : first;
    }
    for (size_t i = 0; i < c->count; i++)
        if (__builtin_sub_overflow(c->list[i].time, first, &c->list[i].time) ||
            c->list[i].time > INT64_MAX / 4)
            c->list[i].time = INT64_MAX / 4;
    qsort(c->list, c->count, sizeof *c->list, compare_records);
}

static int compare_times(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* Half as much again as the usual distance of two records, so that a gap is seen as one. */
static int64_t usual_length(const struct lanes *c, const struct thread *t)
{
    int64_t some[USUAL_OF + 1];
    size_t n = 0, step = (t->to - t->from) / USUAL_OF + 1;
    for (size_t i = t->from + 1; i < t->to; i += step)
        if (c->list[i].time > c->list[i - 1].time)
            some[n++] = c->list[i].time - c->list[i - 1].time;
    if (!n)
        return 0;
    qsort(some, n, sizeof *some, compare_times);
    return some[n / 2] + some[n / 2] / 2;
}

static int compare_threads(const void *a, const void *b)
{
    const struct thread *x = a, *y = b;
    if (x->weight != y->weight)
        return x->weight > y->weight ? -1 : 1;
    return (x->from > y->from) - (x->from < y->from);
}

static void find_threads(struct lanes *c)
{
    c->threads = pp_calloc(c->names.count, sizeof *c->threads);
    for (size_t i = 0; i < c->count; i++) {
        struct thread *t = &c->threads[c->nthreads ? c->nthreads - 1 : 0];
        if (!i || c->list[i].thread != t->id) {
            t = &c->threads[c->nthreads++];
            *t = (struct thread){.from = i, .id = c->list[i].thread};
        }
        t->to = i + 1;
        t->weight += (double)c->list[i].value;
    }
    for (size_t i = 0; i < c->nthreads; i++)
        c->threads[i].usual = usual_length(c, &c->threads[i]);
    qsort(c->threads, c->nthreads, sizeof *c->threads, compare_threads);
}

/* The length of 1 of the column in nanoseconds; 0 if it does not count time. */
static double unit_of(const struct pp_profile *p, unsigned column)
{
    static const struct {
        const char *name;
        double size;
    } units[] = {
        {"nanoseconds", 1}, {"microseconds", 1e3}, {"milliseconds", 1e6}, {"seconds", 1e9}};
    struct pp_span unit = pp_text(p, p->columns[column].unit);
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (pp_is(unit, units[i].name))
            return units[i].size / pow(10, p->columns[column].decimals);
    return 0;
}

/* The end of a record: the next of its thread begins then, or later. */
static int64_t end_of(const struct lanes *c, const struct thread *t, size_t i)
{
    double length = c->unit > 0 ? (double)c->list[i].value * c->unit : (double)t->usual;
    int64_t most = i + 1 < t->to ? c->list[i + 1].time : INT64_MAX / 2;
    int64_t end = c->list[i].time + (length < 0x1p60 ? (int64_t)length : INT64_MAX / 4);
    return end < most ? end : most;
}

static void find_span(struct lanes *c)
{
    for (size_t k = 0; k < c->nthreads; k++) {
        const struct thread *t = &c->threads[k];
        int64_t end = end_of(c, t, t->to - 1);
        c->span = end > c->span ? end : c->span;
    }
    c->span = c->span ? c->span : 1;
    for (size_t k = 0; k < c->nthreads; k++)
        if (!c->threads[k].usual)
            c->threads[k].usual = c->span / 1000 + 1;
}

/* --- rectangles ---------------------------------------------------------- */

static void close_to(struct lanes *c, size_t depth)
{
    while (c->depth > depth) {
        struct pp_rect *r = &c->g->out->rects[c->open[--c->depth]];
        r->width = c->end - r->start;
    }
}

/* Opens a rectangle on top of those that are open. */
static void open_rect(struct lanes *c, pp_id frame, int64_t start)
{
    struct pp_rect *r = pp_layout_rect(c->g, frame, (uint32_t)c->depth + 1, start);
    r->row = c->row + (uint32_t)c->depth;
    c->highest = r->row > c->highest ? r->row : c->highest;
    PP_GROW(c->open, c->depth + 1, c->open_cap);
    c->open[c->depth++] = c->g->out->count - 1;
}

static size_t stack_of(struct lanes *c, pp_id node, pp_id **frames, size_t *cap)
{
    size_t n = pp_stack(c->g->p, node, frames, cap);
    if (c->g->options->reverse)
        pp_turn_round(*frames, n);
    return n;
}

/* Counts the value of a stack on what is open, as far as it is the same. */
static void count_value(struct lanes *c, pp_id node, int64_t value)
{
    struct pp_layout *l = c->g->out;
    size_t n = stack_of(c, node, &c->other_frames, &c->other_cap), same = 0;
    while (same < n && same + 1 < c->depth &&
           l->rects[c->open[same + 1]].frame == c->other_frames[same])
        same++;
    for (size_t i = 0; i <= same; i++)
        l->rects[c->open[i]].other += value;
    if (same < n)
        l->rects[c->open[same]].hidden += value;
}

/* The stack that had most of the records from `i` up to `to`; c->sums has all of them. */
static pp_id heaviest(struct lanes *c, size_t i, size_t to)
{
    struct sums *s = &c->sums;
    pp_id best = c->list[i].node;
    for (s->count = 0; i < to; i++) {
        pp_id node = c->list[i].node;
        if (!s->of_node[node]) {
            PP_GROW(s->nodes, s->count + 1, s->cap);
            s->nodes[s->count++] = node;
        }
        s->of_node[node] += c->list[i].value;
        if (s->of_node[node] > s->of_node[best])
            best = node;
    }
    return best;
}

/* Draws the records from `i` up to `to` as one. */
static void add_part(struct lanes *c, const struct thread *t, size_t i, size_t to, int64_t part)
{
    int64_t start = c->list[i].time, end = end_of(c, t, to - 1);
    int64_t most = to < t->to ? c->list[to].time : c->span;
    pp_id node = heaviest(c, i, to);
    if (end - start < part / 2) /* else it could not be seen */
        end = start + part / 2 < most ? start + part / 2 : most;
    size_t n = stack_of(c, node, &c->frames, &c->frames_cap), same = 0;
    if (start - c->end <= part) /* a shorter gap could not be seen */
        while (same < n && same + 1 < c->depth &&
               c->g->out->rects[c->open[same + 1]].frame == c->frames[same])
            same++;
    close_to(c, same + 1);
    while (c->depth < n + 1)
        open_rect(c, c->frames[c->depth - 1], start);
    c->end = end;
    for (size_t k = 0; k < c->sums.count; k++) {
        count_value(c, c->sums.nodes[k], c->sums.of_node[c->sums.nodes[k]]);
        c->sums.of_node[c->sums.nodes[k]] = 0;
    }
}

static void add_lane(struct lanes *c, const struct thread *t, int64_t part)
{
    struct pp_layout *l = c->g->out;
    c->row = l->depth + 1;
    c->end = 0;
    open_rect(c, 0, 0);
    size_t lane = c->open[0];
    for (size_t i = t->from, to; i < t->to; i = to) {
        int64_t stop = (c->list[i].time / part + 1) * part;
        for (to = i + 1; to < t->to && c->list[to].time < stop;)
            to++;
        add_part(c, t, i, to, part);
    }
    close_to(c, 1);
    c->depth = 0;
    l->rects[lane].width = c->span;
    l->depth = c->highest;
    l->lanes[l->nlanes++] = (struct pp_lane){lane, c->names.name_of[t->id]};
}

/* Draws all lanes that there is room for, with `parts` parts; false if not all of them. */
static bool add_lanes(struct lanes *c, int64_t parts)
{
    struct pp_layout *l = c->g->out;
    size_t most = c->g->options->most ? c->g->options->most : SIZE_MAX;
    int64_t part = c->span / parts + 1;
    l->count = 1;
    l->depth = 0;
    l->nlanes = 0;
    l->part = part;
    for (size_t k = 0; k < c->nthreads && k < MOST_LANES; k++) {
        size_t count = l->count;
        uint32_t depth = l->depth;
        add_lane(c, &c->threads[k], part);
        if (l->count <= most || !k)
            continue;
        l->count = count;
        l->depth = depth;
        l->nlanes--;
        return false;
    }
    return true;
}

/* --- entry point --------------------------------------------------------- */

static void finish(struct lanes *c)
{
    struct pp_layout *l = c->g->out;
    l->lanes_left_out = c->nthreads - l->nlanes;
    for (size_t k = l->nlanes; k < c->nthreads; k++)
        l->lanes_hidden += c->threads[k].weight;
    for (size_t k = 0; k < l->nlanes; k++) {
        struct pp_span name = pp_string_at(&c->names.names, l->lanes[k].name);
        l->lanes[k].name = pp_intern_string(&l->lane_names, name);
    }
}

static void release(struct lanes *c)
{
    pp_html_threads_release(&c->names);
    free(c->list);
    free(c->threads);
    free(c->sums.of_node);
    free(c->sums.nodes);
    free(c->frames);
    free(c->other_frames);
    free(c->open);
}

void pp_layout_grow_lanes(struct pp_layout_grower *g)
{
    struct pp_layout *l = g->out;
    struct lanes c = {.g = g, .unit = unit_of(g->p, l->column)};
    pp_html_threads_init(&c.names, g->p, true);
    find_records(&c);
    find_threads(&c);
    find_span(&c);
    c.sums.of_node = pp_calloc(g->p->nodes.count, sizeof *c.sums.of_node);
    l->lanes = pp_calloc(MOST_LANES, sizeof *l->lanes);
    pp_strings_init(&l->lane_names);
    l->rects[0].other = l->sum;
    l->rects[0].width = c.span;
    int64_t parts = g->options->pixels < 0x1p30 ? (int64_t)g->options->pixels : 1 << 30;
    parts = parts > LEAST_PARTS ? parts : LEAST_PARTS;
    while (!add_lanes(&c, parts) && parts > LEAST_PARTS)
        parts /= 2;
    finish(&c);
    release(&c);
}
