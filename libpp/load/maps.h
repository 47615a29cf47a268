/*
 * maps.h - adds a list of mapped files to a profile that has addresses but no such list, such as
 * the logs of jemalloc.
 */
#ifndef PP_LOAD_MAPS_H
#define PP_LOAD_MAPS_H

#include "base/diag.h"
#include "model/profile.h"

/*
 * Moves the frames of `*p` that have an address but no file to the mappings in a list of mapped
 * files: `text` has the form of /proc/PID/maps (see syntax/maps.h), or is a heap dump with such a
 * list at its end. If there are such frames, replaces `*p`. False after reporting that `text`,
 * called `name`, has no list; warns if no address is in any of the files.
 */
bool pp_add_maps(struct pp_profile **p, struct pp_span text, const char *name,
                 struct pp_diag *diag);

/* The same for the file `path`, decompressed. */
bool pp_load_maps(struct pp_profile **p, const char *path, struct pp_diag *diag);

#endif
