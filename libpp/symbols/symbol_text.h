/*
 * symbol_text.h - symbols that are written down as text: by JIT compilers, and by the kernel.
 */
#ifndef PP_SYMBOLS_SYMBOL_TEXT_H
#define PP_SYMBOLS_SYMBOL_TEXT_H

#include "base/diag.h"
#include "symbols/symbol_table.h"

/*
 * Both add the symbols of `in` to a table that is not sorted yet. `in` must live as long as a table
 * that borrows its names. A line that cannot be understood is left out with a warning that names
 * it; false, after an error about `file`, only if nothing could be read of what is not empty.
 */

/*
 * The map of a JIT compiler, /tmp/perf-PID.map, as V8, HotSpot's agents, .NET and others write it:
 *
 *     7f3a1c000e40 1c0 LazyCompile:~parse /srv/app.js:12
 *     0x7f3a1c001000 0x80 Interpreter
 *
 * Start and size are hexadecimal; the rest is the name, blanks and all. The compiler only ever
 * appends, so where code has taken the place of other code the later line is right: the table is
 * told so. See tools/perf/Documentation/jit-interface.txt in the sources of Linux.
 */
bool pp_read_perf_map(struct pp_span in, const char *file, struct pp_symbol_table *t,
                      struct pp_diag *diag);

/*
 * What the kernel tells of itself in /proc/kallsyms, or a copy of that:
 *
 *     ffffffff81000000 T _stext
 *     ffffffffc0a01000 t ext4_find	[ext4]
 *
 * Only code is taken (t, T, w and W). Sizes are not known. Of names for one address, global ones
 * are preferred to local ones, and those to weak ones. Who may not know the addresses reads zeros,
 * which is an error of its own.
 */
bool pp_read_kallsyms(struct pp_span in, const char *file, struct pp_symbol_table *t,
                      struct pp_diag *diag);

#endif
