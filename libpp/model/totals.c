#include "model/totals.h"

#include "base/memory.h"

int64_t pp_sum(const struct pp_profile *p, unsigned column)
{
    int64_t sum = 0;
    for (size_t s = 0; s < p->samples.count; s++)
        sum += p->columns[column].values[s];
    return sum;
}

int64_t *pp_self(const struct pp_profile *p, unsigned column)
{
    int64_t *self = pp_calloc(p->nodes.count, sizeof *self);
    for (size_t s = 0; s < p->samples.count; s++)
        self[pp_sample(p, (pp_id)s)->node] += p->columns[column].values[s];
    return self;
}

int64_t *pp_totals(const struct pp_profile *p, unsigned column)
{
    int64_t *total = pp_self(p, column);
    for (size_t n = p->nodes.count; n-- > 1;)
        total[pp_node(p, (pp_id)n)->parent] += total[n];
    return total;
}
