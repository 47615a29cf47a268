/*
 * leaks.h - finds what grows from one heap dump to the next, and extrapolates it.
 *
 * Each stack has a value in each dump, y[0] to y[n - 1]. The slope of a least-squares line through
 * them is the growth from dump to dump. That alone does not find leaks: a cache grows until it is
 * full, and a pool that swings ends higher than it began in one of two series. So a stack counts as
 * growing only if no reason speaks against it:
 *
 * - no growth: it stays as it is, or shrinks.
 * - noise: the slope is below two standard errors of what the sampling of the dumps makes.
 * - swings: the deepest fall after a peak is more than half of the growth; what was taken is given
 *   back. What may be sampling is taken off the fall.
 * - levels off: in the second half it grows by less than a third of what it does on the whole, as a
 *   cache does that is full.
 * - jumped: from five dumps on, one step is more than two thirds of the growth. It is a large table
 *   that was made, not something that is lost again and again.
 *
 * R squared of the line is no substitute: for a cache that is full after half the series it is 0.8,
 * and for a leak with other fluctuation it can be less.
 *
 * The standard error of the slope is the larger of two, as it is unknown how much of a dump was in
 * the previous one. The slope of y is the sum of w[i] y[i], and v[i] is the variance of y[i] by
 * sampling. If everything was replaced between two dumps, each was sampled independently, and the
 * variance is the sum of w[i]^2 v[i]. If memory stays, so do its samples, and only additions are
 * uncertain, but in all later dumps: the sum of (w[j] + ... + w[n - 1])^2 |v[j] - v[j - 1]|.
 */
#ifndef PP_REPORT_LEAKS_H
#define PP_REPORT_LEAKS_H

#include "model/series.h"
#include "report/report.h"

enum pp_leaks_by {
    PP_LEAKS_BY_STACK,
    PP_LEAKS_BY_SELF,  /* by the function that allocates */
    PP_LEAKS_BY_TOTAL, /* by each function of the stack */
};

enum pp_trend { PP_GROWS, PP_JUMPED, PP_SWINGS, PP_LEVELS_OFF, PP_NOISE, PP_NO_GROWTH, PP_TRENDS };

/* The trend of a stack or a function over the series. Values are in the unit of the column. */
struct pp_leak {
    pp_id id; /* a node or a function of the profile */
    enum pp_trend trend;
    /* From a dump to the next one; if dumps have times, for the mean interval. */
    double growth, growth_error;
    double loss, loss_error; /* the growth within the horizon at this rate */
    double fit;              /* R squared */
    double first, last;      /* in the first and in the last dump */
    size_t since;            /* the first dump with it */
    size_t grew;             /* the steps from a dump to the next in which it grew */
};

/* Release the result of pp_leaks_find(); it borrows the profile and the series. */
struct pp_leaks {
    const struct pp_profile *p;
    const struct pp_series *series;
    enum pp_leaks_by by;
    double interval_s;               /* mean time between dumps; 0: unknown */
    double horizon;                  /* dumps */
    bool known;                      /* how all dumps were sampled is known */
    struct pp_leak all, *rows;       /* growing ones first, then the other trends; by loss */
    size_t count, trends[PP_TRENDS]; /* the number of rows of each trend */
    double *values;                  /* of each dump; those of rows[i] begin at i * series->count */
};

/*
 * Analyses all stacks of a series (transform/series.h) of at least two dumps, in the profile `p`,
 * whose frames were joined by name. `horizon` is in seconds if so given and the times of dumps are
 * known, and otherwise in dumps; 0: as long as the series.
 */
void pp_leaks_find(struct pp_leaks *l, const struct pp_profile *p, const struct pp_series *series,
                   enum pp_leaks_by by, double horizon, bool in_seconds);
void pp_leaks_release(struct pp_leaks *l);

/* "grows", "levels off" and so on. */
const char *pp_trend_name(enum pp_trend trend);

/*
 * Writes the rows: as text at most `limit` growing ones (0: 10), as CSV and JSON at most `limit`
 * (0: all).
 */
void pp_write_leaks(const struct pp_leaks *l, enum pp_report_form form, size_t limit,
                    struct pp_out *out);

/*
 * A profile of the growing rows: its column, with the name of the old one, is the loss. The caller
 * frees it. NULL if that exceeds 64 bits.
 */
struct pp_profile *pp_leaks_profile(const struct pp_leaks *l);

/*
 * Such a profile of all rows; those that do not grow have the value 0. nodes[i] is set to the stack
 * of row i.
 */
struct pp_profile *pp_leaks_profile_all(const struct pp_leaks *l, pp_id *nodes);

/* The numbers of a row that CSV has, NAN where one is not known. */
enum { PP_LEAK_FIELDS = 10 };
double pp_leak_field(const struct pp_leaks *l, const struct pp_leak *leak, int field);

#endif
