/* Ranges of addresses. */
#include "symbols/dwarf_private.h"

/*
 * When linkers drop a function, its range begins at 0 or near the end of the address space; see
 * https://lld.llvm.org/ELF/dead-reloc-in-nonalloc.html
 */
static bool is_dropped(uint64_t low, uint64_t high)
{
    return low <= 1 || low >= UINT64_MAX - 1 || high <= low;
}

void pp_range_add(struct pp_range_index *x, uint64_t low, uint64_t high, uint32_t number)
{
    x->table.borrow = true;
    if (!is_dropped(low, high))
        pp_symbol_table_add(&x->table, low, high - low, pp_str(""), UINT32_MAX - number);
}

void pp_range_sort(struct pp_range_index *x)
{
    pp_symbol_table_sort(&x->table);
}

bool pp_range_find(const struct pp_range_index *x, uint64_t address, uint32_t *number)
{
    const struct pp_symbol *s = pp_symbol_find(&x->table, address);
    if (s)
        *number = UINT32_MAX - s->rank;
    return s != NULL;
}

void pp_range_release(struct pp_range_index *x)
{
    pp_symbol_table_release(&x->table);
}

bool pp_range_add_die(struct pp_range_index *x, Dwarf_Die *die, uint32_t number, uint64_t begin)
{
    Dwarf_Addr base, low, high;
    size_t before = x->table.count;
    for (ptrdiff_t at = 0; (at = dwarf_ranges(die, at, &base, &low, &high)) > 0;)
        if (low < begin)
            pp_range_add(x, low + begin, high + begin, number);
        else
            pp_range_add(x, low, high, number);
    return x->table.count > before;
}
