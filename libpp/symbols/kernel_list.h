/*
 * kernel_list.h - reads lists of symbols from files, above all the kernel's: kallsyms. Runs in
 * child processes.
 */
#ifndef PP_SYMBOLS_KERNEL_LIST_H
#define PP_SYMBOLS_KERNEL_LIST_H

#include "symbols/answer.h"
#include "symbols/symbol_text.h"
#include "symbols/symbolize.h"

/* One of those in symbol_text.h. */
typedef bool pp_read_symbols(struct pp_span in, const char *file, struct pp_symbol_table *t,
                             struct pp_diag *diag);

/* Adds the symbols of a list. A missing one is reported only if it `must_be` there. */
void pp_read_symbol_list(pp_read_symbols *read, const char *path, bool must_be,
                         struct pp_symbol_table *table, struct pp_answer *answer);

/*
 * Adds the symbols of the kernel with the build id `id`: from the list that the user names; or
 * perf's copy of the recorded kernel's; or that of a running kernel: below --sysroot, or of this
 * machine if it is the same kernel.
 */
void pp_read_kernel_list(const struct pp_symbol_sources *sources, const char *id,
                         struct pp_symbol_table *table, struct pp_answer *answer);

/*
 * What to add to an address of a kernel that was loaded elsewhere when it was recorded than when
 * the list was made: each boot moves it. perf names the kernel's mapping after a symbol, whose
 * address is the mapping's offset or start: "[kernel.kallsyms]_text". 0 for other mappings, such as
 * those of the kernel's modules.
 */
uint64_t pp_kernel_slide(const struct pp_symbol_table *t, struct pp_span file, uint64_t start,
                         uint64_t offset);

#endif
