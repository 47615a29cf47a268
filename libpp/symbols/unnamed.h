/*
 * unnamed.h - what looking up left without a name: a message for each file, with the share of the
 * samples that it concerns and what may help.
 */
#ifndef PP_SYMBOLS_UNNAMED_H
#define PP_SYMBOLS_UNNAMED_H

#include "base/diag.h"
#include "symbols/rebuild.h"

enum pp_module_state {
    PP_MODULE_READ,
    PP_MODULE_MISSING, /* not on this machine */
    PP_MODULE_IGNORED, /* for a reason that was reported */
};

/*
 * Reports the files of `p`, from which `r` is going to be built, that have locations without a
 * name, those that concern most samples first. `states`, by module, say what is known of the files:
 * missing ones are warnings, the others notes. Files that concern next to nothing share a message.
 */
void pp_report_unnamed(const struct pp_profile *p, const struct pp_rebuild *r,
                       const enum pp_module_state *states, struct pp_diag *diag);

#endif
