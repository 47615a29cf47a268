#include "report/scale.h"

#include <math.h>

struct step {
    const char *name;
    double size;
};

/* From the largest to the smallest. */
static const struct step time_steps[] = {{"s", 1e9}, {"ms", 1e6}, {"us", 1e3}, {"ns", 1}};
static const struct step byte_steps[] = {
    {"GB", 1 << 30}, {"MB", 1 << 20}, {"kB", 1 << 10}, {"B", 1}};

struct pp_scale pp_scale_for(struct pp_span unit, unsigned decimals, int64_t largest)
{
    double one = pow(10, -(double)decimals);
    const struct step *steps = pp_is(unit, "nanoseconds") ? time_steps
                               : pp_is(unit, "bytes")     ? byte_steps
                                                          : NULL;
    double size = fabs((double)largest * one);
    if (!steps)
        return (struct pp_scale){"", one, decimals > 2 && size >= 1 ? 2 : decimals};
    size_t i = 0;
    while (i < 3 && size < steps[i].size)
        i++;
    bool whole = steps[i].size <= 1 && decimals == 0;
    return (struct pp_scale){steps[i].name, one / steps[i].size, whole ? 0 : 2};
}

void pp_put_scaled(struct pp_out *out, const struct pp_scale *s, int64_t v, int width, bool sign)
{
    /* whole numbers are written unchanged: a double has only 53 bits */
    if (s->factor == 1)
        pp_putf(out, sign ? "%+*lld" : "%*lld", width, (long long)v);
    else
        pp_putf(out, sign ? "%+*.*f" : "%*.*f", width, (int)s->decimals, (double)v * s->factor);
}
