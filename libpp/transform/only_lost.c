#include "transform/only_lost.h"

#include <stdlib.h>

#include "base/memory.h"
#include "model/merge.h"
#include "model/totals.h"

void pp_only_lost(struct pp_profile *p, unsigned after)
{
    int64_t *totals = pp_totals(p, after);
    pp_id *image = pp_calloc(p->nodes.count, sizeof *image);
    for (size_t n = 0; n < p->nodes.count; n++)
        image[n] = n && !totals[n] ? (pp_id)n : PP_DROPPED;
    pp_move_samples(p, image);
    free(totals);
    free(image);
}
