/* listing.h - the source lines of functions whose name matches. */
#ifndef PP_REPORT_LISTING_H
#define PP_REPORT_LISTING_H

#include "report/graph.h"

/* A function in a file, with the nodes of its lines, in their order. */
struct pp_listing {
    struct pp_span function, file; /* no file: its source is unknown */
    int64_t flat, cum;             /* sums over its lines */
    uint32_t start, end;           /* the lines to show */
    const struct pp_graph *g;
    const pp_id *nodes;
    size_t count;
};

struct pp_listings {
    struct pp_graph g;
    pp_id *nodes;
    struct pp_listing *list; /* by function, then file */
    size_t count;
};

/* The listings of functions for which r->matches() is true. Release with pp_listings_release(). */
void pp_listings_init(struct pp_listings *all, struct pp_report *r);
void pp_listings_release(struct pp_listings *all);

/* The number of nodes of a line, from l->nodes[*first] on. */
size_t pp_listing_nodes(const struct pp_listing *l, uint32_t line, size_t *first);

/* The values of a line. */
void pp_listing_values(const struct pp_listing *l, uint32_t line, int64_t *flat, int64_t *cum);

#endif
