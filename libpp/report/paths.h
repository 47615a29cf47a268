/* paths.h - the names of source files, as reports show and look for them. */
#ifndef PP_REPORT_PATHS_H
#define PP_REPORT_PATHS_H

#include "base/out.h"

/* How file names are shortened: colon-separated lists of folders, or empty. */
struct pp_paths {
    struct pp_span trim, source;
};

/*
 * What is left of `path` without a prefix that the list paths->trim has, or without
 * "/proc/self/cwd/". Where that list is empty, what comes behind the last folder of one of
 * paths->source is left: with "/home/me/project", of "/build/project/src/a.c" it is "src/a.c".
 */
struct pp_span pp_trim_path(struct pp_span path, const struct pp_paths *paths);

/*
 * Writes the shortest path that is the same as `path` but for links, "a//b/../c" as "a/c", to an
 * output that keeps all it is given.
 */
void pp_put_clean_path(struct pp_out *out, struct pp_span path);

#endif
