/*
 * pairing_private.h - the graph of calls that pairing is decided by, and what has been decided. Not
 * for others.
 */
#ifndef PP_TRANSFORM_PAIRING_PRIVATE_H
#define PP_TRANSFORM_PAIRING_PRIVATE_H

#include "transform/pairing.h"

enum { PP_PAIR_BEFORE, PP_PAIR_AFTER, PP_PAIR_SIDES };

/*
 * What `callee` takes where `caller` calls it; 0 is the root. What a function takes itself is its
 * call of 0. Functions are those that others count as.
 */
struct pp_pair_edge {
    pp_id caller, callee;
};

/* The values of an edge on both sides, as stored in the columns, and their variances. */
struct pp_pair_flow {
    double value[PP_PAIR_SIDES], variance[PP_PAIR_SIDES];
};

/* That `function`, of one side, is inlined in `caller`, which is on both. */
struct pp_pair_inlined {
    pp_id caller, function;
    double value;
    int side; /* of `function` */
};

struct pp_pairing {
    struct pp_profile *p;
    double variance_of[PP_PAIR_SIDES]; /* what 1 in the column of variances comes to; 0: unknown */

    /* By node: what it takes itself, and with all that it calls; the variances of both. */
    int64_t *self[PP_PAIR_SIDES], *total[PP_PAIR_SIDES];
    int64_t *self_variance[PP_PAIR_SIDES], *total_variance[PP_PAIR_SIDES]; /* or NULL */

    /* What has been decided, by function. */
    pp_id *as;                       /* what it counts as; 0: itself */
    bool *joined;                    /* others count as it */
    bool *inlined;                   /* it counts as its caller */
    struct pp_pair_inlined *inlines; /* in which callers */
    size_t ninlines, inlines_cap;

    /* The graph that follows from it: pp_pair_graph_make(). */
    pp_id *of_node;             /* by node: its function */
    struct pp_table edges;      /* those of earlier graphs are kept, with a value of 0 */
    pp_id *edge_of_node;        /* by node: that of its last graph, which it mostly is again */
    struct pp_pair_flow *flows; /* by edge */
    size_t flows_cap;
    double *totals[PP_PAIR_SIDES]; /* by function: of all calls */
    double *errors[PP_PAIR_SIDES]; /* their variances */
    pp_id *first_call;             /* by function: its calls in `calls`; one more at the end */
    pp_id *first_caller;           /* the same of its callers */
    pp_id *calls, *callers;        /* edges */
    pp_id one_sided;               /* stands for all functions that are on one side only */
    double *shares[PP_PAIR_SIDES]; /* by function: room for comparing, all 0 otherwise */
    bool *in_set;                  /* by function: likewise */
};

/* --- pairing_graph.c ------------------------------------------------------ */

/* Starts with no edges; makes the graph, and the lists of its edges, from what has been decided,
 * which can be done again; releases it. */
void pp_pair_graph_init(struct pp_pairing *g);
void pp_pair_graph_make(struct pp_pairing *g);
void pp_pair_graph_release(struct pp_pairing *g);

/* The edge, which is added with a value of 0 if there is none; the lists do not have it then. */
pp_id pp_pair_edge(struct pp_pairing *g, pp_id caller, pp_id callee);

/* What a function counts as. */
static inline pp_id pp_pair_root(const struct pp_pairing *g, pp_id f)
{
    while (g->as[f])
        f = g->as[f];
    return f;
}

/* Whether a function is on this side only, and nothing has been decided on it. */
static inline bool pp_pair_is_extra(const struct pp_pairing *g, pp_id f, int side)
{
    return g->totals[side][f] > 0 && g->totals[!side][f] <= 0 && !g->as[f] && !g->joined[f];
}

/* What is below so many standard errors may be chance. */
#define PP_PAIR_SIGMAS 4.0

/* The same for one that has so many samples that it would hardly be on one side only by chance. */
static inline bool pp_pair_is_surely_extra(const struct pp_pairing *g, pp_id f, int side)
{
    double total = g->totals[side][f];
    return pp_pair_is_extra(g, f, side) &&
           total * total >= PP_PAIR_SIGMAS * PP_PAIR_SIGMAS * g->errors[side][f];
}

/* --- the three kinds ------------------------------------------------------ */

/* Each makes what pairs it finds, and returns how many functions these are of. */

/* pairing_renamed.c: functions that are called differently, or split, or taken together. */
size_t pp_pair_renamed(struct pp_pairing *g);

/* pairing_inlined.c: functions of this side that are inlined on the other. */
size_t pp_pair_inlined(struct pp_pairing *g, int side);

/* --- pairing_names.c ------------------------------------------------------ */

/* Renames frames, and moves samples, as has been decided. */
void pp_pair_apply(struct pp_pairing *g);

#endif
