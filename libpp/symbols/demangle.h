/*
 * demangle.h - turns linkers' names into those that people write.
 *
 * It knows C++ (Itanium ABI), Rust (legacy and v0) and D, and uses libiberty. All other names, such
 * as those of C, Go and Java, stay as they are.
 */
#ifndef PP_SYMBOLS_DEMANGLE_H
#define PP_SYMBOLS_DEMANGLE_H

#include "base/out.h"

/*
 * How much of a name is shown. The first three are pprof's modes "", "templates" and "full", and
 * give the same names for C++; for Rust, pprof leaves empty brackets.
 *
 *     std::vector::push_back                                   SIMPLE
 *     std::vector<int, std::allocator<int> >::push_back        TEMPLATES
 *     std::vector<int, std::allocator<int> >::push_back(int&&) FULL
 */
enum pp_demangle { PP_DEMANGLE_SIMPLE, PP_DEMANGLE_TEMPLATES, PP_DEMANGLE_FULL, PP_DEMANGLE_NONE };

/* "simple", "templates", "full" or "none"; false for any other `word`. */
bool pp_demangle_named(const char *word, enum pp_demangle *how);

/* Names that are longer than this when mangled, or would be when demangled, stay as they are. */
enum { PP_LONGEST_MANGLED = 2048, PP_LONGEST_DEMANGLED = 64 << 10 };

/*
 * Writes the demangled name of `symbol` to `out`, a pp_out_memory() that is emptied first and can
 * be used again. False if `symbol` is not mangled or cannot be demangled: `out` is then empty.
 *
 * A version ("@GLIBC_2.2.5", "@@V1") is not part of the name. What compilers append to their copies
 * of a function (Rust's hashes; ".cold" and ".part.0", which C++ shows as "[clone .cold]" if FULL)
 * is left out unless `full_names`.
 *
 * A hostile name costs at most about 3 MB of stack, and time in proportion to the limits above.
 * libiberty takes very long to refuse some, so call this where time is limited.
 */
bool pp_demangle(struct pp_span symbol, enum pp_demangle how, bool full_names, struct pp_out *out);

/*
 * Shortens a name that is already demangled: removes from names of C++, Rust and anything that
 * looks like them (pprof's guess) what `how` does not show. False, with `out` empty, if there is
 * nothing to remove.
 */
bool pp_simplify(struct pp_span name, enum pp_demangle how, struct pp_out *out);

#endif
