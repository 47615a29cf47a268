/* binaries.h - which modules of a profile the files of --binary stand for. */
#ifndef PP_SYMBOLS_BINARIES_H
#define PP_SYMBOLS_BINARIES_H

#include "model/profile.h"

/*
 * A file stands for all modules of its name, in whatever folder they were; of several files of one
 * name, the last counts. The first file with a name that nothing in the profile has stands for the
 * program: for the modules with the file name of pp_program(), or without one if the profile has no
 * mappings.
 *
 * Sets assigned[i] for the module with the file name files[i], a string of the profile, to an
 * element of `binaries` (NULL, or a list that ends with NULL), or to NULL if none stands for it.
 */
void pp_assign_binaries(const struct pp_profile *p, const char *const *binaries, const pp_id *files,
                        size_t n, const char **assigned);

/* The last of `binaries` with the name of the file `path`, or NULL. */
const char *pp_binary_named(const char *const *binaries, const char *path);

#endif
