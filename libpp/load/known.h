/*
 * known.h - recognizes files that pp does not read, by their first bytes: if no format bids, or if
 * the wrong one was asked for, a message can say what the file is, and what to do with it.
 */
#ifndef PP_LOAD_KNOWN_H
#define PP_LOAD_KNOWN_H

#include "formats/format.h"

/*
 * What the file that begins with `head` is, as in "this is a tar archive; unpack it first". Never
 * NULL.
 */
const char *pp_known_file(struct pp_span head);

/* Reports an input that begins with `head`, for which no format bids. */
void pp_report_unknown(struct pp_span head, const char *file, struct pp_diag *diag);

/*
 * Reports, after the reader of `f` has failed because it was named by the caller, what the input
 * looks like; nothing if it looks like `f`.
 */
void pp_report_other_format(const struct pp_format *f, struct pp_span head, const char *file,
                            struct pp_diag *diag);

#endif
