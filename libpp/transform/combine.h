/*
 * combine.h - profiles of several runs made one, as pprof merges them.
 *
 * What merge.h does is not enough for that: the same file may be mapped elsewhere in each run, and
 * the same may be measured in milliseconds here and nanoseconds there. So
 *
 *   - mappings of the same size (in whole pages), offset and build id, or else file, are one, and
 *     the addresses in them move with it. One of which neither is known is only one with another
 *     at the same place;
 *   - columns that mean the same get one name (spelling.h);
 *   - columns of the same type get the finest of their units, and so does the period.
 *
 * Whatever of several could be taken is chosen by content, never by the order in which the profiles
 * come: the lowest start, the least of names. pp_canonical() then sorts, so that merging is
 * associative and commutative to the byte of what is written.
 */
#ifndef PP_TRANSFORM_COMBINE_H
#define PP_TRANSFORM_COMBINE_H

#include "base/diag.h"
#include "model/profile.h"

struct pp_combined;

/* The caller ends it, or frees it; free takes NULL. */
struct pp_combined *pp_combine_new(void);
void pp_combine_free(struct pp_combined *c);

/*
 * Adds `p`, which may be changed on the way and stays the caller's. False where a sum would exceed
 * 64 bits, or there are too many columns; `*why` says so, and `c` can only be freed then.
 */
bool pp_combine(struct pp_combined *c, struct pp_profile *p, const char **why);

/*
 * The same; samples[s] is set to the number that sample s of `p` has among all. Before the end,
 * pp_combine_number() makes that the `copy` of each sample, which thus stays what it is, and can be
 * told, whatever is done to its stack and its labels.
 */
bool pp_combine_traced(struct pp_combined *c, struct pp_profile *p, pp_id *samples,
                       const char **why);
void pp_combine_number(struct pp_combined *c);

/* Whether `p` measures the same kind of period as what was added before, and a column they share.
 */
bool pp_combine_fits(struct pp_combined *c, struct pp_profile *p, const char **why);

/*
 * What was added, as one profile; frees `c`. With `common`, only with the columns that all have,
 * telling `diag` (NULL: nobody) of the others. NULL where nothing was added.
 */
struct pp_profile *pp_combine_end(struct pp_combined *c, bool common, struct pp_diag *diag);

/*
 * Replaces `*p` by an equal profile in which the order of everything follows from the content, and
 * samples that are there twice, or are zero, are not. The first mapping, the program, stays first.
 */
void pp_canonical(struct pp_profile **p);

/* Multiplies all values by up / down, rounding half away from zero. False if a sum overflows. */
bool pp_weigh(struct pp_profile *p, int64_t up, int64_t down);

/* Gives all samples a label, in place of what they have of this key. */
void pp_label_all(struct pp_profile *p, struct pp_span key, struct pp_span text);

#endif
