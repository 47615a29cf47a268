/*
 * demangle.h - the names that linkers use, as people write them.
 *
 * Known are C++ (Itanium ABI), Rust (legacy and v0) and D; libiberty does the work. All other
 * names, those of C, Go and Java among them, are left alone.
 */
#ifndef PP_SYMBOLS_DEMANGLE_H
#define PP_SYMBOLS_DEMANGLE_H

#include "base/out.h"

/*
 * How much of a name is shown. The first three are pprof's modes "", "templates" and "full", and
 * give the same names for C++; where Rust is concerned pprof leaves empty brackets behind.
 *
 *     std::vector::push_back                                   SIMPLE
 *     std::vector<int, std::allocator<int> >::push_back        TEMPLATES
 *     std::vector<int, std::allocator<int> >::push_back(int&&) FULL
 */
enum pp_demangle { PP_DEMANGLE_SIMPLE, PP_DEMANGLE_TEMPLATES, PP_DEMANGLE_FULL, PP_DEMANGLE_NONE };

/* "simple", "templates", "full" or "none"; false for any other `word`. */
bool pp_demangle_named(const char *word, enum pp_demangle *how);

/* Longer mangled names are left as they are, and so are those that would become longer than this.
 */
enum { PP_LONGEST_MANGLED = 2048, PP_LONGEST_DEMANGLED = 64 << 10 };

/*
 * Writes the name for people of the linker's name `symbol` to `out`, which holds nothing else
 * afterwards and serves from call to call; see pp_out_memory(). False if `symbol` is not mangled
 * or cannot be demangled: `out` is empty then.
 *
 * A version ("@GLIBC_2.2.5", "@@V1") is not part of the name. What compilers add to tell their own
 * copies of a function apart (Rust's hashes; ".cold" and ".part.0", which C++ shows as "[clone
 * .cold]" if FULL) is left out unless `full_names`.
 *
 * Hostile names cost no more than about 3 MB of stack, and time that follows the limits above, but
 * for some that libiberty takes long to refuse: call it where time is limited.
 */
bool pp_demangle(struct pp_span symbol, enum pp_demangle how, bool full_names, struct pp_out *out);

/*
 * The same for a name that is for people already: takes from C++, Rust and what looks like it
 * (pprof's guess) what `how` does not show. False, with `out` empty, if there is nothing to take.
 */
bool pp_simplify(struct pp_span name, enum pp_demangle how, struct pp_out *out);

#endif
