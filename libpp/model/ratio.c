#include "model/ratio.h"

#include <math.h>

#include "model/sampling.h"

/* No profiler writes a type that begins with a blank. */
static const char shared_type[] = " shared";

double pp_ratio_variance(double x, double variance, double shared, const struct pp_denominator *d)
{
    if (!d || d->variance <= 0 || d->value == 0)
        return variance;
    double ratio = x / d->value;
    double v = variance + ratio * ratio * d->variance - 2 * ratio * shared;
    return v > variance * 1e-12 ? v : 0; /* what rounding leaves of nothing */
}

double pp_run_weight(const struct pp_denominator *of_side, const struct pp_denominator *of_after,
                     unsigned n, unsigned run)
{
    double mean = 0;
    for (unsigned r = 0; of_side && r < n; r++)
        mean += of_after->runs[r] / n;
    return of_side && of_side->runs[run] > 0 ? mean / of_side->runs[run] : 1;
}

void pp_share_variances(struct pp_profile *p, const bool *in)
{
    int variance = pp_variance_column(p, p->columns[0].side);
    if (variance < 0)
        return;
    int column = pp_column_new(p, p->columns[0].side, pp_str(shared_type), pp_str(""));
    for (size_t s = 0; column >= 0 && s < p->samples.count; s++)
        if (in[s])
            pp_add(p, (pp_id)s, (unsigned)column, p->columns[variance].values[s]);
}

int pp_shared_column(const struct pp_profile *p, enum pp_side side)
{
    for (unsigned c = 0; c < p->ncolumns; c++)
        if (p->columns[c].side == side && pp_is(pp_text(p, p->columns[c].type), shared_type))
            return (int)c;
    return pp_variance_column(p, side);
}
