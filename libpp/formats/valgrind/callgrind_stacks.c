/*
 * callgrind_stacks.c - makes stacks of a call graph, by the rule in callgrind_graph.h.
 *
 * Each function has budgets: one for its self cost, and one for its calls of each other function. A
 * budget has parts, the places in the code with the cost. An amount is taken from the parts one
 * after the other, so that the number of stacks does not grow with that of places.
 */
#include <stdlib.h>

#include "base/memory.h"
#include "formats/valgrind/callgrind_budgets.h"
#include "formats/valgrind/callgrind_graph.h"

enum {
    FINE = 1 << 12,      /* an arrival smaller than this part of all cost takes one path */
    MAX_TURNS = 1 << 9,  /* limit of calls within a cycle in one stack */
    MAX_STEPS = 1 << 16, /* limit of arrivals in one cycle */
    DEEP = 256,          /* frames of a stack; the total of those beyond is limited, */
    MAX_BEYOND = 1 << 24,
};

/* The depth of a stack that ends in "[...]", and is not extended. */
#define SQUASHED UINT32_MAX

/* A stack that arrives at a node; its values have the same index. */
struct arrival {
    pp_id stack, entry; /* `entry`: the stack with which it entered a cycle */
    uint32_t depth, entry_depth, turns;
    pp_id next;         /* index plus one; 0: the last */
    pp_id callee_frame; /* the start of the node at which it arrives, */
    int64_t calls;      /* and the number of calls; 0 once that is added */
};

struct key {
    int64_t weight;
    pp_id arrival, place;
};

struct flow {
    struct pp_cg *g;
    const struct pp_cg_target *to;
    struct pp_profile *p;
    unsigned n; /* number of events */

    struct pp_cg_budgets b;
    int64_t fine, lost;

    struct arrival *arrivals; /* a pool */
    int64_t *values;
    size_t narrivals, arrivals_cap, values_cap;
    pp_id unused;         /* a free arrival plus one; 0: none */
    pp_id *first, *last;  /* by node: its arrivals, plus one */
    struct arrival *lead; /* by node: its first arrival, with `next` 1; or all 0 */

    struct pp_cg_pieces shares, places;
    struct key *keys;
    size_t keys_cap;
    pp_id *queue; /* of a cycle: pairs of nodes and arrivals */
    size_t queued, queue_cap;
    pp_id *rest; /* arrivals of a cycle that did not leave it */
    size_t nrest, rest_cap;
    int64_t *one;
    pp_id dots;
    uint64_t beyond; /* number of frames of stacks beyond the first DEEP of each */
    bool cut, ok;
};

static int64_t *values_of(const struct flow *f, size_t arrival)
{
    return f->values + arrival * f->n;
}

static bool any(const int64_t *v, unsigned n)
{
    for (unsigned e = 0; e < n; e++)
        if (v[e])
            return true;
    return false;
}

/* The frame that stands for unknown ones. */
static pp_id dots(struct flow *f)
{
    if (!f->dots)
        f->dots = pp_frame_named(f->p, pp_str("[...]"));
    return f->dots;
}

/* A negative cost cannot be divided: it becomes a stack of its own, so that sums are right. */
static void take_negative(struct flow *f, size_t cost)
{
    const struct pp_cg_cost *c = &f->g->costs[cost];
    int64_t *row = pp_cg_values(f->g, cost);
    for (unsigned e = 0; e < f->n; e++) {
        if (row[e] >= 0)
            continue;
        struct pp_sample sample = {.node = pp_child(f->p, 0, c->frame), .labels = f->to->labels};
        if (c->callee == PP_CG_SELF)
            f->ok &= pp_reader_add(f->to->r, f->to->r->in.p, pp_sample_id(f->p, &sample),
                                   f->to->columns[e], row[e]);
        row[e] = 0;
    }
}

/* --- stacks -------------------------------------------------------------- */

/* The first `depth` frames of a stack. */
static pp_id ancestor(const struct flow *f, pp_id stack, uint32_t depth, uint32_t want)
{
    for (; depth > want; depth--)
        stack = pp_node(f->p, stack)->parent;
    return stack;
}

/* The stack for all that would extend `stack` too deep: its beginning and "[...]". */
static pp_id squash(struct flow *f, pp_id stack, uint32_t *depth, uint32_t keep)
{
    f->cut = true;
    stack = ancestor(f, stack, *depth, keep < *depth ? keep : *depth);
    *depth = SQUASHED;
    return pp_child(f->p, stack, dots(f));
}

/* The stack with a call at `frame`, to be extended by another frame. */
static pp_id push(struct flow *f, pp_id stack, uint32_t *depth, pp_id frame)
{
    uint32_t most = f->to->r->max_depth;
    if (*depth == SQUASHED)
        return stack;
    if (most > 2 && *depth + 1 >= most)
        return squash(f, stack, depth, most - 2);
    if (f->beyond > MAX_BEYOND && *depth >= DEEP)
        return squash(f, stack, depth, DEEP);
    ++*depth;
    return pp_child(f->p, stack, frame);
}

/* The stack with `frame` as the leaf. */
static pp_id finish(struct flow *f, pp_id stack, uint32_t depth, pp_id frame)
{
    if (depth != SQUASHED && depth >= f->to->r->max_depth) {
        f->cut = true;
        return ancestor(f, stack, depth, f->to->r->max_depth);
    }
    if (depth != SQUASHED && depth > DEEP)
        f->beyond += depth - DEEP;
    return pp_child(f->p, stack, frame);
}

/* Adds values of all events, and calls, to a stack. */
static void add_values(struct flow *f, pp_id node, const int64_t *values, int64_t calls)
{
    struct pp_sample sample = {.node = node, .labels = f->to->labels};
    struct pp_reader *r = f->to->r;
    pp_id id = pp_sample_id(f->p, &sample);
    for (unsigned e = 0; values && e < f->n; e++)
        if (values[e])
            f->ok &= pp_reader_add(r, r->in.p, id, f->to->columns[e], values[e]);
    if (calls && f->to->calls >= 0)
        f->ok &= pp_reader_add(r, r->in.p, id, f->to->calls, calls);
}

/* Adds the calls of an arrival, if no cost has added them. */
static void add_calls(struct flow *f, struct arrival *a)
{
    if (a->calls)
        add_values(f, finish(f, a->stack, a->depth, a->callee_frame), NULL, a->calls);
    a->calls = 0;
}

/* Of the calls at a part, as many as correspond to `given` of the first event. */
static int64_t take_calls(const struct flow *f, size_t part, int64_t given)
{
    struct pp_cg_cost *c = &f->g->costs[f->b.cost_of[part]];
    int64_t left = f->b.parts.left[part * f->n], calls = c->calls;
    if (left)
        calls = pp_cg_portion(c->calls, given, left + given);
    c->calls -= calls;
    return calls;
}

static pp_id new_arrival(struct flow *f, struct arrival a, const int64_t *values)
{
    pp_id id = f->unused;
    if (id) {
        f->unused = f->arrivals[--id].next;
    } else {
        PP_GROW(f->arrivals, f->narrivals + 1, f->arrivals_cap);
        PP_GROW(f->values, (f->narrivals + 1) * f->n, f->values_cap);
        id = (pp_id)f->narrivals++;
    }
    a.next = 0;
    f->arrivals[id] = a;
    memcpy(values_of(f, id), values, f->n * sizeof *values);
    return id;
}

static void free_arrival(struct flow *f, pp_id id)
{
    f->arrivals[id].next = f->unused;
    f->unused = id + 1;
}

static void send(struct flow *f, pp_id node, struct arrival a, const int64_t *values)
{
    pp_id id = new_arrival(f, a, values);
    if (f->last[node])
        f->arrivals[f->last[node] - 1].next = id + 1;
    else
        f->first[node] = id + 1;
    f->last[node] = id + 1;
}

static void enqueue(struct flow *f, pp_id node, pp_id arrival)
{
    PP_GROW(f->queue, f->queued + 2, f->queue_cap);
    f->queue[f->queued++] = node;
    f->queue[f->queued++] = arrival;
}

/* The call at a part, from the stack of `a`, with its cost. */
static void go_on(struct flow *f, const struct pp_cg_budget *b, size_t part,
                  const struct arrival *a, const int64_t *values)
{
    const struct pp_cg_cost *c = &f->g->costs[f->b.cost_of[part]];
    struct arrival next = *a;
    next.stack = push(f, a->stack, &next.depth, c->frame);
    next.turns++;
    next.callee_frame = c->callee_frame;
    next.calls = take_calls(f, part, values[0]);
    if (b->inner)
        enqueue(f, b->to, new_arrival(f, next, values));
    else
        send(f, b->to, next, values);
}

static void use_part(struct flow *f, const struct pp_cg_budget *b, size_t part, struct arrival *a,
                     const int64_t *values)
{
    int64_t calls = 0;
    if (b->to != PP_CG_SELF) {
        go_on(f, b, part, a, values);
        return;
    }
    pp_id frame = f->g->costs[f->b.cost_of[part]].frame;
    if (frame == a->callee_frame) {
        calls = a->calls;
        a->calls = 0;
    }
    add_values(f, finish(f, a->stack, a->depth, frame), values, calls);
}

/* Takes the values of a budget from its parts, and puts these on the stack. */
static void use_budget(struct flow *f, size_t budget, struct arrival *a, const int64_t *values)
{
    const struct pp_cg_budget b = f->b.list[budget];
    if (b.end - b.first == 1) {
        for (unsigned e = 0; e < f->n; e++)
            f->b.parts.left[(size_t)b.first * f->n + e] -= values[e];
        use_part(f, &b, b.first, a, values);
        return;
    }
    pp_cg_forget(&f->places);
    for (unsigned e = 0; e < f->n; e++) {
        if (values[e] && !f->b.kinds.left[budget * f->n + e])
            pp_cg_take_all(f->n, &f->b.parts, &f->places, b.first, b.end, e);
        else if (values[e])
            pp_cg_take_in_turn(f->n, &f->b.parts, &f->places, budget, b.end, e, values[e]);
    }
    for (size_t i = 0; i < f->places.count; i++)
        use_part(f, &b, f->places.rows[i], a, f->places.values + i * f->n);
}

/* Divides an arrival among the budgets of a node. What does not fit stays in `values`. */
static void share(struct flow *f, pp_id node, int64_t *values)
{
    size_t first = f->b.first[node], end = f->b.first[node + 1];
    bool fine = values[0] >= f->fine;
    pp_cg_forget(&f->shares);
    for (unsigned e = 0; e < f->n; e++) {
        int64_t *all = &f->b.left[(size_t)node * f->n + e], some = pp_cg_least(values[e], *all);
        if (!some)
            continue;
        if (some == *all)
            pp_cg_take_all(f->n, &f->b.kinds, &f->shares, first, end, e);
        else if (fine)
            pp_cg_take_in_proportion(f->n, &f->b.kinds, &f->shares, first, end, e,
                                     (struct pp_cg_share){some, *all});
        else
            pp_cg_take_in_turn(f->n, &f->b.kinds, &f->shares, node, end, e, some);
        *all -= some;
        values[e] -= some;
    }
}

/* Processes an arrival; what fits no budget stays in its values. */
static void work_off(struct flow *f, pp_id node, pp_id id)
{
    struct arrival a = f->arrivals[id];
    if (!f->lead[node].next) {
        f->lead[node] = a;
        f->lead[node].next = 1;
    }
    share(f, node, values_of(f, id));
    for (size_t i = 0; i < f->shares.count; i++)
        use_budget(f, f->shares.rows[i], &a, f->shares.values + i * f->n);
    add_calls(f, &a);
}

/* --- the order of arrivals ----------------------------------------------- */

static int compare_keys(const void *x, const void *y)
{
    const struct key *a = x, *b = y;
    if (a->weight != b->weight)
        return a->weight > b->weight ? -1 : 1;
    return a->place < b->place ? -1 : a->place > b->place;
}

/* Sorts the arrivals at a node, the largest first; returns their number. */
static size_t sort_arrivals(struct flow *f, pp_id node)
{
    size_t n = 0;
    for (pp_id at = f->first[node]; at; at = f->arrivals[at - 1].next) {
        PP_GROW(f->keys, n + 1, f->keys_cap);
        f->keys[n] = (struct key){values_of(f, at - 1)[0], at - 1, (pp_id)n};
        n++;
    }
    f->first[node] = f->last[node] = 0;
    if (n > 1)
        qsort(f->keys, n, sizeof *f->keys, compare_keys);
    return n;
}

static void lose(struct flow *f, pp_id arrival)
{
    pp_cg_add_up(&f->lost, values_of(f, arrival)[0]);
    free_arrival(f, arrival);
}

/* Adds calls through which nothing went. */
static void rest_of_calls(struct flow *f, pp_id node)
{
    for (size_t b = f->b.first[node]; b < f->b.first[node + 1]; b++)
        for (size_t i = f->b.list[b].first; i < f->b.list[b].end; i++) {
            struct pp_cg_cost *c = &f->g->costs[f->b.cost_of[i]];
            uint32_t depth = f->lead[node].depth;
            if (c->callee == PP_CG_SELF || !c->calls)
                continue;
            pp_id stack = push(f, f->lead[node].stack, &depth, c->frame);
            add_values(f, finish(f, stack, depth, c->callee_frame), NULL, c->calls);
            c->calls = 0;
        }
}

static void do_node(struct flow *f, pp_id node)
{
    size_t n = sort_arrivals(f, node);
    for (size_t i = 0; i < n; i++) {
        work_off(f, node, f->keys[i].arrival);
        lose(f, f->keys[i].arrival);
    }
    rest_of_calls(f, node);
}

/* --- cycles -------------------------------------------------------------- */

static void enter_cycle(struct flow *f, pp_id node)
{
    size_t n = sort_arrivals(f, node);
    for (size_t i = 0; i < n; i++) {
        struct arrival *a = &f->arrivals[f->keys[i].arrival];
        a->entry = a->stack;
        a->entry_depth = a->depth;
        a->turns = 0;
        enqueue(f, node, f->keys[i].arrival);
    }
}

static void go_round(struct flow *f)
{
    for (size_t i = 0; i < f->queued; i += 2) {
        pp_id id = f->queue[i + 1];
        if (i < (size_t)2 * MAX_STEPS && f->arrivals[id].turns < MAX_TURNS)
            work_off(f, f->queue[i], id);
        else
            add_calls(f, &f->arrivals[id]);
        if (any(values_of(f, id), f->n)) {
            PP_GROW(f->rest, f->nrest + 1, f->rest_cap);
            f->rest[f->nrest++] = id;
        } else {
            free_arrival(f, id);
        }
    }
}

/* Joins arrivals that entered by the same path, in the order of their entries. */
static void join_rest(struct flow *f)
{
    size_t n = 0;
    for (size_t i = 0; i < f->nrest; i++) {
        PP_GROW(f->keys, i + 1, f->keys_cap);
        f->keys[i] = (struct key){-(int64_t)f->arrivals[f->rest[i]].entry, f->rest[i], (pp_id)i};
    }
    qsort(f->keys, f->nrest, sizeof *f->keys, compare_keys);
    for (size_t i = 0; i < f->nrest; i++) {
        pp_id id = f->keys[i].arrival;
        if (!n || f->arrivals[f->rest[n - 1]].entry != f->arrivals[id].entry) {
            f->rest[n++] = id;
            continue;
        }
        for (unsigned e = 0; e < f->n; e++)
            pp_cg_add_up(&values_of(f, f->rest[n - 1])[e], values_of(f, id)[e]);
        free_arrival(f, id);
    }
    f->nrest = n;
}

/* Puts what a budget has left of an event on top of "[...]", as far as arrival `id` has cost. */
static void end_at(struct flow *f, size_t budget, pp_id node, pp_id id, unsigned e)
{
    struct arrival a = f->arrivals[id]; /* its calls were already added */
    int64_t *left = &f->b.kinds.left[budget * f->n + e], *want = &values_of(f, id)[e];
    int64_t some = pp_cg_least(*want, *left);
    *left -= some;
    *want -= some;
    f->b.left[(size_t)node * f->n + e] -= some;
    memset(f->one, 0, f->n * sizeof *f->one);
    f->one[e] = some;
    a.depth = a.entry_depth;
    a.stack = push(f, a.entry, &a.depth, dots(f));
    a.calls = 0;
    use_budget(f, budget, &a, f->one);
}

/* Divides what is left of an event in budgets that leave the cycle among the remaining arrivals. */
static void end_event(struct flow *f, size_t from, size_t to, unsigned e)
{
    size_t next = 0;
    for (size_t i = from; i < to; i++) {
        pp_id node = f->g->order[i];
        for (size_t b = f->b.first[node]; b < f->b.first[node + 1]; b++)
            while (!f->b.list[b].inner && f->b.kinds.left[b * f->n + e] && next < f->nrest) {
                if (values_of(f, f->rest[next])[e])
                    end_at(f, b, node, f->rest[next], e);
                next += !values_of(f, f->rest[next])[e];
            }
    }
}

static void end_rest(struct flow *f, size_t from, size_t to)
{
    if (!f->nrest)
        return;
    join_rest(f);
    for (unsigned e = 0; e < f->n; e++)
        end_event(f, from, to, e);
    for (size_t i = 0; i < f->nrest; i++)
        lose(f, f->rest[i]);
    f->nrest = 0;
}

static void do_cycle(struct flow *f, size_t from, size_t to)
{
    f->queued = 0;
    for (size_t i = from; i < to; i++)
        enter_cycle(f, f->g->order[i]);
    go_round(f);
    end_rest(f, from, to);
    for (size_t i = from; i < to; i++)
        rest_of_calls(f, f->g->order[i]);
}

/* --- entry point --------------------------------------------------------- */

/*
 * Cost of a function beyond the cost of calls of it entered by a path that the file does not have.
 */
static void send_roots(struct flow *f)
{
    int64_t *root = pp_calloc(f->g->nnodes * f->n + 1, sizeof *root);
    memcpy(root, f->b.left, f->g->nnodes * f->n * sizeof *root);
    for (size_t b = 0; b < f->b.count; b++)
        for (unsigned e = 0; f->b.list[b].to != PP_CG_SELF && e < f->n; e++) {
            int64_t *to = &root[(size_t)f->b.list[b].to * f->n + e];
            if (__builtin_sub_overflow(*to, f->b.kinds.left[b * f->n + e], to))
                *to = INT64_MIN;
        }
    for (size_t i = 0; i < f->g->nnodes; i++) {
        for (unsigned e = 0; e < f->n; e++)
            if (root[i * f->n + e] < 0)
                root[i * f->n + e] = 0;
        if (any(root + i * f->n, f->n))
            send(f, (pp_id)i, (struct arrival){0}, root + i * f->n);
    }
    free(root);
}

static bool is_cycle(const struct flow *f, size_t from, size_t to)
{
    pp_id node = f->g->order[from];
    for (size_t b = f->b.first[node]; b < f->b.first[node + 1]; b++)
        if (f->b.list[b].inner)
            return true;
    return to - from > 1;
}

static void do_all(struct flow *f)
{
    const struct pp_cg *g = f->g;
    for (size_t from = 0, to; from < g->nnodes && f->ok; from = to) {
        pp_id component = g->component[g->order[from]];
        for (to = from; to < g->nnodes && g->component[g->order[to]] == component; to++)
            ;
        if (is_cycle(f, from, to))
            do_cycle(f, from, to);
        else
            do_node(f, g->order[from]);
    }
}

/* Costs without an arrival: only if sums of calls exceed 64 bits. */
static void end_orphans(struct flow *f)
{
    for (size_t b = 0; b < f->b.count && f->ok; b++)
        for (size_t i = f->b.list[b].first; i < f->b.list[b].end; i++) {
            struct arrival a = {0};
            int64_t *left = f->b.parts.left + i * f->n;
            if (f->b.list[b].to == PP_CG_SELF && any(left, f->n))
                use_part(f, &f->b.list[b], i, &a, left);
        }
}

static void flow_init(struct flow *f)
{
    struct pp_cg *g = f->g;
    size_t nodes = g->nnodes + 1;
    for (size_t i = 0; i < g->ncosts; i++)
        take_negative(f, i);
    pp_cg_budgets_init(&f->b, g);
    free(g->values);
    g->values = NULL;
    f->first = pp_calloc(nodes, sizeof *f->first);
    f->last = pp_calloc(nodes, sizeof *f->last);
    f->lead = pp_calloc(nodes, sizeof *f->lead);
    f->shares.at = pp_calloc(g->ncosts + 1, sizeof *f->shares.at);
    f->places.at = pp_calloc(g->ncosts + 1, sizeof *f->places.at);
    f->one = pp_calloc(f->n + 1, sizeof *f->one);
    int64_t total = 0;
    for (size_t b = 0; b < f->b.count; b++)
        if (f->b.list[b].to == PP_CG_SELF)
            pp_cg_add_up(&total, f->b.kinds.left[b * f->n]);
    f->fine = total / FINE;
}

static void flow_release(struct flow *f)
{
    void *const owned[] = {
        f->arrivals,    f->values,    f->first,       f->last,          f->lead,
        f->shares.rows, f->shares.at, f->places.rows, f->shares.values, f->places.values,
        f->places.at,   f->keys,      f->queue,       f->rest,          f->one,
    };
    for (size_t i = 0; i < sizeof owned / sizeof *owned; i++)
        free(owned[i]);
    pp_cg_budgets_release(&f->b);
}

bool pp_cg_stacks(struct pp_cg *g, const struct pp_cg_target *to, int64_t *lost)
{
    struct flow f = {.g = g, .to = to, .p = to->r->out, .n = g->nevents, .ok = true};
    flow_init(&f);
    send_roots(&f);
    do_all(&f);
    end_orphans(&f);
    if (f.cut)
        pp_warn(to->r, to->r->in.p,
                "the deepest stacks have a frame '[...]' in place of some callers");
    *lost = f.lost;
    flow_release(&f);
    return f.ok;
}
