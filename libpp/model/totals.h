/* totals.h - sums over the tree of stacks. No sum can overflow: see pp_add(). */
#ifndef PP_MODEL_TOTALS_H
#define PP_MODEL_TOTALS_H

#include "model/profile.h"

/* The sum of all values of `column`. */
int64_t pp_sum(const struct pp_profile *p, unsigned column);

/* `column` of each node's own samples: an entry for each node, the caller's to free(). */
int64_t *pp_self(const struct pp_profile *p, unsigned column);

/* The same with all that stands on top of the node; entry 0 is the sum of all. */
int64_t *pp_totals(const struct pp_profile *p, unsigned column);

#endif
