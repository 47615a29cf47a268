/*
 * folded_tree.h - the lines that a profile has as folded stacks, in the order of their bytes,
 * without ever putting them together. The line that ends at a node sorts by the node's name, those
 * that go on by the name and a ";". These two keys of every frame are ranked once; siblings are
 * then sorted by number.
 */
#ifndef PP_FORMATS_FOLDED_TREE_H
#define PP_FORMATS_FOLDED_TREE_H

#include "model/profile.h"

/* The numbers behind a stack: of the column that is shown, or before and after. */
struct pp_folded_numbers {
    int64_t values[2];
};

/* What is known of a node, all in one place: most of these are far from the one before. */
struct pp_folded_branch {
    uint32_t first; /* where its children begin in `children` */
    uint32_t line;  /* what numbers it has; 0: none */
};

struct pp_folded_tree {
    const struct pp_profile *p;
    unsigned ncolumns; /* 1, or 2 for a count before and one after; 0: there is nothing to show */
    unsigned columns[2], decimals[2];
    struct pp_span *names; /* by rank, as they are written */
    uint32_t *ranks;       /* by frame: 2 f for the line that ends, 2 f + 1 for those that go on */
    struct pp_folded_numbers *numbers;
    size_t nnumbers, numbers_cap;
    struct pp_folded_branch *branches; /* by node */
    uint32_t *sizes;                   /* by node: how many lead to a line, from here on up */
    pp_id *children;
    struct pp_arena arena;
};

/* Release in any case. The profile must stay as it is. */
void pp_folded_tree_init(struct pp_folded_tree *t, const struct pp_profile *p);
void pp_folded_tree_release(struct pp_folded_tree *t);

/* What to write: the line that ends at a node, or those that go on from it. */
struct pp_folded_item {
    pp_id node;
    uint32_t rank;  /* of its name */
    uint32_t depth; /* frames before it */
    uint32_t line;  /* its numbers; 0: the lines go on */
};

/* What a walk through the tree has still to come to, the next one last. Free `items`. */
struct pp_folded_walk {
    struct pp_folded_item *items;
    size_t n, cap;
};

/* Makes the lines that go on from `node`, whose children are `depth` deep, the next ones. */
void pp_folded_walk_on(struct pp_folded_walk *w, const struct pp_folded_tree *t, pp_id node,
                       uint32_t depth);

#endif
