/*
 * callgrind_paths.h - paths through a cluster of functions that call each other, from where the
 * cluster is entered to each self cost, and to each call that leaves the cluster. They are a forest
 * with a root for each function at which something arrives.
 */
#ifndef PP_VALGRIND_CALLGRIND_PATHS_H
#define PP_VALGRIND_CALLGRIND_PATHS_H

#include "formats/valgrind/callgrind_shares.h"

/* `frame`, called from the path `parent`, which is an earlier one. */
struct pp_cg_path {
    pp_id parent, frame; /* of a root: itself, and 0 */
};

/* The end of a path: a self cost at the frame `at`, or a call of `to` at the part `at`. */
struct pp_cg_path_end {
    pp_id path;
    pp_id to; /* a node that is not in the cluster, or PP_CG_SELF */
    pp_id at;
    int64_t calls;
};

/* Path 0 is a root for ends that nothing arrives at. */
struct pp_cg_paths {
    unsigned n; /* number of events */
    struct pp_cg_path *list;
    size_t count, cap;
    struct pp_cg_path_end *ends;
    int64_t *values; /* by end and event */
    size_t nends, ends_cap, values_cap;

    /* Once they are complete: the kids of a path are the ends at it, then its children. */
    size_t nkids;
    pp_id *first;           /* by path: its first kid; and the end */
    pp_id *kids;            /* an end; or nends plus a path */
    struct pp_cg_rows rows; /* by kid: what it has left; their takers are paths */
    int64_t *left;          /* by path and event */
};

void pp_cg_paths_clear(struct pp_cg_paths *s);
void pp_cg_paths_release(struct pp_cg_paths *s);

/* Adds a root, a path, or an end; `values` may be NULL. */
pp_id pp_cg_path_root(struct pp_cg_paths *s);
pp_id pp_cg_path(struct pp_cg_paths *s, pp_id parent, pp_id frame);
void pp_cg_path_end(struct pp_cg_paths *s, struct pp_cg_path_end end, const int64_t *values);

/* Completes the paths: fills the second half of the structure. */
void pp_cg_paths_index(struct pp_cg_paths *s);

#endif
