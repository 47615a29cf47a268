/*
 * graph.h - who calls whom, and how much of the column each is worth.
 *
 * A node is an entry, or in a call tree an entry as called by the node it is called by. Its flat
 * value is that of the samples it is the leaf of, its cum value of those it is anywhere in, those
 * with recursion counted once. An edge leads from caller to callee; one that leads over nodes
 * that are not shown is residual.
 */
#ifndef PP_REPORT_GRAPH_H
#define PP_REPORT_GRAPH_H

#include "report/report.h"

struct pp_graph_node {
    int64_t flat, cum;
    int64_t flat_divisor, cum_divisor; /* 0 unless values are means */
    pp_id entry;
    bool kept;                               /* has edges; those over others are residual */
    uint32_t first_in, nin, first_out, nout; /* in the graph's `in` and `out` */
};

struct pp_graph_edge {
    pp_id from, to; /* nodes */
    int64_t weight, divisor;
    bool residual; /* over nodes that are not kept */
    bool inlined;  /* always */
    bool gone;     /* too light to be shown, or not needed to reach anything */
};

/* Must be made for one report at a time; release with pp_graph_release(). */
struct pp_graph {
    const struct pp_report *r;
    const struct pp_profile *p;
    struct pp_entries entries;
    struct pp_graph_node *nodes;
    size_t nnodes;
    struct pp_graph_edge *edges;
    size_t nedges;
    pp_id *in, *out; /* edges, those of a node together, the heaviest first */

    pp_id *shown; /* nodes to show, in order */
    size_t nshown;
    int64_t least; /* of a node or a tag, to be shown */
    struct pp_shown_nodes about;

    pp_id *node_of; /* by stack of the profile: the node of its last frame */
    pp_id *child, *sibling;
    int64_t *self, *total, *self_divisor, *total_divisor; /* by stack */
    bool *touched; /* by stack: some sample on it isn't zero */
};

/* The nodes with their values. */
void pp_graph_init(struct pp_graph *g, const struct pp_report *r);
void pp_graph_release(struct pp_graph *g);

/*
 * The edges between nodes that are kept; with `inlined_only`, those alone that lead to nodes of
 * which some frame is inlined.
 */
void pp_graph_edges(struct pp_graph *g, bool inlined_only);

/* What is shown for a node or an edge: its value, or the mean. */
int64_t pp_node_flat(const struct pp_graph_node *n);
int64_t pp_node_cum(const struct pp_graph_node *n);
int64_t pp_edge_weight(const struct pp_graph_edge *e);

static inline struct pp_span pp_node_text(const struct pp_graph *g, pp_id node)
{
    return pp_entry_text(&g->entries, g->nodes[node].entry);
}

#endif
