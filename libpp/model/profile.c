#include "model/profile.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/prefetch.h"

struct pp_profile *pp_profile_new(void)
{
    struct pp_profile *p = pp_calloc(1, sizeof *p);
    pp_strings_init(&p->strings);
    pp_table_init(&p->mappings, sizeof(struct pp_mapping));
    pp_table_init(&p->functions, sizeof(struct pp_function));
    pp_table_init(&p->frames, sizeof(struct pp_frame));
    pp_table_init_tree(&p->nodes);
    pp_table_init(&p->labels, sizeof(struct pp_label));
    pp_samples_init(p);
    return p;
}

void pp_profile_free(struct pp_profile *p)
{
    if (!p)
        return;
    pp_strings_release(&p->strings);
    pp_table_release(&p->mappings);
    pp_table_release(&p->functions);
    pp_table_release(&p->frames);
    pp_table_release(&p->nodes);
    pp_table_release(&p->labels);
    pp_table_release(&p->samples);
    free(p->of_stack);
    for (unsigned c = 0; c < p->ncolumns; c++)
        free(p->columns[c].values);
    free(p->about.comments);
    free(p->loose);
    free(p);
}

/* --- building ------------------------------------------------------------ */

struct pp_span pp_undeleted(struct pp_span path)
{
    static const char deleted[] = " (deleted)";
    while (pp_ends(path, deleted) && pp_len(path) > strlen(deleted))
        path.end -= strlen(deleted);
    return path;
}

void pp_set_mapping_file(struct pp_profile *p, struct pp_mapping *m, struct pp_span path)
{
    struct pp_span name = pp_undeleted(path);
    if (name.end < path.end)
        m->flags |= PP_FILE_DELETED;
    m->file = pp_string(p, name);
}

pp_id pp_function_named(struct pp_profile *p, struct pp_span name)
{
    return pp_intern(&p->functions, &(struct pp_function){.name = pp_string(p, name)});
}

pp_id pp_frame_named(struct pp_profile *p, struct pp_span name)
{
    return pp_intern(&p->frames, &(struct pp_frame){.function = pp_function_named(p, name)});
}

/* Insertion sort, as it is stable, and a sample has few labels. */
static void sort_by_key(const struct pp_profile *p, struct pp_label *labels, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        struct pp_label moving = labels[i];
        size_t at = i;
        while (at && pp_compare_spans(pp_text(p, moving.key), pp_text(p, labels[at - 1].key)) < 0) {
            labels[at] = labels[at - 1];
            at--;
        }
        labels[at] = moving;
    }
}

pp_id pp_label_set(struct pp_profile *p, struct pp_label *labels, size_t n)
{
    pp_id set = 0;
    sort_by_key(p, labels, n);
    while (n--) {
        labels[n].next = set;
        set = pp_intern(&p->labels, &labels[n]);
    }
    return set;
}

static void grow_column(struct pp_column *c, size_t count)
{
    size_t old = c->cap;
    PP_GROW(c->values, count, c->cap);
    memset(c->values + old, 0, (c->cap - old) * sizeof *c->values);
}

int pp_column(struct pp_profile *p, struct pp_span type, struct pp_span unit)
{
    return pp_column_of(p, PP_ONLY, type, unit);
}

int pp_column_of(struct pp_profile *p, enum pp_side side, struct pp_span type, struct pp_span unit)
{
    pp_id type_id = pp_string(p, type), unit_id = pp_string(p, unit);
    for (unsigned c = 0; c < p->ncolumns; c++) {
        const struct pp_column *old = &p->columns[c];
        if (old->type == type_id && old->unit == unit_id && old->side == side)
            return (int)c;
    }
    return pp_column_new(p, side, type, unit);
}

int pp_column_new(struct pp_profile *p, enum pp_side side, struct pp_span type, struct pp_span unit)
{
    if (p->ncolumns == PP_MAX_COLUMNS)
        return -1;
    struct pp_column *c = &p->columns[p->ncolumns];
    *c = (struct pp_column){.type = pp_string(p, type), .unit = pp_string(p, unit), .side = side};
    grow_column(c, p->samples.count);
    return (int)p->ncolumns++;
}

/* These are found by their stack, and need not be indexed. */
static bool is_first_of_stack(const void *profile, pp_id id)
{
    const struct pp_profile *p = profile;
    return p->of_stack[pp_sample(p, id)->node] == id;
}

void pp_samples_init(struct pp_profile *p)
{
    pp_table_init(&p->samples, sizeof(struct pp_sample));
    p->samples.unindexed = is_first_of_stack;
    p->samples.unindexed_ctx = p;
    p->of_stack = NULL;
    p->of_stack_cap = 0;
}

/* The first sample of a stack, whatever its labels; 0: the stack has no sample. */
static pp_id *first_of_stack(struct pp_profile *p, pp_id node)
{
    size_t old = p->of_stack_cap;
    if (node >= old) {
        PP_GROW(p->of_stack, p->nodes.count, p->of_stack_cap);
        memset(p->of_stack + old, 0, (p->of_stack_cap - old) * sizeof *p->of_stack);
    }
    return &p->of_stack[node];
}

/*
 * Most stacks have one sample, and most samples are the first of their stack. These need no hash;
 * and as new nodes are consecutive, so are their entries.
 */
static pp_id find_or_add(struct pp_profile *p, const struct pp_sample *s)
{
    pp_id *first = first_of_stack(p, s->node);
    if (!s->node)
        return pp_intern(&p->samples, s);
    if (!*first)
        *first = pp_append_row(&p->samples, s);
    bool same = memcmp(pp_sample(p, *first), s, sizeof *s) == 0;
    return same ? *first : pp_intern(&p->samples, s);
}

pp_id pp_sample_id(struct pp_profile *p, const struct pp_sample *s)
{
    pp_id id = find_or_add(p, s);
    for (unsigned c = 0; c < p->ncolumns; c++)
        if (p->columns[c].cap < p->samples.count)
            grow_column(&p->columns[c], p->samples.count);
    return id;
}

void pp_prefetch_sample(const struct pp_profile *p, pp_id node)
{
    if (node < p->of_stack_cap)
        pp_prefetch(&p->of_stack[node]);
}

void pp_prefetch_values(const struct pp_profile *p, pp_id node)
{
    pp_id id = node < p->of_stack_cap ? p->of_stack[node] : 0;
    if (!id)
        return;
    pp_prefetch(pp_sample(p, id));
    for (unsigned c = 0; c < p->ncolumns; c++)
        pp_prefetch(&p->columns[c].values[id]);
}

bool pp_add(struct pp_profile *p, pp_id id, unsigned column, int64_t value)
{
    struct pp_column *c = &p->columns[column];
    int64_t size;
    if (__builtin_sub_overflow(0, value, &size)) /* INT64_MIN has no opposite */
        return false;
    if (__builtin_add_overflow(c->weight, value < 0 ? size : value, &size))
        return false;
    c->weight = size;
    c->values[id] += value;
    return true;
}

bool pp_column_scale(struct pp_profile *p, unsigned column, unsigned decimals)
{
    struct pp_column *c = &p->columns[column];
    int64_t factor = 1;
    if (decimals <= c->decimals)
        return true;
    if (decimals > PP_MAX_DECIMALS)
        return false;
    for (unsigned i = c->decimals; i < decimals; i++)
        factor *= 10;
    int64_t weight; /* it bounds every value, so only it is checked */
    if (__builtin_mul_overflow(c->weight, factor, &weight))
        return false;
    c->weight = weight;
    c->decimals = decimals;
    for (size_t s = 0; s < p->samples.count; s++)
        c->values[s] *= factor;
    return true;
}

void pp_keep_column(struct pp_profile *p, unsigned column)
{
    const struct pp_column chosen = p->columns[column];
    unsigned kept = 0;
    for (unsigned c = 0; c < p->ncolumns; c++) {
        const struct pp_column *other = &p->columns[c];
        bool other_side = chosen.side != PP_ONLY && other->side != chosen.side &&
                          other->type == chosen.type && other->unit == chosen.unit;
        if (c == column || other_side)
            p->columns[kept++] = *other;
        else
            free(p->columns[c].values);
    }
    p->ncolumns = kept;
}

void pp_comment(struct pp_profile *p, struct pp_span text)
{
    struct pp_about *a = &p->about;
    PP_GROW(a->comments, a->ncomments + 1, a->comments_cap);
    a->comments[a->ncomments++] = pp_string(p, text);
}

/* --- reading ------------------------------------------------------------- */

const struct pp_label *pp_label_find(const struct pp_profile *p, pp_id set, pp_id key)
{
    for (; set; set = pp_label(p, set)->next)
        if (pp_label(p, set)->key == key)
            return pp_label(p, set);
    return NULL;
}

pp_id pp_string_find(const struct pp_profile *p, struct pp_span text)
{
    for (size_t id = 1; id < p->strings.count; id++)
        if (pp_same(pp_text(p, (pp_id)id), text))
            return (pp_id)id;
    return 0;
}

bool pp_sample_exists(const struct pp_profile *p, pp_id sample)
{
    if (sample)
        return true;
    for (unsigned c = 0; c < p->ncolumns; c++)
        if (p->columns[c].values[0])
            return true;
    return false;
}

size_t pp_depth(const struct pp_profile *p, pp_id node)
{
    size_t depth = 0;
    for (; node; node = pp_node(p, node)->parent)
        depth++;
    return depth;
}

size_t pp_stack(const struct pp_profile *p, pp_id node, pp_id **frames, size_t *cap)
{
    size_t depth = pp_depth(p, node);
    PP_GROW(*frames, depth, *cap);
    for (size_t i = depth; i-- > 0; node = pp_node(p, node)->parent)
        (*frames)[i] = pp_node(p, node)->frame;
    return depth;
}

void pp_turn_round(pp_id *frames, size_t n)
{
    for (size_t i = 0; i < n / 2; i++) {
        pp_id frame = frames[i];
        frames[i] = frames[n - 1 - i];
        frames[n - 1 - i] = frame;
    }
}

static int column_of_type(const struct pp_profile *p, struct pp_span type)
{
    for (unsigned c = 0; c < p->ncolumns; c++)
        if (pp_same(pp_text(p, p->columns[c].type), type))
            return (int)c;
    return -1;
}

int pp_column_select(const struct pp_profile *p, const char *name)
{
    int last = (int)p->ncolumns - 1, c;
    if (!name) {
        c = p->about.default_type ? column_of_type(p, pp_text(p, p->about.default_type)) : -1;
        return c < 0 ? last : c;
    }
    struct pp_span text = pp_str(name);
    uint64_t index;
    c = column_of_type(p, text);
    if (c < 0 && pp_starts(text, "inuse_"))
        c = column_of_type(p, (struct pp_span){text.p + strlen("inuse_"), text.end});
    if (c < 0 && pp_parse_u64(text, &index) && index < p->ncolumns)
        c = (int)index;
    return c;
}

int pp_column_other(const struct pp_profile *p, unsigned column)
{
    const struct pp_column *c = &p->columns[column];
    if (c->side == PP_ONLY)
        return -1;
    for (unsigned i = 0; i < p->ncolumns; i++) {
        const struct pp_column *o = &p->columns[i];
        if (o->type == c->type && o->unit == c->unit && o->side != PP_ONLY && o->side != c->side)
            return (int)i;
    }
    return -1;
}
