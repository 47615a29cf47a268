/* many.h - loads many files on all cores. */
#ifndef PP_TOOLS_WORK_MANY_H
#define PP_TOOLS_WORK_MANY_H

#include "model/profile.h"

/*
 * Loads the files, some in advance, and passes them to take() one after another. take() owns them;
 * it gets NULL, after a message, for a file that cannot be loaded. Stops when take() returns false.
 * Messages come in the order of the files, regardless of --jobs.
 */
void pp_load_many(char **files, unsigned keep,
                  bool (*take)(void *ctx, char *file, struct pp_profile *p), void *ctx);

#endif
