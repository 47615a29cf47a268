/*
 * combine.h - merges profiles of several runs, as pprof does.
 *
 * For that, merge.h is not enough: a file may be mapped elsewhere in each run, and units may
 * differ, such as milliseconds and nanoseconds. So
 *
 *   - mappings of the same size (in whole pages), offset and build id, or else file, are one, and
 *     the addresses in them move with it. If both are unknown, a mapping is only one with another
 *     at the same place;
 *   - columns that mean the same get one name (spelling.h);
 *   - columns of the same type get the finest of their units, and so does the period.
 *
 * A choice between values depends on content, never on the order of the profiles: the lowest start,
 * the least name. pp_canonical() then sorts, so merging is associative and commutative to the byte
 * of the output.
 */
#ifndef PP_TRANSFORM_COMBINE_H
#define PP_TRANSFORM_COMBINE_H

#include "base/diag.h"
#include "model/profile.h"

struct pp_combined;

/* The caller ends it with pp_combine_end(), or frees it; free takes NULL. */
struct pp_combined *pp_combine_new(void);
void pp_combine_free(struct pp_combined *c);

/*
 * Adds `p`, which may be changed, and still belongs to the caller. False if a sum would exceed 64
 * bits, or there are too many columns; `*why` says so, and `c` can then only be freed.
 */
bool pp_combine(struct pp_combined *c, struct pp_profile *p, const char **why);

/*
 * The same; samples[s] is set to the number of sample s of `p` among all samples. Before the end,
 * pp_combine_number() makes that the `copy` of each sample, which stays distinct and recognizable
 * whatever is done to its stack and labels.
 */
bool pp_combine_traced(struct pp_combined *c, struct pp_profile *p, pp_id *samples,
                       const char **why);
void pp_combine_number(struct pp_combined *c);

/*
 * Whether `p` has the same kind of period as the profiles added before, and shares a column with
 * them.
 */
bool pp_combine_fits(struct pp_combined *c, struct pp_profile *p, const char **why);

/*
 * Returns the combined profile, which the caller frees, and frees `c`. With `common`, it has only
 * the columns that all profiles have, and `diag` (or NULL) gets a message about the others. NULL if
 * nothing was added.
 */
struct pp_profile *pp_combine_end(struct pp_combined *c, bool common, struct pp_diag *diag);

/*
 * Replaces `*p` by an equal profile in an order that depends only on content. Repeated samples are
 * joined, and zero samples dropped. The first mapping, the program, stays first.
 */
void pp_canonical(struct pp_profile **p);

/* Multiplies all values by up / down, rounded, halves away from zero. False if a sum overflows. */
bool pp_weigh(struct pp_profile *p, int64_t up, int64_t down);

/* Sets a label of all samples, replacing those with this key. */
void pp_label_all(struct pp_profile *p, struct pp_span key, struct pp_span text);

#endif
