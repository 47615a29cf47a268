/* change_private.h - what finding changes and writing them share. Not for others. */
#ifndef PP_REPORT_CHANGE_PRIVATE_H
#define PP_REPORT_CHANGE_PRIVATE_H

#include "report/change.h"

enum { PP_BEFORE_SIDE, PP_AFTER_SIDE, PP_SIDES };

/* The values of both sides as they are stored, and what is known of their difference. */
struct pp_change_cell {
    int64_t sides[PP_SIDES];
    double variance, df; /* of the difference, in the column's unit; df 0: it is known */
    double samples;      /* that both sides rest on */
    double p, q;         /* NAN where nothing can be said */
    double exact;        /* the p-value by permutation of runs; NAN where it was not asked for */
};

struct pp_change_row {
    struct pp_span name;
    struct pp_change_cell self, total;
    bool noise; /* neither changed by more than chance makes */
};

struct pp_change_runs;

struct pp_changes {
    const struct pp_profile *p;
    const struct pp_changes_options *o;
    int columns[PP_SIDES];
    bool known;                  /* how both sides were sampled, so that variances mean something */
    bool sampled;                /* and one of them was at all */
    struct pp_change_runs *runs; /* NULL where there are not several of each side */
    struct pp_change_cell sum;   /* of everything */
    double differ;               /* how likely equal programs differ by as much; NAN: unknown */
    struct pp_change_row *rows;
    size_t nrows, unchanged;
    size_t noise, left_out; /* how many rows are noise; and were left out for it */
};

/*
 * change_find.c: what changed; c->rows is the caller's to free(). False, with nothing to free, if
 * options->column has no other side.
 */
bool pp_changes_find(struct pp_changes *c, const struct pp_profile *p,
                     const struct pp_changes_options *options);

/* change_baseline.c: the same against c->o->baseline, whose profile has one side only. */
bool pp_changes_find_by_baseline(struct pp_changes *c);

/* change_judge.c: finds p, q and noise of all rows and of the sum, and sorts the rows. */
void pp_changes_judge(struct pp_changes *c);

/* change_judge.c: the cell in the unit of the column. */
struct pp_delta pp_change_delta(const struct pp_changes *c, const struct pp_change_cell *cell);

/* Whether noise can be estimated. */
static inline bool pp_changes_are_tested(const struct pp_changes *c)
{
    return c->sampled || c->runs;
}

/*
 * change_runs.c: the runs of both sides, which are kept apart in columns (model/runs.h); `per` has
 * the denominators of both, or is NULL. NULL if either side has fewer than two runs. Free takes
 * NULL.
 */
struct pp_change_runs *pp_change_runs_new(const struct pp_profile *p,
                                          const struct pp_denominator *per);
void pp_change_runs_free(struct pp_change_runs *r);

/* Says of a row, whose cells know what sampling says, how runs scatter; of everything likewise. */
void pp_change_runs_take(const struct pp_change_runs *r, size_t function, bool exact,
                         struct pp_change_row *row);
void pp_change_runs_take_sum(const struct pp_change_runs *r, bool exact,
                             struct pp_change_cell *sum);

/* How likely runs of equal programs are to differ by as much in the shares of all functions. */
double pp_change_runs_differ(const struct pp_change_runs *r, size_t functions);

/* change_text.c: for people */
void pp_put_changes(struct pp_out *out, const struct pp_changes *c);
void pp_put_changes_markdown(struct pp_out *out, const struct pp_changes *c);

/* change_data.c: for scripts */
void pp_put_changes_csv(struct pp_out *out, const struct pp_changes *c);
void pp_put_changes_json(struct pp_out *out, const struct pp_changes *c);

#endif
