/*
 * leaks.h - what grows from one heap dump to the next, and what that will come to.
 *
 * Of each stack there is a value for each dump, y[0] to y[n - 1]. A line through them, by least
 * squares, says by how much it grows with each dump. That alone finds no leaks: a cache grows until
 * it is full, and a pool that swings ends higher than it began in one of two series. So a stack is
 * said to grow only if nothing speaks against it, and else what does:
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
 * A straight line's R squared would not do for this: that of a cache that is full after half the
 * series is 0.8, that of a leak with some coming and going beside it can be less.
 *
 * The standard error of the slope is the larger of two, as it is not known how much of a dump was
 * in the one before. With weights w[i] that make the slope of y, and variances v[i] of y by
 * sampling: if all was replaced between two dumps, each has been sampled anew, and the variance is
 * the sum of w[i]^2 v[i]. If what is there stays, so do its samples, and only what is added is
 * uncertain, but in all dumps after it: the sum of (w[j] + ... + w[n - 1])^2 |v[j] - v[j - 1]|.
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

/* What a stack or a function does over the series. Values are in the unit of the column. */
struct pp_leak {
    pp_id id; /* a node or a function of the profile */
    enum pp_trend trend;
    /* From a dump to the next; where dumps have times, in the mean time between two. */
    double growth, growth_error;
    double loss, loss_error; /* what the horizon will add at this rate */
    double fit;              /* R squared */
    double first, last;      /* in the first dump and in the last */
    size_t since;            /* the first dump in which it is */
    size_t grew;             /* the steps, from a dump to the next, in which it did */
};

/* Release what pp_leaks_find() makes; it borrows the rest. */
struct pp_leaks {
    const struct pp_profile *p;
    const struct pp_series *series;
    enum pp_leaks_by by;
    double interval_s;         /* the mean time from one dump to the next; 0 if it is not known */
    double horizon;            /* dumps */
    bool known;                /* how all dumps were sampled */
    struct pp_leak all, *rows; /* those that grow first, then the other trends; by loss */
    size_t count, trends[PP_TRENDS]; /* how many rows of each there are */
    double *values; /* of each dump, of the row `i` of `rows` at i * series->count */
};

/*
 * Finds out about all stacks of a series (transform/series.h) of two dumps or more, in the profile
 * `p` with frames that are one by name. `horizon` is in seconds if that is said, where the times of
 * dumps are known, and else in dumps; 0: as many as there are.
 */
void pp_leaks_find(struct pp_leaks *l, const struct pp_profile *p, const struct pp_series *series,
                   enum pp_leaks_by by, double horizon, bool in_seconds);
void pp_leaks_release(struct pp_leaks *l);

/* "grows", "levels off" and so on. */
const char *pp_trend_name(enum pp_trend trend);

/* Writes them: as text at most `limit` of what grows, 0 being 10; for scripts all, or `limit`. */
void pp_write_leaks(const struct pp_leaks *l, enum pp_report_form form, size_t limit,
                    struct pp_out *out);

/*
 * A profile of what grows: its column, which has the name of the old one, is the loss. The caller
 * frees it. NULL if that exceeds 64 bits.
 */
struct pp_profile *pp_leaks_profile(const struct pp_leaks *l);

/*
 * The same of all rows, whether they grow or not: what does not weighs nothing. nodes[i] is set to
 * the stack of row i.
 */
struct pp_profile *pp_leaks_profile_all(const struct pp_leaks *l, pp_id *nodes);

/* The numbers of a row that CSV has, NAN where one is not known. */
enum { PP_LEAK_FIELDS = 10 };
double pp_leak_field(const struct pp_leaks *l, const struct pp_leak *leak, int field);

#endif
