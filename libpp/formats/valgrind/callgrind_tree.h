/*
 * callgrind_tree.h - from stacks to the lines of a callgrind file: what each function costs itself,
 * and what its calls of others cost, by level of recursion and place.
 */
#ifndef PP_VALGRIND_CALLGRIND_TREE_H
#define PP_VALGRIND_CALLGRIND_TREE_H

#include "model/profile.h"

/* What is one function: all strings of the profile. */
struct pp_cg_function {
    pp_id object, name;
    pp_id kind; /* enum pp_cg_function_kind; row 0 of the table is none */
};

enum pp_cg_function_kind { PP_CG_NONE, PP_CG_NAMED, PP_CG_ROOT };

struct pp_cg_level {
    pp_id function;
    uint32_t number; /* from 1 */
};

/* A cost of a function itself at a place in the code, or of its calls of another one there. */
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
    pp_id *files;                             /* by function: the file it is in */
    int64_t *values;                          /* by line and event */
    int64_t *calls;                           /* by line */
    int64_t *sums;                            /* by event */
    pp_id *order; /* lines, those of a function together, its own costs first */
};

/* `calls`: the column that says how often functions were called, or -1. */
void pp_cg_tree_init(struct pp_cg_tree *t, const unsigned *columns, unsigned nevents, int calls);
void pp_cg_tree_release(struct pp_cg_tree *t);

#endif
