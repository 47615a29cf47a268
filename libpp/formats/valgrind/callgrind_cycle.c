/* callgrind_cycle.c - arrivals at functions that call each other, with a queue. */
#include <stdlib.h>

#include "base/memory.h"
#include "formats/valgrind/callgrind_flow.h"

enum {
    MAX_TURNS = 1 << 9,  /* limit of calls within a cycle in one stack */
    MAX_STEPS = 1 << 16, /* limit of arrivals in one cycle */
};

static void enter_cycle(struct pp_cg_flow *f, pp_id node)
{
    size_t n = pp_cg_sort_arrivals(f, node);
    for (size_t i = 0; i < n; i++) {
        pp_id id = f->keys[i].arrival;
        struct pp_cg_arrival *a = &f->arrivals[id];
        a->entry = a->stack;
        a->entry_depth = a->depth;
        a->turns = 0;
        PP_GROW(f->queue, f->queued + 2, f->queue_cap);
        f->queue[f->queued++] = node;
        f->queue[f->queued++] = id;
    }
}

static void go_round(struct pp_cg_flow *f)
{
    for (size_t i = 0; i < f->queued; i += 2) {
        pp_id id = f->queue[i + 1];
        if (i < (size_t)2 * MAX_STEPS && f->arrivals[id].turns < MAX_TURNS)
            pp_cg_work_off(f, f->queue[i], id);
        else
            pp_cg_add_calls(f, &f->arrivals[id]);
        if (pp_cg_any(pp_cg_values_of(f, id), f->n)) {
            PP_GROW(f->rest, f->nrest + 1, f->rest_cap);
            f->rest[f->nrest++] = id;
        } else {
            pp_cg_free_arrival(f, id);
        }
    }
}

/* Joins arrivals that entered by the same path, in the order of their entries. */
static void join_rest(struct pp_cg_flow *f)
{
    size_t n = 0;
    for (size_t i = 0; i < f->nrest; i++) {
        PP_GROW(f->keys, i + 1, f->keys_cap);
        f->keys[i] =
            (struct pp_cg_key){-(int64_t)f->arrivals[f->rest[i]].entry, f->rest[i], (pp_id)i};
    }
    qsort(f->keys, f->nrest, sizeof *f->keys, pp_cg_compare_keys);
    for (size_t i = 0; i < f->nrest; i++) {
        pp_id id = f->keys[i].arrival;
        if (!n || f->arrivals[f->rest[n - 1]].entry != f->arrivals[id].entry) {
            f->rest[n++] = id;
            continue;
        }
        for (unsigned e = 0; e < f->n; e++)
            pp_cg_add_up(&pp_cg_values_of(f, f->rest[n - 1])[e], pp_cg_values_of(f, id)[e]);
        pp_cg_free_arrival(f, id);
    }
    f->nrest = n;
}

/* Puts what a budget has left of an event on top of "[...]", as far as arrival `id` has cost. */
static void end_at(struct pp_cg_flow *f, size_t budget, pp_id node, pp_id id, unsigned e)
{
    struct pp_cg_arrival a = f->arrivals[id]; /* its calls were already added */
    int64_t *left = &f->b.kinds.left[budget * f->n + e], *want = &pp_cg_values_of(f, id)[e];
    int64_t some = pp_cg_least(*want, *left);
    *left -= some;
    *want -= some;
    f->b.left[(size_t)node * f->n + e] -= some;
    memset(f->one, 0, f->n * sizeof *f->one);
    f->one[e] = some;
    a.depth = a.entry_depth;
    a.stack = pp_cg_push(f, a.entry, &a.depth, pp_cg_dots(f));
    a.calls = 0;
    pp_cg_use_budget(f, budget, &a, f->one);
}

/* Divides what is left of an event in budgets that leave the cycle among the remaining arrivals. */
static void end_event(struct pp_cg_flow *f, size_t from, size_t to, unsigned e)
{
    size_t next = 0;
    for (size_t i = from; i < to; i++) {
        pp_id node = f->g->order[i];
        for (size_t b = f->b.first[node]; b < f->b.first[node + 1]; b++)
            while (!f->b.list[b].inner && f->b.kinds.left[b * f->n + e] && next < f->nrest) {
                if (pp_cg_values_of(f, f->rest[next])[e])
                    end_at(f, b, node, f->rest[next], e);
                next += !pp_cg_values_of(f, f->rest[next])[e];
            }
    }
}

static void end_rest(struct pp_cg_flow *f, size_t from, size_t to)
{
    if (!f->nrest)
        return;
    join_rest(f);
    for (unsigned e = 0; e < f->n; e++)
        end_event(f, from, to, e);
    for (size_t i = 0; i < f->nrest; i++)
        pp_cg_lose(f, f->rest[i]);
    f->nrest = 0;
}

static void do_cycle(struct pp_cg_flow *f, size_t from, size_t to)
{
    f->queued = 0;
    for (size_t i = from; i < to; i++)
        enter_cycle(f, f->g->order[i]);
    go_round(f);
    end_rest(f, from, to);
    for (size_t i = from; i < to; i++)
        pp_cg_rest_of_calls(f, f->g->order[i]);
}

/* --- components ---------------------------------------------------------- */

static bool is_cycle(const struct pp_cg_flow *f, size_t from, size_t to)
{
    pp_id node = f->g->order[from];
    for (size_t b = f->b.first[node]; b < f->b.first[node + 1]; b++)
        if (f->b.list[b].inner)
            return true;
    return to - from > 1;
}

void pp_cg_do_components(struct pp_cg_flow *f, size_t from, size_t to)
{
    const struct pp_cg *g = f->g;
    for (size_t next; from < to && f->ok; from = next) {
        pp_id component = g->component[g->order[from]];
        for (next = from; next < to && g->component[g->order[next]] == component; next++)
            ;
        if (is_cycle(f, from, next))
            do_cycle(f, from, next);
        else
            pp_cg_do_node(f, g->order[from]);
    }
}
