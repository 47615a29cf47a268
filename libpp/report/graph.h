/*
 * graph.h - the call graph, with the values of nodes and edges.
 *
 * A node is an entry, or in a call tree an entry with its calling node. Its flat value is that of
 * the samples with it as the leaf, its cum value that of the samples with it anywhere, counting
 * recursion once. An edge leads from caller to callee; one that skips nodes that are not shown is
 * residual.
 */
#ifndef PP_REPORT_GRAPH_H
#define PP_REPORT_GRAPH_H

#include "report/report.h"

struct pp_graph_node {
    int64_t flat, cum;
    int64_t flat_divisor, cum_divisor; /* 0 unless values are means */
    pp_id entry;
    bool kept;                               /* it has edges; edges that skip others are residual */
    uint32_t first_in, nin, first_out, nout; /* in the graph's `in` and `out` */
};

struct pp_graph_edge {
    pp_id from, to; /* nodes */
    int64_t weight, divisor;
    bool residual; /* skips nodes that are not kept */
    bool inlined;  /* in every case */
    bool gone;     /* too small to be shown, or not needed to reach a node */
};

/* Made for one report at a time; release with pp_graph_release(). */
struct pp_graph {
    const struct pp_report *r;
    const struct pp_profile *p;
    struct pp_entries entries;
    struct pp_graph_node *nodes;
    size_t nnodes;
    struct pp_graph_edge *edges;
    size_t nedges;
    pp_id *in, *out; /* edges by node, the largest first */

    pp_id *shown; /* nodes to show, in order */
    size_t nshown;
    int64_t least; /* minimum value of a node or a tag to be shown */
    struct pp_shown_nodes about;

    pp_id *node_of; /* by stack of the profile: the node of its last frame */
    pp_id *child, *sibling;
    int64_t *self, *total, *self_divisor, *total_divisor; /* by stack */
    bool *touched; /* by stack: some sample of it is not zero */
};

/* Makes the nodes and their values. */
void pp_graph_init(struct pp_graph *g, const struct pp_report *r);
void pp_graph_release(struct pp_graph *g);

/*
 * Makes the edges between kept nodes; with `inlined_only`, only those to nodes with an inlined
 * frame.
 */
void pp_graph_edges(struct pp_graph *g, bool inlined_only);

/* The displayed value of a node or an edge: its value, or the mean. */
int64_t pp_node_flat(const struct pp_graph_node *n);
int64_t pp_node_cum(const struct pp_graph_node *n);
int64_t pp_edge_weight(const struct pp_graph_edge *e);

static inline struct pp_span pp_node_text(const struct pp_graph *g, pp_id node)
{
    return pp_entry_text(&g->entries, g->nodes[node].entry);
}

#endif
