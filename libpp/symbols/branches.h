/*
 * branches.h - from branch records (model/branches.h) to how often each piece of code was executed.
 *
 * Ranges of instructions that were executed are cut where rows of the line table and inlined calls
 * begin or end, and added up; what is left is pieces, in each of which every instruction has the
 * same place in the source and was executed equally often. Functions that were touched are given
 * whole, with 0 for what was not executed. A range is dropped whose ends are in two functions. A
 * jump to the first address of a function is a call of it. No code is disassembled but the
 * instruction that ends a range, for its length.
 *
 * Like names, this is looked up in child processes, a module each.
 */
#ifndef PP_SYMBOLS_BRANCHES_H
#define PP_SYMBOLS_BRANCHES_H

#include "symbols/symbolize.h"

/*
 * Replaces the samples of branches in `p`, if it has any, by samples of pieces and of calls; see
 * model/branches.h for their columns. What lies in files that are not found is left out, with a
 * warning that says which and how much of all it is.
 */
void pp_symbolize_branches(struct pp_profile *p, const struct pp_symbolize_options *options,
                           struct pp_diag *diag);

#endif
