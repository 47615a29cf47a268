/* rename.h - replaces linkers' names, which profiles often have, by demangled ones. */
#ifndef PP_SYMBOLS_RENAME_H
#define PP_SYMBOLS_RENAME_H

#include "symbols/symbolize.h"

/*
 * Replaces `*p` by a profile in which functions that have only a linker's name get a demangled one,
 * and keep the other as their system name. Names that cannot be demangled stay.
 */
void pp_demangle_profile(struct pp_profile **p, const struct pp_symbolize_options *options,
                         struct pp_diag *diag);

/*
 * Notes how many functions still have a mangled C++ name, if names were to be demangled: libiberty
 * does not know every form. That of binutils 2.40 knows no template parameters that are declared in
 * the name, as C++20 has them ("Tn", "Ty", "Tt").
 */
void pp_report_mangled(const struct pp_profile *p, const struct pp_symbolize_options *options,
                       struct pp_diag *diag);

#endif
