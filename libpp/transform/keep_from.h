/* keep_from.h - cuts the callers of a function from stacks. */
#ifndef PP_TRANSFORM_KEEP_FROM_H
#define PP_TRANSFORM_KEEP_FROM_H

#include "model/profile.h"

/*
 * Drops the samples whose stack has no frame with one of the `n` names, and cuts the callers of the
 * one nearest the leaf. Frames must have been joined by name.
 */
void pp_keep_from(struct pp_profile *p, const char *const *names, size_t n);

/* Cuts the same in stacks with such a frame, and leaves others unchanged. */
void pp_skip_after(struct pp_profile *p, const char *const *names, size_t n);

#endif
