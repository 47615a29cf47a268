/*
 * trace_spans.c - turns spans that begin and end into the time that each stack took. At each
 * moment, the stack of a thread consists of the open spans, in the order in which they began,
 * longer ones first. So the total of a span is its own length, even if two overlap without nesting.
 */
#include <stdlib.h>

#include "base/memory.h"
#include "formats/viewers/trace.h"

/* A span, from `start` to `end`. */
struct span {
    int64_t start, end;
    uint32_t name;
    uint32_t order; /* among the events of the thread */
    uint32_t below; /* the open span below it, plus one ... */
    uint32_t above; /* ... and the one above it */
    uint32_t same;  /* the previous open one of the same name, plus one */
    bool open, has_end;
};

/* The open spans of a name. */
struct of_name {
    uint32_t last;    /* the last one, plus one */
    uint32_t early;   /* ends that came before their beginning, at ... */
    int64_t early_ts; /* ... this time */
};

struct spans {
    struct pp_trace *t;
    struct span *v;
    size_t n, cap;
    uint32_t top;       /* the last open span, plus one */
    uint32_t *unmarked; /* open spans without an end so far, outermost first */
    size_t nunmarked, unmarked_cap;
    struct of_name *names;
    uint32_t *ends; /* all spans by end */
    size_t dropped; /* ends without a beginning */

    uint32_t *stack; /* the open spans, outermost first */
    pp_id *nodes;    /* of each of them */
    size_t depth, valid;
    uint64_t work; /* steps spent on rebuilding stacks, and their limit */
    pp_id *frames; /* by name; 0: none yet */
    pp_id labels;
};

/* --- the events of a thread ---------------------------------------------- */

/* By time, then in the order of the file. */
static int by_ts(const void *a, const void *b, void *events)
{
    const struct pp_trace_event *e = events;
    uint32_t i = *(const uint32_t *)a, j = *(const uint32_t *)b;
    if (e[i].ts != e[j].ts)
        return e[i].ts < e[j].ts ? -1 : 1;
    return i < j ? -1 : i > j;
}

/* Sorts the events by thread, then in order; starts[] says where each thread's begin. */
static uint32_t *sort_events(struct pp_trace *t, size_t *starts)
{
    uint32_t *list = pp_calloc(t->nevents, sizeof *list);
    for (size_t i = 0; i < t->nevents; i++)
        starts[t->events[i].thread + 1]++;
    for (size_t i = 1; i <= t->threads.count; i++)
        starts[i] += starts[i - 1];
    size_t *next = pp_calloc(t->threads.count, sizeof *next);
    memcpy(next, starts, t->threads.count * sizeof *next);
    for (size_t i = 0; i < t->nevents; i++)
        list[next[t->events[i].thread]++] = (uint32_t)i;
    for (size_t thread = 0; thread < t->threads.count; thread++) {
        size_t from = starts[thread], to = starts[thread + 1];
        bool sorted = true;
        for (size_t i = from + 1; sorted && i < to; i++)
            sorted = t->events[list[i - 1]].ts <= t->events[list[i]].ts;
        if (!sorted)
            qsort_r(list + from, to - from, sizeof *list, by_ts, t->events);
    }
    free(next);
    return list;
}

/* --- from events to spans ------------------------------------------------ */

static void add_span(struct spans *s, const struct span *span)
{
    PP_GROW(s->v, s->n + 1, s->cap);
    s->v[s->n++] = *span;
}

/* An end with the same time as its beginning may come before it; the span has no length. */
static bool take_early(struct spans *s, const struct pp_trace_event *e)
{
    struct of_name *of = &s->names[e->name];
    if (!of->early || of->early_ts != e->ts)
        return false;
    of->early--;
    s->dropped--;
    return true;
}

static void begin_span(struct spans *s, const struct pp_trace_event *e, uint32_t order)
{
    if (take_early(s, e))
        return;
    struct of_name *of = &s->names[e->name];
    add_span(s, &(struct span){.start = e->ts,
                               .name = e->name,
                               .order = order,
                               .below = s->top,
                               .same = of->last,
                               .open = true});
    if (s->top)
        s->v[s->top - 1].above = (uint32_t)s->n;
    of->last = s->top = (uint32_t)s->n;
    PP_GROW(s->unmarked, s->nunmarked + 1, s->unmarked_cap);
    s->unmarked[s->nunmarked++] = (uint32_t)s->n - 1;
}

/* The last open span of a name. Skips spans that an event without a name has ended. */
static uint32_t last_of(struct spans *s, uint32_t name)
{
    struct of_name *of = &s->names[name];
    while (of->last && !s->v[of->last - 1].open)
        of->last = s->v[of->last - 1].same;
    return of->last;
}

static void drop_end(struct spans *s, const struct pp_trace_event *e)
{
    struct of_name *of = &s->names[e->name];
    of->early = of->early_ts == e->ts ? of->early + 1 : 1;
    of->early_ts = e->ts;
    s->dropped++;
}

/* Spans that began within a span end with it, unless they have a later end of their own. */
static void mark_inner(struct spans *s, uint32_t at, int64_t ts)
{
    while (s->nunmarked && s->unmarked[s->nunmarked - 1] >= at) {
        struct span *inner = &s->v[s->unmarked[--s->nunmarked]];
        if (!inner->open)
            continue;
        inner->end = ts;
        inner->has_end = true;
    }
}

static void end_span(struct spans *s, const struct pp_trace_event *e)
{
    uint32_t found = e->name ? last_of(s, e->name) : s->top;
    if (!found) {
        drop_end(s, e);
        return;
    }
    struct span *span = &s->v[found - 1];
    mark_inner(s, found - 1, e->ts);
    span->end = e->ts;
    span->has_end = true;
    span->open = false;
    if (span->below)
        s->v[span->below - 1].above = span->above;
    if (span->above)
        s->v[span->above - 1].below = span->below;
    else
        s->top = span->below;
}

static bool whole_span(struct spans *s, const struct pp_trace_event *e, uint32_t order)
{
    int64_t end;
    if (__builtin_add_overflow(e->ts, e->duration, &end))
        return pp_json_fail(&s->t->json, "the end of an event does not fit 64 bits");
    add_span(s, &(struct span){
                    .start = e->ts, .end = end, .name = e->name, .order = order, .has_end = true});
    return true;
}

/* The last moment at which the thread is known to exist. */
static int64_t last_moment(const struct pp_trace *t, const uint32_t *list, size_t n)
{
    int64_t last = INT64_MIN;
    for (size_t i = 0; i < n; i++) {
        const struct pp_trace_event *e = &t->events[list[i]];
        int64_t end;
        if (!__builtin_add_overflow(e->ts, e->duration, &end) && end > last)
            last = end;
    }
    return last;
}

static bool make_spans(struct spans *s, const uint32_t *list, size_t n)
{
    bool ok = true;
    s->n = s->nunmarked = 0;
    s->top = 0;
    for (size_t i = 0; ok && i < n; i++) {
        const struct pp_trace_event *e = &s->t->events[list[i]];
        if (e->phase == PP_TRACE_WHOLE)
            ok = whole_span(s, e, (uint32_t)i);
        else if (e->phase == PP_TRACE_BEGIN)
            begin_span(s, e, (uint32_t)i);
        else
            end_span(s, e);
    }
    int64_t last = last_moment(s->t, list, n);
    for (size_t i = 0; i < s->n; i++) {
        s->names[s->v[i].name] = (struct of_name){0};
        if (!s->v[i].has_end)
            s->v[i].end = last;
    }
    for (size_t i = 0; i < n; i++)
        s->names[s->t->events[list[i]].name] = (struct of_name){0};
    return ok;
}

/* --- from spans to stacks ------------------------------------------------ */

static int by_start(const void *a, const void *b)
{
    const struct span *x = a, *y = b;
    if (x->start != y->start)
        return x->start < y->start ? -1 : 1;
    if (x->end != y->end)
        return x->end > y->end ? -1 : 1;
    return x->order < y->order ? -1 : x->order > y->order;
}

static int by_end(const void *a, const void *b, void *spans)
{
    const struct span *v = spans;
    const struct span *x = &v[*(const uint32_t *)a], *y = &v[*(const uint32_t *)b];
    if (x->end != y->end)
        return x->end < y->end ? -1 : 1;
    return x < y ? 1 : -1; /* innermost first */
}

/* Keeps the spans with a length, in the order in which they are opened. */
static void sort_spans(struct spans *s)
{
    size_t n = 0;
    bool sorted = true;
    for (size_t i = 0; i < s->n; i++)
        if (s->v[i].end > s->v[i].start)
            s->v[n++] = s->v[i];
    s->n = n;
    for (size_t i = 1; sorted && i < n; i++)
        sorted = by_start(&s->v[i - 1], &s->v[i]) <= 0;
    if (!sorted)
        qsort(s->v, n, sizeof *s->v, by_start);
    if (!n)
        return;
    for (size_t i = 0; i < n; i++) {
        s->v[i].open = true;
        s->ends[i] = (uint32_t)i;
    }
    qsort_r(s->ends, n, sizeof *s->ends, by_end, s->v);
}

static pp_id frame_of(struct spans *s, uint32_t name)
{
    if (!s->frames[name])
        s->frames[name] = pp_trace_frame_named(s->t, name);
    return s->frames[name];
}

static pp_id stack_node(struct spans *s)
{
    struct pp_reader *r = s->t->json.r;
    for (; s->valid < s->depth; s->valid++) {
        pp_id under = s->valid ? s->nodes[s->valid - 1] : 0;
        bool cut = s->valid >= r->max_depth;
        if (cut)
            pp_reader_cut(r, pp_json_place(&s->t->json), s->depth);
        s->nodes[s->valid] =
            cut ? under : pp_child(r->out, under, frame_of(s, s->v[s->stack[s->valid]].name));
    }
    return s->depth ? s->nodes[s->depth - 1] : 0;
}

static bool add_time(struct spans *s, int64_t from, int64_t to)
{
    struct pp_reader *r = s->t->json.r;
    int64_t value;
    if (!s->depth)
        return true;
    if (__builtin_sub_overflow(to, from, &value))
        return pp_json_fail(&s->t->json, "a span of time does not fit 64 bits");
    struct pp_sample row = {.node = stack_node(s), .labels = s->labels};
    if (r->keep & PP_HOLDS_TIME)
        row.time_ns = from;
    return pp_reader_add(r, pp_json_place(&s->t->json), pp_sample_id(r->out, &row), 0, value);
}

/*
 * Removes ended spans from the stack. Mostly they are on top; otherwise all above them move, which
 * a hostile input could repeat without end, so work is limited.
 */
static bool close_ended(struct spans *s, size_t first)
{
    while (s->depth && !s->v[s->stack[s->depth - 1]].open)
        s->depth--;
    if (s->valid > s->depth)
        s->valid = s->depth;
    size_t to = first < s->depth ? first : s->depth;
    for (size_t i = to; i < s->depth; i++)
        if (s->v[s->stack[i]].open)
            s->stack[to++] = s->stack[i];
    s->work += s->depth - (first < s->depth ? first : s->depth);
    s->depth = to;
    if (s->valid > first)
        s->valid = first;
    return s->work <= ((uint64_t)s->t->nevents << 8) + (1 << 20) ||
           pp_json_fail(&s->t->json, "events overlap too much without nesting");
}

/* Steps through the moments at which spans begin or end. */
static bool sweep(struct spans *s)
{
    size_t next = 0, ended = 0;
    int64_t now = 0;
    bool ok = true;
    s->depth = s->valid = 0;
    while (ok && ended < s->n) {
        int64_t then = s->v[s->ends[ended]].end;
        if (next < s->n && s->v[next].start < then)
            then = s->v[next].start;
        ok = add_time(s, now, then);
        now = then;
        size_t lowest = SIZE_MAX;
        for (; ended < s->n && s->v[s->ends[ended]].end == now; ended++) {
            struct span *span = &s->v[s->ends[ended]];
            span->open = false;
            lowest = span->below < lowest ? span->below : lowest;
        }
        ok = ok && (lowest == SIZE_MAX || close_ended(s, lowest));
        for (; next < s->n && s->v[next].start == now; next++) {
            s->v[next].below = (uint32_t)s->depth; /* from here on: its depth when it began */
            s->stack[s->depth++] = (uint32_t)next;
        }
    }
    return ok;
}

/* --- entry point --------------------------------------------------------- */

static bool add_thread(struct spans *s, uint32_t thread, const uint32_t *list, size_t n)
{
    if (!make_spans(s, list, n))
        return false;
    sort_spans(s);
    s->labels = pp_trace_labels(s->t, thread);
    return sweep(s);
}

bool pp_trace_spans(struct pp_trace *t)
{
    struct spans s = {.t = t};
    size_t *starts = pp_calloc(t->threads.count + 1, sizeof *starts), most = 0;
    uint32_t *list = sort_events(t, starts);
    bool ok = t->nevents < UINT32_MAX || pp_json_fail(&t->json, "more than 2^32 events");
    pp_column(t->json.r->out, pp_str("wall"), pp_str("nanoseconds"));
    for (size_t i = 0; i < t->threads.count; i++)
        most = starts[i + 1] - starts[i] > most ? starts[i + 1] - starts[i] : most;
    s.names = pp_calloc(t->texts.count, sizeof *s.names);
    s.frames = pp_calloc(t->texts.count, sizeof *s.frames);
    s.ends = pp_calloc(most, sizeof *s.ends);
    s.stack = pp_calloc(most, sizeof *s.stack);
    s.nodes = pp_calloc(most, sizeof *s.nodes);
    for (uint32_t thread = 0; ok && thread < t->threads.count; thread++)
        if (starts[thread + 1] > starts[thread])
            ok = add_thread(&s, thread, list + starts[thread], starts[thread + 1] - starts[thread]);
    if (ok && s.dropped)
        pp_json_warn(&t->json, "%zu events end what has not begun: left out", s.dropped);
    free(starts);
    free(list);
    free(s.v);
    free(s.unmarked);
    free(s.names);
    free(s.frames);
    free(s.ends);
    free(s.stack);
    free(s.nodes);
    return ok;
}
