/*
 * A treap: a search tree by address that is also a heap by priority. Priorities are hashes with a
 * seed that the input cannot know, so the depth is logarithmic for any input, and recursion down
 * the tree is safe. Nodes count their references; a node with only one is changed in place.
 */
#include "formats/perf/data/space.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/memory.h"

struct pp_data_range {
    struct pp_data_range *left, *right;
    uint64_t start, end, priority;
    uint32_t map, users;
};

static struct pp_data_range *use(struct pp_data_range *n)
{
    if (n)
        n->users++;
    return n;
}

static void drop(struct pp_data_range *n)
{
    while (n && --n->users == 0) {
        struct pp_data_range *right = n->right;
        drop(n->left);
        free(n);
        n = right;
    }
}

/* The node itself, or a copy if it is shared. */
static struct pp_data_range *own(struct pp_data_range *n)
{
    if (n->users == 1)
        return n;
    struct pp_data_range *copy = pp_calloc(1, sizeof *copy);
    *copy = *n;
    copy->users = 1;
    use(copy->left);
    use(copy->right);
    n->users--;
    return copy;
}

/*
 * Splits the tree `n`, which it takes over, into the ranges that start before `at` and the others.
 */
static void split(struct pp_data_range *n, uint64_t at, struct pp_data_range **before,
                  struct pp_data_range **after)
{
    while (n) {
        n = own(n);
        if (n->start < at) {
            *before = n;
            before = &n->right;
            n = n->right;
        } else {
            *after = n;
            after = &n->left;
            n = n->left;
        }
    }
    *before = *after = NULL;
}

/* Joins two trees, which it takes over; all of the first lies before the second. */
static struct pp_data_range *join(struct pp_data_range *a, struct pp_data_range *b)
{
    struct pp_data_range *root = NULL, **at = &root;
    while (a && b) {
        if (a->priority > b->priority) {
            *at = a = own(a);
            at = &a->right;
            a = a->right;
        } else {
            *at = b = own(b);
            at = &b->left;
            b = b->left;
        }
    }
    *at = a ? a : b;
    return root;
}

static struct pp_data_range *range(uint64_t start, uint64_t end, uint32_t map)
{
    struct pp_data_range *n = pp_calloc(1, sizeof *n);
    uint64_t priority = pp_mix(start ^ (uintptr_t)n, end ^ (uintptr_t)&malloc);
    *n = (struct pp_data_range){
        .start = start, .end = end, .priority = priority, .map = map, .users = 1};
    return n;
}

/* Ends the last range of the tree at `at`. The part of it behind `at` goes to `*rest`, or NULL. */
static void trim_last(struct pp_data_range **tree, uint64_t at, struct pp_data_range **rest)
{
    uint64_t most = at;
    for (struct pp_data_range *n = *tree; n; n = n->right)
        most = n->end;
    if (most <= at)
        return;
    while (*tree) {
        struct pp_data_range *n = *tree = own(*tree);
        if (!n->right && n->end > at) {
            *rest = range(at, n->end, n->map);
            n->end = at;
        }
        tree = &n->right;
    }
}

/* Makes room: one tree of the ranges before `start`, another of those from `end` on. */
static void open_gap(struct pp_data_range *root, uint64_t start, uint64_t end,
                     struct pp_data_range **before, struct pp_data_range **after)
{
    struct pp_data_range *rest, *inside, *behind = NULL;
    split(root, start, before, &rest);
    split(rest, end, &inside, after);
    trim_last(before, start, &behind);
    if (behind) /* the range covers `start`, and perhaps `end` too */
        inside = join(behind, inside);
    struct pp_data_range *over = NULL;
    trim_last(&inside, end, &over);
    drop(inside);
    if (over)
        *after = join(over, *after);
}

void pp_data_space_add(struct pp_data_space *s, struct pp_data_versions *versions, uint64_t start,
                       uint64_t end, uint32_t map)
{
    struct pp_data_range *before, *after;
    open_gap(s->root, start, end, &before, &after);
    s->root = join(join(before, range(start, end, map)), after);
    s->version = ++versions->last;
}

void pp_data_space_cut(struct pp_data_space *s, struct pp_data_versions *versions, uint64_t start,
                       uint64_t end)
{
    struct pp_data_range *before, *after;
    open_gap(s->root, start, end, &before, &after);
    s->root = join(before, after);
    s->version = ++versions->last;
}

void pp_data_space_find_range(const struct pp_data_space *s, uint64_t address,
                              struct pp_data_found *out)
{
    const struct pp_data_range *n = s->root;
    *out = (struct pp_data_found){.version = s->version, .start = 0, .end = UINT64_MAX};
    while (n && (address < n->start || address >= n->end)) {
        if (address < n->start) {
            out->end = n->start;
            n = n->left;
        } else {
            out->start = n->end;
            n = n->right;
        }
    }
    if (n)
        *out = (struct pp_data_found){s->version, n->start, n->end, n->map};
}

uint32_t pp_data_space_find(const struct pp_data_space *s, uint64_t address)
{
    struct pp_data_found found;
    pp_data_space_find_range(s, address, &found);
    return found.map;
}

static void walk(const struct pp_data_range *n,
                 void (*visit)(void *ctx, uint64_t start, uint64_t end, uint32_t map), void *ctx)
{
    for (; n; n = n->right) {
        walk(n->left, visit, ctx);
        visit(ctx, n->start, n->end, n->map);
    }
}

void pp_data_space_walk(const struct pp_data_space *s,
                        void (*visit)(void *ctx, uint64_t start, uint64_t end, uint32_t map),
                        void *ctx)
{
    walk(s->root, visit, ctx);
}

void pp_data_space_copy(struct pp_data_space *to, const struct pp_data_space *from)
{
    struct pp_data_range *root = use(from->root);
    drop(to->root);
    *to = (struct pp_data_space){root, from->version};
}

void pp_data_space_release(struct pp_data_space *s)
{
    drop(s->root);
    *s = (struct pp_data_space){0};
}
