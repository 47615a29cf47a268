#include "symbols/symbol_table.h"

#include <assert.h>
#include <stdlib.h>

#include "base/bisect.h"
#include "base/memory.h"

/*
 * The address space as pieces, each from its start to that of the next, so that one binary search
 * finds a symbol. n symbols make at most 2n pieces: at most one begins at each edge.
 */
struct pp_symbol_piece {
    uint64_t start;
    const struct pp_symbol *symbol; /* NULL: no symbol */
};

void pp_symbol_table_release(struct pp_symbol_table *t)
{
    free(t->symbols);
    free(t->pieces);
    pp_arena_release(&t->names);
    *t = (struct pp_symbol_table){.borrow = t->borrow,
                                  .later_wins = t->later_wins,
                                  .wanted = t->wanted,
                                  .nwanted = t->nwanted};
}

bool pp_symbol_table_wants(const struct pp_symbol_table *t, uint64_t start, uint64_t size)
{
    if (!t->wanted || size == PP_UNKNOWN_SIZE)
        return true;
    PP_BISECT(n, t->nwanted, i, t->wanted[i] < start);
    return n < t->nwanted && t->wanted[n] - start < size;
}

void pp_symbol_table_add(struct pp_symbol_table *t, uint64_t start, uint64_t size,
                         struct pp_span name, uint32_t rank)
{
    assert(!t->pieces);
    if (t->count == UINT32_MAX || !pp_symbol_table_wants(t, start, size))
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

/* By start; the best one last. */
static int compare_keys(const void *a, const void *b, void *symbols)
{
    const struct key *x = a, *y = b;
    if (x->start != y->start)
        return x->start < y->start ? -1 : 1;
    const struct pp_symbol *s = (const struct pp_symbol *)symbols + x->symbol;
    const struct pp_symbol *t = (const struct pp_symbol *)symbols + y->symbol;
    if (s->rank != t->rank)
        return s->rank > t->rank ? -1 : 1;
    uint64_t size = s->size + 1, other = t->size + 1; /* an unknown size becomes 0 */
    if (size != other)
        return size < other ? -1 : 1;
    return x->symbol > y->symbol ? -1 : 1;
}

/*
 * Sorts keys that are nearly in order, as those of the kernel's list are. False, with the keys in
 * any order, if that would take long.
 */
static bool sort_nearly_sorted(struct key *keys, size_t n, void *symbols)
{
    size_t moves = 4 * n;
    for (size_t i = 1; i < n; i++) {
        const struct key key = keys[i];
        size_t at = i;
        for (; at && compare_keys(&keys[at - 1], &key, symbols) > 0; at--) {
            keys[at] = keys[at - 1];
            if (!moves--) {
                keys[at - 1] = key;
                return false;
            }
        }
        keys[at] = key;
    }
    return true;
}

static struct key *sorted_keys(const struct pp_symbol_table *t)
{
    struct key *keys = pp_calloc(t->count, sizeof *keys);
    for (size_t i = 0; i < t->count; i++)
        keys[i] = (struct key){t->symbols[i].start, (uint32_t)i};
    if (!sort_nearly_sorted(keys, t->count, t->symbols))
        qsort_r(keys, t->count, sizeof *keys, compare_keys, t->symbols);
    return keys;
}

static uint64_t end_of(const struct pp_symbol *s)
{
    return s->size > UINT64_MAX - s->start ? UINT64_MAX : s->start + s->size;
}

/* The index after the keys with the same start as keys[at]. */
static size_t end_of_group(const struct key *keys, size_t count, size_t at)
{
    size_t end = at + 1;
    while (end < count && keys[end].start == keys[at].start)
        end++;
    return end;
}

/* A symbol of unknown size ends at the next start. */
static void find_sizes(struct pp_symbol_table *t, const struct key *keys)
{
    for (size_t at = 0, end; at < t->count; at = end) {
        end = end_of_group(keys, t->count, at);
        uint64_t size = PP_UNKNOWN_REACH;
        if (end < t->count && keys[end].start - keys[at].start < size)
            size = keys[end].start - keys[at].start;
        for (size_t i = at; i < end; i++)
            if (t->symbols[keys[i].symbol].size == PP_UNKNOWN_SIZE)
                t->symbols[keys[i].symbol].size = size;
    }
}

/* From `start` on, `symbol` is found, until the next piece. */
static void begin_piece(struct pp_symbol_table *t, uint64_t start, const struct pp_symbol *symbol)
{
    if (t->npieces && t->pieces[t->npieces - 1].start == start)
        t->npieces--;
    if (t->npieces ? t->pieces[t->npieces - 1].symbol != symbol : symbol != NULL)
        t->pieces[t->npieces++] = (struct pp_symbol_piece){start, symbol};
}

/* --- the symbol that starts last wins -------------------------------------- */

/* A walk over all starts in ascending order. */
struct sweep {
    struct pp_symbol_table *table;
    /* The symbols that cover the current address. The last one hides the others, and ends first. */
    const struct pp_symbol **open;
    size_t nopen;
};

static const struct pp_symbol *visible(const struct sweep *w)
{
    return w->nopen ? w->open[w->nopen - 1] : NULL;
}

/* Ends the symbols that reach no further than `limit`. */
static void close_until(struct sweep *w, uint64_t limit)
{
    while (w->nopen && end_of(visible(w)) <= limit) {
        uint64_t end = end_of(visible(w));
        w->nopen--;
        begin_piece(w->table, end, visible(w));
    }
}

/* Symbols that end before the new one can never be visible again. */
static void open_symbol(struct sweep *w, const struct pp_symbol *s)
{
    while (w->nopen && end_of(visible(w)) <= end_of(s))
        w->nopen--;
    w->open[w->nopen++] = s;
    begin_piece(w->table, s->start, s);
}

static void sweep(struct pp_symbol_table *t, const struct key *keys)
{
    struct sweep w = {.table = t, .open = pp_calloc(t->count, sizeof *w.open)};
    for (size_t i = 0; i < t->count; i++) {
        const struct pp_symbol *s = &t->symbols[keys[i].symbol];
        close_until(&w, s->start);
        if (s->size)
            open_symbol(&w, s);
    }
    close_until(&w, UINT64_MAX);
    free(w.open);
}

/* --- the symbol that was added last wins ----------------------------------- */

static int compare_edges(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/*
 * Symbols are painted from the last to the first, each over what is not painted yet. The space
 * between two edges has one colour; next[i] leads to the first unpainted one from i on.
 */
struct canvas {
    uint64_t *edges; /* the starts and ends of symbols, in ascending order, each once */
    size_t nedges, *next;
    const struct pp_symbol **colors;
};

static void stretch(struct canvas *c, const struct pp_symbol_table *t)
{
    c->edges = pp_calloc(2 * t->count, sizeof *c->edges);
    for (size_t i = 0; i < t->count; i++) {
        c->edges[2 * i] = t->symbols[i].start;
        c->edges[2 * i + 1] = end_of(&t->symbols[i]);
    }
    qsort(c->edges, 2 * t->count, sizeof *c->edges, compare_edges);
    for (size_t i = 0; i < 2 * t->count; i++)
        if (!i || c->edges[i] != c->edges[i - 1])
            c->edges[c->nedges++] = c->edges[i];
    c->colors = pp_calloc(c->nedges, sizeof *c->colors);
    c->next = pp_calloc(c->nedges, sizeof *c->next);
    for (size_t i = 0; i < c->nedges; i++)
        c->next[i] = i;
}

static size_t first_blank(struct canvas *c, size_t i)
{
    while (c->next[i] != i)
        i = c->next[i] = c->next[c->next[i]];
    return i;
}

static void paint_symbol(struct canvas *c, const struct pp_symbol *s)
{
    if (!s->size)
        return;
    const uint64_t *at = bsearch(&s->start, c->edges, c->nedges, sizeof *c->edges, compare_edges);
    assert(at);
    uint64_t end = end_of(s);
    for (size_t i = first_blank(c, (size_t)(at - c->edges)); c->edges[i] < end;
         i = first_blank(c, i)) {
        c->colors[i] = s;
        c->next[i] = i + 1; /* the last edge is an end, and never painted */
    }
}

static void paint(struct pp_symbol_table *t)
{
    struct canvas c = {0};
    stretch(&c, t);
    for (size_t i = t->count; i-- > 0;)
        paint_symbol(&c, &t->symbols[i]);
    for (size_t i = 0; i < c.nedges; i++)
        begin_piece(t, c.edges[i], c.colors[i]);
    free(c.edges);
    free(c.next);
    free(c.colors);
}

void pp_symbol_table_sort(struct pp_symbol_table *t)
{
    assert(!t->pieces);
    struct key *keys = sorted_keys(t);
    find_sizes(t, keys);
    t->pieces = pp_calloc(2 * t->count, sizeof *t->pieces);
    if (t->later_wins)
        paint(t);
    else
        sweep(t, keys);
    free(keys);
}

/* --- finding --------------------------------------------------------------- */

const struct pp_symbol *pp_symbol_find(const struct pp_symbol_table *t, uint64_t address)
{
    PP_BISECT(n, t->npieces, i, t->pieces[i].start <= address);
    return n ? t->pieces[n - 1].symbol : NULL;
}
