/* symbol_text.h - lists of symbols as text, from JIT compilers and from the kernel. */
#ifndef PP_SYMBOLS_SYMBOL_TEXT_H
#define PP_SYMBOLS_SYMBOL_TEXT_H

#include "base/diag.h"
#include "symbols/symbol_table.h"

/*
 * Both functions add the symbols in `in` to a table that is not sorted yet. `in` must live as long
 * as a table that borrows names. A line that is not understood is skipped with a warning; they are
 * false, after an error about `file`, only if no line of a file that is not empty was understood.
 */

/*
 * The map of a JIT compiler, /tmp/perf-PID.map, as V8, HotSpot's agents, .NET and others write it:
 *
 *     7f3a1c000e40 1c0 LazyCompile:~parse /srv/app.js:12
 *     0x7f3a1c001000 0x80 Interpreter
 *
 * Start and size are hexadecimal; the rest is the name, with its blanks. The compiler only appends,
 * so if code was replaced by other code, the later line is right, and the table is set so. See
 * tools/perf/Documentation/jit-interface.txt in the sources of Linux.
 */
bool pp_read_perf_map(struct pp_span in, const char *file, struct pp_symbol_table *t,
                      struct pp_diag *diag);

/*
 * The symbols of the kernel in /proc/kallsyms, or a copy of it:
 *
 *     ffffffff81000000 T _stext
 *     ffffffffc0a01000 t ext4_find	[ext4]
 *
 * Only code is read (t, T, w and W). Sizes are unknown. Of several names for one address, global
 * ones are preferred to local ones, and these to weak ones. Without permission, all addresses read
 * as zeros, which is reported as an error of its own.
 */
bool pp_read_kallsyms(struct pp_span in, const char *file, struct pp_symbol_table *t,
                      struct pp_diag *diag);

#endif
