/* pprof_samples.c - reads the samples of a pprof, without protobuf-c, as there can be millions. */
#include <stdlib.h>

#include "base/memory.h"
#include "formats/pprof/pprof.h"

/* --- caches -------------------------------------------------------------- */

/*
 * The digest of `bytes` for a lookup; false if the cache hits too rarely to be worth its hashing.
 */
static bool take_digest(const struct pp_cache *t, struct pp_span bytes, struct pp_digest *d)
{
    if (pp_empty(bytes) || pp_cache_rarely_hits(t))
        return false;
    *d = pp_digest(bytes.p, pp_len(bytes), (uintptr_t)t);
    return true;
}

/* The cached id of the bytes with this digest; false on a miss. */
static bool recall(struct pp_cache *t, struct pp_digest d, pp_id *id)
{
    const struct pp_cached *hit = pp_cache_find(t, d);
    pp_hit_rate_note(&t->rate, hit);
    if (hit)
        *id = hit->node;
    return hit;
}

static void remember(struct pp_cache *t, struct pp_digest d, pp_id id)
{
    pp_cache_add(t, (struct pp_cached){.key = d, .node = id, .depth = 1});
}

/* --- stacks -------------------------------------------------------------- */

/* A location that does not exist is still a frame, about which nothing is known. */
static pp_id unknown_frame(struct pp_pprof *s)
{
    struct pp_frame frame = {.column = PP_PPROF_BLANK_LOCATION};
    return pp_intern(&s->r->out->frames, &frame);
}

static inline struct pp_pprof_location *location_of(struct pp_pprof *s, uint64_t id)
{
    uint64_t value = pp_pprof_value_of(&s->locations, id);
    return value ? &s->location[value - 1] : NULL;
}

/* How many frames the locations of the sample stand for; an upper bound if that is not too deep. */
static size_t count_frames(struct pp_pprof *s)
{
    size_t n = 0;
    if (s->stack.n <= s->r->max_depth / s->most_frames)
        return s->stack.n * s->most_frames;
    for (size_t i = 0; i < s->stack.n; i++) {
        const struct pp_pprof_location *l = location_of(s, s->stack.v[i]);
        n += l ? l->count : 1;
    }
    return n;
}

/*
 * Writes the frames of a location to `to`, root first, up to `end`. Returns the place after them.
 */
static pp_id *expand(struct pp_pprof *s, uint64_t id, pp_id *to, const pp_id *end, const char *at)
{
    struct pp_pprof_location *l = location_of(s, id);
    if (!l) {
        pp_warn(s->r, at, "location %llu does not exist; the frame is left unknown",
                (unsigned long long)id);
        if (to < end)
            *to++ = unknown_frame(s);
        return to;
    }
    l->used = true;
    const pp_id *frames = s->frames + l->first;
    for (size_t i = l->count; i-- > 0 && to < end;)
        *to++ = frames[i];
    return to;
}

/*
 * Appends the frames to the path: at most as many as a stack may have, as few bytes can stand for
 * many.
 */
static void expand_stack(struct pp_pprof *s, const char *at)
{
    size_t n = count_frames(s);
    if (n > s->r->max_depth) {
        pp_reader_cut(s->r, at, n);
        n = s->r->max_depth;
    }
    PP_GROW(s->path, s->npath + n + 1, s->path_cap); /* never NULL */
    pp_id *to = s->path + s->npath, *end = to + n;
    for (size_t i = s->stack.n; i-- > 0;)
        to = expand(s, s->stack.v[i], to, end, at);
    s->npath = (size_t)(to - s->path);
}

static bool unpack_stack(struct pp_pprof *s)
{
    struct pp_wire f = {.type = PP_WIRE_BYTES, .bytes = s->packed};
    s->packed = (struct pp_span){0};
    return pp_pprof_take_numbers(s, &f, &s->stack);
}

/* The ids of locations; they stay packed if all are in one field, as usual. */
static bool take_stack(struct pp_pprof *s, const struct pp_wire *f)
{
    if (f->type == PP_WIRE_BYTES && pp_empty(s->packed) && !s->stack.n) {
        s->packed = f->bytes;
        return true;
    }
    return unpack_stack(s) && pp_pprof_take_numbers(s, f, &s->stack);
}

/*
 * Expands a packed stack without a list of ids, if each location is one frame and the stack cannot
 * be too deep, as usual. False, with nothing done, in other cases.
 */
static bool expand_packed(struct pp_pprof *s, struct pp_span packed)
{
    size_t most = pp_len(packed); /* each takes at least a byte */
    if (most > s->r->max_depth)
        return false;
    PP_GROW(s->path, s->npath + most, s->path_cap);
    pp_id *end = s->path + s->npath + most, *to = end;
    for (uint64_t id; !pp_empty(packed);) {
        if (!pp_wire_varint(&packed, &id) || id >= s->locations.nnear || !s->single[id])
            return false;
        s->single_used[id] = true;
        *--to = s->single[id];
    }
    memmove(s->path + s->npath, to, (size_t)(end - to) * sizeof *to);
    s->npath += (size_t)(end - to);
    return true;
}

/* Finds the node of the sample in the cache, or else its frames. */
static bool find_stack(struct pp_pprof *s, struct pp_pprof_pending *sample)
{
    size_t before = s->npath;
    sample->kept = take_digest(&s->stacks, s->packed, &sample->packed);
    sample->known = sample->kept && recall(&s->stacks, sample->packed, &sample->node);
    if (sample->known)
        return true;
    if (s->stack.n || !expand_packed(s, s->packed)) {
        const struct pp_diag *diag = s->r->diag;
        uint64_t messages = diag->warnings + diag->errors;
        if (!unpack_stack(s))
            return false;
        expand_stack(s, sample->at);
        if (diag->warnings + diag->errors != messages)
            sample->kept = false; /* so that the warning is repeated for the next such stack */
    }
    sample->depth = s->npath - before;
    return true;
}

/* --- labels -------------------------------------------------------------- */

/* More labels than any profiler gives a sample: pp_label_set() is not made for so many. */
enum { MANY_LABELS = 64 };

static int compare_labels(const void *a, const void *b, void *profile)
{
    const struct pp_profile *p = profile;
    const struct pp_label *x = a, *y = b;
    int order = pp_compare_spans(pp_text(p, x->key), pp_text(p, y->key));
    return order ? order : (x->next > y->next) - (x->next < y->next);
}

/* Sorts labels as pp_label_set() needs them, so that it has nothing to do. */
static void sort_labels(struct pp_pprof *s)
{
    for (size_t i = 0; i < s->nlabels; i++)
        s->labels[i].next = (pp_id)i;
    qsort_r(s->labels, s->nlabels, sizeof *s->labels, compare_labels, s->r->out);
}

static bool take_label(struct pp_pprof *s, const struct pp_wire *f)
{
    enum { KEY = 1, STR, NUM, NUM_UNIT, FIELDS };
    uint64_t v[FIELDS] = {0};
    if (f->type != PP_WIRE_BYTES)
        return pp_fail(s->r, f->at, "a label is of the wrong type");
    struct pp_wire l = {.left = f->bytes};
    while (pp_wire_next(&l)) {
        if (l.field >= FIELDS)
            continue;
        if (l.type != PP_WIRE_VARINT)
            return pp_fail(s->r, l.at, "a label has a field of the wrong type");
        v[l.field] = l.number;
    }
    if (l.fault)
        return pp_fail(s->r, l.at, "in a label: %s", l.fault);
    PP_GROW(s->labels, s->nlabels + 1, s->labels_cap);
    s->labels[s->nlabels++] = (struct pp_label){
        .key = pp_pprof_string(s, (int64_t)v[KEY], f->at),
        .text = pp_pprof_string(s, (int64_t)v[STR], f->at),
        .number = (int64_t)v[NUM],
        .unit = pp_pprof_string(s, (int64_t)v[NUM_UNIT], f->at),
    };
    return true;
}

/* Skips the labels, from the first one on, if the same bytes are in the cache. */
static bool recall_labels(struct pp_pprof *s, struct pp_wire *f)
{
    s->rest = (struct pp_span){f->at, f->left.end};
    s->rest_kept = take_digest(&s->label_sets, s->rest, &s->rest_digest);
    if (!s->rest_kept || !recall(&s->label_sets, s->rest_digest, &s->label_set))
        return false;
    f->left.p = f->left.end;
    return true;
}

static pp_id find_labels(struct pp_pprof *s)
{
    if (!s->nlabels)
        return s->label_set;
    if (s->nlabels > MANY_LABELS)
        sort_labels(s);
    pp_id set = pp_label_set(s->r->out, s->labels, s->nlabels);
    if (s->rest_kept && !pp_empty(s->rest))
        remember(&s->label_sets, s->rest_digest, set);
    return set;
}

/* --- samples ------------------------------------------------------------- */

static bool take_sample_field(struct pp_pprof *s, struct pp_wire *f)
{
    enum { LOCATION_ID = 1, VALUE, LABEL };
    switch (f->field) {
    case LOCATION_ID:
        s->rest = (struct pp_span){0};
        return take_stack(s, f);
    case VALUE:
        s->rest = (struct pp_span){0};
        return pp_pprof_take_numbers(s, f, &s->values);
    case LABEL:
        if (!(s->r->keep & PP_HOLDS_LABELS) || (!s->nlabels && recall_labels(s, f)))
            return true;
        return take_label(s, f);
    default:
        return true;
    }
}

static bool check_values(struct pp_pprof *s, const char *at, size_t n)
{
    unsigned wanted = s->r->out->ncolumns;
    if (n == wanted)
        return true;
    if (n)
        return pp_fail(s->r, at, "a sample has %zu value(s) for %u sample type(s)", n, wanted);
    pp_warn(s->r, at, "a sample has no values; taken as 0");
    return true;
}

/*
 * A sample with the stack and labels of an earlier one stays separate, as heap profiles of Go have
 * such; but not if labels are left out, which makes them useless. A sample without stack and labels
 * also stays separate, so that it is kept even if its values are 0.
 */
static pp_id sample_of(struct pp_pprof *s, struct pp_sample sample)
{
    struct pp_profile *p = s->r->out;
    size_t before = p->samples.count;
    pp_id id = pp_sample_id(p, &sample);
    if (id >= before || !(s->r->keep & PP_HOLDS_LABELS))
        return id;
    sample.copy = pp_pprof_next_copy(&s->sample_copies, id);
    return pp_sample_id(p, &sample);
}

/* Finds the nodes of all pending samples. */
static void find_nodes(struct pp_pprof *s)
{
    struct pp_walk walks[PP_WALK_BATCH];
    const pp_id *frames = s->path;
    size_t n = 0, found = 0;
    for (const struct pp_pprof_pending *p = s->pending; p < s->pending + s->npending; p++) {
        if (!p->known)
            walks[n++] = (struct pp_walk){.frames = frames, .count = p->depth};
        frames += p->depth;
    }
    pp_descend(s->r->out, walks, n);
    for (struct pp_pprof_pending *p = s->pending; p < s->pending + s->npending; p++)
        if (!p->known)
            p->node = walks[found++].node;
}

static struct pp_sample row_of(const struct pp_pprof_pending *sample)
{
    return (struct pp_sample){.node = sample->node, .labels = sample->labels};
}

static bool add_sample(struct pp_pprof *s, const struct pp_pprof_pending *sample,
                       const uint64_t *values)
{
    pp_id id = sample_of(s, row_of(sample));
    for (size_t i = 0; i < sample->nvalues; i++)
        if (!pp_reader_add(s->r, sample->at, id, (int)i, (int64_t)values[i]))
            return false;
    return true;
}

static bool add_samples(struct pp_pprof *s)
{
    const struct pp_pprof_pending *end = s->pending + s->npending;
    const uint64_t *values = s->values.v;
    for (const struct pp_pprof_pending *p = s->pending; p < end; p++)
        pp_prefetch_sample(s->r->out, p->node);
    for (const struct pp_pprof_pending *p = s->pending; p < end; p++)
        pp_prefetch_values(s->r->out, p->node);
    for (const struct pp_pprof_pending *p = s->pending; p < end; values += p++->nvalues) {
        if (!p->known && p->kept)
            remember(&s->stacks, p->packed, p->node);
        if (!add_sample(s, p, values))
            return false;
    }
    return true;
}

/* Adds the pending samples. */
static bool settle(struct pp_pprof *s)
{
    find_nodes(s);
    bool ok = add_samples(s);
    s->npending = s->npath = s->values.n = 0;
    return ok;
}

static void begin_sample(struct pp_pprof *s)
{
    s->stack.n = s->nlabels = 0;
    s->packed = s->rest = (struct pp_span){0};
    s->label_set = 0;
}

/* Makes the sample pending, until there is a batch whose nodes are found together. */
static bool take_sample(struct pp_pprof *s, const struct pp_wire *f)
{
    struct pp_pprof_pending *sample = &s->pending[s->npending];
    struct pp_wire field = {.left = f->bytes};
    size_t before = s->values.n;
    *sample = (struct pp_pprof_pending){.at = f->at};
    begin_sample(s);
    while (pp_wire_next(&field))
        if (!take_sample_field(s, &field))
            return false;
    if (field.fault)
        return pp_fail(s->r, field.at, "in a sample: %s", field.fault);
    sample->nvalues = s->values.n - before;
    if (!check_values(s, f->at, sample->nvalues) || !find_stack(s, sample))
        return false;
    sample->labels = find_labels(s);
    return ++s->npending < PP_WALK_BATCH || settle(s);
}

/* Adds stacks without samples for locations that no sample uses, so that the writer finds them. */
static void keep_unused(struct pp_pprof *s)
{
    for (size_t id = 0; id < s->locations.nnear; id++)
        if (s->single_used[id])
            s->location[s->locations.near[id] - 1].used = true;
    for (size_t i = 0; i < s->nlocations; i++) {
        const struct pp_pprof_location *l = &s->location[i];
        if (!l->used)
            pp_reader_stack(s->r, s->in.p, s->frames + l->first, l->count, PP_LEAF_FIRST);
    }
}

bool pp_pprof_read_samples(struct pp_pprof *s)
{
    PP_GROW(s->path, 1, s->path_cap); /* so that it is not NULL */
    PP_GROW(s->values.v, 1, s->values.cap);
    if (!pp_pprof_each(s, PP_PPROF_SAMPLE, take_sample) || !settle(s))
        return false;
    if (s->r->keep & PP_HOLDS_ADDRESSES)
        keep_unused(s);
    return true;
}
