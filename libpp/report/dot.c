/* graph: a picture in DOT, the language of Graphviz. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "model/program.h"
#include "report/labels.h"
#include "report/reports.h"
#include "report/select.h"
#include "report/shorten.h"

enum { MOST_BOXES = 4 }; /* of a node, and of a box */

struct dot {
    const struct pp_report *r;
    struct pp_graph *g;
    struct pp_node_tags *tags;
    struct pp_out *out, text;
    pp_id *number;         /* by node: its number in the picture; 0: not in it */
    pp_id *boxes, *first;  /* tags by node, and where those of each node begin */
    struct pp_span *units; /* of labels, by key */
    double most;           /* the largest flat value */
    bool *boxed;           /* by node: it has boxes */
};

/* --- texts --------------------------------------------------------------- */

/*
 * In a string of DOT, only a quote ends it, and a backslash begins an escape. Lines end with
 * `newline`; other control characters become '?'.
 */
static void put_escaped(struct pp_out *out, struct pp_span s, const char *newline)
{
    for (const char *next; s.p < s.end; s.p = next) {
        size_t control = pp_control(s);
        next = s.p + (control ? control : 1);
        if (*s.p == '\n') {
            pp_puts(out, newline);
            continue;
        }
        if (*s.p == '"' || *s.p == '\\')
            pp_putc(out, '\\');
        pp_putc(out, control ? '?' : *s.p);
    }
}

static void put_text(struct dot *d, struct pp_span s)
{
    put_escaped(d->out, s, "\\l");
}

static void put_value(struct dot *d, int64_t v)
{
    struct pp_quantity q = pp_report_value(d->r, v);
    pp_puts(d->out, q.number);
    put_text(d, q.unit); /* from the input, so it may contain anything */
}

static void put_share(struct dot *d, int64_t v)
{
    char percent[PP_PERCENT_SIZE];
    pp_puts(d->out, " (");
    pp_put(d->out, pp_trim(pp_str(pp_percent(percent, v, d->r->total))));
    pp_putc(d->out, ')');
}

/* Green for decreases, red for large and grey for small values; pale behind text. */
static void put_color(struct dot *d, int64_t value, bool pale)
{
    double score = d->r->total ? (double)value / fabs((double)d->r->total) : 0;
    double saturation = pale ? 0.1 : 1, brightness = pale ? 0.93 : 0.7;
    score = score > 1 ? 1 : score < -1 ? -1 : score;
    if (fabs(score) < 0.2)
        saturation *= fabs(score) / 0.2;
    double shade = brightness * (1 - saturation * pow(fabs(score), 0.3));
    double red = score < 0 ? shade : brightness, green = score < 0 ? brightness : shade;
    double blue = brightness * (1 - saturation);
    pp_putf(d->out, "#%02x%02x%02x", (unsigned)(red * 255), (unsigned)(green * 255),
            (unsigned)(blue * 255));
}

/* "comm: sh 70.00%, make 30.00%": commands, if they are few enough for a line. */
static void put_commands(struct dot *d)
{
    const struct pp_node_tags *t = d->tags;
    char percent[PP_PERCENT_SIZE];
    for (size_t i = 0; i < t->ncommands; i++) {
        pp_puts(&d->text, i ? ", " : "comm: ");
        pp_put(&d->text, pp_text(d->g->p, t->commands[i].text));
        pp_percent(percent, t->commands[i].sum, d->g->r->total);
        pp_putf(&d->text, " %s", percent + strspn(percent, " "));
    }
    if (t->ncommands)
        pp_putc(&d->text, '\n');
}

/* --- title --------------------------------------------------------------- */

static void put_title(struct dot *d)
{
    const struct pp_profile *p = d->r->p;
    struct pp_span file = {0};
    if (p->mappings.count > 1)
        file = pp_base_name(pp_text(p, pp_mapping(p, pp_program(p))->file));
    pp_puts(d->out, "digraph \"");
    put_text(d, pp_empty(file) ? pp_str("unnamed") : file);
    pp_puts(d->out, "\" {\nnode [style=filled fillcolor=\"#f8f8f8\"]\n");

    struct pp_report full = *d->r;
    full.compact = false;
    d->text.len = 0;
    pp_put_heading(&d->text, &full, &d->g->about);
    put_commands(d);
    struct pp_span legend = pp_out_bytes(&d->text), rest = legend, line = legend;
    pp_cut(&rest, '\n', &line);
    pp_puts(d->out, "subgraph cluster_L { \"");
    put_text(d, line);
    pp_puts(d->out, "\" [shape=box fontsize=16 label=\"");
    put_text(d, legend);
    pp_putc(d->out, '"');
    if (!pp_empty(file)) {
        pp_puts(d->out, " tooltip=\"");
        put_text(d, file);
        pp_putc(d->out, '"');
    }
    pp_puts(d->out, "] }\n");
}

/* --- nodes --------------------------------------------------------------- */

/* Writes the name on several lines, broken at "::" and ".". */
static void put_broken_name(struct dot *d, struct pp_span name)
{
    struct pp_out brief;
    pp_out_memory(&brief, NULL);
    pp_put_short_name(&brief, name);
    struct pp_span s = pp_out_bytes(&brief);
    const char *start = s.p;
    for (const char *p = s.p; p < s.end; p++) {
        bool colons = s.end - p >= 2 && p[0] == ':' && p[1] == ':';
        if (!colons && *p != '.')
            continue;
        put_escaped(&d->text, (struct pp_span){start, p}, "\\l");
        pp_puts(&d->text, "\\n");
        p += colons;
        start = p + 1;
    }
    put_escaped(&d->text, (struct pp_span){start, s.end}, "\\l");
    pp_out_release(&brief);
}

static void put_label(struct dot *d, pp_id node)
{
    const struct pp_graph_node *n = &d->g->nodes[node];
    const struct pp_entries *entries = &d->g->entries;
    int64_t flat = pp_node_flat(n), cum = pp_node_cum(n);
    struct pp_out file, label; /* in memory, as the output is read again */
    d->text.len = 0;
    put_broken_name(d, pp_text(d->g->p, pp_entry(entries, n->entry)->name));
    struct pp_span path = pp_entry_file(entries, n->entry);
    pp_out_memory(&file, NULL);
    put_escaped(&file, pp_base_name(path), "\\l");
    pp_out_memory(&label, NULL);
    pp_put_entry(&label, entries, n->entry, pp_out_bytes(&d->text), pp_out_bytes(&file), "\\n");
    pp_put(d->out, pp_out_bytes(&label));
    pp_out_release(&label);
    pp_out_release(&file);
    pp_puts(d->out, "\\n");
    put_value(d, flat);
    if (flat)
        put_share(d, flat);
    if (cum == flat)
        return;
    pp_puts(d->out, flat ? "\\n" : " ");
    pp_puts(d->out, "of ");
    put_value(d, cum);
    put_share(d, cum);
}

static void put_node(struct dot *d, pp_id node)
{
    const struct pp_graph_node *n = &d->g->nodes[node];
    int64_t flat = pp_node_flat(n), cum = pp_node_cum(n);
    int size = 8;
    if (flat && d->most != 0)
        size += (int)ceil(16 * sqrt(fabs((double)flat) / d->most));
    pp_putf(d->out, "N%u [label=\"", (unsigned)d->number[node]);
    put_label(d, node);
    pp_putf(d->out, "\" id=\"node%u\" fontsize=%d shape=box tooltip=\"", (unsigned)d->number[node],
            size);
    put_text(d, pp_node_text(d->g, node));
    pp_puts(d->out, " (");
    put_value(d, cum);
    pp_puts(d->out, ")\" color=\"");
    put_color(d, cum, false);
    pp_puts(d->out, "\" fillcolor=\"");
    put_color(d, cum, true);
    pp_puts(d->out, "\"]\n");
}

/* --- boxes --------------------------------------------------------------- */

/* A box to draw: a tag, or the numbers of a range. */
struct box {
    struct pp_span name;
    int64_t flat, cum;
    const struct pp_node_tag *low, *high; /* of numbers */
    const struct pp_node_tag *tag;        /* of text labels */
    int64_t sums[4];                      /* flat, its divisor, cum, its divisor */
    size_t merged;
};

static int by_size(int64_t a, int64_t b)
{
    a = pp_abs(a);
    b = pp_abs(b);
    return (a < b) - (a > b);
}

static int compare_by(const struct box *x, const struct box *y, bool flat)
{
    int order = flat ? 0 : by_size(x->cum, y->cum);
    if (!order)
        order = by_size(x->flat, y->flat);
    return order ? order : pp_compare_spans(x->name, y->name);
}

static int compare_flat(const void *a, const void *b)
{
    return compare_by(a, b, true);
}

static int compare_cum(const void *a, const void *b)
{
    return compare_by(a, b, false);
}

static void sort_boxes(struct box *boxes, size_t n, bool flat)
{
    if (n > 1)
        qsort(boxes, n, sizeof *boxes, flat ? compare_flat : compare_cum);
}

/*
 * Collects the tags of a node that are text labels (labels 0 and no name), or the numbers of some.
 */
static size_t collect(struct dot *d, pp_id node, bool numbers, pp_id labels, struct box *boxes)
{
    size_t n = 0;
    for (pp_id i = d->first[node]; i < d->first[node + 1]; i++) {
        const struct pp_node_tag *t = &d->tags->tags[d->boxes[i]];
        if ((t->name != 0) != numbers || (numbers && t->labels != labels))
            continue;
        boxes[n++] = (struct box){
            .name = pp_string_at(&d->tags->strings, numbers ? t->name : t->labels),
            .flat = t->flat,
            .cum = t->cum,
            .low = t,
            .high = t,
            .tag = t,
            .sums = {t->flat, t->flat_divisor, t->cum, t->cum_divisor},
            .merged = 1,
        };
    }
    return n;
}

static void put_box(struct dot *d, const char *at, size_t i, struct pp_span name, int64_t weight)
{
    pp_putf(d->out, "N%s_%zu [label = \"", at, i);
    put_escaped(d->out, name, "\\n");
    pp_putf(d->out, "\" id=\"N%s_%zu\" fontsize=8 shape=box3d tooltip=\"", at, i);
    put_value(d, weight);
    pp_puts(d->out, "\"]\n");
}

static void put_box_edge(struct dot *d, const char *from, const char *at, size_t i, int64_t weight,
                         const char *style)
{
    pp_putf(d->out, "%s -> N%s_%zu [label=\" ", from, at, i);
    put_value(d, weight);
    pp_puts(d->out, "\" weight=100 tooltip=\"");
    put_value(d, weight);
    pp_puts(d->out, "\" labeltooltip=\"");
    put_value(d, weight);
    pp_putf(d->out, "\"%s]\n", style);
}

static int64_t distance(int64_t a, int64_t b)
{
    int64_t size;
    return __builtin_sub_overflow(a > b ? a : b, a > b ? b : a, &size) ? INT64_MAX : size;
}

/* Adds the numbers beyond the limit of boxes to the nearest box. */
static size_t join_numbers(struct box *boxes, size_t n)
{
    if (n <= MOST_BOXES)
        return n;
    for (size_t i = MOST_BOXES; i < n; i++) {
        size_t nearest = 0;
        for (size_t k = 1; k < MOST_BOXES; k++)
            if (distance(boxes[i].tag->value, boxes[k].tag->value) <
                distance(boxes[i].tag->value, boxes[nearest].tag->value))
                nearest = k;
        struct box *b = &boxes[nearest];
        b->merged++;
        for (int s = 0; s < 4; s++)
            b->sums[s] += boxes[i].sums[s];
        if (boxes[i].tag->value < b->low->value)
            b->low = boxes[i].tag;
        if (boxes[i].tag->value > b->high->value)
            b->high = boxes[i].tag;
    }
    return MOST_BOXES;
}

static void put_number(struct dot *d, const struct pp_node_tag *t)
{
    struct pp_quantity q = pp_quantity((double)t->value, d->units[t->key], pp_str(PP_UNIT_AUTO));
    pp_put_quantity(&d->text, &q, 0);
}

/* Sums up a box of joined numbers, and names it: "1kB..4kB". */
static void name_joined(struct dot *d, struct box *b)
{
    b->flat = b->sums[1] ? b->sums[0] / b->sums[1] : b->sums[0];
    b->cum = b->sums[3] ? b->sums[2] / b->sums[3] : b->sums[2];
    d->text.len = 0;
    put_number(d, b->low);
    if (b->merged > 1) {
        pp_puts(&d->text, "..");
        put_number(d, b->high);
    }
    struct pp_span made = pp_out_bytes(&d->text);
    pp_id id = pp_intern_string(&d->tags->strings, made);
    b->name = pp_string_at(&d->tags->strings, id);
}

/* Writes the boxes of numbers of a node, or of a box of it: `at` is its name without the N. */
static bool put_numbers(struct dot *d, pp_id node, pp_id labels, const char *at, bool flat)
{
    struct box *boxes = pp_calloc(d->first[node + 1] - d->first[node], sizeof *boxes);
    size_t all = collect(d, node, true, labels, boxes);
    char from[48];
    bool any = false;
    snprintf(from, sizeof from, "N%s", at);
    sort_boxes(boxes, all, flat);
    size_t n = join_numbers(boxes, all);
    for (size_t i = 0; n < all && i < n; i++)
        name_joined(d, &boxes[i]);
    if (n < all)
        sort_boxes(boxes, n, flat);
    for (size_t i = 0; i < n; i++) {
        bool own = flat || boxes[i].flat == boxes[i].cum;
        int64_t weight = own ? boxes[i].flat : boxes[i].cum;
        if (!weight)
            continue;
        any = true;
        /* Boxes of numbers are named NN1_0, and those of labels N1_0. */
        char name[56];
        snprintf(name, sizeof name, "N%s", at);
        put_box(d, name, i, boxes[i].name, weight);
        put_box_edge(d, from, name, i, weight, own ? "" : " style=\"dotted\"");
    }
    free(boxes);
    return any;
}

/* Leaves of the picture include the tags of their callees. */
static bool put_boxes(struct dot *d, pp_id node)
{
    const struct pp_graph_node *n = &d->g->nodes[node];
    struct box *boxes = pp_calloc(d->first[node + 1] - d->first[node], sizeof *boxes);
    char at[24], below[48];
    bool flat = false, any = false;
    for (size_t i = 0; i < n->nout; i++)
        flat |= !d->g->edges[d->g->out[n->first_out + i]].gone;
    size_t count = collect(d, node, false, 0, boxes);
    sort_boxes(boxes, count, flat);
    snprintf(at, sizeof at, "%u", (unsigned)d->number[node]);
    for (size_t i = 0; i < count && i < MOST_BOXES; i++) {
        const struct pp_node_tag *t = boxes[i].tag;
        int64_t weight = flat ? pp_tag_flat(t) : pp_tag_cum(t);
        if (!weight)
            continue;
        char from[32];
        any = true;
        snprintf(from, sizeof from, "N%s", at);
        put_box(d, at, i, boxes[i].name, weight);
        put_box_edge(d, from, at, i, weight, "");
        snprintf(below, sizeof below, "%s_%zu", at, i);
        put_numbers(d, node, t->labels, below, flat);
    }
    free(boxes);
    return put_numbers(d, node, 0, at, flat) || any;
}

/* Sorts the tags that are large enough by node. */
static void index_tags(struct dot *d, int64_t least)
{
    size_t n = d->tags->keys.count;
    d->first = pp_calloc(d->g->nnodes + 2, sizeof *d->first);
    d->boxes = pp_calloc(n, sizeof *d->boxes);
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 1; i < n; i++) {
            const struct pp_node_tag *t = &d->tags->tags[i];
            if (pp_abs(t->flat) < least && pp_abs(t->cum) < least)
                continue;
            if (pass)
                d->boxes[d->first[t->node + 1]++] = (pp_id)i;
            else
                d->first[t->node + 2]++;
        }
        for (size_t k = 1; !pass && k < d->g->nnodes + 2; k++)
            d->first[k] += d->first[k - 1];
    }
}

/* --- edges --------------------------------------------------------------- */

static int64_t part(int64_t weight, int64_t total, int64_t most)
{
    double share = fabs((double)weight * (double)most / (double)total);
    return share < (double)most ? (int64_t)share : most;
}

static void put_tooltip(struct dot *d, const char *name, const struct pp_graph_edge *e)
{
    pp_putf(d->out, " %s=\"", name);
    put_text(d, pp_node_text(d->g, e->from));
    pp_puts(d->out, e->residual ? " ... " : " -> ");
    put_text(d, pp_node_text(d->g, e->to));
    pp_puts(d->out, " (");
    put_value(d, pp_edge_weight(e));
    pp_puts(d->out, ")\"");
}

static void put_edge(struct dot *d, const struct pp_graph_edge *e)
{
    int64_t weight = pp_edge_weight(e);
    pp_putf(d->out, "N%u -> N%u [label=\" ", (unsigned)d->number[e->from],
            (unsigned)d->number[e->to]);
    put_value(d, weight);
    pp_puts(d->out, e->inlined ? "\\n (inline)\"" : "\"");
    if (d->r->total) {
        int64_t pull = part(weight, d->r->total, 100), width = part(weight, d->r->total, 5);
        if (pull)
            pp_putf(d->out, " weight=%lld", (long long)pull + 1);
        if (width)
            pp_putf(d->out, " penwidth=%lld", (long long)width + 1);
        pp_puts(d->out, " color=\"");
        put_color(d, weight, false);
        pp_putc(d->out, '"');
    }
    put_tooltip(d, "tooltip", e);
    put_tooltip(d, "labeltooltip", e);
    if (e->residual)
        pp_puts(d->out, " style=\"dotted\"");
    if (d->boxed[e->from])
        pp_puts(d->out, " minlen=2");
    pp_puts(d->out, "]\n");
}

static int compare_edges(const void *a, const void *b, void *ctx)
{
    const struct pp_graph *g = ctx;
    const struct pp_graph_edge *x = &g->edges[*(const pp_id *)a], *y = &g->edges[*(const pp_id *)b];
    int order = by_size(x->weight, y->weight);
    if (!order)
        order = pp_compare_spans(pp_node_text(g, x->from), pp_node_text(g, y->from));
    if (!order)
        order = pp_compare_spans(pp_node_text(g, x->to), pp_node_text(g, y->to));
    return order ? order : (x > y) - (x < y);
}

static void put_edges(struct dot *d)
{
    pp_id *list = pp_calloc(d->g->nedges, sizeof *list);
    size_t n = 0;
    for (pp_id e = 0; e < d->g->nedges; e++) {
        const struct pp_graph_edge *edge = &d->g->edges[e];
        if (!edge->gone && d->number[edge->from] && d->number[edge->to])
            list[n++] = e;
    }
    if (n)
        qsort_r(list, n, sizeof *list, compare_edges, d->g);
    for (size_t i = 0; i < n; i++)
        put_edge(d, &d->g->edges[list[i]]);
    free(list);
}

/* --- entry point --------------------------------------------------------- */

static void draw(struct dot *d)
{
    const struct pp_graph *g = d->g;
    for (size_t i = 0; i < g->nshown; i++) {
        double flat = fabs((double)pp_node_flat(&g->nodes[g->shown[i]]));
        d->number[g->shown[i]] = (pp_id)i + 1;
        d->most = flat > d->most ? flat : d->most;
    }
    put_title(d);
    for (size_t i = 0; i < g->nshown; i++) {
        put_node(d, g->shown[i]);
        d->boxed[g->shown[i]] = put_boxes(d, g->shown[i]);
    }
    put_edges(d);
    pp_puts(d->out, "}\n");
}

bool pp_write_graph(struct pp_report *r, struct pp_out *out)
{
    struct pp_graph g;
    struct pp_node_tags tags;
    pp_graph_init(&g, r);
    pp_node_tags_init(&tags, &g);
    pp_graph_select(&g, r, PP_GRAPH_PICTURE, &tags);
    struct dot d = {
        .r = r,
        .g = &g,
        .tags = &tags,
        .out = out,
        .number = pp_calloc(g.nnodes, sizeof *d.number),
        .boxed = pp_calloc(g.nnodes, sizeof *d.boxed),
        .units = pp_label_units(r->p),
    };
    pp_out_memory(&d.text, NULL);
    index_tags(&d, g.least);
    draw(&d);
    pp_out_release(&d.text);
    free(d.number);
    free(d.boxed);
    free(d.units);
    free(d.first);
    free(d.boxes);
    pp_node_tags_release(&tags);
    pp_graph_release(&g);
    return true;
}
