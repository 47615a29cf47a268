/* series.h - puts profiles of one program at several times together as a series. */
#ifndef PP_TRANSFORM_SERIES_H
#define PP_TRANSFORM_SERIES_H

#include "model/series.h"
#include "transform/combine.h"

/*
 * Adds `column` of `p` to the series as another dump, and its stacks to `all`. With `raw`, errors
 * are unknown (see pp_keep_sampled()). Changes `p`, which still belongs to the caller. False if a
 * sum would exceed 64 bits; `*why` says so.
 */
bool pp_series_add(struct pp_series *s, struct pp_combined *all, struct pp_profile *p,
                   unsigned column, bool raw, const char *name, const char **why);

/* The profile with all the stacks and the samples' numbers, which the caller frees; frees `all`. */
struct pp_profile *pp_series_end(struct pp_combined *all);

/*
 * Compares names with numbers in numerical order: "heap.9.i9" is before "heap.10.i10". Digits are
 * compared as numbers, equal numbers by their spelling, and everything else byte by byte.
 */
int pp_compare_naturally(struct pp_span a, struct pp_span b);

#endif
