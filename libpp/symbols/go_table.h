/*
 * go_table.h - functions, files, lines and inlined calls of programs in Go, from the table that
 * each of them has for its own stack traces: .gopclntab, which stays when a program is stripped.
 *
 * The layout is that of runtime/symtab.go and internal/abi of Go's sources, and has changed with Go
 * 1.16, 1.18 and 1.20; a number at its beginning tells which it is. What was inlined is in tables
 * that only the program's own description of itself leads to (runtime.moduledata).
 */
#ifndef PP_SYMBOLS_GO_TABLE_H
#define PP_SYMBOLS_GO_TABLE_H

#include "symbols/dwarf.h"

struct pp_go_table;

/* What is needed to read a table; pp_go_table_new() finds it in an image. */
struct pp_go_parts {
    struct pp_span table; /* lives as long as what is made of it */
    bool big_endian;
    uint64_t text;  /* the address that functions are relative to, from Go 1.18 on */
    unsigned minor; /* of the compiler's version, 1.19 say; 0: unknown, and nothing is inlined */

    /* The bytes from an address of the program on, up to the end of what has contents; empty if
     * there are none. */
    struct pp_span (*bytes_at)(void *ctx, uint64_t address);
    void *ctx;
    uint64_t call_trees; /* the address that trees of inlined calls are relative to; 0: unknown */
};

/* The table in `parts`; NULL if there is no table, or it is damaged. */
struct pp_go_table *pp_go_table_of(const struct pp_go_parts *parts);

/* The table in an image, which must stay open; NULL if there is none. */
struct pp_go_table *pp_go_table_new(const struct pp_image *image);
void pp_go_table_free(struct pp_go_table *t); /* takes NULL */

/*
 * The calls at an address of the file, as pp_dwarf_find() gives them: what is inlined innermost
 * first. Their number; 0 if no function of Go is there. `*calls` is valid until the next call.
 */
size_t pp_go_table_find(struct pp_go_table *t, uint64_t address, const struct pp_call **calls);

#endif
