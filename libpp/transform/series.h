/* series.h - profiles of one program at several times, put together as a series. */
#ifndef PP_TRANSFORM_SERIES_H
#define PP_TRANSFORM_SERIES_H

#include "model/series.h"
#include "transform/combine.h"

/*
 * Adds `column` of `p` as one more dump to the series, and its stacks to `all`. With `raw` errors
 * are not known (see pp_keep_sampled()). Changes `p`, which stays the caller's. False where a sum
 * would exceed 64 bits; `*why` says so.
 */
bool pp_series_add(struct pp_series *s, struct pp_combined *all, struct pp_profile *p,
                   unsigned column, bool raw, const char *name, const char **why);

/* The profile of all stacks that were added, with the samples' numbers; frees `all`. */
struct pp_profile *pp_series_end(struct pp_combined *all);

/*
 * Compares names as people number them: "heap.9.i9" is before "heap.10.i10". Digits are compared by
 * the number they make, where it is the same by how they are written, all else byte by byte.
 */
int pp_compare_naturally(struct pp_span a, struct pp_span b);

#endif
