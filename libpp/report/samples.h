/* samples.h - the reports on samples as they were read: `traces`, `tags`, `comments` and `raw`. */
#ifndef PP_REPORT_SAMPLES_H
#define PP_REPORT_SAMPLES_H

#include "report/report.h"

/* Each sample with its labels and its stack, as pprof's -traces does. */
void pp_write_traces(const struct pp_report *r, struct pp_out *out);

/* What each label's values are worth, as pprof's -tags does. */
void pp_write_tags(const struct pp_report *r, struct pp_out *out);

/* The comments, a line each. */
void pp_write_comments(const struct pp_report *r, struct pp_out *out);

/*
 * All that the profile holds, as pprof's -raw does, all columns of it. Locations have the
 * numbers that the pprof writer would give them.
 */
void pp_write_raw(const struct pp_report *r, struct pp_out *out);

#endif
