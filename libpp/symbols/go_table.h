/*
 * go_table.h - functions, files, lines and inlined calls of programs in Go, from .gopclntab, the
 * table that they use for their own stack traces. It survives stripping.
 *
 * The layout is in runtime/symtab.go and internal/abi of Go's sources. It changed with Go 1.16,
 * 1.18 and 1.20; a magic number tells which it is. Inlined calls are in tables that only
 * runtime.moduledata leads to.
 */
#ifndef PP_SYMBOLS_GO_TABLE_H
#define PP_SYMBOLS_GO_TABLE_H

#include "symbols/dwarf.h"

struct pp_go_table;

/* The input of a table; pp_go_table_new() finds it in an image. */
struct pp_go_parts {
    struct pp_span table; /* must live as long as the table */
    bool big_endian;
    uint64_t text;  /* the base address of functions, from Go 1.18 on */
    unsigned minor; /* of the compiler's version: 19 for 1.19; 0: unknown, and then inlined calls
                       are not found */

    /*
     * The bytes from an address of the program to the end of its segment's contents; empty if there
     * are none.
     */
    struct pp_span (*bytes_at)(void *ctx, uint64_t address);
    void *ctx;
    uint64_t call_trees; /* the base address of trees of inlined calls; 0: unknown */
};

/* The table of `parts`; NULL if there is none, or it is damaged. */
struct pp_go_table *pp_go_table_of(const struct pp_go_parts *parts);

/* The table of an image, which must stay open; NULL if there is none. */
struct pp_go_table *pp_go_table_new(const struct pp_image *image);
void pp_go_table_free(struct pp_go_table *t); /* takes NULL */

/*
 * Finds the calls at an address of the file, innermost first, as pp_dwarf_find() does. Returns
 * their number; 0 if no Go function is there. `*calls` is valid until the next call.
 */
size_t pp_go_table_find(struct pp_go_table *t, uint64_t address, const struct pp_call **calls);

#endif
