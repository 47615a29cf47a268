/* top: one line for each function, as in pprof -top. */
#include "report/reports.h"

#include "report/select.h"
#include "syntax/json_write.h"

/* Whether all, some or none of the node's calls are inlined. */
static const char *inline_text(const struct pp_graph *g, const struct pp_graph_node *n)
{
    bool some = false, all = true;
    for (size_t i = 0; i < n->nin; i++) {
        const struct pp_graph_edge *e = &g->edges[g->in[n->first_in + i]];
        if (e->gone)
            continue;
        some |= e->inlined;
        all &= e->inlined;
    }
    return !some ? "" : all ? "inline" : "partial-inline";
}

static void put_share(struct pp_out *out, int64_t v, int64_t total)
{
    char percent[PP_PERCENT_SIZE];
    pp_putc(out, ' ');
    pp_puts(out, pp_percent(percent, v, total));
}

static void put_rows(struct pp_out *out, const struct pp_graph *g, const struct pp_report *r)
{
    int64_t sum = 0;
    for (size_t i = 0; i < g->nshown; i++) {
        const struct pp_graph_node *n = &g->nodes[g->shown[i]];
        int64_t flat = pp_node_flat(n), cum = pp_node_cum(n);
        struct pp_quantity flat_text = pp_report_value(r, flat), cum_text = pp_report_value(r, cum);
        const char *inlined = inline_text(g, n);
        sum += flat;
        pp_put_quantity(out, &flat_text, 10);
        put_share(out, flat, r->total);
        put_share(out, sum, r->total);
        pp_putc(out, ' ');
        pp_put_quantity(out, &cum_text, 10);
        put_share(out, cum, r->total);
        pp_puts(out, "  ");
        pp_put_name(out, pp_node_text(g, g->shown[i]));
        pp_putf(out, *inlined ? " (%s)\n" : "%s\n", inlined);
    }
}

static void put_csv(struct pp_out *out, const struct pp_graph *g, const struct pp_report *r)
{
    pp_puts(out, "flat,cum,name,inline\n");
    for (size_t i = 0; i < g->nshown; i++) {
        const struct pp_graph_node *n = &g->nodes[g->shown[i]];
        pp_put_exact(out, r, pp_node_flat(n));
        pp_putc(out, ',');
        pp_put_exact(out, r, pp_node_cum(n));
        pp_putc(out, ',');
        pp_put_csv(out, pp_node_text(g, g->shown[i]));
        pp_putf(out, ",%s\n", inline_text(g, n));
    }
}

static void put_json(struct pp_out *out, const struct pp_graph *g, const struct pp_report *r)
{
    pp_put_json_start(out, r);
    pp_puts(out, ",\"nodes\":[");
    for (size_t i = 0; i < g->nshown; i++) {
        const struct pp_graph_node *n = &g->nodes[g->shown[i]];
        const char *inlined = inline_text(g, n);
        pp_puts(out, i ? ",\n{\"flat\":" : "\n{\"flat\":");
        pp_put_exact(out, r, pp_node_flat(n));
        pp_puts(out, ",\"cum\":");
        pp_put_exact(out, r, pp_node_cum(n));
        pp_puts(out, ",\"name\":");
        pp_put_json(out, pp_node_text(g, g->shown[i]));
        if (*inlined)
            pp_putf(out, ",\"inline\":\"%s\"", inlined);
        pp_putc(out, '}');
    }
    pp_puts(out, "\n]}\n");
}

bool pp_write_top(struct pp_report *r, struct pp_out *out)
{
    struct pp_graph g;
    pp_graph_init(&g, r);
    pp_graph_select(&g, r, PP_GRAPH_TABLE, NULL);
    if (r->form == PP_REPORT_CSV) {
        put_csv(out, &g, r);
    } else if (r->form == PP_REPORT_JSON) {
        put_json(out, &g, r);
    } else {
        g.about.dropped_edges = 0; /* none of these are visible */
        pp_put_heading(out, r, &g.about);
        pp_putf(out, "%10s %5s%% %5s%% %10s %5s%%\n", "flat", "flat", "sum", "cum", "cum");
        put_rows(out, &g, r);
    }
    pp_graph_release(&g);
    return true;
}
