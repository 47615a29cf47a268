/*
 * callgrind_tree.h - makes the lines of a callgrind file from stacks: the self cost of each
 * function, and the cost of its calls of others, by recursion level and place.
 */
#ifndef PP_VALGRIND_CALLGRIND_TREE_H
#define PP_VALGRIND_CALLGRIND_TREE_H

#include "model/profile.h"

/* The key of a function: strings of the profile. */
struct pp_cg_function {
    pp_id object, name;
    pp_id kind; /* enum pp_cg_function_kind; row 0 of the table is none */
};

enum pp_cg_function_kind { PP_CG_NONE, PP_CG_NAMED, PP_CG_ROOT };

struct pp_cg_level {
    pp_id function;
    uint32_t number; /* from 1 */
};

/* The self cost of a function at a place in the code, or that of its calls of another one there. */
struct pp_cg_line {
    uint64_t address;
    pp_id level;
    pp_id callee; /* a level; 0: not a call */
    pp_id file;   /* string */
    uint32_t line;
};

/* Set `p`, zero the rest, initialise, and release. */
struct pp_cg_tree {
    const struct pp_profile *p;
    unsigned nevents;
    struct pp_table functions, levels, lines; /* row 0 of each is none */
    pp_id *files;                             /* by function: its file */
    int64_t *values;                          /* by line and event */
    int64_t *calls;                           /* by line */
    int64_t *sums;                            /* by event */
    pp_id *order;                             /* lines by function, self costs first */
};

/* `calls`: the column with the number of calls, or -1. */
void pp_cg_tree_init(struct pp_cg_tree *t, const unsigned *columns, unsigned nevents, int calls);
void pp_cg_tree_release(struct pp_cg_tree *t);

#endif
