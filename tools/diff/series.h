/* series.h - reads many profiles of one program, in the order in which they were taken. */
#ifndef PP_TOOLS_DIFF_SERIES_H
#define PP_TOOLS_DIFF_SERIES_H

#include "model/series.h"

/*
 * Reads the files, each one dump of the series, and collects all their stacks in `*p`
 * (transform/series.h), with the rules applied and frames joined by name. Dumps are sorted by their
 * times, or if any has no time by file name, comparing numbers in names as numbers; with `in_order`
 * they stay in the given order. Files that cannot be read are reported and left out, and `*ok` is
 * set to false. False, with nothing to release, if nothing was read. A single file must hold a
 * whole series, such as massif's snapshots.
 * Labels are kept if `label` is not NULL: the key of one. "folder" is the folder of each file,
 * unless the file has labels of this name.
 */
bool pp_series_read(struct pp_series *s, struct pp_profile **p, char **files, bool in_order,
                    const char *label, bool *ok);

#endif
