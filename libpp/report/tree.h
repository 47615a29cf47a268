/* tree.h - the reports `tree` and `peek`: functions between those that call and are called. */
#ifndef PP_REPORT_TREE_H
#define PP_REPORT_TREE_H

#include "report/report.h"

/*
 * Writes nodes with their callers and callees, as pprof's -tree does, or where r->matches is
 * set only those whose name matches. False, with nothing written of use, if none does.
 */
bool pp_write_tree(struct pp_report *r, struct pp_out *out);

#endif
