#include "report/functions.h"

#include <stdlib.h>

#include "base/memory.h"
#include "model/totals.h"

static pp_id function_of(const struct pp_profile *p, pp_id node)
{
    return pp_frame(p, pp_node(p, node)->frame)->function;
}

/* Adds `value` to each function of a stack once: `stamp` is the last node for which each had it. */
static void add_stack(const struct pp_profile *p, pp_id leaf, int64_t value, pp_id *stamp,
                      int64_t *total)
{
    for (pp_id n = leaf; n; n = pp_node(p, n)->parent) {
        pp_id function = function_of(p, n);
        if (stamp[function] == leaf)
            continue;
        stamp[function] = leaf;
        total[function] += value;
    }
}

struct pp_function_values pp_function_values(const struct pp_profile *p, unsigned column)
{
    struct pp_function_values v = {
        pp_calloc(p->functions.count, sizeof *v.self),
        pp_calloc(p->functions.count, sizeof *v.total),
    };
    int64_t *self = pp_self(p, column);
    pp_id *stamp = pp_calloc(p->functions.count, sizeof *stamp);
    for (size_t n = 1; n < p->nodes.count; n++) {
        if (!self[n])
            continue;
        v.self[function_of(p, (pp_id)n)] += self[n];
        add_stack(p, (pp_id)n, self[n], stamp, v.total);
    }
    free(stamp);
    free(self);
    return v;
}

void pp_function_values_release(struct pp_function_values *v)
{
    free(v->self);
    free(v->total);
    *v = (struct pp_function_values){0};
}
