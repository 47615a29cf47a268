/* keep_from.h - stacks from a function on: what calls it is cut. */
#ifndef PP_TRANSFORM_KEEP_FROM_H
#define PP_TRANSFORM_KEEP_FROM_H

#include "model/profile.h"

/*
 * Drops the samples whose stack has no frame with one of the `n` names, and cuts what is rootwards
 * of the one nearest the leaf: to be called when frames have been made one by name.
 */
void pp_keep_from(struct pp_profile *p, const char *const *names, size_t n);

/*
 * Cuts the same in stacks that have such a frame, and leaves the others as they are.
 */
void pp_skip_after(struct pp_profile *p, const char *const *names, size_t n);

#endif
