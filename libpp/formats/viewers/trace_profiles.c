/* trace_profiles.c - adds the profiles of V8 in a trace, and samples of its list of frames. */
#include <stdlib.h>

#include "base/memory.h"
#include "formats/viewers/trace.h"

/* --- CPU profiles -------------------------------------------------------- */

static int by_time(const void *a, const void *b)
{
    const struct pp_trace_chunk *x = a, *y = b;
    if (x->ts != y->ts)
        return x->ts < y->ts ? -1 : 1;
    return x->order < y->order ? -1 : x->order > y->order;
}

/* The key of a profile whose chunks are collected: a pid and an id; or a whole one. */
struct owner {
    pp_id pid, id;
};

/*
 * For each chunk, the first chunk of its profile, plus one; 0 if there is none. If a profile with
 * the same id begins again, that is another one.
 */
static size_t *find_owners(struct pp_trace *t)
{
    size_t *owners = pp_calloc(t->nchunks, sizeof *owners);
    struct pp_table known;
    pp_table_init(&known, sizeof(struct owner));
    size_t *last = pp_calloc(t->nchunks + 1, sizeof *last);
    for (size_t i = 0; i < t->nchunks; i++) {
        const struct pp_trace_chunk *c = &t->chunks[i];
        if (c->kind == PP_TRACE_CPU_PROFILE) {
            owners[i] = i + 1;
            continue;
        }
        pp_id row = pp_intern(&known, &(struct owner){c->pid, c->id});
        if (c->kind == PP_TRACE_PROFILE)
            last[row] = i + 1;
        owners[i] = last[row];
        if (!owners[i])
            pp_json_warn(&t->json, "a part of a CPU profile whose beginning is missing: left out");
    }
    pp_table_release(&known);
    free(last);
    return owners;
}

/* The parts of a profile, as separate arrays. */
struct parts {
    struct pp_v8_extent *from, *to;
    const int64_t **deltas;
    size_t *ndeltas;
    size_t n;
};

static void add_part(struct pp_trace *t, struct pp_v8_profile *p, struct parts *parts,
                     const struct pp_trace_chunk *c)
{
    size_t n = parts->n++, outer = c->to.deltas - c->from.deltas;
    parts->from[n] = c->from;
    parts->to[n] = c->to;
    parts->deltas[n] = outer ? &t->data.deltas[c->from.deltas] : NULL;
    if (!outer && c->inner_to > c->inner_from)
        parts->deltas[n] = &t->inner[c->inner_from];
    parts->ndeltas[n] = outer ? outer : c->inner_to - c->inner_from;
    p->start = c->start ? c->start : p->start;
    p->end = c->end ? c->end : p->end;
}

static bool add_profile(struct pp_trace *t, const struct pp_trace_chunk *first,
                        struct pp_v8_profile *p, const struct parts *parts)
{
    p->from = parts->from;
    p->to = parts->to;
    p->deltas = parts->deltas;
    p->ndeltas = parts->ndeltas;
    p->nparts = parts->n;
    p->labels = pp_trace_labels(t, first->thread);
    pp_v8_build(p, &t->data);
    bool ok = pp_v8_add(p, &t->data);
    pp_v8_profile_release(p);
    return ok;
}

/*
 * Groups the chunks by profile: a list of chunks in order, by owner, and where each owner's begin;
 * the caller frees both.
 */
static size_t *group(const struct pp_trace *t, const size_t *owners, size_t **list)
{
    size_t *starts = pp_calloc(t->nchunks + 2, sizeof *starts);
    *list = pp_calloc(t->nchunks, sizeof **list);
    for (size_t i = 0; i < t->nchunks; i++)
        starts[owners[i] + 1]++;
    for (size_t i = 1; i < t->nchunks + 2; i++)
        starts[i] += starts[i - 1];
    size_t *next = pp_calloc(t->nchunks + 1, sizeof *next);
    memcpy(next, starts, (t->nchunks + 1) * sizeof *next);
    for (size_t i = 0; i < t->nchunks; i++)
        (*list)[next[owners[i]]++] = i;
    free(next);
    return starts;
}

bool pp_trace_cpu_profiles(struct pp_trace *t)
{
    bool ok = true;
    qsort(t->chunks, t->nchunks, sizeof *t->chunks, by_time);
    size_t *owners = find_owners(t), *list, *starts = group(t, owners, &list);
    struct parts parts = {
        .from = pp_calloc(t->nchunks, sizeof *parts.from),
        .to = pp_calloc(t->nchunks, sizeof *parts.to),
        .deltas = pp_calloc(t->nchunks, sizeof *parts.deltas),
        .ndeltas = pp_calloc(t->nchunks, sizeof *parts.ndeltas),
    };
    for (size_t owner = 1; ok && owner <= t->nchunks; owner++) {
        if (starts[owner] == starts[owner + 1])
            continue;
        struct pp_v8_profile p = {.start = t->chunks[owner - 1].ts, .end = INT64_MIN};
        parts.n = 0;
        for (size_t i = starts[owner]; i < starts[owner + 1]; i++)
            add_part(t, &p, &parts, &t->chunks[list[i]]);
        ok = add_profile(t, &t->chunks[owner - 1], &p, &parts);
    }
    free(owners);
    free(list);
    free(starts);
    free(parts.from);
    free(parts.to);
    free(parts.deltas);
    free(parts.ndeltas);
    struct pp_profile *out = t->json.r->out;
    bool any = out->samples.count > 1 || pp_sample_exists(out, 0);
    return ok && (any || pp_json_fail(&t->json, "the CPU profiles in it have no samples"));
}

/* --- samples of stackFrames ---------------------------------------------- */

enum { UNSEEN, ON_THE_WAY, DONE };

struct stacks {
    struct pp_trace *t;
    pp_id none;            /* the caller of roots: a place behind all frames, with zeros */
    unsigned char *states; /* by frame */
    pp_id *nodes;
    uint32_t *depths;
    pp_id *path;
    size_t cap;
};

static bool is_known(const struct pp_trace *t, pp_id frame)
{
    return frame < t->frames_cap && t->frames[frame].known;
}

/* The parent of a frame, or `none`: the empty text is an id like any other. */
static pp_id parent_of(const struct stacks *s, pp_id frame)
{
    pp_id parent = s->t->frames[frame].parent;
    return parent && is_known(s->t, parent) ? parent : s->none;
}

static void step(struct stacks *s, pp_id frame, pp_id parent)
{
    struct pp_reader *r = s->t->json.r;
    pp_id under = s->nodes[parent];
    s->depths[frame] = s->depths[parent] + 1;
    s->states[frame] = DONE;
    s->nodes[frame] = under;
    if (s->depths[frame] <= r->max_depth)
        s->nodes[frame] =
            pp_child(r->out, under, pp_trace_frame_named(s->t, s->t->frames[frame].name));
    else
        pp_reader_cut(r, pp_json_place(&s->t->json), s->depths[frame]);
}

static pp_id stack_of(struct stacks *s, pp_id frame)
{
    size_t n = 0;
    pp_id at = frame;
    if (!is_known(s->t, frame)) {
        pp_json_warn(&s->t->json, "a sample of stack frame '%.*s', which does not exist",
                     PP_SHOW(pp_string_at(&s->t->texts, frame)));
        return 0;
    }
    while (at != s->none && s->states[at] == UNSEEN) {
        PP_GROW(s->path, n + 1, s->cap);
        s->path[n++] = at;
        s->states[at] = ON_THE_WAY;
        at = parent_of(s, at);
    }
    if (at != s->none && s->states[at] == ON_THE_WAY) {
        pp_json_warn(&s->t->json, "stack frame '%.*s' is its own caller; its stack is cut",
                     PP_SHOW(pp_string_at(&s->t->texts, at)));
        at = s->none;
    }
    for (; n > 0; n--) {
        step(s, s->path[n - 1], at);
        at = s->path[n - 1];
    }
    return s->nodes[frame];
}

/* The labels of each thread, which are made when they are first needed. */
static pp_id labels_of(struct pp_trace *t, pp_id *known, uint32_t thread)
{
    if (!known[thread])
        known[thread] = pp_trace_labels(t, thread) + 1;
    return known[thread] - 1;
}

bool pp_trace_stack_frames(struct pp_trace *t)
{
    struct pp_reader *r = t->json.r;
    int column = pp_column(r->out, pp_str("samples"), pp_str("count"));
    struct stacks s = {
        .t = t,
        .none = (pp_id)t->frames_cap,
        .states = pp_calloc(t->frames_cap + 1, sizeof *s.states),
        .nodes = pp_calloc(t->frames_cap + 1, sizeof *s.nodes),
        .depths = pp_calloc(t->frames_cap + 1, sizeof *s.depths),
    };
    pp_id *labels = pp_calloc(t->threads.count, sizeof *labels);
    bool ok = true;
    for (size_t i = 0; ok && i < t->nsamples; i++) {
        const struct pp_trace_sample *sample = &t->samples[i];
        struct pp_sample row = {.node = stack_of(&s, sample->frame),
                                .labels = labels_of(t, labels, sample->thread)};
        ok = pp_reader_add(r, pp_json_place(&t->json), pp_sample_id(r->out, &row), column,
                           sample->weight);
    }
    free(s.states);
    free(s.nodes);
    free(s.depths);
    free(s.path);
    free(labels);
    return ok;
}
