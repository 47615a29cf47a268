/* leaks_trend.h - the trend of a list of values over time. */
#ifndef PP_REPORT_LEAKS_TREND_H
#define PP_REPORT_LEAKS_TREND_H

#include "report/leaks.h"

/*
 * The times of n dumps, in mean intervals, and what is needed for slopes of values at these times.
 */
struct pp_timeline {
    size_t n, late; /* start of the second half */
    double *x, *weights, *late_weights;
    double spread, late_spread; /* sums of squared deviations of x */
};

/* Takes ownership of `x`. */
void pp_timeline_init(struct pp_timeline *t, double *x, size_t n);
void pp_timeline_release(struct pp_timeline *t);

/* Fills in `*leak`, except `id` and the loss. */
void pp_judge_trend(const struct pp_timeline *t, const double *values, const float *variances,
                    bool known, struct pp_leak *leak);

#endif
