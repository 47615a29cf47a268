/* baseline.h - baselines on the command line: saving runs to one, comparing a run with one. */
#ifndef PP_TOOLS_DIFF_BASELINE_H
#define PP_TOOLS_DIFF_BASELINE_H

#include "diff/sides.h"
#include "report/baseline.h"

/* How many runs a baseline keeps unless --keep says otherwise. */
enum { PP_BASELINE_RUNS = 10 };

/* Adds the runs in `files` to the baseline `path`, which need not exist. An exit status. */
int pp_save_baseline(const char *path, char **files, unsigned keep);

/*
 * Reads the baseline and the file of the one new run, and applies the rules. The run is `both` of
 * `sides`; the caller frees it. Release `b` in any case. False after an error message.
 */
bool pp_baseline_compare(struct pp_baseline *b, const char *path, char *file,
                         struct pp_sides *sides);

#endif
