/* callgraph.h - the graph in the languages of other programs: Graphviz and KCachegrind. */
#ifndef PP_REPORT_CALLGRAPH_H
#define PP_REPORT_CALLGRAPH_H

#include "report/report.h"

/* Writes a picture of the graph in DOT, as pprof's -dot does. */
void pp_write_graph(struct pp_report *r, struct pp_out *out);

/* Writes the graph in the format of callgrind, as pprof's -callgrind does. */
void pp_write_callgrind(struct pp_report *r, struct pp_out *out);

#endif
