/* v8_build.c - builds the stacks of V8's records, and the values of their samples. */
#include <stdlib.h>

#include "base/memory.h"
#include "formats/viewers/v8.h"

/* --- records by id ------------------------------------------------------- */

static void list_records(struct pp_v8_profile *p, const struct pp_v8_data *d)
{
    size_t n = 0, ticks = 0;
    for (size_t i = 0; i < p->nparts; i++)
        p->nrecords += p->to[i].records - p->from[i].records;
    p->records = pp_calloc(p->nrecords, sizeof *p->records);
    p->nodes = pp_calloc(p->nrecords, sizeof *p->nodes);
    p->lines = pp_calloc(p->nrecords, sizeof *p->lines);
    for (size_t i = 0; i < p->nparts; i++)
        for (size_t r = p->from[i].records; r < p->to[i].records; r++)
            p->records[n++] = &d->records[r];
    for (size_t i = 0; i < n; i++) {
        p->lines[i].first = ticks;
        ticks += p->records[i]->nticks;
    }
    p->tick_nodes = pp_calloc(ticks, sizeof *p->tick_nodes);
}

/* If an id is used again, its first record counts. */
static void index_records(struct pp_v8_profile *p)
{
    pp_table_init(&p->ids, sizeof(int64_t));
    p->by_id = pp_calloc(p->nrecords + 1, sizeof *p->by_id);
    for (size_t i = 0; i < p->nrecords; i++) {
        pp_id row = pp_intern(&p->ids, &p->records[i]->id);
        if (!p->by_id[row])
            p->by_id[row] = (uint32_t)i + 1;
    }
    p->nby_id = p->ids.count;
}

/* The record with this id, plus one; 0 if there is none. */
static uint32_t find(struct pp_v8_profile *p, int64_t id)
{
    pp_id row = pp_intern(&p->ids, &id);
    return row < p->nby_id ? p->by_id[row] : 0;
}

/* For each record, its parent plus one. The caller frees. */
static uint32_t *find_parents(struct pp_v8_profile *p, const struct pp_v8_data *d)
{
    uint32_t *parents = pp_calloc(p->nrecords, sizeof *parents);
    size_t n = 0;
    for (size_t part = 0; part < p->nparts; part++) {
        size_t child = p->from[part].children;
        size_t first =
            n -
            p->from[part].records; /* turns a record's number in the data into one in the parts */
        for (size_t r = p->from[part].records; r < p->to[part].records; r++, n++) {
            const struct pp_v8_record *record = p->records[n];
            if (record->parent > p->from[part].records)
                parents[n] = (uint32_t)(record->parent + first);
            else if (record->has_parent_id)
                parents[n] = find(p, record->parent_id);
            for (uint32_t c = 0; c < record->children; c++) {
                uint32_t at = find(p, d->children[child++]);
                if (at)
                    parents[at - 1] = (uint32_t)n + 1;
            }
        }
    }
    return parents;
}

/* --- stacks -------------------------------------------------------------- */

static pp_id frame_of(struct pp_reader *r, const struct pp_v8_record *record, uint32_t line)
{
    struct pp_span name = pp_text(r->out, record->name);
    return pp_reader_frame(r, &(struct pp_code){
                                  .function = pp_empty(name) ? pp_str("(anonymous)") : name,
                                  .file = pp_text(r->out, record->url),
                                  .start_line = record->line,
                                  .line = line,
                              });
}

enum state { UNSEEN, ON_THE_WAY, DONE };

struct walk {
    struct pp_v8_profile *p;
    struct pp_json_reader *json;
    const uint32_t *parents;
    const struct pp_v8_tick *ticks;
    unsigned char *states;
    uint32_t *depths;
    uint32_t *path; /* the records from the requested one upwards */
    size_t cap;
};

/* Makes the stack of a record whose parent's is known. V8's artificial root is not a frame. */
static void step(struct walk *w, uint32_t i, uint32_t parent)
{
    struct pp_reader *r = w->json->r;
    const struct pp_v8_record *record = w->p->records[i];
    pp_id under = parent ? w->p->nodes[parent - 1] : 0;
    w->depths[i] = parent ? w->depths[parent - 1] + 1 : 1;
    w->states[i] = DONE;
    if (!parent && pp_is(pp_text(r->out, record->name), "(root)")) {
        w->depths[i] = 0;
        return;
    }
    w->p->nodes[i] = under;
    if (w->depths[i] > r->max_depth) {
        pp_reader_cut(r, pp_json_place(w->json), w->depths[i]);
        return;
    }
    w->p->nodes[i] = pp_child(r->out, under, frame_of(r, record, 0));
    w->p->lines[i].whole = true;
    for (uint32_t t = 0; t < record->nticks && r->keep & PP_HOLDS_LINES; t++)
        if (w->ticks[record->tick + t].line)
            w->p->tick_nodes[w->p->lines[i].first + t] =
                pp_child(r->out, under, frame_of(r, record, w->ticks[record->tick + t].line));
}

/* Walks up to the first known stack, and back down; a cycle is cut where it closes. */
static void resolve(struct walk *w, uint32_t i)
{
    size_t n = 0;
    uint32_t parent = i + 1;
    while (parent && w->states[parent - 1] == UNSEEN) {
        PP_GROW(w->path, n + 1, w->cap);
        w->path[n++] = parent - 1;
        w->states[parent - 1] = ON_THE_WAY;
        parent = w->parents[parent - 1];
    }
    if (parent && w->states[parent - 1] == ON_THE_WAY) {
        pp_json_warn(w->json, "node %lld is its own caller; its stack is cut",
                     (long long)w->p->records[parent - 1]->id);
        parent = 0;
    }
    for (; n > 0; n--) {
        step(w, w->path[n - 1], parent);
        parent = w->path[n - 1] + 1;
    }
}

void pp_v8_build(struct pp_v8_profile *p, const struct pp_v8_data *d)
{
    list_records(p, d);
    index_records(p);
    uint32_t *parents = find_parents(p, d);
    struct walk w = {
        .p = p,
        .json = d->json,
        .parents = parents,
        .ticks = d->ticks,
        .states = pp_calloc(p->nrecords, sizeof *w.states),
        .depths = pp_calloc(p->nrecords, sizeof *w.depths),
    };
    for (size_t i = 0; i < p->nrecords; i++)
        resolve(&w, (uint32_t)i);
    free(w.states);
    free(w.depths);
    free(w.path);
    free(parents);
}

void pp_v8_profile_release(struct pp_v8_profile *p)
{
    free(p->records);
    free(p->nodes);
    free(p->tick_nodes);
    free(p->lines);
    free(p->by_id);
    if (p->ids.rows)
        pp_table_release(&p->ids);
}

/* --- lines --------------------------------------------------------------- */

/*
 * The stack of the next sample of a record. A node has counts of the lines in which its samples
 * were, but not which was in which: they get the lines in their order, and what is beyond the
 * counts gets none. So each line has its number of samples, and an estimate of their time.
 */
static pp_id next_node(struct pp_v8_profile *p, const struct pp_v8_data *d, uint32_t i)
{
    const struct pp_v8_record *record = p->records[i];
    struct pp_v8_lines *l = &p->lines[i];
    while (l->now < record->nticks && l->used >= d->ticks[record->tick + l->now].count) {
        l->now++;
        l->used = 0;
    }
    if (l->now == record->nticks)
        return p->nodes[i];
    l->used++;
    pp_id node = p->tick_nodes[l->first + l->now];
    return node ? node : p->nodes[i];
}

/* The stack of a sample of a record that states its line. */
static pp_id node_at_line(struct pp_v8_profile *p, struct pp_reader *r, uint32_t i, uint32_t line)
{
    struct pp_v8_lines *l = &p->lines[i];
    if (l->whole && line != l->last) {
        l->last = line;
        l->last_node = pp_child(r->out, pp_node(r->out, p->nodes[i])->parent,
                                frame_of(r, p->records[i], line));
    }
    return l->whole ? l->last_node : p->nodes[i];
}

/* The line stated for a sample of a part; 0: none. All samples of the part have one, or none. */
static uint32_t line_of(const struct pp_v8_profile *p, const struct pp_v8_data *d, size_t part,
                        size_t sample)
{
    const struct pp_v8_extent *from = &p->from[part], *to = &p->to[part];
    if (to->lines - from->lines != to->samples - from->samples)
        return 0;
    int64_t line = d->lines[from->lines + (sample - from->samples)];
    return line > 0 && line <= UINT32_MAX ? (uint32_t)line : 0;
}

/* --- times --------------------------------------------------------------- */

/* The times of samples, part after part. */
struct clock {
    const struct pp_v8_profile *p;
    const struct pp_v8_data *d;
    size_t part, at;
    int64_t time; /* the sum of the deltas */
    int64_t now;  /* the maximum so far: if the sum decreases, time stands still */
    bool overflow;
};

static size_t count_in_part(const struct pp_v8_profile *p, size_t part)
{
    return p->ndeltas ? p->ndeltas[part] : p->to[part].deltas - p->from[part].deltas;
}

/* The current delta; there is one. */
static int64_t delta_at(const struct clock *c)
{
    const struct pp_v8_profile *p = c->p;
    return p->deltas ? p->deltas[c->part][c->at] : c->d->deltas[p->from[c->part].deltas + c->at];
}

/* Moves to the next time. False at the end. */
static bool next_time(struct clock *c, bool first)
{
    for (; c->part < c->p->nparts; c->part++, c->at = 0) {
        if (c->at == count_in_part(c->p, c->part))
            continue;
        int64_t delta = delta_at(c);
        c->at++;
        if (c->p->absolute)
            c->time = delta;
        else if (__builtin_add_overflow(c->time, delta, &c->time))
            c->overflow = true;
        c->now = first || c->time > c->now ? c->time : c->now;
        return !c->overflow;
    }
    return false;
}

/* --- samples ------------------------------------------------------------- */

struct adding {
    struct pp_v8_profile *p;
    const struct pp_v8_data *d;
    int samples, wall; /* columns; -1: none */
    size_t unknown;
};

static pp_id node_of(struct adding *a, int64_t id, uint32_t line)
{
    uint32_t at = find(a->p, id);
    a->unknown += !at;
    if (!at)
        pp_json_warn(a->d->json, "a sample of node %lld, which does not exist, has no stack",
                     (long long)id);
    if (at && line)
        return node_at_line(a->p, a->d->json->r, at - 1, line);
    return at ? next_node(a->p, a->d, at - 1) : 0;
}

static bool add_one(struct adding *a, int64_t id, uint32_t line, int64_t from, int64_t to)
{
    struct pp_json_reader *json = a->d->json;
    struct pp_reader *r = json->r;
    struct pp_sample row = {.node = node_of(a, id, line), .labels = a->p->labels};
    const char *at = pp_json_place(json);
    int64_t wall;
    if (r->keep & PP_HOLDS_TIME && a->wall >= 0)
        row.time_ns = from;
    if (__builtin_sub_overflow(to, from, &wall))
        return pp_json_fail(json, "the time of a sample does not fit 64 bits");
    pp_id sample = pp_sample_id(r->out, &row);
    return (a->wall < 0 || pp_reader_add(r, at, sample, a->wall, wall)) &&
           pp_reader_add(r, at, sample, a->samples, 1);
}

static size_t count_deltas(const struct pp_v8_profile *p)
{
    size_t n = 0;
    for (size_t i = 0; i < p->nparts; i++)
        n += count_in_part(p, i);
    return n;
}

static size_t count_samples(const struct pp_v8_profile *p)
{
    size_t n = 0;
    for (size_t i = 0; i < p->nparts; i++)
        n += p->to[i].samples - p->from[i].samples;
    return n;
}

static bool open_columns(struct adding *a)
{
    struct pp_profile *out = a->d->json->r->out;
    size_t samples = count_samples(a->p), deltas = count_deltas(a->p);
    a->wall = deltas ? pp_column(out, pp_str("wall"), pp_str("nanoseconds")) : -1;
    a->samples = pp_column(out, pp_str("samples"), pp_str("count"));
    out->about.default_type = out->columns[0].type;
    if (deltas && deltas < samples)
        pp_json_warn(a->d->json, "%zu samples have no time", samples - deltas);
    else if (deltas > samples)
        pp_json_warn(a->d->json, "%zu times have no sample", deltas - samples);
    return true;
}

/* A sample lasts until the next one, and the last one until the end. */
bool pp_v8_add(struct pp_v8_profile *p, const struct pp_v8_data *d)
{
    struct adding a = {.p = p, .d = d};
    struct clock c = {.p = p, .d = d, .time = p->start};
    open_columns(&a);
    bool timed = next_time(&c, true);
    for (size_t part = 0; part < p->nparts; part++)
        for (size_t s = p->from[part].samples; s < p->to[part].samples; s++) {
            int64_t from = c.now;
            bool more = timed && next_time(&c, false);
            int64_t to = more || !timed || p->end < from ? c.now : p->end;
            if (c.overflow)
                return pp_json_fail(d->json, "the times of the samples do not fit 64 bits");
            if (!add_one(&a, d->samples[s], line_of(p, d, part, s), from, to))
                return false;
            timed = more;
        }
    return true;
}

static bool add_value(struct pp_v8_profile *p, const struct pp_v8_data *d, int column, pp_id node,
                      int64_t value)
{
    struct pp_reader *r = d->json->r;
    struct pp_sample row = {.node = node, .labels = p->labels};
    return !value ||
           pp_reader_add(r, pp_json_place(d->json), pp_sample_id(r->out, &row), column, value);
}

/* Counts of lines are parts of the value, and together never more than it. */
bool pp_v8_add_values(struct pp_v8_profile *p, const struct pp_v8_data *d, int column)
{
    for (size_t i = 0; i < p->nrecords; i++) {
        const struct pp_v8_record *record = p->records[i];
        int64_t left = record->value;
        for (uint32_t t = 0; t < record->nticks; t++) {
            int64_t part = d->ticks[record->tick + t].count;
            pp_id node = p->tick_nodes[p->lines[i].first + t];
            part = part < left ? part : left;
            if (!node || part <= 0)
                continue;
            left -= part;
            if (!add_value(p, d, column, node, part))
                return false;
        }
        if (!add_value(p, d, column, p->nodes[i], left))
            return false;
    }
    return true;
}
