#include "formats/llvm/sample_tree.h"

#include <stdlib.h>

#include "base/memory.h"

struct function_key {
    pp_id parent;
    struct pp_sample_place place;
    pp_id name;
};

struct place_key {
    pp_id function;
    struct pp_sample_place place;
};

struct target_key {
    pp_id place, name;
};

void pp_sample_tree_init(struct pp_sample_tree *t)
{
    *t = (struct pp_sample_tree){0};
    pp_table_init(&t->functions, sizeof(struct function_key));
    pp_table_init(&t->places, sizeof(struct place_key));
    pp_table_init(&t->targets, sizeof(struct target_key));
}

void pp_sample_tree_release(struct pp_sample_tree *t)
{
    pp_table_release(&t->functions);
    pp_table_release(&t->places);
    pp_table_release(&t->targets);
    free(t->sums);
    free(t->counts);
    free(t->calls);
}

static const struct function_key *function_at(const struct pp_sample_tree *t, size_t id)
{
    return pp_row(&t->functions, (pp_id)id);
}

static const struct place_key *place_at(const struct pp_sample_tree *t, size_t id)
{
    return pp_row(&t->places, (pp_id)id);
}

static const struct target_key *target_at(const struct pp_sample_tree *t, size_t id)
{
    return pp_row(&t->targets, (pp_id)id);
}

/* --- building ------------------------------------------------------------ */

int64_t pp_sample_sum(int64_t a, int64_t b)
{
    int64_t sum;
    return __builtin_add_overflow(a, b, &sum) ? INT64_MAX : sum;
}

pp_id pp_sample_function(struct pp_sample_tree *t, pp_id parent, struct pp_sample_place place,
                         pp_id name)
{
    const struct function_key key = {parent, place, name};
    pp_id id = pp_intern(&t->functions, &key);
    size_t known = t->sums_cap;
    PP_GROW(t->sums, (size_t)id + 1, t->sums_cap);
    memset(t->sums + known, 0, (t->sums_cap - known) * sizeof *t->sums);
    return id;
}

pp_id pp_sample_root_name(const struct pp_sample_tree *t, pp_id function)
{
    const struct function_key *f = function_at(t, function);
    return f->parent ? 0 : f->name;
}

pp_id pp_sample_count(struct pp_sample_tree *t, pp_id function, struct pp_sample_place place,
                      int64_t count)
{
    const struct place_key key = {function, place};
    size_t known = t->places.count;
    pp_id id = pp_intern(&t->places, &key);
    PP_GROW(t->counts, (size_t)id + 1, t->counts_cap);
    if (id >= known || t->counts[id] < count)
        t->counts[id] = count;
    return id;
}

void pp_sample_call(struct pp_sample_tree *t, pp_id id, pp_id name, int64_t times)
{
    const struct target_key key = {id, name};
    size_t known = t->targets.count;
    pp_id target = pp_intern(&t->targets, &key);
    PP_GROW(t->calls, (size_t)target + 1, t->calls_cap);
    t->calls[target] = target >= known ? times : pp_sample_sum(t->calls[target], times);
}

void pp_sample_raise_to_calls(struct pp_sample_tree *t)
{
    int64_t *sums = pp_calloc(t->places.count, sizeof *sums);
    for (size_t i = 1; i < t->targets.count; i++) {
        pp_id place = target_at(t, i)->place;
        sums[place] = pp_sample_sum(sums[place], t->calls[i]);
    }
    for (size_t i = 1; i < t->places.count; i++)
        if (t->counts[i] < sums[i])
            t->counts[i] = sums[i];
    free(sums);
}

/* --- heads --------------------------------------------------------------- */

static int compare_places(struct pp_sample_place a, struct pp_sample_place b)
{
    if (a.offset != b.offset)
        return a.offset < b.offset ? -1 : 1;
    return a.discriminator == b.discriminator ? 0 : a.discriminator < b.discriminator ? -1 : 1;
}

/* The lowest place of something, and the count there. */
struct lowest {
    bool is_there;
    struct pp_sample_place place;
    int64_t count;
};

/* Of several counts at one place, the largest. */
static void take_lowest(struct lowest *l, struct pp_sample_place place, int64_t count)
{
    int order = l->is_there ? compare_places(place, l->place) : -1;
    if (order < 0 || (order == 0 && count > l->count))
        *l = (struct lowest){true, place, count};
}

/* The number of entries of a function, from its lowest own place and its lowest inlined call. */
static int64_t entries(const struct lowest *own, const struct lowest *inlined)
{
    bool both = own->is_there && inlined->is_there;
    int order = both ? compare_places(own->place, inlined->place) : own->is_there ? -1 : 1;
    if (order < 0 || (order == 0 && own->count))
        return own->count;
    return inlined->count; /* 0 if there is none */
}

void pp_sample_heads_from_places(struct pp_sample_tree *t)
{
    size_t count = t->functions.count;
    struct lowest *own = pp_calloc(count, sizeof *own), *inlined = pp_calloc(count, sizeof *own);
    for (size_t i = 1; i < t->places.count; i++)
        take_lowest(&own[place_at(t, i)->function], place_at(t, i)->place, t->counts[i]);
    for (size_t i = count; i-- > 1;) { /* inlined functions come after those that contain them */
        const struct function_key *f = function_at(t, i);
        int64_t n = entries(&own[i], &inlined[i]);
        if (f->parent)
            take_lowest(&inlined[f->parent], f->place, n);
        else
            t->sums[i].head = n;
    }
    free(own);
    free(inlined);
}

bool pp_sample_has_counts(const struct pp_sample_tree *t)
{
    for (size_t i = 1; i < t->places.count; i++)
        if (t->counts[i] > 0)
            return true;
    return false;
}

/* --- order --------------------------------------------------------------- */

/* A function, place or target, with the keys of its order. */
struct row {
    pp_id owner, id;
    struct pp_sample_place place;
    int64_t size; /* larger ones come first; 0 if it does not count */
    struct pp_span name;
};

static int compare_rows(const void *a, const void *b)
{
    const struct row *x = a, *y = b;
    if (x->owner != y->owner)
        return x->owner < y->owner ? -1 : 1;
    int order = compare_places(x->place, y->place);
    if (order)
        return order;
    if (x->size != y->size)
        return x->size > y->size ? -1 : 1;
    return pp_compare_spans(x->name, y->name);
}

/* Rows sorted by owner, and where those of each owner begin. */
struct rows {
    struct row *rows;
    size_t *first; /* by owner; and the end */
};

static void sort_rows(struct rows *r, size_t count, size_t owners)
{
    qsort(r->rows, count, sizeof *r->rows, compare_rows);
    r->first = pp_calloc(owners + 1, sizeof *r->first);
    for (size_t i = 0; i < count; i++)
        r->first[r->rows[i].owner + 1] = i + 1;
    for (size_t o = 1; o <= owners; o++)
        if (r->first[o] < r->first[o - 1])
            r->first[o] = r->first[o - 1];
}

static void rows_release(struct rows *r)
{
    free(r->rows);
    free(r->first);
}

/* --- writing ------------------------------------------------------------- */

struct writing {
    const struct pp_sample_tree *t;
    const struct pp_strings *names;
    struct pp_out *out;
    struct rows functions, places, targets;
};

static void sort_functions(struct writing *w)
{
    size_t n = w->t->functions.count - 1;
    w->functions.rows = pp_calloc(n + 1, sizeof *w->functions.rows);
    for (size_t i = 0; i < n; i++) {
        const struct function_key *f = function_at(w->t, i + 1);
        w->functions.rows[i] = (struct row){
            .owner = f->parent,
            .id = (pp_id)(i + 1),
            .place = f->place,
            .size = f->parent ? 0 : w->t->sums[i + 1].total,
            .name = pp_string_at(w->names, f->name),
        };
    }
    sort_rows(&w->functions, n, w->t->functions.count);
}

static void sort_places(struct writing *w)
{
    size_t n = w->t->places.count - 1;
    w->places.rows = pp_calloc(n + 1, sizeof *w->places.rows);
    for (size_t i = 0; i < n; i++) {
        const struct place_key *p = place_at(w->t, i + 1);
        w->places.rows[i] =
            (struct row){.owner = p->function, .id = (pp_id)(i + 1), .place = p->place};
    }
    sort_rows(&w->places, n, w->t->functions.count);
}

static void sort_targets(struct writing *w)
{
    size_t n = w->t->targets.count - 1;
    w->targets.rows = pp_calloc(n + 1, sizeof *w->targets.rows);
    for (size_t i = 0; i < n; i++) {
        const struct target_key *c = target_at(w->t, i + 1);
        w->targets.rows[i] = (struct row){.owner = c->place,
                                          .id = (pp_id)(i + 1),
                                          .size = w->t->calls[i + 1],
                                          .name = pp_string_at(w->names, c->name)};
    }
    sort_rows(&w->targets, n, w->t->places.count);
}

static void put_indent(struct pp_out *out, size_t depth)
{
    for (size_t i = 0; i < depth; i++)
        pp_putc(out, ' ');
}

static void put_place(struct pp_out *out, size_t depth, struct pp_sample_place place)
{
    put_indent(out, depth);
    pp_put_u64(out, place.offset);
    if (place.discriminator) {
        pp_putc(out, '.');
        pp_put_u64(out, place.discriminator);
    }
    pp_puts(out, ": ");
}

/* Writes the places of a function with their counts, and the calls from each. */
static void put_places(const struct writing *w, pp_id function, size_t depth)
{
    for (size_t i = w->places.first[function]; i < w->places.first[function + 1]; i++) {
        const struct row *p = &w->places.rows[i];
        put_place(w->out, depth, p->place);
        pp_put_i64(w->out, w->t->counts[p->id]);
        for (size_t c = w->targets.first[p->id]; c < w->targets.first[p->id + 1]; c++) {
            pp_putc(w->out, ' ');
            pp_put(w->out, w->targets.rows[c].name);
            pp_putc(w->out, ':');
            pp_put_i64(w->out, w->targets.rows[c].size);
        }
        pp_putc(w->out, '\n');
    }
}

/* The functions being written, outermost first: the next inlined function of each. */
struct open_function {
    size_t next, end;
};

/* Inlined functions may nest without limit, so open ones are on a stack. */
static void put_function(const struct writing *w, pp_id function)
{
    struct open_function *open = NULL;
    size_t depth = 0, cap = 0;
    for (;;) {
        put_places(w, function, depth + 1);
        PP_GROW(open, depth + 1, cap);
        open[depth++] =
            (struct open_function){w->functions.first[function], w->functions.first[function + 1]};
        while (depth && open[depth - 1].next == open[depth - 1].end)
            depth--;
        if (!depth)
            break;
        const struct row *inlined = &w->functions.rows[open[depth - 1].next++];
        function = inlined->id;
        put_place(w->out, depth, inlined->place);
        pp_put(w->out, inlined->name);
        pp_putc(w->out, ':');
        pp_put_i64(w->out, w->t->sums[function].total);
        pp_putc(w->out, '\n');
    }
    free(open);
}

void pp_sample_write(const struct pp_sample_tree *t, const struct pp_strings *names,
                     struct pp_out *out)
{
    struct writing w = {.t = t, .names = names, .out = out};
    sort_functions(&w);
    sort_places(&w);
    sort_targets(&w);
    for (size_t i = 0; i < w.functions.first[1]; i++) {
        const struct row *f = &w.functions.rows[i];
        if (!t->sums[f->id].total && !t->sums[f->id].head)
            continue;
        pp_put(out, f->name);
        pp_putc(out, ':');
        pp_put_i64(out, t->sums[f->id].total);
        pp_putc(out, ':');
        pp_put_i64(out, t->sums[f->id].head);
        pp_putc(out, '\n');
        put_function(&w, f->id);
    }
    rows_release(&w.functions);
    rows_release(&w.places);
    rows_release(&w.targets);
}
