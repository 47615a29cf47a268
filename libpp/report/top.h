/* top.h - the report `top`: a line for each function. */
#ifndef PP_REPORT_TOP_H
#define PP_REPORT_TOP_H

#include "report/report.h"

/* Writes the nodes that are worth showing, as pprof's -top does. */
void pp_write_top(struct pp_report *r, struct pp_out *out);

#endif
