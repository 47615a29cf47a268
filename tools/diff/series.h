/* series.h - many profiles of one program, in the order in which they were taken. */
#ifndef PP_TOOLS_DIFF_SERIES_H
#define PP_TOOLS_DIFF_SERIES_H

#include "model/series.h"

/*
 * Reads the files, each a dump of the series, and makes `*p` of all their stacks
 * (transform/series.h), with the rules applied and frames by name. They are put in the order of the
 * times that they state, or where some state none, of their names, in which numbers count as
 * numbers; with `in_order` they stay as they are. What cannot be read is told of, and left out:
 * then `*ok` is false. False, with nothing to release, if nothing was read. A single file is one
 * that holds the series, such as massif's snapshots.
 */
bool pp_series_read(struct pp_series *s, struct pp_profile **p, char **files, bool in_order,
                    bool *ok);

#endif
