#include "formats/descent.h"

#include <assert.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/memory.h"

enum { FIRST_PLACES = 64 };

struct pp_fork {
    uint32_t tag; /* of the parent and the frame */
    pp_id child;  /* 0: an empty place */
};

/* --- forks --------------------------------------------------------------- */

static uint32_t tag_of(const struct pp_descent *d, pp_id parent, pp_id frame)
{
    uint64_t key = (uint64_t)parent << 32 | frame;
    return (uint32_t)pp_mix(key ^ d->seed, UINT64_C(0x9e3779b97f4a7c15));
}

static bool is_node(const struct pp_descent *d, size_t node, pp_id parent, pp_id frame)
{
    if (node >= d->nodes->count)
        return false;
    const struct pp_node *have = pp_row(d->nodes, (pp_id)node);
    return have->parent == parent && have->frame == frame;
}

static void put(struct pp_descent *d, struct pp_fork fork)
{
    size_t i = fork.tag & d->mask;
    while (d->forks[i].child)
        i = (i + 1) & d->mask;
    d->forks[i] = fork;
}

static void double_places(struct pp_descent *d)
{
    struct pp_fork *old = d->forks;
    size_t places = d->mask + 1;
    d->forks = pp_calloc(places * 2, sizeof *d->forks);
    d->mask = places * 2 - 1;
    for (size_t i = 0; i < places; i++)
        if (old[i].child)
            put(d, old[i]);
    free(old);
}

static void add_fork(struct pp_descent *d, pp_id child)
{
    const struct pp_node *node = pp_row(d->nodes, child);
    if (d->count++ > d->mask / 2)
        double_places(d);
    put(d, (struct pp_fork){tag_of(d, node->parent, node->frame), child});
}

static pp_id find_fork(const struct pp_descent *d, pp_id parent, pp_id frame)
{
    uint32_t tag = tag_of(d, parent, frame);
    for (size_t i = tag & d->mask; d->forks[i].child; i = (i + 1) & d->mask)
        if (d->forks[i].tag == tag && is_node(d, d->forks[i].child, parent, frame))
            return d->forks[i].child;
    return 0;
}

void pp_descent_init(struct pp_descent *d, struct pp_profile *p)
{
    *d = (struct pp_descent){.nodes = &p->nodes, .mask = FIRST_PLACES - 1};
    d->forks = pp_calloc(FIRST_PLACES, sizeof *d->forks);
    d->seed = (uintptr_t)d->forks;
    for (pp_id n = 1; n < p->nodes.count; n++)
        if (pp_node(p, n)->parent != n - 1)
            add_fork(d, n);
}

void pp_descent_release(struct pp_descent *d)
{
    free(d->forks);
    *d = (struct pp_descent){0};
}

/* --- looking ahead ------------------------------------------------------- */

/*
 * Nothing is added here, and everything that is found stays true when others add to the tree. So a
 * walk may stop early, as where two hashes are the same: arrive() takes it to its end.
 */

static void follow_parents(const struct pp_descent *d, struct pp_walk *w)
{
    while (w->depth < w->count && is_node(d, (size_t)w->node + 1, w->node, w->frames[w->depth])) {
        w->node++;
        w->depth++;
    }
}

/* Goes on to the child that was found, as far as the nodes follow each other. False at the end. */
static bool go_on(const struct pp_descent *d, struct pp_walk *w)
{
    if (w->child && !is_node(d, w->child, w->node, w->frames[w->depth]))
        return false;
    if (w->child) {
        w->node = w->child;
        w->depth++;
    }
    follow_parents(d, w);
    if (w->depth == w->count)
        return false;
    __builtin_prefetch(&d->forks[tag_of(d, w->node, w->frames[w->depth]) & d->mask]);
    return true;
}

/* Finds where the walk may go next, which is fetched. False if it is nowhere. */
static bool find_child(const struct pp_descent *d, struct pp_walk *w)
{
    uint32_t tag = tag_of(d, w->node, w->frames[w->depth]);
    size_t i = tag & d->mask;
    while (d->forks[i].child && d->forks[i].tag != tag)
        i = (i + 1) & d->mask;
    w->child = d->forks[i].child;
    if (w->child)
        __builtin_prefetch(pp_row(d->nodes, w->child));
    return w->child;
}

/* Keeps those walks of which `step` is true. How many these are. */
static size_t all_take(const struct pp_descent *d, struct pp_walk **walks, size_t n,
                       bool (*step)(const struct pp_descent *d, struct pp_walk *w))
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++)
        if (step(d, walks[i]))
            walks[kept++] = walks[i];
    return kept;
}

static void look_ahead(const struct pp_descent *d, struct pp_walk *walks, size_t n)
{
    struct pp_walk *going[PP_FLOCK];
    for (size_t i = 0; i < n; i++)
        going[i] = &walks[i];
    while (n) {
        n = all_take(d, going, n, go_on);
        n = all_take(d, going, n, find_child);
    }
}

/* --- arriving ------------------------------------------------------------ */

static void add_nodes(struct pp_descent *d, struct pp_walk *w)
{
    bool fresh = true;
    for (; w->depth < w->count; w->depth++) {
        pp_id child = pp_intern_child(d->nodes, w->node, w->frames[w->depth], &fresh);
        if (child != w->node + 1)
            add_fork(d, child);
        w->node = child;
    }
}

/* What a stack before has added may be on the way. */
static void arrive(struct pp_descent *d, struct pp_walk *w)
{
    for (;;) {
        follow_parents(d, w);
        if (w->depth == w->count)
            return;
        pp_id child = find_fork(d, w->node, w->frames[w->depth]);
        if (!child)
            break;
        w->node = child;
        w->depth++;
    }
    add_nodes(d, w);
}

void pp_descend(struct pp_descent *d, struct pp_walk *walks, size_t n)
{
    assert(n <= PP_FLOCK);
    for (size_t i = 0; i < n; i++) {
        walks[i].depth = 0;
        walks[i].node = walks[i].child = 0;
    }
    look_ahead(d, walks, n);
    for (size_t i = 0; i < n; i++)
        arrive(d, &walks[i]);
}
