/* pprof_samples.c - the samples of a pprof: by hand, as there can be millions. */
#include <stdlib.h>

#include "base/memory.h"
#include "formats/pprof.h"

/* --- what was seen before ------------------------------------------------ */

enum { MOST_PLACES = 1 << 18 };

static void cache_init(struct pp_pprof_cache *c, size_t samples)
{
    size_t places = 16;
    while (places < samples && places < MOST_PLACES)
        places *= 2;
    c->places = pp_calloc(places, sizeof *c->places);
    c->mask = places - 1;
    c->seed = (uintptr_t)c->places;
}

/* Where `bytes` are, if they were seen before. */
static struct pp_pprof_seen *cache_place(const struct pp_pprof_cache *c, struct pp_span bytes)
{
    return &c->places[pp_hash(bytes.p, pp_len(bytes), c->seed) & c->mask];
}

static bool seen_there(const struct pp_pprof_seen *place, struct pp_span bytes)
{
    size_t len = pp_len(bytes);
    return len && place->len == len && memcmp(place->p, bytes.p, len) == 0;
}

static void remember(struct pp_pprof_seen *place, struct pp_span bytes, pp_id id)
{
    if (!pp_empty(bytes) && pp_len(bytes) <= UINT32_MAX)
        *place = (struct pp_pprof_seen){bytes.p, (uint32_t)pp_len(bytes), id};
}

/* --- stacks -------------------------------------------------------------- */

/* A location that does not exist is still a frame: one of which nothing is known. */
static pp_id unknown_frame(struct pp_pprof *s)
{
    struct pp_frame frame = {.column = PP_PPROF_BLANK_LOCATION};
    return pp_intern(&s->r->out->frames, &frame);
}

static struct pp_pprof_location *location_of(struct pp_pprof *s, uint64_t id)
{
    uint64_t value = pp_pprof_slot(&s->locations, id)->value;
    return value ? &s->location[value - 1] : NULL;
}

/* How many frames the locations of the sample stand for. */
static size_t count_frames(struct pp_pprof *s)
{
    size_t n = 0;
    for (size_t i = 0; i < s->stack.n; i++) {
        const struct pp_pprof_location *l = location_of(s, s->stack.v[i]);
        n += l ? l->count : 1;
    }
    return n;
}

/* Appends the frames of a location to the path, outermost first, as far as there is room. */
static size_t expand(struct pp_pprof *s, uint64_t id, size_t depth, size_t room, const char *at)
{
    struct pp_pprof_location *l = location_of(s, id);
    if (!l) {
        pp_warn(s->r, at, "location %llu does not exist; the frame is left unknown",
                (unsigned long long)id);
        if (depth < room)
            s->path[depth++] = unknown_frame(s);
        return depth;
    }
    l->used = true;
    for (size_t i = l->count; i-- > 0 && depth < room;)
        s->path[depth++] = s->frames[l->first + i];
    return depth;
}

/* Never makes more frames than are wanted, as few bytes can stand for many. */
static pp_id node_of(struct pp_pprof *s, const char *at)
{
    size_t n = count_frames(s), room = n, depth = 0;
    if (n > s->r->max_depth) {
        room = s->r->max_depth;
        pp_warn(s->r, at, "a stack of %zu frames is cut at %zu; see --max-depth", n, room);
    }
    PP_GROW(s->path, room, s->path_cap);
    for (size_t i = s->stack.n; i-- > 0;)
        depth = expand(s, s->stack.v[i], depth, room, at);
    return pp_reader_stack(s->r, at, s->path, depth, PP_ROOT_FIRST);
}

static bool unpack_stack(struct pp_pprof *s)
{
    struct pp_wire f = {.type = PP_WIRE_BYTES, .bytes = s->packed};
    s->packed = (struct pp_span){0};
    return pp_pprof_take_numbers(s, &f, &s->stack);
}

/* Ids of locations: left as they are if they are all, as is usual, in one field. */
static bool take_stack(struct pp_pprof *s, const struct pp_wire *f)
{
    if (f->type == PP_WIRE_BYTES && pp_empty(s->packed) && !s->stack.n) {
        s->packed = f->bytes;
        return true;
    }
    return unpack_stack(s) && pp_pprof_take_numbers(s, f, &s->stack);
}

static bool find_stack(struct pp_pprof *s, const char *at, pp_id *node)
{
    struct pp_span packed = s->packed;
    struct pp_pprof_seen *place = cache_place(&s->stacks, packed);
    if (seen_there(place, packed)) {
        *node = place->id;
        return true;
    }
    if (!unpack_stack(s))
        return false;
    *node = node_of(s, at);
    remember(place, packed, *node);
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

/* Brings them in the order that pp_label_set() wants, so that it has nothing to do. */
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

/* Passes over the first label and what follows it, if a sample before had the same there. */
static bool recall_labels(struct pp_pprof *s, struct pp_wire *f)
{
    s->rest = (struct pp_span){f->at, f->left.end};
    const struct pp_pprof_seen *place = cache_place(&s->label_sets, s->rest);
    if (!seen_there(place, s->rest))
        return false;
    s->label_set = place->id;
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
    remember(cache_place(&s->label_sets, s->rest), s->rest, set);
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

static bool check_values(struct pp_pprof *s, const char *at)
{
    unsigned wanted = s->r->out->ncolumns;
    if (s->values.n == wanted)
        return true;
    if (s->values.n)
        return pp_fail(s->r, at, "a sample has %zu value(s) for %u sample type(s)", s->values.n,
                       wanted);
    pp_warn(s->r, at, "a sample has no values; taken as 0");
    return true;
}

/*
 * A sample that is there again is kept apart from the first, as heap profiles of Go have such:
 * if labels are not wanted, they would be of no use. So is one without a stack and labels, that
 * it stays where it is also if its values are 0.
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

static void begin_sample(struct pp_pprof *s)
{
    s->stack.n = s->values.n = s->nlabels = 0;
    s->packed = s->rest = (struct pp_span){0};
    s->label_set = 0;
}

static bool take_sample(struct pp_pprof *s, const struct pp_wire *f)
{
    pp_id node;
    struct pp_wire field = {.left = f->bytes};
    begin_sample(s);
    while (pp_wire_next(&field))
        if (!take_sample_field(s, &field))
            return false;
    if (field.fault)
        return pp_fail(s->r, field.at, "in a sample: %s", field.fault);
    if (!check_values(s, f->at) || !find_stack(s, f->at, &node))
        return false;
    pp_id id = sample_of(s, (struct pp_sample){.node = node, .labels = find_labels(s)});
    for (size_t i = 0; i < s->values.n; i++)
        if (!pp_reader_add(s->r, f->at, id, (int)i, (int64_t)s->values.v[i]))
            return false;
    return true;
}

/* Locations that no sample has become stacks without samples, for the writer to find. */
static void keep_unused(struct pp_pprof *s)
{
    for (size_t i = 0; i < s->nlocations; i++) {
        const struct pp_pprof_location *l = &s->location[i];
        if (!l->used)
            pp_reader_stack(s->r, s->in.p, s->frames + l->first, l->count, PP_LEAF_FIRST);
    }
}

bool pp_pprof_read_samples(struct pp_pprof *s)
{
    cache_init(&s->stacks, s->count[PP_PPROF_SAMPLE]);
    cache_init(&s->label_sets, s->count[PP_PPROF_SAMPLE]);
    if (!pp_pprof_each(s, PP_PPROF_SAMPLE, take_sample))
        return false;
    if (s->r->keep & PP_HOLDS_ADDRESSES)
        keep_unused(s);
    return true;
}
