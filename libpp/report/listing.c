#include "report/listing.h"

#include <stdlib.h>

#include "base/bisect.h"
#include "base/memory.h"

/* Lines to show before the first one with samples and after the last one. */
enum { MARGIN = 5 };

static const struct pp_entry *entry_of(const struct pp_graph *g, pp_id node)
{
    return pp_entry(&g->entries, g->nodes[node].entry);
}

/* --- order --------------------------------------------------------------- */

static int compare_nodes(const void *a, const void *b, void *ctx)
{
    const struct pp_graph *g = ctx;
    const struct pp_entry *x = entry_of(g, *(const pp_id *)a), *y = entry_of(g, *(const pp_id *)b);
    int order = pp_compare_spans(pp_text(g->p, x->name), pp_text(g->p, y->name));
    if (!order)
        order = pp_compare_spans(pp_string_at(&g->entries.strings, x->file),
                                 pp_string_at(&g->entries.strings, y->file));
    if (!order)
        order = (x->line > y->line) - (x->line < y->line);
    return order
               ? order
               : (*(const pp_id *)a > *(const pp_id *)b) - (*(const pp_id *)a < *(const pp_id *)b);
}

/* The nodes of functions whose name matches; each name is matched once. */
static size_t find_nodes(struct pp_listings *all, const struct pp_report *r)
{
    const struct pp_graph *g = &all->g;
    char *known = pp_calloc(r->p->strings.count, sizeof *known);
    size_t n = 0;
    all->nodes = pp_calloc(g->nnodes, sizeof *all->nodes);
    for (size_t i = 0; i < g->nnodes; i++) {
        pp_id name = entry_of(g, (pp_id)i)->name;
        if (!name || (!g->nodes[i].flat && !g->nodes[i].cum))
            continue;
        if (!known[name])
            known[name] = r->matches(r->ctx, pp_text(r->p, name)) ? 'y' : 'n';
        if (known[name] == 'y')
            all->nodes[n++] = (pp_id)i;
    }
    free(known);
    return n;
}

/* --- listings ------------------------------------------------------------ */

/* From the start of the function, if known, to after its last line. */
static void set_range(struct pp_listing *l)
{
    uint32_t start = UINT32_MAX, end = 0;
    for (size_t i = 0; i < l->count; i++) {
        const struct pp_entry *e = entry_of(l->g, l->nodes[i]);
        uint32_t first = e->start_line ? e->start_line : e->line > MARGIN ? e->line - MARGIN : 1;
        start = first < start ? first : start;
        end = e->line > end ? e->line : end;
    }
    l->start = start;
    l->end = end > UINT32_MAX - MARGIN ? end : end + MARGIN;
}

static void add_listing(struct pp_listings *all, const pp_id *nodes, size_t count)
{
    const struct pp_entry *e = entry_of(&all->g, nodes[0]);
    struct pp_listing l = {
        .function = pp_text(all->g.p, e->name),
        .file = pp_string_at(&all->g.entries.strings, e->file),
        .g = &all->g,
        .nodes = nodes,
        .count = count,
    };
    for (size_t i = 0; i < count; i++) {
        l.flat += pp_node_flat(&all->g.nodes[nodes[i]]);
        l.cum += pp_node_cum(&all->g.nodes[nodes[i]]);
    }
    set_range(&l);
    all->list[all->count++] = l;
}

/* The end of the nodes of the same function as node `i`; with `file`, of those in the same file. */
static size_t group_end(const struct pp_listings *all, size_t i, size_t n, bool file)
{
    const struct pp_entry *first = entry_of(&all->g, all->nodes[i]);
    for (i++; i < n; i++) {
        const struct pp_entry *e = entry_of(&all->g, all->nodes[i]);
        if (e->name != first->name || (file && e->file != first->file))
            break;
    }
    return i;
}

/* Lists a function in each of its files; without a file only if it has none. */
static void add_listings(struct pp_listings *all, size_t n)
{
    for (size_t i = 0, end; i < n; i = end) {
        end = group_end(all, i, n, true);
        bool more = group_end(all, i, n, false) > end;
        if (entry_of(&all->g, all->nodes[i])->file || !more)
            add_listing(all, all->nodes + i, end - i);
    }
}

void pp_listings_init(struct pp_listings *all, struct pp_report *r)
{
    *all = (struct pp_listings){0};
    pp_graph_init(&all->g, r);
    size_t n = find_nodes(all, r);
    all->list = pp_calloc(n, sizeof *all->list);
    if (n)
        qsort_r(all->nodes, n, sizeof *all->nodes, compare_nodes, &all->g);
    add_listings(all, n);
}

void pp_listings_release(struct pp_listings *all)
{
    pp_graph_release(&all->g);
    free(all->nodes);
    free(all->list);
}

size_t pp_listing_nodes(const struct pp_listing *l, uint32_t line, size_t *first)
{
    size_t end;
    PP_BISECT(n, l->count, i, entry_of(l->g, l->nodes[i])->line < line);
    for (end = n; end < l->count && entry_of(l->g, l->nodes[end])->line == line;)
        end++;
    *first = n;
    return end - n;
}

void pp_listing_values(const struct pp_listing *l, uint32_t line, int64_t *flat, int64_t *cum)
{
    size_t first, n = pp_listing_nodes(l, line, &first);
    *flat = *cum = 0;
    for (size_t i = first; i < first + n; i++) {
        *flat += pp_node_flat(&l->g->nodes[l->nodes[i]]);
        *cum += pp_node_cum(&l->g->nodes[l->nodes[i]]);
    }
}
