#include "formats/reader/descent.h"

#include <assert.h>

/* --- looking ahead ------------------------------------------------------- */

/*
 * Adds nothing, and what it finds stays true when others add to the tree. A walk may therefore stop
 * early, as when a guessed child was wrong: arrive() completes it.
 */

/*
 * Moves to the child that was found, and on while nodes follow each other. False at the end of the
 * stack.
 */
static bool go_on(const struct pp_profile *p, struct pp_walk *w)
{
    if (w->child && !pp_is_child(&p->nodes, w->child, w->node, w->frames[w->depth]))
        return false;
    if (w->child) {
        w->node = w->child;
        w->depth++;
    }
    while (w->depth < w->count &&
           pp_is_child(&p->nodes, (size_t)w->node + 1, w->node, w->frames[w->depth])) {
        w->node++;
        w->depth++;
    }
    if (w->depth == w->count)
        return false;
    pp_prefetch_child(&p->nodes, w->node, w->frames[w->depth]);
    return true;
}

/* Finds a candidate for the next node. False if there is none. */
static bool find_child(const struct pp_profile *p, struct pp_walk *w)
{
    w->child = pp_probable_child(&p->nodes, w->node, w->frames[w->depth]);
    return w->child;
}

/* Keeps the walks for which `step` is true; returns their number. */
static size_t all_take(const struct pp_profile *p, struct pp_walk **walks, size_t n,
                       bool (*step)(const struct pp_profile *p, struct pp_walk *w))
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++)
        if (step(p, walks[i]))
            walks[kept++] = walks[i];
    return kept;
}

static void look_ahead(const struct pp_profile *p, struct pp_walk *walks, size_t n)
{
    struct pp_walk *going[PP_WALK_BATCH];
    for (size_t i = 0; i < n; i++)
        going[i] = &walks[i];
    while (n) {
        n = all_take(p, going, n, go_on);
        n = all_take(p, going, n, find_child);
    }
}

/* --- arriving ------------------------------------------------------------ */

/* An earlier stack of the batch may have added nodes that this walk needs. */
static void arrive(struct pp_profile *p, struct pp_walk *w)
{
    bool fresh = false;
    for (; w->depth < w->count; w->depth++)
        w->node = pp_intern_child(&p->nodes, w->node, w->frames[w->depth], &fresh);
}

void pp_descend(struct pp_profile *p, struct pp_walk *walks, size_t n)
{
    assert(n <= PP_WALK_BATCH);
    for (size_t i = 0; i < n; i++) {
        walks[i].depth = 0;
        walks[i].node = walks[i].child = 0;
    }
    look_ahead(p, walks, n);
    for (size_t i = 0; i < n; i++)
        arrive(p, &walks[i]);
}
