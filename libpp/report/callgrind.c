/* callgrind: the graph as KCachegrind and callgrind_annotate read it. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "report/reports.h"
#include "report/select.h"

struct callgrind {
    const struct pp_report *r;
    const struct pp_graph *g;
    struct pp_out *out;
    struct pp_strings objects, files, names; /* that were written once */
    pp_id *name;                             /* by node: what its function is called, of `made` */
    struct pp_strings made;
    uint64_t address; /* of the node before */
    bool begun;
};

static const struct pp_entry *entry_of(const struct callgrind *c, pp_id node)
{
    return pp_entry(&c->g->entries, c->g->nodes[node].entry);
}

static struct pp_span name_of(const struct callgrind *c, pp_id node)
{
    return pp_string_at(&c->made, c->name[node]);
}

/* --- names --------------------------------------------------------------- */

/* A file, and a function in it: what KCachegrind takes for the same. */
struct function {
    pp_id file, name;
};

/*
 * In a call tree a function is there once for each way to it, and needs a name of its own:
 * "f [2/3]", wherever it is called or calls.
 */
static void make_names(struct callgrind *c)
{
    struct pp_table functions;
    size_t n = c->g->nnodes;
    pp_id *which = pp_calloc(n, sizeof *which), *nth = pp_calloc(n, sizeof *nth);
    pp_id *count = pp_calloc(n + 1, sizeof *count);
    struct pp_out text;
    pp_out_memory(&text, NULL);
    pp_table_init(&functions, sizeof(struct function));
    for (size_t i = 0; i < c->g->nshown; i++) {
        pp_id node = c->g->shown[i];
        struct function row = {entry_of(c, node)->file, entry_of(c, node)->name};
        which[node] = pp_number(&functions, &row);
        nth[node] = ++count[which[node]];
    }
    for (size_t i = 0; i < c->g->nshown; i++) {
        pp_id node = c->g->shown[i], all = count[which[node]];
        text.len = 0;
        pp_put_name(&text, pp_text(c->g->p, entry_of(c, node)->name));
        if (c->r->call_tree && all > 1)
            pp_putf(&text, " [%u/%u]", (unsigned)nth[node], (unsigned)all);
        struct pp_span made = pp_out_bytes(&text);
        c->name[node] = pp_intern_string(&c->made, made);
    }
    pp_table_release(&functions);
    pp_out_release(&text);
    free(which);
    free(nth);
    free(count);
}

/* "fn=(2) main" the first time, then "fn=(2)". */
static void put_named(struct callgrind *c, const char *key, struct pp_strings *known,
                      struct pp_span name)
{
    size_t before = known->count;
    pp_puts(c->out, key);
    if (!pp_empty(name)) {
        pp_id id = pp_intern_string(known, name);
        pp_putf(c->out, "(%u)", (unsigned)id);
        if (known->count > before) {
            pp_putc(c->out, ' ');
            pp_put_name(c->out, name);
        }
    }
    pp_putc(c->out, '\n');
}

/* --- costs --------------------------------------------------------------- */

/* "*" for the one before, or how far from it, if that is shorter. */
static void put_address(struct callgrind *c, uint64_t address)
{
    char plain[24], relative[24];
    snprintf(plain, sizeof plain, "0x%" PRIx64, address);
    snprintf(relative, sizeof relative, "%+" PRId64, (int64_t)(address - c->address));
    if (c->begun && address == c->address)
        pp_putc(c->out, '*');
    else
        pp_puts(c->out, c->begun && strlen(relative) < strlen(plain) ? relative : plain);
}

static void put_cost(struct callgrind *c, int64_t v)
{
    struct pp_span unit;
    double cost = trunc(pp_report_number(c->r, v, &unit));
    pp_putf(c->out, "%.0f\n", cost == 0 ? 0 : cost);
}

static void put_call(struct callgrind *c, const struct pp_graph_edge *e)
{
    const struct pp_entry *callee = entry_of(c, e->to);
    put_named(c, "cfl=", &c->files, pp_string_at(&c->g->entries.strings, callee->file));
    put_named(c, "cfn=", &c->names, name_of(c, e->to));
    pp_puts(c->out, "calls=0 "); /* how often is not known */
    put_address(c, callee->address);
    pp_putf(c->out, " %u\n* * ", (unsigned)callee->line);
    put_cost(c, pp_edge_weight(e));
}

static bool same_function(const struct callgrind *c, pp_id a, pp_id b)
{
    const struct pp_entry *x = entry_of(c, a), *y = entry_of(c, b);
    return x->object == y->object && x->file == y->file && c->name[a] == c->name[b];
}

static void put_node(struct callgrind *c, size_t i)
{
    pp_id node = c->g->shown[i];
    const struct pp_graph_node *n = &c->g->nodes[node];
    const struct pp_entry *e = entry_of(c, node);
    if (i == 0 || !same_function(c, c->g->shown[i - 1], node)) {
        pp_putc(c->out, '\n');
        put_named(c, "ob=", &c->objects, pp_text(c->g->p, e->object));
        put_named(c, "fl=", &c->files, pp_string_at(&c->g->entries.strings, e->file));
        put_named(c, "fn=", &c->names, name_of(c, node));
    }
    put_address(c, e->address);
    pp_putf(c->out, " %u ", (unsigned)e->line);
    put_cost(c, pp_node_flat(n));
    for (size_t o = 0; o < n->nout; o++)
        if (!c->g->edges[c->g->out[n->first_out + o]].gone)
            put_call(c, &c->g->edges[c->g->out[n->first_out + o]]);
    c->address = e->address;
    c->begun = true;
}

/* --- all together -------------------------------------------------------- */

bool pp_write_callgrind(struct pp_report *r, struct pp_out *out)
{
    struct pp_graph g;
    r->whole = true;
    pp_graph_init(&g, r);
    pp_graph_select(&g, r, PP_GRAPH_CALLS, NULL);
    struct callgrind c = {.r = r, .g = &g, .out = out};
    c.name = pp_calloc(g.nnodes, sizeof *c.name);
    pp_strings_init(&c.objects);
    pp_strings_init(&c.files);
    pp_strings_init(&c.names);
    pp_strings_init(&c.made);
    make_names(&c);
    pp_puts(out, "positions: instr line\nevents: ");
    if (r->mean)
        pp_puts(out, "mean_");
    pp_put_name(out, pp_text(r->p, r->p->columns[r->column].type));
    pp_putc(out, '(');
    pp_put_name(out, r->unit);
    pp_puts(out, ")\n");
    for (size_t i = 0; i < g.nshown; i++)
        put_node(&c, i);
    pp_strings_release(&c.objects);
    pp_strings_release(&c.files);
    pp_strings_release(&c.names);
    pp_strings_release(&c.made);
    free(c.name);
    pp_graph_release(&g);
    return true;
}
