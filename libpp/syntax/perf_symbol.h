/*
 * perf_symbol.h - makes names for people of perf's symbols: those that `perf script` prints, and
 * those in the lists of JIT code (/tmp/perf-PID.map).
 */
#ifndef PP_SYNTAX_PERF_SYMBOL_H
#define PP_SYNTAX_PERF_SYMBOL_H

#include "base/span.h"

/*
 * Moves the next function of `*symbol` into `*part`: Java's perf maps have a method and those
 * inlined in it as "a->b->c", outermost first. False at the end. A "->" in brackets, after a blank,
 * or in C++'s operator-> does not count.
 */
bool pp_perf_part(struct pp_span *symbol, struct pp_span *part);

/*
 * Writes the tidied name of `symbol` to `out`, which has room for as many bytes, and returns its
 * length: without arguments, Rust's hashes and escapes, and in Java (`java`) the L of class names;
 * a ';' becomes ':', as it separates frames in folded stacks.
 */
size_t pp_perf_tidy(struct pp_span symbol, bool java, char *out);

#endif
