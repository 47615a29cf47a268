/*
 * massif_tree.h - the tree of a snapshot of massif, which is written from the allocation down to
 * its callers, and the stacks it is made of.
 */
#ifndef PP_VALGRIND_MASSIF_TREE_H
#define PP_VALGRIND_MASSIF_TREE_H

#include "formats/format.h"

/* What a stack is worth in a snapshot. */
struct pp_massif_cell {
    pp_id node;
    int64_t value;
};

struct pp_massif_cells {
    struct pp_massif_cell *list;
    size_t count, cap;
};

/* A line of the tree whose callers may follow. */
struct pp_massif_place {
    int64_t value, left; /* what it is worth, and what of that no caller has yet */
    uint64_t callers;    /* that were announced and have not come */
    pp_id text;          /* of the line, numbering `frames` */
    bool same;           /* here or nearer to the allocation, two have one address */
};

/* Zero-initialise but for `texts` and `titles`, which pp_strings_init() makes. */
struct pp_massif_tree {
    struct pp_strings texts; /* of frames, each taken apart once */
    struct pp_massif_frame {
        struct pp_frame row;
        pp_id id; /* of the row, if it is not inlined */
    } * frames;
    size_t frames_cap;
    struct pp_massif_place *path; /* from the root of the tree to the last line */
    size_t depth, path_cap;
    pp_id *ids;
    struct pp_frame *rows;
    size_t ids_cap, rows_cap;
    struct pp_massif_cells cells; /* of the stacks that are complete */
    struct pp_strings titles;
    pp_id title; /* what the line of the root says */
};

/* Whether the line is one of a tree: blanks, then "n2: ". */
bool pp_massif_is_tree(struct pp_span line);

/* Reads a line of the tree. False after failing. */
bool pp_massif_line(struct pp_reader *r, struct pp_massif_tree *t, struct pp_span line);

/* Completes the stacks of the tree; `at` is for messages. */
void pp_massif_close(struct pp_reader *r, struct pp_massif_tree *t, const char *at);

void pp_massif_release(struct pp_massif_tree *t);

#endif
