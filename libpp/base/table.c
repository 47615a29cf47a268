#include "base/table.h"

#include <assert.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/memory.h"

enum { FIRST_ROWS = 16, FIRST_SLOTS = 32, FIRST_ID_BITS = 8 };

/* --- the index ----------------------------------------------------------- */

static void index_init(struct pp_index *x)
{
    x->slots = pp_calloc(FIRST_SLOTS, sizeof *x->slots);
    x->mask = FIRST_SLOTS - 1;
    x->id_bits = FIRST_ID_BITS;
    x->seed = (uintptr_t)x->slots; /* differs from run to run, see hash.h */
}

static inline pp_id id_in(const struct pp_index *x, uint32_t slot)
{
    return slot & (uint32_t)((UINT64_C(1) << x->id_bits) - 1);
}

static inline bool may_be(const struct pp_index *x, uint32_t slot, uint64_t hash)
{
    return (uint64_t)(slot ^ (uint32_t)hash) >> x->id_bits == 0;
}

/* A slot for a row that is known to be new. */
static void index_put(struct pp_index *x, uint64_t hash, pp_id id)
{
    size_t i = hash & x->mask;
    while (x->slots[i])
        i = (i + 1) & x->mask;
    x->slots[i] = (uint32_t)((hash & UINT32_MAX) >> x->id_bits << x->id_bits) | id;
}

/* Empties the index, having made room, if it is too small for one more row: `id`. */
static bool index_grow(struct pp_index *x, pp_id id)
{
    bool full = x->count > x->mask / 2;
    if (!full && (uint64_t)id >> x->id_bits == 0)
        return false;
    while ((uint64_t)id >> x->id_bits)
        x->id_bits++;
    if (full)
        x->mask = x->mask * 2 + 1;
    free(x->slots);
    x->slots = pp_calloc(x->mask + 1, sizeof *x->slots);
    return true;
}

/* A row of a tree. */
struct link {
    pp_id parent, value;
};

/* --- rows ---------------------------------------------------------------- */

void pp_table_init(struct pp_table *t, size_t width)
{
    *t = (struct pp_table){.width = width, .count = 1, .cap = FIRST_ROWS, .indexed = 1};
    t->rows = pp_calloc(t->cap, width);
    index_init(&t->index);
}

void pp_table_release(struct pp_table *t)
{
    free(t->rows);
    free(t->index.slots);
    *t = (struct pp_table){0};
}

/* Most rows are a parent and a frame: 8 bytes, one multiplication. */
static inline uint64_t row_hash(const struct pp_table *t, const void *row)
{
    if (t->width != 8)
        return pp_hash(row, t->width, t->index.seed);
    return pp_mix(pp_load64(row) ^ t->index.seed, UINT64_C(0x9e3779b97f4a7c15));
}

static inline bool row_equal(const struct pp_table *t, pp_id id, const void *row)
{
    const char *have = pp_row(t, id);
    const char *want = row;
    size_t i = 0;
    for (; i + 8 <= t->width; i += 8) /* of rows that differ, most do in the first words */
        if (pp_load64(have + i) != pp_load64(want + i))
            return false;
    return i == t->width || memcmp(have + i, want + i, t->width - i) == 0;
}

pp_id pp_append_row(struct pp_table *t, const void *row)
{
    if (t->count == PP_MAX_ROWS)
        pp_out_of_memory();
    if (t->count == t->cap)
        t->rows = pp_grow(t->rows, t->width, t->count + 1, &t->cap);
    pp_id id = (pp_id)t->count++;
    char *to = t->rows + (size_t)id * t->width;
    if (t->width == sizeof(struct link)) /* as those of trees, of which there are most */
        memcpy(to, row, sizeof(struct link));
    else
        memcpy(to, row, t->width);
    return id;
}

/* Takes the first row that is not in the index into it. */
static void index_row(struct pp_table *t, uint64_t hash)
{
    pp_id id = (pp_id)t->indexed++;
    t->index.count++;
    if (!index_grow(&t->index, id))
        index_put(&t->index, hash, id);
    else
        for (pp_id old = 1; old <= id; old++)
            if (!t->unindexed || !t->unindexed(t, old))
                index_put(&t->index, row_hash(t, pp_row(t, old)), old);
}

static void index_rows(struct pp_table *t)
{
    while (t->indexed < t->count)
        if (t->unindexed && t->unindexed(t, (pp_id)t->indexed))
            t->indexed++;
        else
            index_row(t, row_hash(t, pp_row(t, (pp_id)t->indexed)));
}

/* The id of a row, 0 if there is none such. */
static pp_id find_row(struct pp_table *t, const void *row, uint64_t hash)
{
    const struct pp_index *x = &t->index;
    uint32_t slot;
    if (t->indexed < t->count)
        index_rows(t);
    for (size_t i = hash & x->mask; (slot = x->slots[i]); i = (i + 1) & x->mask)
        if (may_be(x, slot, hash) && row_equal(t, id_in(x, slot), row))
            return id_in(x, slot);
    return 0;
}

pp_id pp_intern(struct pp_table *t, const void *row)
{
    if (row_equal(t, 0, row))
        return 0;
    uint64_t hash = row_hash(t, row);
    pp_id id = find_row(t, row, hash);
    if (id)
        return id;
    id = pp_append_row(t, row);
    index_row(t, hash);
    return id;
}

/* --- trees --------------------------------------------------------------- */

static bool follows_parent(const struct pp_table *t, pp_id id)
{
    return ((const struct link *)pp_row(t, id))->parent == id - 1;
}

void pp_table_init_tree(struct pp_table *t)
{
    pp_table_init(t, sizeof(struct link));
    t->unindexed = follows_parent;
}

static bool is_link(const struct pp_table *t, size_t id, struct link l)
{
    if (id >= t->count)
        return false;
    const struct link *have = pp_row(t, (pp_id)id);
    return have->parent == l.parent && have->value == l.value;
}

pp_id pp_intern_child(struct pp_table *t, pp_id parent, pp_id value, bool *fresh)
{
    struct link row = {parent, value};
    size_t next = (size_t)parent + 1;
    assert(t->unindexed == follows_parent);
    if (!parent && !value)
        return 0;
    if (!*fresh && is_link(t, next, row))
        return (pp_id)next;
    pp_id id = *fresh ? 0 : find_row(t, &row, row_hash(t, &row));
    if (id)
        return id;
    *fresh = true;
    return pp_append_row(t, &row);
}

void pp_prefetch_child(const struct pp_table *t, pp_id parent, pp_id value)
{
    struct link row = {parent, value};
    __builtin_prefetch(t->rows + ((size_t)parent + 1) * sizeof row);
    __builtin_prefetch(&t->index.slots[row_hash(t, &row) & t->index.mask]);
}

/* --- strings ------------------------------------------------------------- */

void pp_strings_init(struct pp_strings *s)
{
    *s = (struct pp_strings){.count = 1, .cap = FIRST_ROWS};
    s->rows = pp_calloc(s->cap, sizeof *s->rows);
    s->rows[0].p = "";
    index_init(&s->index);
}

void pp_strings_release(struct pp_strings *s)
{
    free(s->rows);
    free(s->index.slots);
    pp_arena_release(&s->bytes);
    *s = (struct pp_strings){0};
}

static pp_id find_string(const struct pp_strings *s, struct pp_span text, uint32_t hash)
{
    const struct pp_index *x = &s->index;
    uint32_t slot;
    for (size_t i = hash & x->mask; (slot = x->slots[i]); i = (i + 1) & x->mask) {
        const struct pp_text *have = &s->rows[id_in(x, slot)];
        if (may_be(x, slot, hash) && have->hash == hash && have->len == pp_len(text) &&
            memcmp(have->p, text.p, have->len) == 0)
            return id_in(x, slot);
    }
    return 0;
}

pp_id pp_intern_string(struct pp_strings *s, struct pp_span text)
{
    size_t len = pp_len(text);
    if (!len)
        return 0;
    if (len > UINT32_MAX || s->count == PP_MAX_ROWS)
        pp_out_of_memory();
    uint32_t hash = (uint32_t)pp_hash(text.p, len, s->index.seed);
    pp_id known = find_string(s, text, hash);
    if (known)
        return known;

    PP_GROW(s->rows, s->count + 1, s->cap);
    pp_id id = (pp_id)s->count++;
    s->rows[id] = (struct pp_text){pp_copy_packed(&s->bytes, text), (uint32_t)len, hash};
    s->index.count++;
    if (!index_grow(&s->index, id))
        index_put(&s->index, hash, id);
    else
        for (pp_id old = 1; old < s->count; old++)
            index_put(&s->index, s->rows[old].hash, old);
    return id;
}
