/*
 * change.h - a table of what changed between two profiles, by function: the values before and
 * after, the difference, and whether it may be noise.
 */
#ifndef PP_REPORT_CHANGE_H
#define PP_REPORT_CHANGE_H

#include "base/out.h"
#include "model/ratio.h"
#include "model/sampling.h"
#include "report/report.h"

struct pp_baseline;

struct pp_changes_options {
    const struct pp_baseline *baseline; /* compare with this instead of another side; or NULL */
    bool unchanged;                     /* list functions that did not change as well */
    unsigned column;                    /* of either side */
    struct pp_sampling before, after;   /* how the sides were sampled */
    enum pp_report_form form;           /* text has readable units, the others exact numbers */
    bool markdown;     /* the text as a Markdown table: no more columns than needed */
    size_t limit;      /* the most rows to write; 0: all */
    bool ignore_noise; /* leave out rows that are noise */
    const struct pp_denominator *per; /* the denominators of BEFORE and AFTER, or NULL */
    bool exact;                       /* also give p-values by permutation */
};

/*
 * Writes the functions of a compared profile (transform/compare.h), sorted by the size of the
 * change of self, then of total, then by name. Functions that did not change are only counted.
 * Frames must have been joined by name (transform/naming.h). False if the profile has no such pair
 * of columns.
 */
bool pp_write_changes(const struct pp_profile *p, const struct pp_changes_options *options,
                      struct pp_out *out);

/* --- the rows for conditions ---------------------------------------------- */

/* A function that changed, in the column's unit; p and q as in the table. */
struct pp_changed {
    struct pp_span name; /* lives as long as the profile */
    struct pp_delta self, total;
    double p_self, q_self, p_total, q_total;
};

struct pp_changed_list {
    struct pp_changed *functions; /* in the table's order */
    size_t count;
    bool tested;         /* noise could be estimated; otherwise p and q mean nothing */
    bool judged;         /* p and q are known; both are 0 if everything was counted */
    struct pp_delta sum; /* of the totals */
    double differ; /* the probability that equal programs differ by as much over all functions, or
                      NAN */
};

/*
 * All functions that changed, with noise and whatever `limit` is. False, with nothing to release,
 * if the profile has no such pair of columns.
 */
bool pp_changed_list_make(struct pp_changed_list *l, const struct pp_profile *p,
                          const struct pp_changes_options *options);
void pp_changed_list_release(struct pp_changed_list *l);

#endif
