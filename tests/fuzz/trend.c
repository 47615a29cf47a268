/*
 * Any bytes at all as the values of a stack over a series of dumps, a byte each. Beside not
 * crashing:
 *
 *   - what grows has a growth above 0;
 *   - twice as much of everything has twice the growth, and does the same;
 *   - backwards it has the opposite growth, and nothing grows both ways;
 *   - where sampling makes the values uncertain, that alone makes nothing grow.
 */
#include <math.h>
#include <stdlib.h>

#include "fuzz.h"
#include "report/leaks_trend.h"

enum { MOST = 64 };

static struct pp_leak judge(const double *values, size_t n, double variance)
{
    struct pp_timeline t;
    struct pp_leak leak = {0};
    float variances[MOST];
    double *x = calloc(n, sizeof *x);
    if (!x)
        abort();
    for (size_t i = 0; i < n; i++) {
        x[i] = (double)i;
        variances[i] = (float)(values[i] * variance);
    }
    pp_timeline_init(&t, x, n);
    pp_judge_trend(&t, values, variances, true, &leak);
    pp_timeline_release(&t);
    return leak;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    double values[MOST], twice[MOST], backwards[MOST];
    struct pp_span in = {(const char *)data, (const char *)data + size};
    size_t n = size < MOST ? size : MOST;
    if (n < 2)
        return 0;
    for (size_t i = 0; i < n; i++) {
        values[i] = data[i];
        twice[i] = 2.0 * data[i];
        backwards[n - 1 - i] = data[i];
    }
    struct pp_leak leak = judge(values, n, 0), more = judge(twice, n, 0);
    struct pp_leak back = judge(backwards, n, 0), unsure = judge(values, n, 16);
    demand(isfinite(leak.growth) && isfinite(unsure.growth_error), "numbers are finite", in);
    demand(leak.fit >= 0 && leak.fit <= 1 + 1e-9, "a fit is a part of one", in);
    demand(leak.trend != PP_GROWS || leak.growth > 0, "what grows has a growth", in);
    demand(more.trend == leak.trend && !(fabs(more.growth - 2 * leak.growth) > 1e-9),
           "twice as much is twice the growth", in);
    demand(!(fabs(back.growth + leak.growth) > 1e-9), "backwards it is the opposite", in);
    demand(leak.trend != PP_GROWS || back.trend != PP_GROWS, "nothing grows both ways", in);
    demand(unsure.growth_error >= 0, "an error is no less than 0", in);
    demand(unsure.trend != PP_GROWS || leak.growth > 0, "uncertainty makes no growth", in);
    return 0;
}
