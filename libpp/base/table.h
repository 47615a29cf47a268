/* table.h - interned rows and strings: equal ones get equal ids. */
#ifndef PP_BASE_TABLE_H
#define PP_BASE_TABLE_H

#include "base/arena.h"
#include "base/hash.h"
#include "base/prefetch.h"

/* A row's number in its table. Row 0 is the all-zero row, or the empty string: "none". */
typedef uint32_t pp_id;

/* The most rows that a table can have. */
#define PP_MAX_ROWS UINT32_MAX

/* A slot of the index: a row and the lower half of its hash, so that few other rows are compared.
 */
struct pp_slot {
    uint32_t hash;
    pp_id id; /* 0: an empty slot */
};

/* The rows by their hashes: open addressing. */
struct pp_index {
    struct pp_slot *slots;
    size_t mask;  /* the number of slots, a power of two, less one */
    size_t count; /* of slots in use */
    uint64_t seed;
};

/*
 * A set of fixed-width rows, numbered in the order they were first seen. Rows are compared as
 * bytes, so a row type has no padding. Rows never get another id and are never removed;
 * pointers to them die at the next intern.
 *
 * A table that would need more than PP_MAX_ROWS rows ends the program as running out of
 * memory does: at 8 bytes a row it has taken 100 GB by then.
 */
struct pp_table {
    char *rows;
    size_t width, count, cap;
    bool (*unindexed)(const struct pp_table *t, pp_id row); /* see pp_append_row(); may be NULL */
    struct pp_index index;
    size_t indexed; /* rows that are in the index, or need not be: the others are not until one is
                       looked for, as that may never be */
};

/* Must precede any use; `width` is the size of one row. */
void pp_table_init(struct pp_table *t, size_t width);
void pp_table_release(struct pp_table *t);

/* The id of the row equal to `*row`, adding it if it is new. */
pp_id pp_intern(struct pp_table *t, const void *row);

/*
 * The same for a set whose rows may be all zero: that one too gets a number of its own, from 1 as
 * the others. Row 0 stands for nothing then. A table is used with one of the two only.
 */
pp_id pp_number(struct pp_table *t, const void *row);

/*
 * Adds a row that is known to be new. If pp_intern() need not find it, as the caller knows where it
 * is, t->unindexed says so of it whenever it is asked.
 */
pp_id pp_append_row(struct pp_table *t, const void *row);

/* Has `change` change all rows but the first, in place. They must differ from each other still. */
void pp_change_rows(struct pp_table *t, void (*change)(void *ctx, void *row), void *ctx);

/*
 * A table of trees: its rows are two ids, a parent, which is an earlier row or 0, and a value.
 * Most nodes are the only child of their parent and were added right after it, so a row that
 * follows its parent is looked for there and takes no place in the index.
 */
void pp_table_init_tree(struct pp_table *t);

/*
 * The id of the row {parent, value} of a tree, added if it is new; 0 for {0, 0}. `*fresh`, false
 * at the root, goes from parent to child: it is set when a row was added, whose children then
 * must be new as well, and need not be looked for.
 */
pp_id pp_intern_child(struct pp_table *t, pp_id parent, pp_id value, bool *fresh);

static inline const void *pp_row(const struct pp_table *t, pp_id id)
{
    return t->rows + (size_t)id * t->width;
}

/*
 * A row of a tree as it is in memory. In one piece, as a processor that has to read at once what it
 * has just written by halves waits for it.
 */
static inline uint64_t pp_tree_row(pp_id parent, pp_id value)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    return parent | (uint64_t)value << 32;
#else
    return (uint64_t)parent << 32 | value;
#endif
}

/* Whether a tree has a row `id`, and it is {parent, value}. */
static inline bool pp_is_child(const struct pp_table *t, size_t id, pp_id parent, pp_id value)
{
    return id < t->count &&
           pp_load64((const char *)pp_row(t, (pp_id)id)) == pp_tree_row(parent, value);
}

/* Of a row of 8 bytes, as most are: one multiplication. */
static inline uint32_t pp_short_hash(const struct pp_table *t, uint64_t row)
{
    return (uint32_t)pp_mix(row ^ t->index.seed, UINT64_C(0x9e3779b97f4a7c15));
}

static inline uint32_t pp_row_hash(const struct pp_table *t, const void *row)
{
    return t->width == 8 ? pp_short_hash(t, pp_load64((const char *)row))
                         : (uint32_t)pp_hash(row, t->width, t->index.seed);
}

/*
 * A lookup in a large table waits for memory; callers that know rows in advance can prefetch them.
 * These prefetch the slot that pp_intern() or pp_intern_child() reads first, and change nothing.
 */
static inline void pp_prefetch_row(const struct pp_table *t, const void *row)
{
    pp_prefetch(&t->index.slots[pp_row_hash(t, row) & t->index.mask]);
}

static inline void pp_prefetch_child(const struct pp_table *t, pp_id parent, pp_id value)
{
    uint32_t hash = pp_short_hash(t, pp_tree_row(parent, value));
    pp_prefetch(&t->index.slots[hash & t->index.mask]);
}

/*
 * The row {parent, value}, or another row with the same stored hash, and prefetches it. 0 if there
 * is no such row; rows added since the last lookup are not found.
 */
static inline pp_id pp_probable_child(const struct pp_table *t, pp_id parent, pp_id value)
{
    const struct pp_index *x = &t->index;
    uint32_t hash = pp_short_hash(t, pp_tree_row(parent, value));
    size_t i = hash & x->mask;
    while (x->slots[i].id && x->slots[i].hash != hash)
        i = (i + 1) & x->mask;
    pp_prefetch(pp_row(t, x->slots[i].id));
    return x->slots[i].id;
}

/* A set of strings of any bytes, numbered in the order they were first seen. */
struct pp_strings {
    struct pp_arena bytes;
    struct pp_text *rows;
    size_t count, cap;
    struct pp_index index;
};

struct pp_text {
    const char *p; /* NUL-terminated in memory, though the NUL does not count */
    uint32_t len;
};

void pp_strings_init(struct pp_strings *s);
void pp_strings_release(struct pp_strings *s);

/* The id of the string equal to `text`, adding a copy if it is new; 0 for the empty one. */
pp_id pp_intern_string(struct pp_strings *s, struct pp_span text);

/* Its id if it is in the set, else 0. */
pp_id pp_find_string(const struct pp_strings *s, struct pp_span text);

/* The string, valid as long as the set is. */
static inline struct pp_span pp_string_at(const struct pp_strings *s, pp_id id)
{
    const struct pp_text *t = &s->rows[id];
    return (struct pp_span){t->p, t->p + t->len};
}

#endif
