/*
 * change.h - a table of what changed between two profiles, by function: how large it was before and
 * after, what the difference is, and whether sampling alone may have made that.
 */
#ifndef PP_REPORT_CHANGE_H
#define PP_REPORT_CHANGE_H

#include "base/out.h"
#include "model/sampling.h"
#include "report/report.h"

struct pp_changes_options {
    unsigned column;                  /* of either side */
    struct pp_sampling before, after; /* how the sides were sampled */
    enum pp_report_form form;         /* text has units for people, the others exact numbers */
    size_t limit;                     /* the most rows to write; 0: all */
    bool ignore_noise;                /* leave out rows that are noise */
    bool shares;                      /* of several runs, compare the shares of their totals */
    bool exact;                       /* and give p-values by permutation as well */
};

/*
 * Writes the functions of a compared profile (transform/compare.h) by the size of their change:
 * of self, then of total, then by name. Functions that did not change are counted only. Frames must
 * have been made one by name (transform/naming.h). False if the profile has no such pair of
 * columns.
 */
bool pp_write_changes(const struct pp_profile *p, const struct pp_changes_options *options,
                      struct pp_out *out);

#endif
