/* debug_info.h - opens the debug information and the symbols of a module, from the files found. */
#ifndef PP_SYMBOLS_DEBUG_INFO_H
#define PP_SYMBOLS_DEBUG_INFO_H

#include "symbols/dwarf.h"
#include "symbols/locate.h"
#include "symbols/symbol_table.h"

struct pp_debug_info {
    struct pp_dwarf *dwarf; /* NULL if there is none */
    uint64_t shift;         /* added to an address of the binary, gives one of the debug file */
};

/*
 * Opens the debug information of the binary or of its separate file, and the file that dwz made of
 * several, if it is found. Information that cannot be read is reported to `answer`. Release it
 * with pp_dwarf_free() before `files`.
 */
void pp_debug_info_open(struct pp_debug_info *d, const struct pp_symbol_sources *sources,
                        struct pp_located *files, struct pp_answer *answer);

/* Adds the symbols of all files, by the addresses of the binary, and sorts the table. */
void pp_debug_info_symbols(const struct pp_debug_info *d, struct pp_located *files,
                           struct pp_symbol_table *symbols);

#endif
