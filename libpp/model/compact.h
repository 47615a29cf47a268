/* compact.h - makes a new profile with only what its samples use. */
#ifndef PP_MODEL_COMPACT_H
#define PP_MODEL_COMPACT_H

#include "model/profile.h"

/*
 * Replaces `*p` by a profile with only the nodes, frames, functions, labels and strings that its
 * samples use. Mappings stay, as they say what was running.
 */
void pp_compact(struct pp_profile **p);

/* Changes to make; stacks and samples that become equal become one. NULL: none. */
struct pp_reshape {
    const pp_id *frames; /* for each frame, its replacement */
    const pp_id *roots; /* for each set of labels, a frame to put at the root of its stacks, or 0 */
    const bool *gone; /* for each mapping, whether it is dropped: no remaining frame may be in it */
    unsigned jobs;    /* threads to work with; 0 is 1 */
};

/* The same with changes. If a stack is empty, the root is all of it. */
void pp_reshape(struct pp_profile **p, const struct pp_reshape *how);

/* The same as a copy, which the caller frees. */
struct pp_profile *pp_reshaped(const struct pp_profile *p, const struct pp_reshape *how);

#endif
