/* table.h - interned rows and strings: equal ones have equal ids. */
#ifndef PP_BASE_TABLE_H
#define PP_BASE_TABLE_H

#include "base/arena.h"
#include "base/hash.h"
#include "base/prefetch.h"

/* A row's number in its table. Row 0 is the all-zero row, or the empty string: "none". */
typedef uint32_t pp_id;

/* The most rows that a table can have. */
#define PP_MAX_ROWS UINT32_MAX

/*
 * A slot of the index: a row, and the lower half of its hash, so that few other rows are compared.
 */
struct pp_slot {
    uint32_t hash;
    pp_id id; /* 0: a free slot */
};

/* A hash table of rows: open addressing. */
struct pp_index {
    struct pp_slot *slots;
    size_t mask;  /* number of slots, a power of two, minus one */
    size_t count; /* of slots in use */
    uint64_t seed;
};

/*
 * A set of rows of fixed width, numbered in the order in which they were added. Rows are compared
 * as bytes, so a row type must have no padding. A row keeps its id and is never removed; pointers
 * to rows are valid until the next row is added.
 *
 * More than PP_MAX_ROWS rows end the program, as running out of memory does: at 8 bytes a row, they
 * take 100 GB.
 */
struct pp_table {
    char *rows;
    size_t width, count, cap;
    bool is_tree;                                  /* see pp_table_init_tree() */
    bool (*unindexed)(const void *ctx, pp_id row); /* see pp_append_row(); may be NULL */
    const void *unindexed_ctx;
    struct pp_index index;
    size_t indexed; /* rows that are indexed, or need not be; later ones are indexed when a row is
                       looked up, which may never happen */
};

/* Call it before any other; `width` is the size of a row. */
void pp_table_init(struct pp_table *t, size_t width);
void pp_table_release(struct pp_table *t);

/* The id of the row equal to `*row`, adding it if it is new. */
pp_id pp_intern(struct pp_table *t, const void *row);

/*
 * The same for a set in which a row may be all zero: that row has a number like the others, from 1,
 * and row 0 means nothing. Use only one of the two functions with a table.
 */
pp_id pp_number(struct pp_table *t, const void *row);

/*
 * Adds a row that is known to be new. If the caller finds the row in another way, t->unindexed is
 * true for it, always, and pp_intern() does not find it.
 */
pp_id pp_append_row(struct pp_table *t, const void *row);

/*
 * Calls `change` for all rows but the first, to change them in place. They must stay different from
 * each other.
 */
void pp_change_rows(struct pp_table *t, void (*change)(void *ctx, void *row), void *ctx);

/*
 * A table of trees: a row is two ids, a parent, which is an earlier row or 0, and a value. Most
 * nodes are the only child of their parent and are added right after it, so a row that follows its
 * parent is found there, and not in the index.
 */
void pp_table_init_tree(struct pp_table *t);

/*
 * The id of the row {parent, value} of a tree, which is added if it is new; 0 for {0, 0}. `*fresh`,
 * false at the root, is passed from parent to child: it is set when a row was added, whose children
 * must then be new, too, and are not looked up.
 */
pp_id pp_intern_child(struct pp_table *t, pp_id parent, pp_id value, bool *fresh);

static inline const void *pp_row(const struct pp_table *t, pp_id id)
{
    return t->rows + (size_t)id * t->width;
}

/*
 * A row of a tree as it is in memory. It is written as one word, because reading a word whose
 * halves were just written stalls the processor.
 */
static inline uint64_t pp_tree_row(pp_id parent, pp_id value)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    return parent | (uint64_t)value << 32;
#else
    return (uint64_t)parent << 32 | value;
#endif
}

/* Whether a tree has a row `id` that is {parent, value}. */
static inline bool pp_is_child(const struct pp_table *t, size_t id, pp_id parent, pp_id value)
{
    return id < t->count &&
           pp_load64((const char *)pp_row(t, (pp_id)id)) == pp_tree_row(parent, value);
}

/* The hash of a row of 8 bytes, the usual size: one multiplication. */
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
 * This prefetches the slot that pp_intern_child() reads first, and changes nothing.
 */
static inline void pp_prefetch_child(const struct pp_table *t, pp_id parent, pp_id value)
{
    uint32_t hash = pp_short_hash(t, pp_tree_row(parent, value));
    pp_prefetch(&t->index.slots[hash & t->index.mask]);
}

/*
 * Finds and prefetches the row {parent, value}, or another row with the same stored hash. 0 if
 * there is none; rows added since the last lookup are not found.
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

/* A set of strings of any bytes, numbered in the order in which they were added. */
struct pp_strings {
    struct pp_arena bytes;
    struct pp_text *rows;
    size_t count, cap;
    struct pp_index index;
};

struct pp_text {
    const char *p; /* NUL-terminated in memory; the NUL is not part of it */
    uint32_t len;
};

void pp_strings_init(struct pp_strings *s);
void pp_strings_release(struct pp_strings *s);

/* The id of the string equal to `text`, adding a copy if it is new; 0 for the empty one. */
pp_id pp_intern_string(struct pp_strings *s, struct pp_span text);

/* The id of the string if it is in the set, else 0. */
pp_id pp_find_string(const struct pp_strings *s, struct pp_span text);

/* The string; valid as long as the set. */
static inline struct pp_span pp_string_at(const struct pp_strings *s, pp_id id)
{
    const struct pp_text *t = &s->rows[id];
    return (struct pp_span){t->p, t->p + t->len};
}

#endif
