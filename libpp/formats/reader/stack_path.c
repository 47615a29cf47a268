#include "formats/reader/stack_path.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/memory.h"
#include "base/prefetch.h"

enum { STEP = 8, FIRST_STEPS = 64, MAX_STEPS = 1 << 14 };

/* `count` frames down from `parent`, and the node that they lead to, which is never 0. */
struct pp_step {
    pp_id parent;
    uint32_t count;
    pp_id frames[STEP];
    pp_id node;
};

struct pp_step_end {
    pp_id node;
    uint64_t hash;
};

void pp_stack_path_release(struct pp_stack_path *path)
{
    free(path->frames);
    free(path->ends);
    free(path->steps);
    *path = (struct pp_stack_path){0};
}

/* Doubles the slots as the tree grows; cached steps are dropped. */
static void make_room(struct pp_stack_path *path, const struct pp_profile *p)
{
    if (path->nsteps == MAX_STEPS || p->nodes.count < path->nsteps * 4)
        return;
    path->nsteps = path->nsteps ? path->nsteps * 2 : FIRST_STEPS;
    free(path->steps);
    path->steps = pp_calloc(path->nsteps, sizeof *path->steps);
}

static struct pp_step *slot_of(const struct pp_stack_path *path, uint64_t hash)
{
    return &path->steps[hash & (path->nsteps - 1)];
}

static bool is_step(const struct pp_step *step, pp_id from, const pp_id *frames, size_t n)
{
    return step->node && step->parent == from && step->count == n &&
           memcmp(step->frames, frames, n * sizeof *frames) == 0;
}

/*
 * The node that these frames lead to from a node. `*fresh`: the node is new and has no children,
 * see pp_intern_child().
 */
static pp_id take_step(struct pp_step *slot, struct pp_profile *p, pp_id from, const pp_id *frames,
                       size_t n, bool *fresh)
{
    pp_id node = from;
    if (!*fresh && is_step(slot, from, frames, n))
        return slot->node;
    for (size_t i = 0; i < n; i++)
        node = pp_intern_child(&p->nodes, node, frames[i], fresh);
    if (!*fresh) { /* a step to a new node is not cached, as it may never recur */
        *slot = (struct pp_step){.parent = from, .count = (uint32_t)n, .node = node};
        memcpy(slot->frames, frames, n * sizeof *frames);
    }
    return node;
}

static pp_id frame_at(const pp_id *frames, size_t n, enum pp_order order, size_t depth)
{
    return frames[order == PP_LEAF_FIRST ? n - 1 - depth : depth];
}

/* Stores the frames root first. Returns how many are the same as in the previous stack. */
static size_t set_frames(struct pp_stack_path *path, const pp_id *frames, size_t n,
                         enum pp_order order)
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

/*
 * Hashes the steps from the first one on, and prefetches their slots. The hash of a step covers all
 * frames up to it, not the node before it, so all slots can be prefetched at once.
 */
static void look_ahead(struct pp_stack_path *path, size_t first, size_t steps)
{
    uint64_t hash = first ? path->ends[first - 1].hash : (uintptr_t)path;
    for (size_t i = first; i < steps; i++) {
        size_t left = path->count - i * STEP, n = left < STEP ? left : STEP;
        hash = pp_hash(path->frames + i * STEP, n * sizeof *path->frames, hash);
        path->ends[i].hash = hash;
        pp_prefetch(slot_of(path, hash));
    }
}

pp_id pp_stack_path_node(struct pp_stack_path *path, struct pp_profile *p, const pp_id *frames,
                         size_t n, enum pp_order order)
{
    size_t before = path->count;
    size_t common = set_frames(path, frames, n, order);
    size_t steps = (n + STEP - 1) / STEP, i = common == n && n == before ? steps : common / STEP;
    pp_id node = 0;
    bool fresh = false;
    make_room(path, p);
    PP_GROW(path->ends, steps, path->ends_cap);
    look_ahead(path, i, steps);
    if (i)
        node = path->ends[i - 1].node;
    for (; i < steps; i++) {
        size_t left = n - i * STEP;
        struct pp_step_end *end = &path->ends[i];
        node = take_step(slot_of(path, end->hash), p, node, path->frames + i * STEP,
                         left < STEP ? left : STEP, &fresh);
        end->node = node;
    }
    return node;
}
