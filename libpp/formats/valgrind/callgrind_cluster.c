/* callgrind_cluster.c - divides what arrives at a cluster among the paths through it. */
#include <stdlib.h>

#include "base/memory.h"
#include "formats/valgrind/callgrind_flow.h"

/*
 * A limit for the steps along paths that all arrivals at a cluster take; what is left then goes
 * under "[...]".
 */
enum { MAX_WALK = 1 << 24 };

bool pp_cg_is_cluster(const struct pp_cg_flow *f, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        pp_id node = f->g->order[i];
        for (size_t b = f->b.first[node]; b < f->b.first[node + 1]; b++)
            if (f->b.list[b].local)
                return true;
    }
    return false;
}

void pp_cg_make_paths(struct pp_cg_flow *f, size_t from, size_t to, const int64_t *arrivals)
{
    f->paths.n = f->n;
    pp_cg_paths_clear(&f->paths);
    f->in_cluster = true;
    for (size_t i = from; i < to; i++) {
        pp_id node = f->g->order[i];
        const int64_t *values = arrivals + (size_t)node * f->n;
        f->root[node] = 0;
        if (!pp_cg_any(values, f->n))
            continue;
        pp_id root = f->root[node] = pp_cg_path_root(&f->paths);
        pp_cg_send(f, node, (struct pp_cg_arrival){.stack = root, .entry = root}, values);
    }
    pp_cg_do_components(f, from, to);
    f->in_cluster = false;
}

int64_t pp_cg_path_calls(struct pp_cg_path_end *end, int64_t given, int64_t left)
{
    int64_t calls = left ? pp_cg_portion(end->calls, given, left + given) : end->calls;
    end->calls -= calls;
    return calls;
}

/* --- walking along the paths --------------------------------------------- */

/* An amount at a path, and the stack of the profile that leads there. */
struct step {
    pp_id path, stack;
    uint32_t depth;
};

/* By path: the first stack that led there. */
struct place {
    pp_id stack;
    uint32_t depth;
    bool known, wanted;
};

struct walk {
    struct pp_cg_flow *f;
    struct pp_cg_pieces pieces; /* by kid */
    struct step *steps;         /* to do, the last one first */
    int64_t *values;            /* by step and event */
    size_t nsteps, steps_cap, values_cap;
    struct place *places;
    int64_t *one;
    uint64_t walked;
    size_t *cursors; /* by event: kids before this one are used up, when paths are not followed */
};

static void add_step(struct walk *w, struct step step, const int64_t *values)
{
    unsigned n = w->f->n;
    PP_GROW(w->steps, w->nsteps + 1, w->steps_cap);
    PP_GROW(w->values, (w->nsteps + 1) * n, w->values_cap);
    w->steps[w->nsteps] = step;
    memcpy(w->values + w->nsteps * n, values, n * sizeof *values);
    w->nsteps++;
}

/* The stack `from` with the values of the kid, an end, in the profile. */
static void use_end(struct walk *w, size_t kid, struct step from, const int64_t *values)
{
    struct pp_cg_flow *f = w->f;
    struct pp_cg_path_end *end = &f->paths.ends[f->paths.kids[kid]];
    int64_t calls = pp_cg_path_calls(end, values[0], f->paths.rows.left[kid * f->n]);
    if (end->to == PP_CG_SELF) {
        pp_cg_add_leaf(f, from.stack, from.depth, end->at, values, calls);
        return;
    }
    const struct pp_cg_cost *c = &f->g->costs[f->b.cost_of[end->at]];
    struct pp_cg_arrival next = {.depth = from.depth, .callee_frame = c->callee_frame};
    next.stack = pp_cg_push(f, from.stack, &next.depth, c->frame);
    next.calls = calls;
    pp_cg_send(f, end->to, next, values);
}

static struct step along(struct walk *w, struct step from, pp_id path)
{
    struct step to = {path, 0, from.depth};
    to.stack = pp_cg_push(w->f, from.stack, &to.depth, w->f->paths.list[path].frame);
    return to;
}

/* Divides an amount at a path among its ends and its children. */
static void take_step(struct walk *w, struct step at, int64_t *values)
{
    struct pp_cg_flow *f = w->f;
    struct pp_cg_paths *s = &f->paths;
    struct pp_cg_takers paths = {&s->rows, s->first, s->left};
    struct pp_cg_pieces *p = &w->pieces;
    struct place *place = &w->places[at.path];
    if (!place->known)
        *place = (struct place){at.stack, at.depth, true, false};
    pp_cg_divide(f->n, &paths, at.path, p, values, f->fine);
    for (size_t i = 0; i < p->count; i++)
        if (s->kids[p->rows[i]] < s->nends)
            use_end(w, p->rows[i], at, p->values + i * f->n);
    for (size_t i = p->count; i-- > 0;)
        if (s->kids[p->rows[i]] >= s->nends)
            add_step(w, along(w, at, (pp_id)(s->kids[p->rows[i]] - s->nends)),
                     p->values + i * f->n);
}

/* Puts an amount on top of "[...]", wherever something is left. */
static void end_walk(struct walk *w, struct step at, int64_t *values)
{
    struct pp_cg_flow *f = w->f;
    struct pp_cg_paths *s = &f->paths;
    at.stack = pp_cg_push(f, at.stack, &at.depth, pp_cg_dots(f));
    f->cut = true;
    for (unsigned e = 0; e < f->n; e++)
        for (; values[e] && w->cursors[e] < s->nkids; w->cursors[e]++) {
            size_t kid = w->cursors[e];
            int64_t *left = &s->rows.left[kid * f->n + e], some = pp_cg_least(values[e], *left);
            if (s->kids[kid] >= s->nends || !some)
                continue;
            memset(w->one, 0, f->n * sizeof *w->one);
            w->one[e] = some;
            *left -= some;
            values[e] -= some;
            use_end(w, kid, at, w->one);
            if (*left)
                break;
        }
}

static void follow(struct walk *w, pp_id root, pp_id arrival)
{
    struct pp_cg_flow *f = w->f;
    struct pp_cg_arrival a = f->arrivals[arrival];
    add_step(w, (struct step){root, a.stack, a.depth}, pp_cg_values_of(f, arrival));
    pp_cg_free_arrival(f, arrival);
    int64_t *values = pp_calloc(f->n + 1, sizeof *values);
    while (w->nsteps) {
        struct step at = w->steps[--w->nsteps];
        memcpy(values, w->values + w->nsteps * f->n, f->n * sizeof *values);
        if (w->walked++ < MAX_WALK)
            take_step(w, at, values);
        else
            end_walk(w, at, values);
    }
    free(values);
    pp_cg_add_calls(f, &a);
}

/* --- calls without a cost ------------------------------------------------ */

/* Marks the paths, from the nearest known one on, that lead to calls which no cost has added. */
static void want_places(struct walk *w)
{
    const struct pp_cg_paths *s = &w->f->paths;
    for (size_t i = 0; i < s->nends; i++) {
        pp_id path = s->ends[i].path;
        while (s->ends[i].calls && !w->places[path].known && !w->places[path].wanted) {
            w->places[path].wanted = true;
            path = s->list[path].parent;
        }
    }
}

static void add_rest_of_calls(struct walk *w)
{
    struct pp_cg_flow *f = w->f;
    const struct pp_cg_paths *s = &f->paths;
    want_places(w);
    for (size_t i = 0; i < s->count; i++) {
        struct place *to = &w->places[i], *from = &w->places[s->list[i].parent];
        if (!to->wanted || from == to) /* a root that nothing arrived at */
            continue;
        to->depth = from->depth;
        to->stack = pp_cg_push(f, from->stack, &to->depth, s->list[i].frame);
    }
    for (size_t i = 0; i < s->nends; i++) {
        struct pp_cg_path_end *end = &s->ends[i];
        struct place at = w->places[end->path];
        if (!end->calls)
            continue;
        pp_id frame = end->at;
        if (end->to != PP_CG_SELF) {
            const struct pp_cg_cost *c = &f->g->costs[f->b.cost_of[end->at]];
            at.stack = pp_cg_push(f, at.stack, &at.depth, c->frame);
            frame = c->callee_frame;
        }
        pp_cg_add_leaf(f, at.stack, at.depth, frame, NULL, end->calls);
    }
}

/* --- entry point --------------------------------------------------------- */

static void walk_init(struct walk *w, struct pp_cg_flow *f)
{
    *w = (struct walk){.f = f};
    pp_cg_paths_index(&f->paths);
    w->pieces.at = pp_calloc(f->paths.nkids + 1, sizeof *w->pieces.at);
    w->places = pp_calloc(f->paths.count, sizeof *w->places);
    w->cursors = pp_calloc(f->n + 1, sizeof *w->cursors);
    w->one = pp_calloc(f->n + 1, sizeof *w->one);
}

static void walk_release(struct walk *w)
{
    free(w->pieces.at);
    free(w->pieces.rows);
    free(w->pieces.values);
    free(w->steps);
    free(w->values);
    free(w->places);
    free(w->cursors);
    free(w->one);
}

/* The arrivals at all members: by member, the largest first. */
struct entered {
    struct pp_cg_key *keys; /* `place` is the node */
    size_t count, cap;
};

static void gather(struct pp_cg_flow *f, pp_id node, struct entered *in, int64_t *sums)
{
    size_t n = pp_cg_sort_arrivals(f, node);
    for (size_t i = 0; i < n; i++) {
        pp_id id = f->keys[i].arrival;
        PP_GROW(in->keys, in->count + 1, in->cap);
        in->keys[in->count++] = (struct pp_cg_key){f->keys[i].weight, id, node};
        for (unsigned e = 0; e < f->n; e++)
            pp_cg_add_up(&sums[(size_t)node * f->n + e], pp_cg_values_of(f, id)[e]);
    }
}

void pp_cg_do_cluster(struct pp_cg_flow *f, size_t from, size_t to, int64_t *sums)
{
    struct walk w;
    struct entered in = {0};
    for (size_t i = from; i < to; i++)
        gather(f, f->g->order[i], &in, sums);
    pp_cg_make_paths(f, from, to, sums);
    walk_init(&w, f);
    for (size_t i = 0; i < in.count && f->ok; i++)
        follow(&w, f->root[in.keys[i].place], in.keys[i].arrival);
    add_rest_of_calls(&w);
    for (size_t i = from; i < to; i++)
        memset(sums + (size_t)f->g->order[i] * f->n, 0, f->n * sizeof *sums);
    walk_release(&w);
    free(in.keys);
}
