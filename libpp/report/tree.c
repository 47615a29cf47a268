/* tree and peek: functions between their callers and callees, as in pprof -tree and -peek. */
#include "report/reports.h"

#include "report/select.h"
#include "syntax/json_write.h"

static const char separator[] =
    "----------------------------------------------------------+-------------\n";
static const char legend[] =
    "      flat  flat%   sum%        cum   cum%   calls calls% + context \t \t \n";

static bool wanted(const struct pp_graph *g, const struct pp_report *r, pp_id node)
{
    return !r->matches || r->matches(r->ctx, pp_node_text(g, node));
}

/* --- text ---------------------------------------------------------------- */

static void put_edge(struct pp_out *out, const struct pp_graph *g, const struct pp_report *r,
                     const struct pp_graph_edge *e, pp_id other, int64_t cum)
{
    char percent[PP_PERCENT_SIZE];
    int64_t weight = pp_edge_weight(e);
    struct pp_quantity text = pp_report_value(r, weight);
    pp_put_quantity(out, &text, 50);
    pp_putf(out, " %s |   ", pp_percent(percent, weight, cum));
    pp_put_name(out, pp_node_text(g, other));
    pp_puts(out, e->inlined ? " (inline)\n" : "\n");
}

static void put_edges(struct pp_out *out, const struct pp_graph *g, const struct pp_report *r,
                      pp_id node, bool in)
{
    const struct pp_graph_node *n = &g->nodes[node];
    const pp_id *edges = in ? g->in + n->first_in : g->out + n->first_out;
    for (size_t i = 0; i < (in ? n->nin : n->nout); i++) {
        const struct pp_graph_edge *e = &g->edges[edges[i]];
        if (!e->gone)
            put_edge(out, g, r, e, in ? e->from : e->to, pp_node_cum(n));
    }
}

static void put_node(struct pp_out *out, const struct pp_graph *g, const struct pp_report *r,
                     pp_id node, int64_t sum)
{
    const struct pp_graph_node *n = &g->nodes[node];
    int64_t flat = pp_node_flat(n), cum = pp_node_cum(n);
    struct pp_quantity flat_text = pp_report_value(r, flat), cum_text = pp_report_value(r, cum);
    char percent[PP_PERCENT_SIZE];
    pp_put_quantity(out, &flat_text, 10);
    pp_putf(out, " %s", pp_percent(percent, flat, r->total));
    pp_putf(out, " %s ", pp_percent(percent, sum, r->total));
    pp_put_quantity(out, &cum_text, 10);
    pp_putf(out, " %s                | ", pp_percent(percent, cum, r->total));
    pp_put_name(out, pp_node_text(g, node));
    pp_putc(out, '\n');
}

static size_t put_text(struct pp_out *out, struct pp_graph *g, const struct pp_report *r)
{
    size_t matched = 0;
    int64_t sum = 0;
    g->about.dropped_edges = 0;
    pp_put_heading(out, r, &g->about);
    pp_puts(out, separator);
    pp_puts(out, legend);
    for (size_t i = 0; i < g->nshown; i++) {
        pp_id node = g->shown[i];
        if (!wanted(g, r, node))
            continue;
        matched++;
        sum += pp_node_flat(&g->nodes[node]);
        pp_puts(out, separator);
        put_edges(out, g, r, node, true);
        put_node(out, g, r, node, sum);
        put_edges(out, g, r, node, false);
    }
    if (g->nshown)
        pp_puts(out, separator);
    return matched;
}

/* --- CSV and JSON -------------------------------------------------------- */

static void put_csv_edges(struct pp_out *out, const struct pp_graph *g, const struct pp_report *r,
                          pp_id node, bool in)
{
    const struct pp_graph_node *n = &g->nodes[node];
    const pp_id *edges = in ? g->in + n->first_in : g->out + n->first_out;
    for (size_t i = 0; i < (in ? n->nin : n->nout); i++) {
        const struct pp_graph_edge *e = &g->edges[edges[i]];
        if (e->gone)
            continue;
        pp_put_csv(out, pp_node_text(g, node));
        pp_puts(out, in ? ",caller,," : ",callee,,");
        pp_put_exact(out, r, pp_edge_weight(e));
        pp_putc(out, ',');
        pp_put_csv(out, pp_node_text(g, in ? e->from : e->to));
        pp_puts(out, e->inlined ? ",inline\n" : ",\n");
    }
}

static void put_csv_node(struct pp_out *out, const struct pp_graph *g, const struct pp_report *r,
                         pp_id node)
{
    const struct pp_graph_node *n = &g->nodes[node];
    put_csv_edges(out, g, r, node, true);
    pp_put_csv(out, pp_node_text(g, node));
    pp_puts(out, ",self,");
    pp_put_exact(out, r, pp_node_flat(n));
    pp_putc(out, ',');
    pp_put_exact(out, r, pp_node_cum(n));
    pp_puts(out, ",,\n");
    put_csv_edges(out, g, r, node, false);
}

static void put_json_edges(struct pp_out *out, const struct pp_graph *g, const struct pp_report *r,
                           pp_id node, bool in)
{
    const struct pp_graph_node *n = &g->nodes[node];
    const pp_id *edges = in ? g->in + n->first_in : g->out + n->first_out;
    bool first = true;
    pp_puts(out, in ? ",\"callers\":[" : ",\"callees\":[");
    for (size_t i = 0; i < (in ? n->nin : n->nout); i++) {
        const struct pp_graph_edge *e = &g->edges[edges[i]];
        if (e->gone)
            continue;
        pp_puts(out, first ? "{\"weight\":" : ",{\"weight\":");
        first = false;
        pp_put_exact(out, r, pp_edge_weight(e));
        pp_puts(out, ",\"name\":");
        pp_put_json(out, pp_node_text(g, in ? e->from : e->to));
        pp_puts(out, e->inlined ? ",\"inline\":true}" : "}");
    }
    pp_putc(out, ']');
}

static void put_json_node(struct pp_out *out, const struct pp_graph *g, const struct pp_report *r,
                          pp_id node)
{
    const struct pp_graph_node *n = &g->nodes[node];
    pp_puts(out, "\n{\"flat\":");
    pp_put_exact(out, r, pp_node_flat(n));
    pp_puts(out, ",\"cum\":");
    pp_put_exact(out, r, pp_node_cum(n));
    pp_puts(out, ",\"name\":");
    pp_put_json(out, pp_node_text(g, node));
    put_json_edges(out, g, r, node, true);
    put_json_edges(out, g, r, node, false);
    pp_putc(out, '}');
}

static size_t put_data(struct pp_out *out, const struct pp_graph *g, const struct pp_report *r)
{
    size_t matched = 0;
    bool json = r->form == PP_REPORT_JSON;
    if (json) {
        pp_put_json_start(out, r);
        pp_puts(out, ",\"nodes\":[");
    } else {
        pp_puts(out, "name,relation,flat,cum,other,inline\n");
    }
    for (size_t i = 0; i < g->nshown; i++) {
        if (!wanted(g, r, g->shown[i]))
            continue;
        if (json && matched)
            pp_putc(out, ',');
        (json ? put_json_node : put_csv_node)(out, g, r, g->shown[i]);
        matched++;
    }
    if (json)
        pp_puts(out, "\n]}\n");
    return matched;
}

bool pp_write_tree(struct pp_report *r, struct pp_out *out)
{
    struct pp_graph g;
    pp_graph_init(&g, r);
    pp_graph_select(&g, r, PP_GRAPH_CALLS, NULL);
    size_t matched = r->form == PP_REPORT_TEXT ? put_text(out, &g, r) : put_data(out, &g, r);
    pp_graph_release(&g);
    return matched || !r->matches;
}

bool pp_write_peek(struct pp_report *r, struct pp_out *out)
{
    return pp_write_tree(r, out); /* for the functions that r->matches */
}
