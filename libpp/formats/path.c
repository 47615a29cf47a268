#include "formats/path.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/memory.h"

enum { STEP = 8, FIRST_STEPS = 64, MAX_STEPS = 1 << 14 };

/* Down from `parent` by `count` frames, and where that led: never to node 0. */
struct pp_step {
    pp_id parent;
    uint32_t count;
    pp_id frames[STEP];
    pp_id node;
};

struct pp_landing {
    pp_id node;
    uint64_t hash;
};

/* What two equal steps have in common. */
static const size_t key_size = offsetof(struct pp_step, node);

void pp_path_release(struct pp_path *path)
{
    free(path->frames);
    free(path->lands);
    free(path->steps);
    *path = (struct pp_path){0};
}

/* As the tree grows so do the steps worth remembering; those taken before are forgotten. */
static void make_room(struct pp_path *path, const struct pp_profile *p)
{
    if (path->nsteps == MAX_STEPS || p->nodes.count < path->nsteps * 4)
        return;
    path->nsteps = path->nsteps ? path->nsteps * 2 : FIRST_STEPS;
    free(path->steps);
    path->steps = pp_calloc(path->nsteps, sizeof *path->steps);
}

/*
 * `*fresh`: nothing goes on from `from` yet, see pp_intern_child(). The hash is of all frames so
 * far and not of the node that they led to, which need not be known to look for the next step.
 */
static struct pp_landing take_step(struct pp_path *path, struct pp_profile *p,
                                   struct pp_landing from, const pp_id *frames, size_t n,
                                   bool *fresh)
{
    struct pp_step step = {.parent = from.node, .count = (uint32_t)n, .node = from.node};
    memcpy(step.frames, frames, n * sizeof *frames);
    uint64_t hash = pp_hash(step.frames, sizeof step.frames, from.hash);
    struct pp_step *known = &path->steps[hash & (path->nsteps - 1)];
    if (!*fresh && known->node && memcmp(known, &step, key_size) == 0)
        return (struct pp_landing){known->node, hash};
    for (size_t i = 0; i < n; i++)
        step.node = pp_intern_child(&p->nodes, step.node, frames[i], fresh);
    if (!*fresh) /* it may never be taken again */
        *known = step;
    return (struct pp_landing){step.node, hash};
}

static pp_id frame_at(const pp_id *frames, size_t n, enum pp_order order, size_t depth)
{
    return frames[order == PP_LEAF_FIRST ? n - 1 - depth : depth];
}

/* Writes the frames down outermost first. How many are those of the stack before. */
static size_t set_frames(struct pp_path *path, const pp_id *frames, size_t n, enum pp_order order)
{
    size_t common = 0;
    PP_GROW(path->frames, n, path->frames_cap);
    while (common < n && common < path->count &&
           path->frames[common] == frame_at(frames, n, order, common))
        common++;
    for (size_t i = common; i < n; i++)
        path->frames[i] = frame_at(frames, n, order, i);
    path->count = n;
    return common;
}

pp_id pp_path_node(struct pp_path *path, struct pp_profile *p, const pp_id *frames, size_t n,
                   enum pp_order order)
{
    size_t before = path->count;
    size_t common = set_frames(path, frames, n, order);
    size_t steps = (n + STEP - 1) / STEP, i = common == n && n == before ? steps : common / STEP;
    struct pp_landing at = {0, (uintptr_t)path};
    bool fresh = false;
    make_room(path, p);
    PP_GROW(path->lands, steps, path->lands_cap);
    if (i)
        at = path->lands[i - 1];
    for (; i < steps; i++) {
        size_t done = i * STEP;
        at = take_step(path, p, at, path->frames + done, n - done < STEP ? n - done : STEP, &fresh);
        path->lands[i] = at;
    }
    return at.node;
}
