/* totals.h - sums over the tree of stacks. No sum can overflow: see pp_add(). */
#ifndef PP_MODEL_TOTALS_H
#define PP_MODEL_TOTALS_H

#include "model/profile.h"

/* The sum of all values of `column`. */
int64_t pp_sum(const struct pp_profile *p, unsigned column);

/* The sum of each node's own samples in `column`: an entry for each node. The caller frees it. */
int64_t *pp_self(const struct pp_profile *p, unsigned column);

/* The same including everything above the node; entry 0 is the sum of all. The caller frees it. */
int64_t *pp_totals(const struct pp_profile *p, unsigned column);

#endif
