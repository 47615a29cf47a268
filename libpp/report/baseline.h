/*
 * baseline.h - what a program usually takes: each function's values in its last runs, kept in a
 * small file instead of the profiles, so that one new run can be compared with them.
 *
 *     # pp baseline 1
 *     runs 3
 *     column "cpu" "nanoseconds"
 *     all 980 1000 1020
 *     120 118 125 | 300 310 290 "parse"
 *
 * One line has the total of each run, oldest first; then a line for each function: its self values,
 * its totals, and its name as a JSON string. Numbers are in the unit of the column.
 *
 * A new run x is compared with the mean m of n runs. It is off by its own scatter and by that of
 * the mean, so the variance of x - m is s^2 (1 + 1/n), s^2 being that of the runs, with n - 1
 * degrees of freedom. As with several runs a side (model/scatter.h), the error of sampling counts
 * if it is larger and there are few samples.
 */
#ifndef PP_REPORT_BASELINE_H
#define PP_REPORT_BASELINE_H

#include "base/out.h"
#include "model/profile.h"

enum { PP_MAX_BASELINE_RUNS = 100 };

struct pp_baseline_row {
    double self[PP_MAX_BASELINE_RUNS], total[PP_MAX_BASELINE_RUNS];
};

struct pp_baseline {
    struct pp_strings names; /* of functions, and of the column */
    pp_id type, unit;
    unsigned runs;
    struct pp_baseline_row *rows; /* by name; all 0 for names that are not of functions */
    size_t nrows, cap;
    double all[PP_MAX_BASELINE_RUNS]; /* the total of each run */
};

void pp_baseline_init(struct pp_baseline *b);
void pp_baseline_release(struct pp_baseline *b);

/* Reads what pp_baseline_write() has written; `file` is for messages. False after reporting. */
bool pp_baseline_read(struct pp_baseline *b, struct pp_span text, const char *file,
                      struct pp_diag *diag);

/*
 * Adds a run: a profile of stacks by name. At most `most` runs are kept, the oldest go. False, with
 * `*why` set, if the column is another one than that of the earlier runs.
 */
bool pp_baseline_add(struct pp_baseline *b, const struct pp_profile *p, unsigned column,
                     unsigned most, const char **why);

void pp_baseline_write(const struct pp_baseline *b, struct pp_out *out);

/* The row of a name, or NULL. */
const struct pp_baseline_row *pp_baseline_find(const struct pp_baseline *b, struct pp_span name);

/*
 * The mean of a function's values, and the variance of a new run's difference from it. With
 * `share_of`, the total of the new run, values are scaled as if each run had that total; 0: not.
 */
struct pp_usual {
    double mean, variance;
};

struct pp_usual pp_baseline_usual(const struct pp_baseline *b, const double *values,
                                  double share_of);

#endif
