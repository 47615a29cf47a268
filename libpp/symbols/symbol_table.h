/*
 * symbol_table.h - functions by address, from symbol tables of ELF files, maps of JIT compilers and
 * the kernel's kallsyms.
 *
 * Symbols may nest and overlap, as entry points inside of assembly functions do. An address belongs
 * to the symbol that starts last among those that cover it. If none covers it, it has no symbol:
 * the nearest one before it would be a wrong name.
 */
#ifndef PP_SYMBOLS_SYMBOL_TABLE_H
#define PP_SYMBOLS_SYMBOL_TABLE_H

#include "base/arena.h"

/* A symbol covers [start, start + size), up to the end of the 64-bit address space. */
struct pp_symbol {
    uint64_t start, size;
    const char *name; /* of `len` bytes; NUL-terminated if the table copied it */
    uint32_t len;
    uint32_t rank; /* of two symbols with the same start, the lower rank is preferred */
};

/*
 * A size that is not recorded: the symbol ends at the next start, but at PP_UNKNOWN_REACH bytes at
 * the latest. A size of 0, in contrast, covers nothing.
 */
#define PP_UNKNOWN_SIZE  UINT64_MAX
#define PP_UNKNOWN_REACH (UINT64_C(64) << 10)

/* Zero-initialise, and set the first four before adding symbols. */
struct pp_symbol_table {
    bool borrow;     /* names live as long as the table, so they are not copied */
    bool later_wins; /* an address belongs to the symbol that was added last, not to the one that
                        starts last */
    const uint64_t *wanted; /* sorted: the addresses that will be looked up, so that other symbols
                               need not be kept; NULL: any */
    size_t nwanted;
    struct pp_symbol *symbols; /* in the order of adding */
    size_t count, cap;
    struct pp_symbol_piece *pieces;
    size_t npieces;
    struct pp_arena names;
};

void pp_symbol_table_release(struct pp_symbol_table *t);

/* Whether an address that will be looked for can belong to a symbol there. */
bool pp_symbol_table_wants(const struct pp_symbol_table *t, uint64_t start, uint64_t size);

/*
 * Adds a symbol, before sorting. It is left out if its size is known and no wanted address is in
 * it. Only the first 2^32 - 1 bytes of a name are kept, and only as many symbols.
 */
void pp_symbol_table_add(struct pp_symbol_table *t, uint64_t start, uint64_t size,
                         struct pp_span name, uint32_t rank);

/*
 * Prepares the table for pp_symbol_find(): once, after the last symbol was added. Unknown sizes are
 * determined. Of symbols with the same start, the one with the best rank is found, then the largest
 * (one whose size was unknown counts as the smallest), then the one that was added first.
 */
void pp_symbol_table_sort(struct pp_symbol_table *t);

/*
 * The symbol that `address` belongs to, or NULL; valid as long as the table. Takes O(log n) steps
 * however symbols overlap. The table is only read, so threads may share it.
 */
const struct pp_symbol *pp_symbol_find(const struct pp_symbol_table *t, uint64_t address);

#endif
