/* change_private.h - shared by the files that find, judge and write changes; private to them. */
#ifndef PP_REPORT_CHANGE_PRIVATE_H
#define PP_REPORT_CHANGE_PRIVATE_H

#include "report/change.h"

enum { PP_BEFORE_SIDE, PP_AFTER_SIDE, PP_SIDES };

/* The stored values of both sides, and the significance of their difference. */
struct pp_change_cell {
    int64_t sides[PP_SIDES];
    double variance, df; /* of the difference, in the column's unit; df 0: exact */
    double samples;      /* behind the values of both sides */
    double p, q;         /* NAN if unknown */
    double exact;        /* the p-value by permutation of runs; NAN unless requested */
};

struct pp_change_row {
    struct pp_span name;
    struct pp_change_cell self, total;
    bool noise; /* neither change is significant */
};

struct pp_change_runs;

struct pp_changes {
    const struct pp_profile *p;
    const struct pp_changes_options *o;
    int columns[PP_SIDES];
    bool known;   /* it is known how both sides were sampled, so variances are valid */
    bool sampled; /* at least one side was sampled */
    struct pp_change_runs *runs; /* NULL unless each side has several runs */
    struct pp_change_cell sum;   /* of the totals */
    double differ; /* the probability that equal programs differ by as much; NAN: unknown */
    struct pp_change_row *rows;
    size_t nrows, unchanged;
    size_t noise, left_out; /* numbers of rows that are noise, and of those left out as noise */
};

/*
 * change_find.c: finds the changes; the caller frees c->rows. False, with nothing to free, if
 * options->column has no other side.
 */
bool pp_changes_find(struct pp_changes *c, const struct pp_profile *p,
                     const struct pp_changes_options *options);

/*
 * change_baseline.c: finds the changes against c->o->baseline; the profile then has one side only.
 */
bool pp_changes_find_by_baseline(struct pp_changes *c);

/* change_judge.c: computes p, q and noise of all rows and of the sum, and sorts the rows. */
void pp_changes_judge(struct pp_changes *c);

/* change_judge.c: a cell in the unit of the column. */
struct pp_delta pp_change_delta(const struct pp_changes *c, const struct pp_change_cell *cell);

/* Whether noise can be estimated. */
static inline bool pp_changes_are_tested(const struct pp_changes *c)
{
    return c->sampled || c->runs;
}

/*
 * change_runs.c: the runs of both sides, from their columns (model/runs.h); `per` has the
 * denominators of both, or is NULL. NULL if either side has fewer than two runs. Free takes NULL.
 */
struct pp_change_runs *pp_change_runs_new(const struct pp_profile *p,
                                          const struct pp_denominator *per);
void pp_change_runs_free(struct pp_change_runs *r);

/*
 * Adds the scatter of the runs to the cells of a row, or to the sum; their variance by sampling
 * must be set.
 */
void pp_change_runs_take(const struct pp_change_runs *r, size_t function, bool exact,
                         struct pp_change_row *row);
void pp_change_runs_take_sum(const struct pp_change_runs *r, bool exact,
                             struct pp_change_cell *sum);

/* The probability that runs of equal programs differ by as much in the shares of all functions. */
double pp_change_runs_differ(const struct pp_change_runs *r, size_t functions);

/* change_text.c: text for people */
void pp_put_changes(struct pp_out *out, const struct pp_changes *c);
void pp_put_changes_markdown(struct pp_out *out, const struct pp_changes *c);

/* change_data.c: CSV and JSON for scripts */
void pp_put_changes_csv(struct pp_out *out, const struct pp_changes *c);
void pp_put_changes_json(struct pp_out *out, const struct pp_changes *c);

#endif
