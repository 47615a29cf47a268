#include "formats/reader/descent.h"

#include <assert.h>

/* --- looking ahead ------------------------------------------------------- */

/*
 * Nothing is added here, and what is found stays true when others add to the tree. So a walk may
 * stop early, as where something only looked like its next node: arrive() takes it to its end.
 */

/* Goes on to the child that was found, as far as the nodes follow each other. False at the end. */
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

/* Finds where the walk may go next. False if it is nowhere. */
static bool find_child(const struct pp_profile *p, struct pp_walk *w)
{
    w->child = pp_probable_child(&p->nodes, w->node, w->frames[w->depth]);
    return w->child;
}

/* Keeps those walks of which `step` is true. How many these are. */
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

/* What a stack before has added may be on the way. */
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
