#include "base/table.h"

#include <assert.h>
#include <stdlib.h>

#include "base/memory.h"

enum { FIRST_ROWS = 16, FIRST_SLOTS = 32 };

/* --- the index ----------------------------------------------------------- */

static void index_init(struct pp_index *x)
{
    x->slots = pp_calloc(FIRST_SLOTS, sizeof *x->slots);
    x->mask = FIRST_SLOTS - 1;
    x->seed = (uintptr_t)x->slots; /* differs from run to run, see hash.h */
}

static void put(struct pp_index *x, struct pp_slot slot)
{
    size_t i = slot.hash & x->mask;
    while (x->slots[i].id)
        i = (i + 1) & x->mask;
    x->slots[i] = slot;
}

/* In the order of the slots, which is nearly that of the new ones. */
static void double_slots(struct pp_index *x)
{
    struct pp_slot *old = x->slots;
    size_t n = x->mask + 1;
    x->slots = pp_calloc(n * 2, sizeof *x->slots);
    x->mask = n * 2 - 1;
    for (size_t i = 0; i < n; i++)
        if (old[i].id)
            put(x, old[i]);
    free(old);
}

/* A slot for a row that is known to be new. */
static void index_put(struct pp_index *x, uint32_t hash, pp_id id)
{
    if (x->count++ > x->mask / 2)
        double_slots(x);
    put(x, (struct pp_slot){hash, id});
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

static inline bool row_equal(const struct pp_table *t, pp_id id, const void *row)
{
    const char *have = pp_row(t, id);
    const char *want = row;
    size_t i = 0;
    for (; i + 8 <= t->width; i += 8) /* different rows mostly differ in their first words */
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
    if (t->width == sizeof(struct link)) /* such as those of trees, the most frequent ones */
        memcpy(to, row, sizeof(struct link));
    else
        memcpy(to, row, t->width);
    return id;
}

static inline bool follows_parent(const struct pp_table *t, pp_id id)
{
    return ((const struct link *)pp_row(t, id))->parent == id - 1;
}

static inline bool needs_no_index(const struct pp_table *t, pp_id id)
{
    return t->is_tree ? follows_parent(t, id) : t->unindexed && t->unindexed(t->unindexed_ctx, id);
}

static void index_rows(struct pp_table *t)
{
    for (; t->indexed < t->count; t->indexed++) {
        pp_id id = (pp_id)t->indexed;
        if (!needs_no_index(t, id))
            index_put(&t->index, pp_row_hash(t, pp_row(t, id)), id);
    }
}

/* The id of a row, 0 if it is not in the table. */
static pp_id find_row(struct pp_table *t, const void *row, uint32_t hash)
{
    const struct pp_index *x = &t->index;
    if (t->indexed < t->count)
        index_rows(t);
    for (size_t i = hash & x->mask; x->slots[i].id; i = (i + 1) & x->mask)
        if (x->slots[i].hash == hash && row_equal(t, x->slots[i].id, row))
            return x->slots[i].id;
    return 0;
}

pp_id pp_intern(struct pp_table *t, const void *row)
{
    return row_equal(t, 0, row) ? 0 : pp_number(t, row);
}

pp_id pp_number(struct pp_table *t, const void *row)
{
    uint32_t hash = pp_row_hash(t, row);
    pp_id id = find_row(t, row, hash);
    if (id)
        return id;
    id = pp_append_row(t, row);
    index_put(&t->index, hash, id);
    t->indexed++;
    return id;
}

void pp_change_rows(struct pp_table *t, void (*change)(void *ctx, void *row), void *ctx)
{
    for (size_t id = 1; id < t->count; id++)
        change(ctx, t->rows + id * t->width);
    memset(t->index.slots, 0, (t->index.mask + 1) * sizeof *t->index.slots);
    t->index.count = 0;
    t->indexed = 1; /* their index is built when one is looked up */
}

/* --- trees --------------------------------------------------------------- */

void pp_table_init_tree(struct pp_table *t)
{
    pp_table_init(t, sizeof(struct link));
    t->is_tree = true;
}

pp_id pp_intern_child(struct pp_table *t, pp_id parent, pp_id value, bool *fresh)
{
    uint64_t row = pp_tree_row(parent, value);
    size_t next = (size_t)parent + 1;
    assert(t->is_tree);
    if (!parent && !value)
        return 0;
    if (!*fresh && pp_is_child(t, next, parent, value))
        return (pp_id)next;
    pp_id id = *fresh ? 0 : find_row(t, &row, pp_short_hash(t, row));
    if (id)
        return id;
    *fresh = true;
    return pp_append_row(t, &row);
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
    for (size_t i = hash & x->mask; x->slots[i].id; i = (i + 1) & x->mask) {
        if (x->slots[i].hash != hash)
            continue;
        const struct pp_text *have = &s->rows[x->slots[i].id];
        if (have->len == pp_len(text) && memcmp(have->p, text.p, have->len) == 0)
            return x->slots[i].id;
    }
    return 0;
}

pp_id pp_find_string(const struct pp_strings *s, struct pp_span text)
{
    if (pp_empty(text))
        return 0;
    return find_string(s, text, (uint32_t)pp_hash(text.p, pp_len(text), s->index.seed));
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
    s->rows[id] = (struct pp_text){pp_copy_packed(&s->bytes, text), (uint32_t)len};
    index_put(&s->index, hash, id);
    return id;
}
