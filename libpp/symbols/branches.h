/*
 * branches.h - counts from branch records (model/branches.h) how often each piece of code was
 * executed.
 *
 * The ranges of executed instructions are cut where rows of the line table or inlined calls begin
 * or end, and added up. That gives pieces of code in which all instructions have the same place in
 * the source and were executed equally often. A function with any executed part is listed
 * whole, with 0 for the pieces that were not. A range that begins and ends in different functions
 * is dropped. A jump to the first address of a function is a call of it. Only the instruction at
 * the end of a range is disassembled, for its length.
 *
 * Child processes do this, one for each module, as for names.
 */
#ifndef PP_SYMBOLS_BRANCHES_H
#define PP_SYMBOLS_BRANCHES_H

#include "symbols/symbolize.h"

/*
 * Replaces the samples of branches in `p`, if it has any, by samples of pieces and of calls;
 * model/branches.h describes their columns. Branches in files that are not found are left out, with
 * a warning that names the files and their share.
 */
void pp_symbolize_branches(struct pp_profile *p, const struct pp_symbolize_options *options,
                           struct pp_diag *diag);

#endif
