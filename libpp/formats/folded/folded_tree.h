/*
 * folded_tree.h - the lines of a profile as folded stacks, in the order of their bytes, without
 * building them. The line that ends at a node sorts by the node's name, and those that continue
 * sort by the name and a ";". These two keys of every frame are ranked once; siblings are then
 * sorted by rank.
 */
#ifndef PP_FORMATS_FOLDED_TREE_H
#define PP_FORMATS_FOLDED_TREE_H

#include "model/profile.h"

/* The numbers of a stack: of the column that is written, or before and after. */
struct pp_folded_numbers {
    int64_t values[2];
};

/* The data of a node in one place, as the next node is mostly far away in memory. */
struct pp_folded_branch {
    uint32_t first; /* where its children begin in `children` */
    uint32_t line;  /* index of its numbers; 0: none */
};

struct pp_folded_tree {
    const struct pp_profile *p;
    unsigned ncolumns; /* 1, or 2 for counts before and after; 0: nothing to write */
    unsigned columns[2], decimals[2];
    struct pp_span *names; /* by rank, as written */
    uint32_t *ranks; /* by frame: 2 f for the line that ends, 2 f + 1 for lines that continue */
    struct pp_folded_numbers *numbers;
    size_t nnumbers, numbers_cap;
    struct pp_folded_branch *branches; /* by node */
    uint32_t *sizes;                   /* by node: how many nodes, from here up, lead to a line */
    pp_id *children;
    struct pp_arena arena;
};

/* Release in any case. The profile must not change meanwhile. */
void pp_folded_tree_init(struct pp_folded_tree *t, const struct pp_profile *p);
void pp_folded_tree_release(struct pp_folded_tree *t);

/* What to write: the line that ends at a node, or those that continue from it. */
struct pp_folded_item {
    pp_id node;
    uint32_t rank;  /* of its name */
    uint32_t depth; /* frames before it */
    uint32_t line;  /* its numbers; 0: lines that continue */
};

/* The pending items of a walk through the tree, the next one last. Free `items`. */
struct pp_folded_walk {
    struct pp_folded_item *items;
    size_t n, cap;
};

/* Makes the lines that continue from `node`, whose children are at `depth`, the next ones. */
void pp_folded_walk_on(struct pp_folded_walk *w, const struct pp_folded_tree *t, pp_id node,
                       uint32_t depth);

#endif
