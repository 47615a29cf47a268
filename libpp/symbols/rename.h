/* rename.h - names for people in the place of the linker's, which profiles often have. */
#ifndef PP_SYMBOLS_RENAME_H
#define PP_SYMBOLS_RENAME_H

#include "symbols/symbolize.h"

/*
 * Replaces `*p` by a profile in which functions that are known by their linker's name only have
 * one for people, and keep the other as their system name. What cannot be demangled stays.
 */
void pp_demangle_profile(struct pp_profile **p, const struct pp_symbolize_options *options,
                         struct pp_diag *diag);

#endif
