/* callgrind_names.h - what the functions of callgrind are called, without levels and callers. */
#ifndef PP_VALGRIND_CALLGRIND_NAMES_H
#define PP_VALGRIND_CALLGRIND_NAMES_H

#include "model/profile.h"

/*
 * callgrind appends to names what tells functions apart: "fib'2" is the second level of a
 * recursion, and with --separate-callers "scan'parse'main" is scan, called by parse, called by
 * main. By row of `nodes`, which has the string of a name `at` so many bytes into each: the string
 * of the name alone. Names of Rust have apostrophes of their own: one is taken off only if what
 * follows it is a number or a function of the file. The caller frees it.
 */
pp_id *pp_callgrind_names(struct pp_profile *p, const struct pp_table *nodes, size_t at);

#endif
