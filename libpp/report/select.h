/* select.h - which nodes and edges of a graph are worth showing, and in which order. */
#ifndef PP_REPORT_SELECT_H
#define PP_REPORT_SELECT_H

#include "report/graph.h"
#include "report/nodetags.h"

/* What a report makes of a graph. */
enum pp_graph_use {
    PP_GRAPH_TABLE,   /* the nodes, and whether they are inlined */
    PP_GRAPH_CALLS,   /* and the edges */
    PP_GRAPH_PICTURE, /* as a picture: what branches is worth more, tags take room */
};

/*
 * Puts into g->shown the nodes to show, makes the edges between them, and chooses r->unit where
 * that is "minimum". `tags` is NULL unless it is for a picture.
 */
void pp_graph_select(struct pp_graph *g, struct pp_report *r, enum pp_graph_use use,
                     struct pp_node_tags *tags);

#endif
