/*
 * massif_tree.h - the tree of a snapshot of massif, which is written from the allocation down to
 * its callers, and the stacks made of it.
 */
#ifndef PP_VALGRIND_MASSIF_TREE_H
#define PP_VALGRIND_MASSIF_TREE_H

#include "formats/format.h"

/* The value of a stack in a snapshot. */
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
    int64_t value, left; /* its value, and the part without a caller so far */
    uint64_t callers;    /* that were announced and have not come yet */
    pp_id text;          /* of the line, numbering `frames` */
    bool same;           /* here or nearer to the allocation, two lines have the same address */
};

/* Zero-initialise all but `texts` and `titles`, which pp_strings_init() makes. */
struct pp_massif_tree {
    struct pp_strings texts; /* of frames; each is parsed once */
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
    struct pp_massif_cells cells; /* of the complete stacks */
    struct pp_strings titles;
    pp_id title; /* the text of the root's line */
};

/* Whether the line belongs to a tree: blanks, then "n2: ". */
bool pp_massif_is_tree(struct pp_span line);

/* Reads a line of the tree. False after failing. */
bool pp_massif_line(struct pp_reader *r, struct pp_massif_tree *t, struct pp_span line);

/* Completes the stacks of the tree; `at` is for messages. */
void pp_massif_close(struct pp_reader *r, struct pp_massif_tree *t, const char *at);

void pp_massif_release(struct pp_massif_tree *t);

#endif
