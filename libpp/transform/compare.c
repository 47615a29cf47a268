#include "transform/compare.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/wide.h"
#include "model/merge.h"
#include "model/totals.h"

/* Two columns that are to be compared must have the same decimals. */
static bool align_decimals(struct pp_profile *p)
{
    for (unsigned a = 0; a < p->ncolumns; a++)
        for (unsigned b = 0; b < p->ncolumns; b++)
            if (p->columns[a].type == p->columns[b].type &&
                p->columns[a].unit == p->columns[b].unit &&
                !pp_column_scale(p, a, p->columns[b].decimals))
                return false;
    return true;
}

bool pp_compare(struct pp_profile *before, const struct pp_profile *after, const char **why)
{
    for (unsigned c = 0; c < before->ncolumns; c++)
        before->columns[c].side = PP_BEFORE;
    if (!pp_merge_side(before, after, PP_AFTER, why))
        return false;
    *why = "the sum of a column exceeds 64 bits";
    return align_decimals(before);
}

bool pp_normalize(struct pp_profile *before, unsigned column, const struct pp_profile *after,
                  unsigned after_column)
{
    struct pp_column *c = &before->columns[column];
    unsigned decimals = after->columns[after_column].decimals;
    if (!pp_column_scale(before, column, decimals))
        return false;
    int64_t from = pp_sum(before, column), to = pp_sum(after, after_column);
    if (from == 0)
        return true;
    for (unsigned d = decimals; d < c->decimals; d++)
        if (__builtin_mul_overflow(to, 10, &to))
            return false;
    int64_t weight = 0, v;
    for (size_t s = 0; s < before->samples.count; s++)
        if (!pp_mul_div(c->values[s], to, from, false, &v) ||
            __builtin_add_overflow(weight, v < 0 ? -v : v, &weight))
            return false;
    for (size_t s = 0; s < before->samples.count; s++)
        pp_mul_div(c->values[s], to, from, false, &c->values[s]);
    c->weight = weight;
    return true;
}

static bool are_only_stacks(const struct pp_profile *p)
{
    bool only = true;
    for (size_t i = 0; i < p->samples.count && only; i++) {
        const struct pp_sample *s = pp_sample(p, (pp_id)i);
        only = !s->labels && !s->time_ns && !s->copy;
    }
    return only;
}

void pp_only_stacks(struct pp_profile *p)
{
    if (are_only_stacks(p))
        return;
    struct pp_sample *to = pp_calloc(p->samples.count, sizeof *to);
    for (size_t s = 0; s < p->samples.count; s++)
        to[s] = (struct pp_sample){.node = pp_sample(p, (pp_id)s)->node};
    pp_move_each(p, to);
    free(to);
}
