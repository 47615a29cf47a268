#include "symbols/symbol_table.h"

#include <assert.h>
#include <stdlib.h>

#include "base/memory.h"

/*
 * The address space is cut into pieces, each from its start to that of the next, so that finding is
 * one binary search. n symbols make at most 2n pieces: one more begins or ends at each edge.
 */
struct pp_symbol_piece {
    uint64_t start;
    const struct pp_symbol *symbol; /* NULL: nothing is here */
};

void pp_symbol_table_release(struct pp_symbol_table *t)
{
    free(t->symbols);
    free(t->pieces);
    pp_arena_release(&t->names);
    *t = (struct pp_symbol_table){.borrow = t->borrow};
}

void pp_symbol_table_add(struct pp_symbol_table *t, uint64_t start, uint64_t size,
                         struct pp_span name, uint32_t rank)
{
    assert(!t->pieces);
    if (t->count == UINT32_MAX)
        return;
    if (pp_len(name) > UINT32_MAX)
        name.end = name.p + UINT32_MAX;
    PP_GROW(t->symbols, t->count + 1, t->cap);
    t->symbols[t->count++] = (struct pp_symbol){
        .start = start,
        .size = size,
        .name = t->borrow ? name.p : pp_copy_packed(&t->names, name),
        .len = (uint32_t)pp_len(name),
        .rank = rank,
    };
}

/* --- sorting --------------------------------------------------------------- */

struct key {
    uint64_t start;
    uint32_t symbol;
};

/* By start; the best comes last. */
static int compare_keys(const void *a, const void *b, void *symbols)
{
    const struct key *x = a, *y = b;
    if (x->start != y->start)
        return x->start < y->start ? -1 : 1;
    const struct pp_symbol *s = (const struct pp_symbol *)symbols + x->symbol;
    const struct pp_symbol *t = (const struct pp_symbol *)symbols + y->symbol;
    if (s->rank != t->rank)
        return s->rank > t->rank ? -1 : 1;
    uint64_t size = s->size + 1, other = t->size + 1; /* unknown becomes 0 */
    if (size != other)
        return size < other ? -1 : 1;
    return x->symbol > y->symbol ? -1 : 1;
}

static struct key *sorted_keys(const struct pp_symbol_table *t)
{
    struct key *keys = pp_calloc(t->count, sizeof *keys);
    for (size_t i = 0; i < t->count; i++)
        keys[i] = (struct key){t->symbols[i].start, (uint32_t)i};
    if (t->count)
        qsort_r(keys, t->count, sizeof *keys, compare_keys, t->symbols);
    return keys;
}

/* --- pieces ---------------------------------------------------------------- */

/* A walk over all starts in order. */
struct sweep {
    struct pp_symbol_table *table;
    /* The symbols that cover what comes next. The last shadows the others, and ends first. */
    const struct pp_symbol **open;
    size_t nopen;
};

static uint64_t end_of(const struct pp_symbol *s)
{
    return s->size > UINT64_MAX - s->start ? UINT64_MAX : s->start + s->size;
}

/* From `start` on, the last open symbol is found. */
static void begin_piece(struct sweep *w, uint64_t start)
{
    struct pp_symbol_table *t = w->table;
    const struct pp_symbol *symbol = w->nopen ? w->open[w->nopen - 1] : NULL;
    if (t->npieces && t->pieces[t->npieces - 1].start == start)
        t->npieces--;
    if (t->npieces ? t->pieces[t->npieces - 1].symbol != symbol : symbol != NULL)
        t->pieces[t->npieces++] = (struct pp_symbol_piece){start, symbol};
}

/* Ends the symbols that reach no further than `limit`. */
static void close_until(struct sweep *w, uint64_t limit)
{
    while (w->nopen && end_of(w->open[w->nopen - 1]) <= limit) {
        uint64_t end = end_of(w->open[--w->nopen]);
        begin_piece(w, end);
    }
}

/* What ends before the new symbol does will not be seen again. */
static void open_symbol(struct sweep *w, const struct pp_symbol *s)
{
    while (w->nopen && end_of(w->open[w->nopen - 1]) <= end_of(s))
        w->nopen--;
    w->open[w->nopen++] = s;
    begin_piece(w, s->start);
}

static uint64_t size_until(const struct pp_symbol *s, const struct key *next)
{
    uint64_t size = next ? next->start - s->start : PP_UNKNOWN_REACH;
    return size < PP_UNKNOWN_REACH ? size : PP_UNKNOWN_REACH;
}

/* Opens those that start where keys[at] does, and returns the place of the next start. */
static size_t open_group(struct sweep *w, const struct key *keys, size_t at)
{
    size_t count = w->table->count, end = at;
    while (end < count && keys[end].start == keys[at].start)
        end++;
    const struct key *next = end < count ? &keys[end] : NULL;
    for (; at < end; at++) {
        struct pp_symbol *s = &w->table->symbols[keys[at].symbol];
        if (s->size == PP_UNKNOWN_SIZE)
            s->size = size_until(s, next);
        if (s->size)
            open_symbol(w, s);
    }
    return end;
}

void pp_symbol_table_sort(struct pp_symbol_table *t)
{
    assert(!t->pieces);
    struct key *keys = sorted_keys(t);
    struct sweep w = {.table = t, .open = pp_calloc(t->count, sizeof *w.open)};
    t->pieces = pp_calloc(2 * t->count, sizeof *t->pieces);
    for (size_t i = 0; i < t->count;) {
        close_until(&w, keys[i].start);
        i = open_group(&w, keys, i);
    }
    close_until(&w, UINT64_MAX);
    free(w.open);
    free(keys);
}

/* --- finding --------------------------------------------------------------- */

const struct pp_symbol *pp_symbol_find(const struct pp_symbol_table *t, uint64_t address)
{
    size_t low = 0, high = t->npieces;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (t->pieces[middle].start <= address)
            low = middle + 1;
        else
            high = middle;
    }
    return low ? t->pieces[low - 1].symbol : NULL;
}
