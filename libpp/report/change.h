/*
 * change.h - a table of what changed between two profiles, by function: how large it was before and
 * after, what the difference is, and whether sampling alone may have made that.
 */
#ifndef PP_REPORT_CHANGE_H
#define PP_REPORT_CHANGE_H

#include "base/out.h"
#include "model/ratio.h"
#include "model/sampling.h"
#include "report/report.h"

struct pp_baseline;

struct pp_changes_options {
    const struct pp_baseline *baseline; /* compare with this, not with another side; or NULL */
    bool unchanged;                     /* the list has functions that did not change as well */
    unsigned column;                    /* of either side */
    struct pp_sampling before, after;   /* how the sides were sampled */
    enum pp_report_form form;           /* text has units for people, the others exact numbers */
    bool markdown;     /* the text as a Markdown table: no more columns than needed */
    size_t limit;      /* the most rows to write; 0: all */
    bool ignore_noise; /* leave out rows that are noise */
    const struct pp_denominator
        *per;   /* of BEFORE and AFTER: what amounts are divided by; or NULL */
    bool exact; /* and give p-values by permutation as well */
};

/*
 * Writes the functions of a compared profile (transform/compare.h) by the size of their change:
 * of self, then of total, then by name. Functions that did not change are counted only. Frames must
 * have been made one by name (transform/naming.h). False if the profile has no such pair of
 * columns.
 */
bool pp_write_changes(const struct pp_profile *p, const struct pp_changes_options *options,
                      struct pp_out *out);

/* --- the same for conditions ---------------------------------------------- */

/* A function that changed, in the column's unit; p and q as in the table. */
struct pp_changed {
    struct pp_span name; /* lives as long as the profile */
    struct pp_delta self, total;
    double p_self, q_self, p_total, q_total;
};

struct pp_changed_list {
    struct pp_changed *functions; /* in the table's order */
    size_t count;
    bool tested;         /* whether noise could be estimated: else p and q say nothing */
    bool judged;         /* whether p and q are known: both are 0 where everything was counted */
    struct pp_delta sum; /* of everything */
    double differ; /* how likely equal programs differ by as much over all functions, or NAN */
};

/*
 * All functions that changed, noise and whatever `limit` says included. False, with nothing to
 * release, if the profile has no such pair of columns.
 */
bool pp_changed_list_make(struct pp_changed_list *l, const struct pp_profile *p,
                          const struct pp_changes_options *options);
void pp_changed_list_release(struct pp_changed_list *l);

#endif
