/*
 * ahead.h - fetching what will soon be looked for in a table. To look a row up in a large table is
 * to wait for memory; who knows some rows ahead need not.
 */
#ifndef PP_BASE_AHEAD_H
#define PP_BASE_AHEAD_H

#include "base/hash.h"
#include "base/table.h"

/*
 * Where table.c begins to look for a row of `t`. It has rows hashed in its own way; were this
 * another, what is fetched would be of no use, but nothing wrong: tests/unit/ahead.c compares them.
 */
static inline const uint32_t *pp_first_slot(const struct pp_table *t, const void *row)
{
    const struct pp_index *x = &t->index;
    uint64_t hash = t->width == 8 ? pp_mix(pp_load64(row) ^ x->seed, UINT64_C(0x9e3779b97f4a7c15))
                                  : pp_hash(row, t->width, x->seed);
    return &x->slots[hash & x->mask];
}

static inline void pp_fetch_row(const struct pp_table *t, const void *row)
{
    __builtin_prefetch(pp_first_slot(t, row), 1);
}

#endif
