/*
 * runs.h - several runs on one side of a comparison, kept apart: a column for each.
 *
 * The differences between runs show how large a change chance can make, from sampling and from the
 * machine together. While the files of a side are merged, the run of a sample is a label;
 * afterwards, each run has a column. So whatever is done to a side, rules and conditions included,
 * is done to each of its runs.
 */
#ifndef PP_MODEL_RUNS_H
#define PP_MODEL_RUNS_H

#include "model/profile.h"

/* The most runs of a side: both sides, with values and variances, fit into PP_MAX_COLUMNS. */
enum { PP_MAX_RUNS = 28 };

/* The key of the label: no profiler writes one that begins with a blank. */
#define PP_RUN_LABEL " run"

/* Labels all samples as those of run number `run`, from 1. */
void pp_run_mark(struct pp_profile *p, unsigned run);

/* The highest number of a run in the samples' labels; 0: none. */
unsigned pp_run_marks(const struct pp_profile *p);

/*
 * Adds a column for each of `n` runs, at most PP_MAX_RUNS, with the values of `column` in the
 * samples labelled with it. The labels stay; see pp_only_stacks().
 */
void pp_run_split(struct pp_profile *p, unsigned column, unsigned n);

/* The number of columns of runs on a side; 0 if its runs were not kept apart. */
unsigned pp_run_count(const struct pp_profile *p, enum pp_side side);

/* The column of run number `run`, from 1, of a side; -1 if there is none. */
int pp_run_column(const struct pp_profile *p, enum pp_side side, unsigned run);

#endif
