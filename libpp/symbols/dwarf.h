/*
 * dwarf.h - functions, files, lines and inlined calls by address, from DWARF debug information.
 * https://dwarfstd.org/dwarf5std.html
 *
 * libdw reads the information; this builds an index over it on demand: the ranges of all units
 * first, the functions and lines of a unit when an address is in it, and the inlined calls of a
 * function when an address is in that. Time and memory therefore depend on the lookups, not on the
 * size of the file.
 *
 * .debug_aranges is not used: clang does not write it, and Rust's has gaps.
 */
#ifndef PP_SYMBOLS_DWARF_H
#define PP_SYMBOLS_DWARF_H

#include "symbols/image.h"

/* A function, and a place in it. Strings live as long as the image. */
struct pp_call {
    const char *name; /* the linker's name if the debug information has it; NULL if the function has
                         no name */
    const char *scope; /* a prefix for a name that is not the linker's: "a::b::", or NULL */
    bool is_linkage;
    bool needs_linkage; /* the language's linkers' names say more than `name` does */
    const char *file;   /* of the place; NULL if it is unknown */
    uint32_t line, column;
    uint32_t discriminator; /* the compiler's number for the path through the line */
    uint32_t function_line; /* the line where the function begins, if that is in `file`; else 0 */
    uint32_t declared_line; /* the line of its declaration in any file, from which compilers count
                               lines */
};

struct pp_dwarf;

/*
 * The debug information of an open image. `alternate` is the path of the part that dwz has moved
 * out of it, or NULL to look for it where the image says. NULL if there is none, or it is damaged.
 * Free it before closing the image.
 */
struct pp_dwarf *pp_dwarf_new(struct pp_image *image, const char *alternate);

/*
 * From now on pp_dwarf_find() gives names alone: neither files nor lines. Reading the line table of
 * a unit takes longer than everything else.
 */
void pp_dwarf_leave_out_lines(struct pp_dwarf *d);
void pp_dwarf_free(struct pp_dwarf *d); /* takes NULL */

/*
 * Finds the calls at an address of the file: inlined ones first, innermost first, and the function
 * itself last. Returns their number; 0 if there is no function at the address, in which case
 * calls[0] still has the file and the line, if known. `*calls` is valid until the next call.
 */
size_t pp_dwarf_find(struct pp_dwarf *d, uint64_t address, const struct pp_call **calls);

/*
 * Adds to `*borders`, which grows, the addresses between `low` and `high` of one function at which
 * the result of pp_dwarf_find() may change: where a row of the line table begins, or an inlined
 * call begins or ends. Adds their number to `*n`.
 */
void pp_dwarf_borders(struct pp_dwarf *d, uint64_t low, uint64_t high, uint64_t **borders,
                      size_t *n, size_t *cap);

/* How many units refer to a missing .dwo file. */
size_t pp_dwarf_missing_splits(const struct pp_dwarf *d);

#endif
