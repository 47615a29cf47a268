/* many.h - many files, loaded on all cores. */
#ifndef PP_TOOLS_WORK_MANY_H
#define PP_TOOLS_WORK_MANY_H

#include "model/profile.h"

/*
 * Loads the files, some ahead, and gives them to take() one after the other, which owns them then:
 * NULL for one that cannot be loaded, after telling the user. Stops where take() returns false.
 * Messages come in the order of the files, whatever --jobs is.
 */
void pp_load_many(char **files, unsigned keep,
                  bool (*take)(void *ctx, char *file, struct pp_profile *p), void *ctx);

#endif
