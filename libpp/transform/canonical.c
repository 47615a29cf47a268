/* Puts profiles into an order that depends only on their content. */
#include <stdlib.h>

#include "base/memory.h"
#include "model/copy.h"
#include "transform/combine.h"

/* For each row of a table, its place in the order of content. */
struct ranks {
    const struct pp_profile *p;
    uint32_t *strings, *mappings, *functions, *frames, *nodes;
};

static int compare_numbers(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

/* The first difference decides. */
static int compare_all(const uint64_t *a, const uint64_t *b, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (a[i] != b[i])
            return compare_numbers(a[i], b[i]);
    return 0;
}

#define COMPARE(a, b) compare_all((a), (b), sizeof(a) / sizeof *(a))

/* --- ranks --------------------------------------------------------------- */

/*
 * Sorts the rows from `first` on with `compare`, which gets the ranks; the caller frees the result.
 */
static pp_id *sorted_rows(const struct ranks *r, size_t first, size_t count,
                          int (*compare)(const void *a, const void *b, void *ranks))
{
    pp_id *ids = pp_calloc(count, sizeof *ids);
    for (size_t i = 0; i < count; i++)
        ids[i] = (pp_id)i;
    if (count > first)
        qsort_r(ids + first, count - first, sizeof *ids, compare, (void *)(uintptr_t)r);
    return ids;
}

static uint32_t *rank_rows(const struct ranks *r, size_t first, size_t count,
                           int (*compare)(const void *a, const void *b, void *ranks))
{
    pp_id *ids = sorted_rows(r, first, count, compare);
    uint32_t *ranks = pp_calloc(count, sizeof *ranks);
    for (size_t i = 0; i < count; i++)
        ranks[ids[i]] = (uint32_t)i;
    free(ids);
    return ranks;
}

static int by_text(const void *a, const void *b, void *ranks)
{
    const struct pp_profile *p = ((const struct ranks *)ranks)->p;
    return pp_compare_spans(pp_text(p, *(const pp_id *)a), pp_text(p, *(const pp_id *)b));
}

static int by_mapping(const void *a, const void *b, void *ranks)
{
    const struct ranks *r = ranks;
    const struct pp_mapping *x = pp_mapping(r->p, *(const pp_id *)a);
    const struct pp_mapping *y = pp_mapping(r->p, *(const pp_id *)b);
    const uint64_t i[] = {r->strings[x->file],
                          r->strings[x->build_id],
                          x->offset,
                          x->start,
                          x->limit,
                          x->flags,
                          x->copy};
    const uint64_t k[] = {r->strings[y->file],
                          r->strings[y->build_id],
                          y->offset,
                          y->start,
                          y->limit,
                          y->flags,
                          y->copy};
    return COMPARE(i, k);
}

static int by_function(const void *a, const void *b, void *ranks)
{
    const struct ranks *r = ranks;
    const struct pp_function *x = pp_function(r->p, *(const pp_id *)a);
    const struct pp_function *y = pp_function(r->p, *(const pp_id *)b);
    const uint64_t i[] = {r->strings[x->name], r->strings[x->file], r->strings[x->system_name],
                          x->line};
    const uint64_t k[] = {r->strings[y->name], r->strings[y->file], r->strings[y->system_name],
                          y->line};
    return COMPARE(i, k);
}

static int by_frame(const void *a, const void *b, void *ranks)
{
    const struct ranks *r = ranks;
    const struct pp_frame *x = pp_frame(r->p, *(const pp_id *)a);
    const struct pp_frame *y = pp_frame(r->p, *(const pp_id *)b);
    const uint64_t i[] = {r->functions[x->function],
                          r->mappings[x->mapping],
                          x->address,
                          x->line,
                          x->column,
                          x->kind,
                          x->marked,
                          x->inlined,
                          x->folded};
    const uint64_t k[] = {r->functions[y->function],
                          r->mappings[y->mapping],
                          y->address,
                          y->line,
                          y->column,
                          y->kind,
                          y->marked,
                          y->inlined,
                          y->folded};
    return COMPARE(i, k);
}

static int by_parent_and_frame(const void *a, const void *b, void *ranks)
{
    const struct ranks *r = ranks;
    const struct pp_node *x = pp_node(r->p, *(const pp_id *)a);
    const struct pp_node *y = pp_node(r->p, *(const pp_id *)b);
    const uint64_t i[] = {x->parent, r->frames[x->frame]}, k[] = {y->parent, r->frames[y->frame]};
    return COMPARE(i, k);
}

/*
 * Numbers the stacks in preorder. Sorted by parent, the children of each stack are adjacent;
 * `child` is the first of them.
 */
static uint32_t *rank_nodes(const struct ranks *r)
{
    size_t count = r->p->nodes.count, deep = 0;
    uint32_t *rank = pp_calloc(count, sizeof *rank), next = 0;
    pp_id *sorted = sorted_rows(r, 1, count, by_parent_and_frame);
    size_t *child = pp_calloc(count, sizeof *child);
    pp_id *path = pp_calloc(count, sizeof *path);
    for (size_t i = count; i-- > 1;)
        child[pp_node(r->p, sorted[i])->parent] = i;
    for (;;) {
        pp_id node = path[deep];
        size_t i = child[node];
        if (i && i < count && pp_node(r->p, sorted[i])->parent == node) {
            child[node]++;
            path[++deep] = sorted[i];
            rank[sorted[i]] = ++next;
        } else if (deep-- == 0) {
            break;
        }
    }
    free(sorted);
    free(child);
    free(path);
    return rank;
}

static void rank_all(struct ranks *r)
{
    const struct pp_profile *p = r->p;
    r->strings = rank_rows(r, 0, p->strings.count, by_text);
    r->mappings = rank_rows(r, 2, p->mappings.count, by_mapping);
    r->functions = rank_rows(r, 0, p->functions.count, by_function);
    r->frames = rank_rows(r, 0, p->frames.count, by_frame);
    r->nodes = rank_nodes(r);
}

static void release(struct ranks *r)
{
    free(r->strings);
    free(r->mappings);
    free(r->functions);
    free(r->frames);
    free(r->nodes);
}

/* --- samples ------------------------------------------------------------- */

/* By key, text, number and unit, label by label. */
static int compare_labels(const struct ranks *r, pp_id a, pp_id b)
{
    while (a && b && a != b) {
        const struct pp_label *x = pp_label(r->p, a), *y = pp_label(r->p, b);
        const uint64_t i[] = {r->strings[x->key], r->strings[x->text],
                              (uint64_t)x->number ^ UINT64_C(1) << 63, r->strings[x->unit]};
        const uint64_t k[] = {r->strings[y->key], r->strings[y->text],
                              (uint64_t)y->number ^ UINT64_C(1) << 63, r->strings[y->unit]};
        int order = COMPARE(i, k);
        if (order)
            return order;
        a = x->next;
        b = y->next;
    }
    return (a != 0) - (b != 0);
}

static int by_sample(const void *a, const void *b, void *ranks)
{
    const struct ranks *r = ranks;
    const struct pp_sample *x = pp_sample(r->p, *(const pp_id *)a);
    const struct pp_sample *y = pp_sample(r->p, *(const pp_id *)b);
    if (x->node != y->node)
        return compare_numbers(r->nodes[x->node], r->nodes[y->node]);
    int order = x->labels == y->labels ? 0 : compare_labels(r, x->labels, y->labels);
    if (order)
        return order;
    return (x->time_ns > y->time_ns) - (x->time_ns < y->time_ns);
}

/* --- columns ------------------------------------------------------------- */

/* "alloc" of "alloc_space": the columns of a group stay together. */
static struct pp_span group_of(struct pp_span type)
{
    const char *bar = pp_find(type, '_');
    return (struct pp_span){type.p, bar ? bar : type.p};
}

/* Counts come first, as in other tools. */
static bool precedes(const struct pp_profile *p, const struct pp_column *a,
                     const struct pp_column *b)
{
    struct pp_span x = pp_text(p, a->type), y = pp_text(p, b->type);
    int order = pp_compare_spans(group_of(x), group_of(y));
    if (!order)
        order = pp_is(pp_text(p, b->unit), "count") - pp_is(pp_text(p, a->unit), "count");
    if (!order)
        order = pp_compare_spans(x, y);
    if (!order)
        order = pp_compare_spans(pp_text(p, a->unit), pp_text(p, b->unit));
    return order ? order < 0 : a->side < b->side;
}

static void sort_columns(struct pp_profile *p)
{
    for (unsigned i = 1; i < p->ncolumns; i++) {
        struct pp_column moving = p->columns[i];
        unsigned at = i;
        for (; at && precedes(p, &moving, &p->columns[at - 1]); at--)
            p->columns[at] = p->columns[at - 1];
        p->columns[at] = moving;
    }
}

/* --- the new profile ----------------------------------------------------- */

/* Rows are copied when they are first needed, so their order is that of the sorted samples. */
struct remake {
    const struct pp_profile *from;
    struct pp_profile *to;
    struct pp_copy copy;   /* of strings, mappings, functions, frames */
    pp_id *nodes, *labels; /* new ids of the old rows; 0: none yet */
    pp_id *path;
};

static void remake_mappings(struct remake *m, const struct ranks *r)
{
    pp_id *ids = sorted_rows(r, 2, m->from->mappings.count, by_mapping);
    for (size_t i = 1; i < m->from->mappings.count; i++)
        pp_copy_mapping(&m->copy, ids[i]);
    free(ids);
}

static pp_id remake_stack(struct remake *m, pp_id id)
{
    size_t n = 0;
    for (; id && !m->nodes[id]; id = pp_node(m->from, id)->parent)
        m->path[n++] = id;
    pp_id made = m->nodes[id];
    while (n--) {
        pp_id frame = pp_copy_frame(&m->copy, pp_node(m->from, m->path[n])->frame);
        made = m->nodes[m->path[n]] = pp_child(m->to, made, frame);
    }
    return made;
}

/* The chain is built from its end, as each label refers to the next one. */
static pp_id remake_labels(struct remake *m, pp_id set)
{
    size_t n = 0;
    struct pp_label *rows = NULL;
    size_t cap = 0;
    if (m->labels[set] || !set)
        return m->labels[set];
    for (pp_id id = set; id; id = pp_label(m->from, id)->next) {
        PP_GROW(rows, n + 1, cap);
        rows[n] = *pp_label(m->from, id);
        rows[n].key = pp_copy_string(&m->copy, rows[n].key);
        rows[n].text = pp_copy_string(&m->copy, rows[n].text);
        rows[n].unit = pp_copy_string(&m->copy, rows[n].unit);
        n++;
    }
    m->labels[set] = pp_label_set(m->to, rows, n);
    free(rows);
    return m->labels[set];
}

/*
 * Adds the samples ids[0..n), which are equal except for their copy number, as one; or none if
 * their values cancel.
 */
static void remake_sample(struct remake *m, const pp_id *ids, size_t n)
{
    const struct pp_profile *p = m->from;
    int64_t sums[PP_MAX_COLUMNS] = {0};
    bool zero = true;
    for (unsigned c = 0; c < p->ncolumns; c++) {
        for (size_t i = 0; i < n; i++) /* cannot overflow: see pp_add() */
            sums[c] += p->columns[c].values[ids[i]];
        zero = zero && !sums[c];
    }
    if (zero)
        return;
    const struct pp_sample *old = pp_sample(p, ids[0]);
    struct pp_sample s = {.time_ns = old->time_ns};
    s.node = remake_stack(m, old->node);
    s.labels = remake_labels(m, old->labels);
    pp_id id = pp_sample_id(m->to, &s);
    for (unsigned c = 0; c < p->ncolumns; c++)
        pp_add(m->to, id, c, sums[c]);
}

static void remake_samples(struct remake *m, const struct ranks *r)
{
    size_t count = m->from->samples.count, n;
    pp_id *ids = sorted_rows(r, 0, count, by_sample);
    for (size_t i = 0; i < count; i += n) {
        for (n = 1; i + n < count && !by_sample(&ids[i], &ids[i + n], (void *)(uintptr_t)r);)
            n++;
        remake_sample(m, &ids[i], n);
    }
    free(ids);
}

static void remake_about(struct remake *m)
{
    const struct pp_about *a = &m->from->about;
    struct pp_about *b = &m->to->about;
    pp_id *const strings[] = {&b->period_type, &b->period_unit, &b->default_type,
                              &b->drop_frames, &b->keep_frames, &b->doc_url};
    *b = *a;
    b->comments = NULL;
    b->ncomments = b->comments_cap = 0;
    for (size_t i = 0; i < sizeof strings / sizeof *strings; i++)
        *strings[i] = pp_copy_string(&m->copy, *strings[i]);
    for (size_t i = 0; i < a->ncomments; i++)
        pp_comment(m->to, pp_text(m->from, a->comments[i]));
    if (b->ncomments)
        qsort_r(b->comments, b->ncomments, sizeof *b->comments, by_text, &(struct ranks){m->to});
}

void pp_canonical(struct pp_profile **profile)
{
    struct pp_profile *p = *profile;
    struct ranks r = {.p = p};
    struct remake m = {.from = p, .to = pp_profile_new()};
    sort_columns(p);
    rank_all(&r);
    pp_copy_init(&m.copy, m.to, p);
    m.nodes = pp_calloc(p->nodes.count, sizeof *m.nodes);
    m.labels = pp_calloc(p->labels.count, sizeof *m.labels);
    m.path = pp_calloc(p->nodes.count, sizeof *m.path);
    remake_mappings(&m, &r);
    pp_copy_columns(&m.copy, NULL); /* cannot fail: they are those of one profile */
    remake_samples(&m, &r);
    remake_about(&m);
    pp_copy_release(&m.copy);
    free(m.nodes);
    free(m.labels);
    free(m.path);
    release(&r);
    pp_profile_free(p);
    *profile = m.to;
}
