/* callgrind_names.h - names of callgrind's functions without levels and callers. */
#ifndef PP_VALGRIND_CALLGRIND_NAMES_H
#define PP_VALGRIND_CALLGRIND_NAMES_H

#include "model/profile.h"

/*
 * callgrind appends suffixes to names: "fib'2" is the second level of a recursion, and with
 * --separate-callers "scan'parse'main" is scan, called by parse, called by main. Returns the string
 * of the bare name, by row of `nodes`; `at` is the offset in a row of the string of its name.
 * Rust's names contain apostrophes, so a suffix is cut only if it is a number or a function in the
 * file. The caller frees the result.
 */
pp_id *pp_callgrind_names(struct pp_profile *p, const struct pp_table *nodes, size_t at);

#endif
