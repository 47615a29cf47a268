/*
 * maps.h - what was mapped where, told apart from the profile: for those that have addresses, but
 * do not say it, such as the logs of jemalloc.
 */
#ifndef PP_LOAD_MAPS_H
#define PP_LOAD_MAPS_H

#include "base/diag.h"
#include "model/profile.h"

/*
 * Puts the frames of `*p` that have an address, but no file, into the mappings that a list of
 * mapped files tells of: `text` is one as /proc/PID/maps has it (see parse/maps.h), or a heap dump
 * that ends with one. If there are such frames, puts another profile in the place of `*p`. False
 * after reporting that `text`, called `name`, has no such list; it is warned of where no address is
 * in any of the files.
 */
bool pp_add_maps(struct pp_profile **p, struct pp_span text, const char *name,
                 struct pp_diag *diag);

/* The same with what the file `path` holds, unpacked. */
bool pp_load_maps(struct pp_profile **p, const char *path, struct pp_diag *diag);

#endif
