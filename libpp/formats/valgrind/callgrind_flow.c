/* callgrind_flow.c - arrivals at functions, and how each is divided. */
#include "formats/valgrind/callgrind_flow.h"

#include <stdlib.h>

#include "base/memory.h"

enum {
    DEEP = 256, /* frames of a stack; the total of those beyond is limited, */
    MAX_BEYOND = 1 << 24,
};

pp_id pp_cg_dots(struct pp_cg_flow *f)
{
    if (!f->dots)
        f->dots = pp_frame_named(f->p, pp_str("[...]"));
    return f->dots;
}

/* --- stacks -------------------------------------------------------------- */

/* The first `depth` frames of a stack. */
static pp_id ancestor(const struct pp_cg_flow *f, pp_id stack, uint32_t depth, uint32_t want)
{
    for (; depth > want; depth--)
        stack = pp_node(f->p, stack)->parent;
    return stack;
}

/* The stack for all that would extend `stack` too deep: its beginning and "[...]". */
static pp_id squash(struct pp_cg_flow *f, pp_id stack, uint32_t *depth, uint32_t keep)
{
    f->cut = true;
    stack = ancestor(f, stack, *depth, keep < *depth ? keep : *depth);
    *depth = PP_CG_SQUASHED;
    return pp_child(f->p, stack, pp_cg_dots(f));
}

pp_id pp_cg_push(struct pp_cg_flow *f, pp_id stack, uint32_t *depth, pp_id frame)
{
    uint32_t most = f->to->r->max_depth;
    if (f->in_cluster) {
        ++*depth;
        return pp_cg_path(&f->paths, stack, frame);
    }
    if (*depth == PP_CG_SQUASHED)
        return stack;
    if (most > 2 && *depth + 1 >= most)
        return squash(f, stack, depth, most - 2);
    if (f->beyond > MAX_BEYOND && *depth >= DEEP)
        return squash(f, stack, depth, DEEP);
    ++*depth;
    return pp_child(f->p, stack, frame);
}

/* The stack with `frame` as the leaf. */
static pp_id finish(struct pp_cg_flow *f, pp_id stack, uint32_t depth, pp_id frame)
{
    if (depth != PP_CG_SQUASHED && depth >= f->to->r->max_depth) {
        f->cut = true;
        return ancestor(f, stack, depth, f->to->r->max_depth);
    }
    if (depth != PP_CG_SQUASHED && depth > DEEP)
        f->beyond += depth - DEEP;
    return pp_child(f->p, stack, frame);
}

void pp_cg_add_leaf(struct pp_cg_flow *f, pp_id stack, uint32_t depth, pp_id frame,
                    const int64_t *values, int64_t calls)
{
    struct pp_reader *r = f->to->r;
    if (f->in_cluster) {
        pp_cg_path_end(&f->paths, (struct pp_cg_path_end){stack, PP_CG_SELF, frame, calls}, values);
        return;
    }
    struct pp_sample sample = {.node = finish(f, stack, depth, frame), .labels = f->to->labels};
    pp_id id = pp_sample_id(f->p, &sample);
    for (unsigned e = 0; values && e < f->nshown; e++)
        if (values[e])
            f->ok &= pp_reader_add(r, r->in.p, id, f->to->columns[e], values[e]);
    if (calls && f->to->calls >= 0)
        f->ok &= pp_reader_add(r, r->in.p, id, f->to->calls, calls);
}

/* --- arrivals ------------------------------------------------------------ */

void pp_cg_add_calls(struct pp_cg_flow *f, struct pp_cg_arrival *a)
{
    if (a->calls)
        pp_cg_add_leaf(f, a->stack, a->depth, a->callee_frame, NULL, a->calls);
    a->calls = 0;
}

pp_id pp_cg_new_arrival(struct pp_cg_flow *f, struct pp_cg_arrival a, const int64_t *values)
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
    memcpy(pp_cg_values_of(f, id), values, f->n * sizeof *values);
    return id;
}

void pp_cg_free_arrival(struct pp_cg_flow *f, pp_id id)
{
    f->arrivals[id].next = f->unused;
    f->unused = id + 1;
}

void pp_cg_lose(struct pp_cg_flow *f, pp_id arrival)
{
    pp_cg_add_up(&f->lost, pp_cg_values_of(f, arrival)[0]);
    pp_cg_free_arrival(f, arrival);
}

void pp_cg_send(struct pp_cg_flow *f, pp_id node, struct pp_cg_arrival a, const int64_t *values)
{
    pp_id id = pp_cg_new_arrival(f, a, values);
    if (f->last[node])
        f->arrivals[f->last[node] - 1].next = id + 1;
    else
        f->first[node] = id + 1;
    f->last[node] = id + 1;
}

int pp_cg_compare_keys(const void *x, const void *y)
{
    const struct pp_cg_key *a = x, *b = y;
    if (a->weight != b->weight)
        return a->weight > b->weight ? -1 : 1;
    return a->place < b->place ? -1 : a->place > b->place;
}

size_t pp_cg_sort_arrivals(struct pp_cg_flow *f, pp_id node)
{
    size_t n = 0;
    for (pp_id at = f->first[node]; at; at = f->arrivals[at - 1].next) {
        PP_GROW(f->keys, n + 1, f->keys_cap);
        f->keys[n] = (struct pp_cg_key){pp_cg_values_of(f, at - 1)[0], at - 1, (pp_id)n};
        n++;
    }
    f->first[node] = f->last[node] = 0;
    if (n > 1)
        qsort(f->keys, n, sizeof *f->keys, pp_cg_compare_keys);
    return n;
}

/* --- parts --------------------------------------------------------------- */

/* Of the calls at a part, as many as correspond to `given` of the first event. */
static int64_t take_calls(const struct pp_cg_flow *f, size_t part, int64_t given)
{
    struct pp_cg_cost *c = &f->g->costs[f->b.cost_of[part]];
    int64_t left = f->b.parts.left[part * f->n], calls = c->calls;
    if (left)
        calls = pp_cg_portion(c->calls, given, left + given);
    c->calls -= calls;
    return calls;
}

static void enqueue(struct pp_cg_flow *f, pp_id node, pp_id arrival)
{
    PP_GROW(f->queue, f->queued + 2, f->queue_cap);
    f->queue[f->queued++] = node;
    f->queue[f->queued++] = arrival;
}

/* The call at a part, from the stack of `a`, with its cost. */
static void go_on(struct pp_cg_flow *f, const struct pp_cg_budget *b, size_t part,
                  const struct pp_cg_arrival *a, const int64_t *values)
{
    const struct pp_cg_cost *c = &f->g->costs[f->b.cost_of[part]];
    int64_t calls = take_calls(f, part, values[0]);
    if (f->in_cluster && !b->local) {
        pp_cg_path_end(&f->paths, (struct pp_cg_path_end){a->stack, b->to, (pp_id)part, calls},
                       values);
        return;
    }
    struct pp_cg_arrival next = *a;
    next.stack = pp_cg_push(f, a->stack, &next.depth, c->frame);
    next.turns++;
    next.callee_frame = c->callee_frame;
    next.calls = calls;
    if (b->inner)
        enqueue(f, b->to, pp_cg_new_arrival(f, next, values));
    else
        pp_cg_send(f, b->to, next, values);
}

void pp_cg_use_part(struct pp_cg_flow *f, const struct pp_cg_budget *b, size_t part,
                    struct pp_cg_arrival *a, const int64_t *values)
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
    pp_cg_add_leaf(f, a->stack, a->depth, frame, values, calls);
}

void pp_cg_use_budget(struct pp_cg_flow *f, size_t budget, struct pp_cg_arrival *a,
                      const int64_t *values)
{
    const struct pp_cg_budget b = f->b.list[budget];
    if (b.end - b.first == 1) {
        for (unsigned e = 0; e < f->n; e++)
            f->b.parts.left[(size_t)b.first * f->n + e] -= values[e];
        pp_cg_use_part(f, &b, b.first, a, values);
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
        pp_cg_use_part(f, &b, f->places.rows[i], a, f->places.values + i * f->n);
}

/* --- functions ----------------------------------------------------------- */

void pp_cg_work_off(struct pp_cg_flow *f, pp_id node, pp_id id)
{
    struct pp_cg_arrival a = f->arrivals[id];
    if (!f->lead[node].next) {
        f->lead[node] = a;
        f->lead[node].next = 1;
    }
    struct pp_cg_takers budgets = {&f->b.kinds, f->b.first, f->b.left};
    pp_cg_divide(f->n, &budgets, node, &f->shares, pp_cg_values_of(f, id), f->fine);
    for (size_t i = 0; i < f->shares.count; i++)
        pp_cg_use_budget(f, f->shares.rows[i], &a, f->shares.values + i * f->n);
    pp_cg_add_calls(f, &a);
}

void pp_cg_rest_of_calls(struct pp_cg_flow *f, pp_id node)
{
    for (size_t b = f->b.first[node]; b < f->b.first[node + 1]; b++)
        for (size_t i = f->b.list[b].first; i < f->b.list[b].end; i++) {
            struct pp_cg_cost *c = &f->g->costs[f->b.cost_of[i]];
            uint32_t depth = f->lead[node].depth;
            if (c->callee == PP_CG_SELF || !c->calls)
                continue;
            pp_id stack = pp_cg_push(f, f->lead[node].stack, &depth, c->frame);
            pp_cg_add_leaf(f, stack, depth, c->callee_frame, NULL, c->calls);
            c->calls = 0;
        }
}

void pp_cg_do_node(struct pp_cg_flow *f, pp_id node)
{
    size_t n = pp_cg_sort_arrivals(f, node);
    for (size_t i = 0; i < n; i++) {
        pp_cg_work_off(f, node, f->keys[i].arrival);
        pp_cg_lose(f, f->keys[i].arrival);
    }
    pp_cg_rest_of_calls(f, node);
}
