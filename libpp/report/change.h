/* change.h - a table of what changed between two profiles, by function. */
#ifndef PP_REPORT_CHANGE_H
#define PP_REPORT_CHANGE_H

#include "base/out.h"
#include "model/profile.h"

/*
 * Writes the functions of a compared profile (transform/compare.h) by the size of their change:
 * of self, then of total, then by name. `column` is of either side; `limit` is the most rows to
 * write, 0 for all. Functions that did not change are counted only. Frames must have been made
 * one by name (transform/naming.h). False if the profile has no such pair of columns.
 */
bool pp_write_changes(const struct pp_profile *p, unsigned column, size_t limit,
                      struct pp_out *out);

#endif
