/* store.h - writes profiles to a database of SQLite (formats/sqlite/). */
#ifndef PP_TOOLS_WORK_STORE_H
#define PP_TOOLS_WORK_STORE_H

#include <stdbool.h>

/*
 * Reads the files, applies the rules, and writes a database to --output. With `append`, each file
 * is added as a profile of its own to those that the output has; otherwise the files are merged to
 * one profile, which takes the place of what was there. The moments of a single file that holds a
 * series are parts of its profile. `keep` is enum pp_holds. An exit status.
 */
int pp_store_files(char **files, unsigned keep, bool append);

#endif
