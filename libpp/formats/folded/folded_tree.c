#include "formats/folded/folded_tree.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/prefetch.h"

/* --- names --------------------------------------------------------------- */

static const char *annotation(const struct pp_frame *f)
{
    unsigned kind = f->inlined ? PP_KINDS : f->kind;
    if (!f->marked)
        return "";
    return kind == PP_KINDS ? "_[i]" : kind == PP_KERNEL ? "_[k]" : kind == PP_JIT ? "_[j]" : "";
}

/* A ";" would split a name and a newline the line: they become ":" and a blank. */
static struct pp_span written_name(struct pp_folded_tree *t, pp_id frame)
{
    struct pp_span name = pp_frame_name(t->p, frame);
    const char *suffix = annotation(pp_frame(t->p, frame));
    if (pp_empty(name))
        name = pp_str("[unknown]");
    if (!*suffix && !pp_find(name, ';') && !pp_find(name, '\n') && !pp_find(name, '\r'))
        return name;
    size_t len = pp_len(name), more = strlen(suffix);
    char *text = pp_alloc(&t->arena, len + more);
    for (size_t i = 0; i < len; i++)
        text[i] = name.p[i] == ';' ? ':' : name.p[i] == '\n' || name.p[i] == '\r' ? ' ' : name.p[i];
    memcpy(text + len, suffix, more);
    return (struct pp_span){text, text + len + more};
}

/* --- ranks --------------------------------------------------------------- */

struct key {
    struct pp_span name;
    uint32_t which; /* 2 frame, + 1 if the line continues */
};

/* The byte of the line at offset `i`; -1 for its end. */
static int byte_at(const struct key *k, size_t i)
{
    if (i < pp_len(k->name))
        return (unsigned char)k->name.p[i];
    return k->which & 1 ? ';' : -1;
}

static int compare_keys(const void *a, const void *b)
{
    const struct key *x = a, *y = b;
    size_t lx = pp_len(x->name), ly = pp_len(y->name), n = lx < ly ? lx : ly;
    int order = n ? memcmp(x->name.p, y->name.p, n) : 0;
    if (!order)
        order = byte_at(x, n) - byte_at(y, n);
    return order ? order : (lx > ly) - (lx < ly);
}

static void rank_frames(struct pp_folded_tree *t)
{
    size_t n = t->p->frames.count;
    struct key *keys = pp_calloc(n * 2, sizeof *keys);
    t->names = pp_calloc(n * 2, sizeof *t->names);
    t->ranks = pp_calloc(n * 2, sizeof *t->ranks);
    for (size_t f = 1; f < n; f++) {
        struct pp_span name = written_name(t, (pp_id)f);
        keys[2 * f] = (struct key){name, (uint32_t)(2 * f)};
        keys[2 * f + 1] = (struct key){name, (uint32_t)(2 * f + 1)};
    }
    qsort(keys + 2, (n - 1) * 2, sizeof *keys, compare_keys);
    for (size_t i = 2, rank = 0; i < n * 2; i++) {
        rank += i > 2 && compare_keys(&keys[i - 1], &keys[i]) != 0;
        t->ranks[keys[i].which] = (uint32_t)rank;
        t->names[rank] = keys[i].name;
    }
    free(keys);
}

/* --- the tree ------------------------------------------------------------ */

static struct pp_folded_numbers *numbers_at(struct pp_folded_tree *t, pp_id node)
{
    struct pp_folded_branch *b = &t->branches[node];
    if (!b->line) {
        PP_GROW(t->numbers, t->nnumbers + 1, t->numbers_cap);
        t->numbers[t->nnumbers] = (struct pp_folded_numbers){{0}};
        b->line = (uint32_t)t->nnumbers++;
    }
    return &t->numbers[b->line];
}

static void add_up(struct pp_folded_tree *t)
{
    t->branches = pp_calloc(t->p->nodes.count + 2, sizeof *t->branches);
    PP_GROW(t->numbers, 1, t->numbers_cap);
    t->numbers[t->nnumbers++] = (struct pp_folded_numbers){{0}}; /* of no node */
    for (size_t s = 0; s < t->p->samples.count; s++) {
        struct pp_folded_numbers *sum = numbers_at(t, pp_sample(t->p, (pp_id)s)->node);
        for (unsigned c = 0; c < t->ncolumns; c++)
            sum->values[c] += t->p->columns[t->columns[c]].values[s];
    }
}

/* A difference also has the stacks in which nothing is left, as they existed before. */
static bool ends_line(const struct pp_folded_tree *t, size_t node)
{
    uint32_t line = t->branches[node].line;
    return line && (t->ncolumns > 1 || t->numbers[line].values[0]);
}

/* Lists the children of each node with a line of their own or further up. */
static void link_children(struct pp_folded_tree *t)
{
    size_t n = t->p->nodes.count;
    struct pp_folded_branch *branches = t->branches;
    t->sizes = pp_calloc(n, sizeof *t->sizes);
    t->children = pp_calloc(n, sizeof *t->children);
    for (size_t i = n; i-- > 1;) {
        if (!t->sizes[i] && !ends_line(t, i))
            continue;
        size_t parent = pp_node(t->p, (pp_id)i)->parent;
        t->sizes[parent] += ++t->sizes[i];
        branches[parent + 2].first++;
    }
    for (size_t i = 2; i < n + 2; i++)
        branches[i].first += branches[i - 1].first;
    for (size_t i = 1; i < n; i++) /* moves the first index of parent + 1 to its final place */
        if (t->sizes[i])
            t->children[branches[(size_t)pp_node(t->p, (pp_id)i)->parent + 1].first++] = (pp_id)i;
}

/* --- columns ------------------------------------------------------------- */

static void add_column(struct pp_folded_tree *t, int c)
{
    t->decimals[t->ncolumns] = t->p->columns[c].decimals;
    t->columns[t->ncolumns++] = (unsigned)c;
}

/* The column to write; or those before and after, if the profile is a difference. */
static void choose_columns(struct pp_folded_tree *t)
{
    int shown = pp_column_select(t->p, NULL);
    if (shown < 0)
        return;
    int other = pp_column_other(t->p, (unsigned)shown);
    if (other < 0) {
        add_column(t, shown);
        return;
    }
    bool shown_first = t->p->columns[shown].side == PP_BEFORE;
    add_column(t, shown_first ? shown : other);
    add_column(t, shown_first ? other : shown);
}

/* --- entry point --------------------------------------------------------- */

void pp_folded_tree_init(struct pp_folded_tree *t, const struct pp_profile *p)
{
    *t = (struct pp_folded_tree){.p = p};
    choose_columns(t);
    if (!t->ncolumns)
        return;
    add_up(t);
    rank_frames(t);
    link_children(t);
}

void pp_folded_tree_release(struct pp_folded_tree *t)
{
    free(t->names);
    free(t->ranks);
    free(t->numbers);
    free(t->branches);
    free(t->sizes);
    free(t->children);
    pp_arena_release(&t->arena);
}

/* --- the order ----------------------------------------------------------- */

static int compare_items(const void *a, const void *b)
{
    const struct pp_folded_item *x = a,
                                *y = b; /* the last one is next, so the greatest comes first */
    if (x->rank != y->rank)
        return x->rank < y->rank ? 1 : -1;
    return x->node < y->node ? 1 : -1;
}

static bool has_children(const struct pp_folded_tree *t, pp_id node)
{
    const struct pp_folded_branch *b = &t->branches[node];
    return b[0].first < b[1].first;
}

static void push(struct pp_folded_walk *w, const struct pp_folded_tree *t, pp_id node,
                 uint32_t depth, uint32_t line)
{
    uint32_t rank = t->ranks[2 * pp_node(t->p, node)->frame + !line];
    PP_GROW(w->items, w->n + 1, w->cap);
    w->items[w->n++] = (struct pp_folded_item){node, rank, depth, line};
    if (!line)
        pp_prefetch(&t->children[t->branches[node].first]);
}

static void fetch(const struct pp_folded_tree *t, const struct pp_folded_branch *parent)
{
    for (size_t i = parent[0].first; i < parent[1].first; i++) {
        pp_prefetch(&t->branches[t->children[i]]);
        pp_prefetch(pp_node(t->p, t->children[i]));
    }
}

void pp_folded_walk_on(struct pp_folded_walk *w, const struct pp_folded_tree *t, pp_id node,
                       uint32_t depth)
{
    const struct pp_folded_branch *parent = &t->branches[node];
    size_t begin = w->n;
    fetch(t, parent);
    for (size_t i = parent[0].first; i < parent[1].first; i++) {
        pp_id child = t->children[i];
        if (ends_line(t, child))
            push(w, t, child, depth, t->branches[child].line);
        if (has_children(t, child))
            push(w, t, child, depth, 0);
    }
    if (w->n - begin > 1)
        qsort(w->items + begin, w->n - begin, sizeof *w->items, compare_items);
}
