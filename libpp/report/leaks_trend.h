/* leaks_trend.h - what one list of values does over time. */
#ifndef PP_REPORT_LEAKS_TREND_H
#define PP_REPORT_LEAKS_TREND_H

#include "report/leaks.h"

/* The times of n dumps, in mean distances, and what makes slopes of values at these times. */
struct pp_timeline {
    size_t n, late; /* of the second half, where it begins */
    double *x, *weights, *late_weights;
    double spread, late_spread; /* the sums of squares of x from their means */
};

/* `x` is taken over. */
void pp_timeline_init(struct pp_timeline *t, double *x, size_t n);
void pp_timeline_release(struct pp_timeline *t);

/* Fills in all of `*leak` but `id` and the loss. */
void pp_judge_trend(const struct pp_timeline *t, const double *values, const float *variances,
                    bool known, struct pp_leak *leak);

#endif
