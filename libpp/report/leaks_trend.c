#include "report/leaks_trend.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "model/sampling.h"

/* Limits of the reasons against a leak: see leaks.h. */
static const double most_fall = 1.0 / 2, least_late = 1.0 / 3, most_step = 2.0 / 3;
enum { LEAST_FOR_JUMPS = 5 };

/* --- slopes -------------------------------------------------------------- */

/*
 * The slope of y is the sum of weights[i] * y[i]. Returns the spread of x; 0: all times are equal.
 */
static double make_weights(const double *x, size_t n, double *weights)
{
    double mean = 0, spread = 0;
    for (size_t i = 0; i < n; i++)
        mean += x[i] / (double)n;
    for (size_t i = 0; i < n; i++)
        spread += (x[i] - mean) * (x[i] - mean);
    for (size_t i = 0; i < n; i++)
        weights[i] = spread > 0 ? (x[i] - mean) / spread : 0;
    return spread;
}

void pp_timeline_init(struct pp_timeline *t, double *x, size_t n)
{
    *t = (struct pp_timeline){.n = n, .late = n > 3 ? n / 2 : n - 2, .x = x};
    t->weights = pp_calloc(n, sizeof *t->weights);
    t->late_weights = pp_calloc(n - t->late, sizeof *t->late_weights);
    t->spread = make_weights(x, n, t->weights);
    t->late_spread = make_weights(x + t->late, n - t->late, t->late_weights);
}

void pp_timeline_release(struct pp_timeline *t)
{
    free(t->x);
    free(t->weights);
    free(t->late_weights);
}

/* A slope that may be a rounding error counts as 0. */
static double slope(const double *weights, const double *y, size_t n)
{
    static const double rounding = 1e-12;
    double sum = 0, size = 0;
    for (size_t i = 0; i < n; i++) {
        sum += weights[i] * y[i];
        size += fabs(weights[i] * y[i]);
    }
    return fabs(sum) > rounding * size ? sum : 0;
}

/* The larger of the errors for the cases that everything was replaced, or nothing. */
static double slope_error(const struct pp_timeline *t, const float *variances)
{
    double replaced = 0, kept = 0, rest = 0;
    for (size_t i = t->n; i-- > 0;) {
        rest += t->weights[i];
        replaced += t->weights[i] * t->weights[i] * (double)variances[i];
        if (i > 0)
            kept += rest * rest * fabs((double)variances[i] - (double)variances[i - 1]);
    }
    double larger = replaced > kept ? replaced : kept;
    return larger >= 0 ? sqrt(larger) : INFINITY; /* infinite variances have no difference */
}

/* R squared: the share of the variation that the line explains. */
static double fit(const struct pp_timeline *t, const double *y, double growth)
{
    double mean = 0, scatter = 0;
    for (size_t i = 0; i < t->n; i++)
        mean += y[i] / (double)t->n;
    for (size_t i = 0; i < t->n; i++)
        scatter += (y[i] - mean) * (y[i] - mean);
    return scatter > 0 ? growth * growth * t->spread / scatter : 0;
}

/* --- reasons against a leak ---------------------------------------------- */

/* The deepest fall after a peak, minus two of its standard errors. */
static double deepest_fall(const double *y, const float *variances, size_t n)
{
    double deepest = 0;
    size_t peak = 0;
    for (size_t i = 1; i < n; i++) {
        double error = sqrt((double)variances[peak] + (double)variances[i]);
        double fall = y[peak] - y[i] - PP_NOISE_SIGMAS * error;
        if (fall > deepest)
            deepest = fall;
        if (y[i] >= y[peak])
            peak = i;
    }
    return deepest;
}

static double largest_step(const double *y, size_t n)
{
    double largest = 0;
    for (size_t i = 1; i < n; i++)
        if (y[i] - y[i - 1] > largest)
            largest = y[i] - y[i - 1];
    return largest;
}

static enum pp_trend trend_of(const struct pp_timeline *t, const double *y, const float *variances,
                              const struct pp_leak *leak)
{
    double growth = leak->growth * (double)(t->n - 1);
    double late = slope(t->late_weights, y + t->late, t->n - t->late);
    if (growth <= 0)
        return PP_NO_GROWTH;
    if (leak->growth < PP_NOISE_SIGMAS * leak->growth_error)
        return PP_NOISE;
    if (deepest_fall(y, variances, t->n) > most_fall * growth)
        return PP_SWINGS;
    if (t->late_spread > 0 && late < least_late * leak->growth)
        return PP_LEVELS_OFF;
    if (t->n >= LEAST_FOR_JUMPS && largest_step(y, t->n) > most_step * growth)
        return PP_JUMPED;
    return PP_GROWS;
}

void pp_judge_trend(const struct pp_timeline *t, const double *values, const float *variances,
                    bool known, struct pp_leak *leak)
{
    leak->growth = slope(t->weights, values, t->n);
    leak->growth_error = known ? slope_error(t, variances) : 0;
    leak->fit = fit(t, values, leak->growth);
    leak->first = values[0];
    leak->last = values[t->n - 1];
    while (leak->since + 1 < t->n && values[leak->since] == 0)
        leak->since++;
    for (size_t i = 1; i < t->n; i++)
        leak->grew += values[i] > values[i - 1];
    leak->trend = trend_of(t, values, variances, leak);
}
