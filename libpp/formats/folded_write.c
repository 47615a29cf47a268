/*
 * Writes folded stacks, see folded.c, in the order of their bytes without ever putting all lines
 * together. The line that ends at a node sorts by the node's name, those that go on by the name
 * and a ";". These two keys of every frame are ranked once; siblings are then sorted by number.
 */
#include <stdlib.h>

#include "base/memory.h"
#include "formats/format.h"
#include "model/totals.h"

bool pp_folded_write(const struct pp_profile *p, struct pp_out *out);

/* What to write next: the line that ends at a node, or those that go on from it. */
struct item {
    size_t prefix; /* how much of the prefix it stands behind */
    pp_id node;
    uint32_t rank;
    bool goes_on;
};

/* What is known of a node, all in one place: most of these are far from the one before. */
struct branch {
    int64_t self;   /* in the first column */
    uint32_t first; /* where its children begin in `children` */
    bool ends;      /* a line ends here */
    bool leads;     /* here, or further up, one does */
};

struct writer {
    const struct pp_profile *p;
    struct pp_out *out;
    unsigned ncolumns; /* 1, or 2 for a count before and one after */
    unsigned columns[2], decimals[2];
    struct pp_span *names; /* by frame, as they are written */
    uint32_t *ranks;       /* by frame: 2 f for the line that ends, 2 f + 1 for those that go on */
    struct branch *branches; /* by node */
    int64_t *after;          /* by node: what is its own in the second column */
    pp_id *children;
    struct item *items; /* still to be written, the next one last */
    size_t nitems, items_cap;
    struct pp_out prefix; /* of the lines at hand: "main;parse;" */
    struct pp_arena arena;
};

/* --- names --------------------------------------------------------------- */

static const char *annotation(const struct pp_profile *p, const struct pp_frame *f)
{
    unsigned kind = f->inlined ? PP_KINDS : f->kind;
    if (!(p->annotated >> kind & 1))
        return "";
    return kind == PP_KINDS ? "_[i]" : kind == PP_KERNEL ? "_[k]" : kind == PP_JIT ? "_[j]" : "";
}

/* A ";" would cut a name in two and a newline the line: they become ":" and a blank. */
static struct pp_span written_name(struct writer *w, pp_id frame)
{
    struct pp_span name = pp_frame_name(w->p, frame);
    const char *suffix = annotation(w->p, pp_frame(w->p, frame));
    if (pp_empty(name))
        name = pp_str("[unknown]");
    if (!*suffix && !pp_find(name, ';') && !pp_find(name, '\n') && !pp_find(name, '\r'))
        return name;
    size_t len = pp_len(name), more = strlen(suffix);
    char *text = pp_alloc(&w->arena, len + more);
    for (size_t i = 0; i < len; i++)
        text[i] = name.p[i] == ';' ? ':' : name.p[i] == '\n' || name.p[i] == '\r' ? ' ' : name.p[i];
    memcpy(text + len, suffix, more);
    return (struct pp_span){text, text + len + more};
}

/* --- ranks --------------------------------------------------------------- */

struct key {
    struct pp_span name;
    uint32_t which; /* 2 frame, + 1 if lines go on */
};

/* What stands in the line at byte `i`; -1 for its end. */
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

static void rank_frames(struct writer *w)
{
    size_t n = w->p->frames.count;
    struct key *keys = pp_calloc(n * 2, sizeof *keys);
    w->names = pp_calloc(n, sizeof *w->names);
    w->ranks = pp_calloc(n * 2, sizeof *w->ranks);
    for (size_t f = 1; f < n; f++) {
        w->names[f] = written_name(w, (pp_id)f);
        keys[2 * f] = (struct key){w->names[f], (uint32_t)(2 * f)};
        keys[2 * f + 1] = (struct key){w->names[f], (uint32_t)(2 * f + 1)};
    }
    qsort(keys + 2, (n - 1) * 2, sizeof *keys, compare_keys);
    for (size_t i = 2, rank = 0; i < n * 2; i++) {
        rank += i > 2 && compare_keys(&keys[i - 1], &keys[i]) != 0;
        w->ranks[keys[i].which] = (uint32_t)rank;
    }
    free(keys);
}

/* --- the tree ------------------------------------------------------------ */

/* Of a difference also the stacks are written of which nothing is left: they were there. */
static void add_up(struct writer *w)
{
    const int64_t *values = w->p->columns[w->columns[0]].values;
    w->branches = pp_calloc(w->p->nodes.count + 2, sizeof *w->branches);
    for (size_t s = 0; s < w->p->samples.count; s++) {
        struct branch *b = &w->branches[pp_sample(w->p, (pp_id)s)->node];
        b->self += values[s];
        b->ends = w->ncolumns > 1 || b->self;
    }
    if (w->ncolumns > 1)
        w->after = pp_self(w->p, w->columns[1]);
}

static void link_children(struct writer *w)
{
    size_t n = w->p->nodes.count;
    struct branch *branches = w->branches;
    w->children = pp_calloc(n, sizeof *w->children);
    for (size_t i = n; i-- > 1;) {
        branches[i].leads = branches[i].leads || branches[i].ends;
        if (!branches[i].leads)
            continue;
        size_t parent = pp_node(w->p, (pp_id)i)->parent;
        branches[parent].leads = true;
        branches[parent + 2].first++;
    }
    for (size_t i = 2; i < n + 2; i++)
        branches[i].first += branches[i - 1].first;
    for (size_t i = 1; i < n; i++) /* moves the first of parent + 1 to where it must be */
        if (branches[i].leads)
            w->children[branches[(size_t)pp_node(w->p, (pp_id)i)->parent + 1].first++] = (pp_id)i;
}

/* --- lines --------------------------------------------------------------- */

static int compare_items(const void *a, const void *b)
{
    const struct item *x = a, *y = b; /* the last is taken first, so the greatest comes first */
    if (x->rank != y->rank)
        return x->rank < y->rank ? 1 : -1;
    return x->node < y->node ? 1 : -1;
}

static bool has_children(const struct writer *w, pp_id node)
{
    const struct branch *b = &w->branches[node];
    return b[0].first < b[1].first;
}

static void push(struct writer *w, pp_id node, bool goes_on)
{
    uint32_t rank = w->ranks[2 * pp_node(w->p, node)->frame + goes_on];
    PP_GROW(w->items, w->nitems + 1, w->items_cap);
    w->items[w->nitems++] = (struct item){w->prefix.len, node, rank, goes_on};
    if (goes_on)
        __builtin_prefetch(&w->children[w->branches[node].first]);
}

static void fetch(const struct writer *w, const struct branch *parent)
{
    for (size_t i = parent[0].first; i < parent[1].first; i++) {
        __builtin_prefetch(&w->branches[w->children[i]]);
        __builtin_prefetch(pp_node(w->p, w->children[i]));
    }
}

/* Puts the lines of all children of `node` on the stack of what is to be written. */
static void push_children(struct writer *w, pp_id node)
{
    const struct branch *parent = &w->branches[node];
    size_t begin = w->nitems;
    fetch(w, parent);
    for (size_t i = parent[0].first; i < parent[1].first; i++) {
        pp_id child = w->children[i];
        if (w->branches[child].ends)
            push(w, child, false);
        if (has_children(w, child))
            push(w, child, true);
    }
    if (w->nitems - begin > 1)
        qsort(w->items + begin, w->nitems - begin, sizeof *w->items, compare_items);
}

static void write_line(struct writer *w, pp_id node)
{
    pp_put(w->out, pp_out_bytes(&w->prefix));
    struct pp_span name = w->names[pp_node(w->p, node)->frame];
    if (w->ncolumns == 1 || !pp_is(name, " ")) /* difffolded.pl trims the stack */
        pp_put(w->out, name);
    for (unsigned c = 0; c < w->ncolumns; c++) {
        pp_putc(w->out, ' ');
        pp_put_decimal(w->out, c ? w->after[node] : w->branches[node].self, w->decimals[c]);
    }
    pp_putc(w->out, '\n');
}

static void write_lines(struct writer *w)
{
    push_children(w, 0);
    while (w->nitems && !w->out->failed) {
        struct item item = w->items[--w->nitems];
        w->prefix.len = item.prefix;
        if (!item.goes_on) {
            write_line(w, item.node);
            continue;
        }
        pp_put(&w->prefix, w->names[pp_node(w->p, item.node)->frame]);
        pp_putc(&w->prefix, ';');
        push_children(w, item.node);
    }
}

/* --- the profile --------------------------------------------------------- */

static void add_column(struct writer *w, int c)
{
    w->decimals[w->ncolumns] = w->p->columns[c].decimals;
    w->columns[w->ncolumns++] = (unsigned)c;
}

/* The column to show; or those before and after, if the profile is a difference. */
static void choose_columns(struct writer *w)
{
    int shown = pp_column_select(w->p, NULL);
    if (shown < 0)
        return;
    int other = pp_column_other(w->p, (unsigned)shown);
    if (other < 0) {
        add_column(w, shown);
        return;
    }
    bool shown_first = w->p->columns[shown].side == PP_BEFORE;
    add_column(w, shown_first ? shown : other);
    add_column(w, shown_first ? other : shown);
}

static void release(struct writer *w)
{
    free(w->names);
    free(w->ranks);
    free(w->branches);
    free(w->after);
    free(w->children);
    free(w->items);
    pp_out_release(&w->prefix);
    pp_arena_release(&w->arena);
}

bool pp_folded_write(const struct pp_profile *p, struct pp_out *out)
{
    struct writer w = {.p = p, .out = out};
    choose_columns(&w);
    if (w.ncolumns) {
        add_up(&w);
        if (w.branches[0].self || (w.after && w.after[0]))
            pp_warning(out->diag, out->name, "samples without a stack are left out");
        rank_frames(&w);
        link_children(&w);
        write_lines(&w);
    }
    release(&w);
    return !out->failed;
}
