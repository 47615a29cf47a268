/* paths.h - names of source files, as reports show and search for them. */
#ifndef PP_REPORT_PATHS_H
#define PP_REPORT_PATHS_H

#include "base/out.h"

/* How file names are shortened: colon-separated lists of folders, or empty. */
struct pp_paths {
    struct pp_span trim, source;
};

/*
 * `path` without a prefix in the list paths->trim, or without "/proc/self/cwd/". If that list is
 * empty, the part after the last folder of one of paths->source: with "/home/me/project",
 * "/build/project/src/a.c" becomes "src/a.c".
 */
struct pp_span pp_trim_path(struct pp_span path, const struct pp_paths *paths);

/*
 * Writes the shortest path equal to `path`, ignoring links: "a//b/../c" as "a/c". The output must
 * be in memory.
 */
void pp_put_clean_path(struct pp_out *out, struct pp_span path);

#endif
