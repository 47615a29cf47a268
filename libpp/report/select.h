/* select.h - selects the nodes and edges of a graph to show, and sorts them. */
#ifndef PP_REPORT_SELECT_H
#define PP_REPORT_SELECT_H

#include "report/graph.h"
#include "report/nodetags.h"

/* The use of a graph in a report. */
enum pp_graph_use {
    PP_GRAPH_TABLE,   /* the nodes, and whether they are inlined */
    PP_GRAPH_CALLS,   /* also the edges */
    PP_GRAPH_PICTURE, /* a picture: branching counts more, and tags take space */
};

/*
 * Puts the nodes to show into g->shown, makes the edges between them, and sets r->unit if that is
 * "minimum". `tags` is NULL unless it is for a picture.
 */
void pp_graph_select(struct pp_graph *g, struct pp_report *r, enum pp_graph_use use,
                     struct pp_node_tags *tags);

#endif
