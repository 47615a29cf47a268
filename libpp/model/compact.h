/* compact.h - a profile made anew, with only what its samples use. */
#ifndef PP_MODEL_COMPACT_H
#define PP_MODEL_COMPACT_H

#include "model/profile.h"

/*
 * Replaces `*p` by a profile with only the nodes, frames, functions, labels and strings that
 * its samples use. Mappings stay: they say what was running.
 */
void pp_compact(struct pp_profile **p);

/* What to change on the way; stacks and samples that become equal become one. NULL: nothing. */
struct pp_reshape {
    const pp_id *frames; /* for each frame, the one to take for it */
    const pp_id *roots;  /* for each set of labels, a frame to put under its stacks, or 0 */
    const bool *gone;    /* for each mapping, whether it goes: no frame that is left may be in it */
    unsigned jobs;       /* threads to work with; 0 is 1 */
};

/* The same with changes. A root stands alone where a stack is empty. */
void pp_reshape(struct pp_profile **p, const struct pp_reshape *how);

#endif
