/*
 * symbol_table.h - functions by address: what the symbol tables of ELF files, the maps of JIT
 * compilers and the kernel's kallsyms come down to.
 *
 * Symbols may nest and overlap, as entry points inside of assembly functions do. An address
 * belongs to the symbol that starts last among those that cover it, and to none at all rather than
 * to one that has ended before: a name that is only the nearest is a wrong name.
 */
#ifndef PP_SYMBOLS_SYMBOL_TABLE_H
#define PP_SYMBOLS_SYMBOL_TABLE_H

#include "base/arena.h"

/* A symbol covers [start, start + size), cut off at the end of the 64-bit address space. */
struct pp_symbol {
    uint64_t start, size;
    const char *name; /* of `len` bytes; NUL-terminated if the table has copied it */
    uint32_t len;
    uint32_t rank; /* the lower is preferred of two that start at one address */
};

/*
 * Instead of a size, where none is written down: the symbol reaches to the next start of another,
 * but not beyond PP_UNKNOWN_REACH. A size of 0 is a size: such a symbol covers nothing.
 */
#define PP_UNKNOWN_SIZE  UINT64_MAX
#define PP_UNKNOWN_REACH (UINT64_C(64) << 10)

/* Zero-initialise, and set what is wanted before the first symbol is added. */
struct pp_symbol_table {
    bool borrow; /* all names live as long as the table, and need no copy */
    bool
        later_wins; /* an address belongs to the symbol that was added last, not that starts last */
    struct pp_symbol *symbols; /* in the order in which they were added */
    size_t count, cap;
    struct pp_symbol_piece *pieces;
    size_t npieces;
    struct pp_arena names;
};

void pp_symbol_table_release(struct pp_symbol_table *t);

/*
 * Adds a symbol; before sorting only. Bytes of the name beyond 2^32 - 1, and symbols beyond that
 * number, are not kept.
 */
void pp_symbol_table_add(struct pp_symbol_table *t, uint64_t start, uint64_t size,
                         struct pp_span name, uint32_t rank);

/*
 * Makes the table ready to find in: once, after the last symbol was added. Unknown sizes become
 * known. Of symbols with the same start, the one with the best rank is found, then the largest (a
 * size that was unknown counts as the smallest), then the one that was added first.
 */
void pp_symbol_table_sort(struct pp_symbol_table *t);

/*
 * The symbol that `address` belongs to, valid as long as the table is, or NULL. Takes O(log n)
 * steps however the symbols overlap. The table is only read: threads may share it.
 */
const struct pp_symbol *pp_symbol_find(const struct pp_symbol_table *t, uint64_t address);

#endif
