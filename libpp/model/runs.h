/*
 * runs.h - several runs on one side of a comparison, kept apart: a column for each.
 *
 * How much runs differ among themselves says how much of a change chance can make, sampling and the
 * machine's moods together. While the files of a side are put together, the run of a sample is a
 * label; then a column has what each run has. So whatever is done to a side, rules and conditions
 * included, is done to each of its runs.
 */
#ifndef PP_MODEL_RUNS_H
#define PP_MODEL_RUNS_H

#include "model/profile.h"

/* The most runs on a side: both, with values and variances, have room among PP_MAX_COLUMNS. */
enum { PP_MAX_RUNS = 28 };

/* Labels all samples as those of run number `run`, from 1. */
void pp_run_mark(struct pp_profile *p, unsigned run);

/* The highest number of a run that samples are labelled with; 0: none are. */
unsigned pp_run_marks(const struct pp_profile *p);

/*
 * Adds a column for each of `n` runs, at most PP_MAX_RUNS: the values of `column` in the samples
 * that are labelled with it. The labels stay; see pp_only_stacks().
 */
void pp_run_split(struct pp_profile *p, unsigned column, unsigned n);

/* How many columns of runs a side has: 0 where its runs were not kept apart. */
unsigned pp_run_count(const struct pp_profile *p, enum pp_side side);

/* The column of run number `run`, from 1, of a side; -1 if there is none. */
int pp_run_column(const struct pp_profile *p, enum pp_side side, unsigned run);

#endif
