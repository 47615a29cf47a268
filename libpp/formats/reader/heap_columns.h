/* heap_columns.h - the columns of heap profiles, under the names that pprof gives them. */
#ifndef PP_FORMATS_READER_HEAP_COLUMNS_H
#define PP_FORMATS_READER_HEAP_COLUMNS_H

#include "model/profile.h"

/*
 * Add alloc_objects and alloc_space, of all blocks ever allocated, or inuse_objects and
 * inuse_space, of those that were not freed. The columns are the next two of the profile.
 */
void pp_heap_columns_allocated(struct pp_profile *p);
void pp_heap_columns_in_use(struct pp_profile *p);

#endif
