/* Writes columns, frames and nodes. */
#include <stdlib.h>

#include "base/memory.h"
#include "render/describe.h"
#include "render/frame_color.h"
#include "render/html_data_private.h"

void pp_html_put_columns(struct pp_html_writer *w)
{
    const struct pp_profile *p = w->p;
    pp_html_put(&w->rows, p->ncolumns);
    for (unsigned c = 0; c < p->ncolumns; c++)
        pp_html_put_text(w, pp_text(p, p->columns[c].type));
    for (unsigned c = 0; c < p->ncolumns; c++)
        pp_html_put_text(w, pp_text(p, p->columns[c].unit));
    for (unsigned c = 0; c < p->ncolumns; c++)
        pp_html_put(&w->rows, p->columns[c].side);
    for (unsigned c = 0; c < p->ncolumns; c++)
        pp_html_put(&w->rows, p->columns[c].decimals);
    pp_html_end_section(w, PP_HTML_COLUMNS);
}

/* --- frames -------------------------------------------------------------- */

/* Writes all colours. Returns the number of each frame's colour, which the caller frees. */
static pp_id *put_colors(struct pp_html_writer *w)
{
    size_t n = w->p->frames.count;
    pp_id *of_frame = pp_calloc(n, sizeof *of_frame);
    struct pp_strings colors; /* three bytes each; the first is number 1 */
    uint64_t seed = 0;
    pp_strings_init(&colors);
    for (size_t f = 1; f < n; f++) {
        struct pp_named_frame frame = pp_describe_frame(w->p, (pp_id)f);
        struct pp_rgb c = pp_lasting_color(w->options->look, (pp_id)f, &frame, &seed);
        const char bytes[] = {(char)c.r, (char)c.g, (char)c.b};
        of_frame[f] = pp_intern_string(&colors, (struct pp_span){bytes, bytes + sizeof bytes}) - 1;
    }
    pp_html_put(&w->rows, colors.count - 1);
    for (size_t part = 0; part < 3; part++)
        for (size_t i = 1; i < colors.count; i++)
            pp_putc(&w->rows, pp_string_at(&colors, (pp_id)i).p[part]);
    pp_strings_release(&colors);
    return of_frame;
}

/* Writes the place of each frame in the code. */
static void put_places(struct pp_html_writer *w)
{
    const struct pp_profile *p = w->p;
    size_t n = p->frames.count;
    for (size_t f = 1; f < n; f++)
        pp_html_put_text(w, pp_text(p, pp_mapping(p, pp_frame(p, (pp_id)f)->mapping)->file));
    for (size_t f = 1; f < n; f++)
        pp_html_put_text(w, pp_text(p, pp_function(p, pp_frame(p, (pp_id)f)->function)->file));
    for (size_t f = 1; f < n; f++)
        pp_html_put(&w->rows, pp_frame(p, (pp_id)f)->line);
}

void pp_html_put_frames(struct pp_html_writer *w)
{
    size_t n = w->p->frames.count;
    pp_id *colors = put_colors(w);
    pp_html_put(&w->rows, n - 1);
    for (size_t f = 1; f < n; f++)
        pp_html_put_text(w, pp_describe_frame(w->p, (pp_id)f).name);
    for (size_t f = 1; f < n; f++)
        pp_html_put(&w->rows, (uint64_t)pp_describe_frame(w->p, (pp_id)f).mark);
    for (size_t f = 1; f < n; f++)
        pp_html_put(&w->rows, colors[f]);
    put_places(w);
    free(colors);
    pp_html_end_section(w, PP_HTML_FRAMES);
}

/* --- nodes in preorder ----------------------------------------------------- */

struct named {
    struct pp_span name;
    pp_id frame;
};

static int compare_named(const void *a, const void *b)
{
    const struct named *x = a, *y = b;
    int order = pp_compare_spans(x->name, y->name);
    return order ? order : (x->frame > y->frame) - (x->frame < y->frame);
}

/* The rank of each frame by name; the caller frees it. */
static pp_id *rank_frames(const struct pp_profile *p)
{
    size_t n = p->frames.count;
    struct named *order = pp_calloc(n, sizeof *order);
    pp_id *ranks = pp_calloc(n, sizeof *ranks);
    for (size_t f = 0; f < n; f++)
        order[f] = (struct named){pp_describe_frame(p, (pp_id)f).name, (pp_id)f};
    qsort(order, n, sizeof *order, compare_named);
    for (size_t i = 0; i < n; i++)
        ranks[order[i].frame] = (pp_id)i;
    free(order);
    return ranks;
}

/* All nodes, sorted by the names of their frames; the caller frees them. */
static pp_id *nodes_by_name(const struct pp_profile *p)
{
    size_t n = p->nodes.count;
    pp_id *ranks = rank_frames(p), *order = pp_calloc(n, sizeof *order);
    size_t *first = pp_calloc(p->frames.count + 1, sizeof *first);
    for (size_t i = 0; i < n; i++)
        first[ranks[pp_node(p, (pp_id)i)->frame] + 1]++;
    for (size_t f = 0; f < p->frames.count; f++)
        first[f + 1] += first[f];
    for (size_t i = 0; i < n; i++)
        order[first[ranks[pp_node(p, (pp_id)i)->frame]]++] = (pp_id)i;
    free(first);
    free(ranks);
    return order;
}

/* For each node whether it is in a sampled stack; the caller frees it. */
static bool *sampled_nodes(const struct pp_profile *p)
{
    bool *sampled = pp_calloc(p->nodes.count, sizeof *sampled);
    for (size_t s = 0; s < p->samples.count; s++)
        sampled[pp_sample(p, (pp_id)s)->node] = true;
    for (size_t n = p->nodes.count; n-- > 1;)
        sampled[pp_node(p, (pp_id)n)->parent] |= sampled[n];
    return sampled;
}

/* Lists of children by name: the first child of each node, and the next sibling of each. */
struct children {
    pp_id *first, *next;
};

static struct children link_children(const struct pp_profile *p)
{
    size_t n = p->nodes.count;
    struct children c = {pp_calloc(n, sizeof *c.first), pp_calloc(n, sizeof *c.next)};
    pp_id *order = nodes_by_name(p);
    bool *sampled = sampled_nodes(p);
    for (size_t i = n; i-- > 0;) {
        pp_id node = order[i], parent = pp_node(p, node)->parent;
        if (!node || !sampled[node])
            continue;
        c.next[node] = c.first[parent];
        c.first[parent] = node;
    }
    free(order);
    free(sampled);
    return c;
}

struct pp_html_walk pp_html_walk_nodes(const struct pp_profile *p)
{
    size_t n = p->nodes.count;
    struct children c = link_children(p);
    struct pp_html_walk walk = {pp_calloc(n, sizeof *walk.nodes), pp_calloc(n, sizeof *walk.ups),
                                0};
    uint32_t ups = 0;
    for (pp_id at = c.first[0]; at;) {
        walk.ups[walk.count] = ups;
        walk.nodes[walk.count++] = at;
        ups = 0;
        if (c.first[at]) {
            at = c.first[at];
            continue;
        }
        for (ups = 1; at && !c.next[at]; ups++)
            at = pp_node(p, at)->parent;
        at = at ? c.next[at] : 0;
    }
    free(c.first);
    free(c.next);
    return walk;
}

void pp_html_put_walk(struct pp_html_writer *w, const struct pp_profile *p,
                      const struct pp_html_walk *walk)
{
    pp_html_put(&w->rows, walk->count);
    for (size_t i = 0; i < walk->count; i++)
        pp_html_put(&w->rows, walk->ups[i]);
    for (size_t i = 0; i < walk->count; i++)
        pp_html_put(&w->rows, pp_node(p, walk->nodes[i])->frame);
}

void pp_html_put_nodes(struct pp_html_writer *w)
{
    const struct pp_profile *p = w->p;
    struct pp_html_walk walk = pp_html_walk_nodes(p);
    w->node_numbers = pp_calloc(p->nodes.count, sizeof *w->node_numbers);
    for (size_t i = 0; i < walk.count; i++)
        w->node_numbers[walk.nodes[i]] = (pp_id)(i + 1);
    pp_html_put_walk(w, p, &walk);
    free(walk.nodes);
    free(walk.ups);
    pp_html_end_section(w, PP_HTML_NODES);
}
