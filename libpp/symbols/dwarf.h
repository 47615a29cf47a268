/*
 * dwarf.h - functions, files, lines and inlined calls by address, from DWARF debug information.
 * https://dwarfstd.org/dwarf5std.html
 *
 * libdw reads the information; the index over it is ours. It is made as it is asked for: the ranges
 * of all units at first, the functions of a unit and its lines when an address falls into it, and
 * what is inlined in a function when an address falls into that. So time and memory follow what is
 * asked, and not the size of the file.
 *
 * .debug_aranges is not looked at: clang does not write it, and that of Rust has gaps.
 */
#ifndef PP_SYMBOLS_DWARF_H
#define PP_SYMBOLS_DWARF_H

#include "symbols/image.h"

/* A function, and a place in it. Strings live as long as the image. */
struct pp_call {
    const char *name;  /* the linker's, if the debug information has that; NULL if it has none */
    const char *scope; /* what to put before a name that is not the linker's: "a::b::", or NULL */
    bool is_linkage;
    bool needs_linkage; /* of a language whose linker's names say more than `name` does */
    const char *file;   /* of the place; NULL if it is unknown */
    uint32_t line, column;
    uint32_t discriminator; /* which path through the line, as the compiler numbers them */
    uint32_t function_line; /* where the function begins, if that is in `file`; else 0 */
    uint32_t
        declared_line; /* the same in whatever file it is declared, as compilers count from it */
};

struct pp_dwarf;

/*
 * The debug information of an open image; `alternate` is the path of what dwz has moved out of it,
 * or NULL to have it looked for where the image says. NULL if there is none, or it is damaged. Free
 * it before the image is closed.
 */
struct pp_dwarf *pp_dwarf_new(struct pp_image *image, const char *alternate);
void pp_dwarf_free(struct pp_dwarf *d); /* takes NULL */

/*
 * The calls at an address of the file: what is inlined innermost first, the function itself
 * last. Their number; 0 if the information has no function there, in which case calls[0] still
 * has the file and the line, if these are known. `*calls` is valid until the next call.
 */
size_t pp_dwarf_find(struct pp_dwarf *d, uint64_t address, const struct pp_call **calls);

/*
 * Adds to `*borders`, which grows, the addresses between `low` and `high` of one function at which
 * what pp_dwarf_find() says may change: where a row of the line table or an inlined call begins, or
 * the latter ends. Their number goes on from `*n`.
 */
void pp_dwarf_borders(struct pp_dwarf *d, uint64_t low, uint64_t high, uint64_t **borders,
                      size_t *n, size_t *cap);

/* How many units refer to a .dwo file that is not there. */
size_t pp_dwarf_missing_splits(const struct pp_dwarf *d);

#endif
