/* merge.h - adds profiles to profiles, and moves samples to other stacks. */
#ifndef PP_MODEL_MERGE_H
#define PP_MODEL_MERGE_H

#include "model/profile.h"

/*
 * Adds all of `src` to `dst`, each column to the one with its type, unit and side, which is added
 * if needed. Merging the pieces of an input in order gives exactly the profile that reading it in
 * one piece gives.
 *
 * Their descriptions are joined as pprof does it: the longest period, the sum of the durations, the
 * earliest time, the union of the comments, and otherwise the first value.
 *
 * False if a column's weight would overflow or there are too many columns; `*why` is then a static
 * text that says so, and `dst` must only be freed.
 */
bool pp_merge(struct pp_profile *dst, const struct pp_profile *src, const char **why);

/*
 * The same, with align[m] as the mapping for mapping m of `src`; align[0] is all zero.
 * transform/combine.h computes it. If `samples` is not NULL, samples[s] is set to the id in `dst`
 * of sample s of `src`.
 */
struct pp_alignment;
bool pp_merge_aligned(struct pp_profile *dst, const struct pp_profile *src,
                      const struct pp_alignment *align, pp_id *samples, const char **why);

/* The same, with every column of `src` going to one of `side`: the first half of a comparison. */
bool pp_merge_side(struct pp_profile *dst, const struct pp_profile *src, enum pp_side side,
                   const char **why);

/* In image[], marks a stack whose samples are dropped. */
#define PP_DROPPED UINT32_MAX

/*
 * Moves each sample from node n to image[n], or drops it if that is PP_DROPPED; samples that become
 * equal become one. image[] has an entry for each node that a sample has. Nodes without samples
 * stay until pp_compact() in compact.h.
 */
void pp_move_samples(struct pp_profile *p, const pp_id *image);

/* The same with labels[set]; `labels` has an entry for each row of the label table. */
void pp_move_labels(struct pp_profile *p, const pp_id *labels);

/* The same; sample i becomes to[i], or is dropped if its node is PP_DROPPED. */
void pp_move_each(struct pp_profile *p, const struct pp_sample *to);

/* Makes the number of each sample its `copy`: it stays distinct, and can be recognized, in rules.
 */
void pp_number_samples(struct pp_profile *p);

#endif
