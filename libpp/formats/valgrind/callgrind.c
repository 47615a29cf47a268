/*
 * Files of valgrind's callgrind, and of programs that write for KCachegrind: a call graph.
 *
 *     # callgrind format
 *     creator: callgrind-3.19.0
 *     positions: line
 *     events: Ir
 *     fl=(1) main.c
 *     fn=(1) main
 *     16 400
 *     cfn=(2) parse
 *     calls=3 51
 *     16 900
 *
 * costs.h describes the syntax, and callgrind_graph.h how stacks are made. The columns are the
 * events, the first of which is the default, and the number of calls. Jumps, formulas of
 * derived events, and the line 'summary:', which also counts costs outside of functions, are not
 * kept.
 * https://valgrind.org/docs/manual/cl-format.html
 */
#include <stdlib.h>

#include "base/memory.h"
#include "formats/valgrind/callgrind_blocks.h"
#include "formats/valgrind/callgrind_graph.h"
#include "formats/valgrind/callgrind_names.h"

/* The keys of a function, of a cost, and of a call. */
struct node_row {
    pp_id object, file, name, one;
};

struct cost_row {
    uint64_t address;
    pp_id node, file, callee; /* the callee's node plus one, or 0 */
    uint32_t line;
};

/* By row of costs: the callee of a call, and the number of calls. */
struct call_facts {
    struct pp_cost_place target;
    int64_t count;
};

enum { RECENT = 1 << 12 };

/* One part of a file. */
struct callgrind {
    struct pp_costs costs;
    struct pp_table nodes;
    struct cost_row *rows; /* from 1 */
    pp_id recent[RECENT];  /* rows, by hash; 0: none */
    struct call_facts *facts;
    int64_t *values; /* by row and event */
    size_t nrows, rows_cap, facts_cap, values_cap;
    pp_id current, last; /* node of fn=; the row of the previous cost */
    bool several;        /* it has several parts, */
    bool parts, threads; /* with different numbers */
    pp_id *own;          /* by node: the frame in its own file, without a line; 0: unknown */
    int calls;           /* the column of calls */

    struct pp_cg_doubt doubt;
    int64_t lost;
};

/* --- parts: gathering ---------------------------------------------------- */

static void part_init(struct callgrind *c)
{
    pp_table_init(&c->nodes, sizeof(struct node_row));
    memset(c->recent, 0, sizeof c->recent);
    c->current = c->last = 0;
    c->nrows = 1;
}

static void part_release(struct callgrind *c)
{
    pp_table_release(&c->nodes);
    free(c->rows);
    c->rows = NULL;
    c->rows_cap = 0;
}

static pp_id node_of(struct callgrind *c, const struct pp_cost_function *f)
{
    struct node_row row = {f->object, f->file, f->name, 1};
    return pp_intern(&c->nodes, &row);
}

/*
 * The row of a cost, with zeros for the events if it is new. A file mostly has each once, so only
 * recent rows are searched for it; costs may have several rows.
 */
static pp_id row_of(struct callgrind *c, const struct cost_row *row)
{
    if (c->last && memcmp(&c->rows[c->last], row, sizeof *row) == 0)
        return c->last;
    pp_id *recent = &c->recent[pp_hash(row, sizeof *row, 0) % RECENT];
    if (*recent && memcmp(&c->rows[*recent], row, sizeof *row) == 0)
        return c->last = *recent;
    if (c->nrows == PP_MAX_ROWS)
        pp_out_of_memory();
    pp_id id = (pp_id)c->nrows++;
    size_t n = c->costs.nevents;
    PP_GROW(c->rows, c->nrows, c->rows_cap);
    PP_GROW(c->facts, c->nrows, c->facts_cap);
    PP_GROW(c->values, c->nrows * n, c->values_cap);
    memset(c->values + id * n, 0, n * sizeof *c->values);
    c->facts[id] = (struct call_facts){0};
    c->rows[id] = *row;
    *recent = id;
    return c->last = id;
}

static pp_id row_here(struct callgrind *c, pp_id callee, bool place)
{
    const struct pp_costs *s = &c->costs;
    bool own = s->r->use == PP_USE_OWN;
    bool line = !own && (place || (s->r->keep & PP_HOLDS_LINES));
    bool address = !own && (place || (s->r->keep & PP_HOLDS_ADDRESSES));
    struct cost_row row = {.address = address ? s->at.address : 0,
                           .node = c->current,
                           .file = s->file,
                           .callee = callee,
                           .line = line ? s->at.line : 0};
    return row_of(c, &row);
}

static bool on_function(struct pp_costs *s, const char *at)
{
    struct callgrind *c = s->ctx;
    (void)at;
    c->current = node_of(c, &s->function);
    return true;
}

static void need_function(struct callgrind *c, const char *at)
{
    if (c->costs.named)
        return;
    pp_warn(c->costs.r, at, "costs, but no fn= before them: they have no function");
    c->current = node_of(c, &c->costs.function);
}

static bool on_cost(struct pp_costs *s, const char *at)
{
    struct callgrind *c = s->ctx;
    need_function(c, at);
    pp_id row = row_here(c, 0, false);
    int64_t *to = c->values + (size_t)row * s->nevents;
    for (unsigned e = 0; e < s->nevents; e++)
        to[e] += s->values[e]; /* the sums were checked for overflow */
    return true;
}

/*
 * Places of calls are kept apart even if lines are not wanted, so that stacks do not depend on
 * that.
 */
static bool on_call(struct pp_costs *s, const char *at)
{
    struct callgrind *c = s->ctx;
    need_function(c, at);
    pp_id row = row_here(c, node_of(c, &s->callee) + 1, true);
    int64_t *to = c->values + (size_t)row * s->nevents;
    for (unsigned e = 0; e < s->nevents; e++)
        if (__builtin_add_overflow(to[e], s->values[e], &to[e]))
            to[e] = INT64_MAX;
    struct call_facts *facts = &c->facts[row];
    facts->target = s->target;
    int64_t count = s->count > INT64_MAX ? INT64_MAX : (int64_t)s->count;
    if (__builtin_add_overflow(facts->count, count, &facts->count))
        facts->count = INT64_MAX;
    return true;
}

/* --- parts: the graph ---------------------------------------------------- */

static struct pp_cost_function function_of(const struct callgrind *c, pp_id node)
{
    const struct node_row *n = pp_row(&c->nodes, node);
    return (struct pp_cost_function){n->object, n->file, n->name};
}

/*
 * Makes the nodes of the graph; all recursion levels of a function in a file are one function to
 * users.
 */
static void add_nodes(struct callgrind *c, struct pp_cg *g, const pp_id *shown)
{
    struct pp_table functions, names;
    const struct pp_profile *p = c->costs.r->out;
    pp_table_init(&functions, sizeof(struct node_row));
    pp_table_init(&names, sizeof(struct node_row));
    for (size_t i = 0; i < c->nodes.count; i++) {
        struct node_row row = *(const struct node_row *)pp_row(&c->nodes, (pp_id)i);
        row.name = shown[i];
        row.one = i > 0;
        pp_id function = pp_intern(&functions, &row);
        row.file = 0;
        if (pp_costs_is_named(pp_text(p, row.name)))
            row.object = 0;
        pp_cg_node(g, (struct pp_cg_node){function, pp_intern(&names, &row)});
    }
    pp_table_release(&functions);
    pp_table_release(&names);
}

/* If lines are not wanted, a function has one frame, in its own file. */
static pp_id frame_at(struct callgrind *c, pp_id node, pp_id file, struct pp_cost_place at,
                      const pp_id *shown)
{
    struct pp_reader *r = c->costs.r;
    struct pp_cost_function f = function_of(c, node);
    if (r->use == PP_USE_OWN)
        at = (struct pp_cost_place){0};
    else if (r->keep & (PP_HOLDS_LINES | PP_HOLDS_ADDRESSES))
        return pp_costs_frame(r, &f, shown[node], file, at);
    if (file != f.file)
        return pp_costs_frame(r, &f, shown[node], file, at);
    if (!c->own[node])
        c->own[node] = pp_costs_frame(r, &f, shown[node], file, at);
    return c->own[node];
}

static void add_row(struct callgrind *c, struct pp_cg *g, pp_id id, const pp_id *shown)
{
    const struct cost_row *row = &c->rows[id];
    struct pp_cost_place at = {row->address, row->line};
    struct pp_cg_cost cost = {.node = row->node, .callee = PP_CG_SELF};
    cost.frame = frame_at(c, row->node, row->file, at, shown);
    if (row->callee) {
        struct pp_cost_function callee = function_of(c, row->callee - 1);
        cost.callee = row->callee - 1;
        cost.calls = c->facts[id].count;
        cost.callee_frame = frame_at(c, cost.callee, callee.file, c->facts[id].target, shown);
    }
    pp_id to = pp_cg_cost(g, cost);
    memcpy(pp_cg_values(g, to), c->values + (size_t)id * g->nevents,
           g->nevents * sizeof *c->values);
}

static pp_id label_of(struct callgrind *c, struct pp_label *labels, size_t *n, const char *key,
                      struct pp_span value)
{
    struct pp_profile *p = c->costs.r->out;
    if (!pp_empty(value))
        labels[(*n)++] = (struct pp_label){.key = pp_cstring(p, key), .text = pp_string(p, value)};
    return 0;
}

static pp_id part_labels(struct callgrind *c)
{
    struct pp_label labels[2];
    size_t n = 0;
    if (c->costs.r->keep & PP_HOLDS_LABELS) {
        if (c->parts)
            label_of(c, labels, &n, "part", c->costs.part);
        if (c->threads)
            label_of(c, labels, &n, "thread", c->costs.thread);
    }
    return n ? pp_label_set(c->costs.r->out, labels, n) : 0;
}

static void add_doubt(struct callgrind *c, struct pp_cg_doubt d)
{
    if (__builtin_add_overflow(c->doubt.total, d.total, &c->doubt.total))
        c->doubt.total = INT64_MAX;
    if (__builtin_add_overflow(c->doubt.certain, d.certain, &c->doubt.certain))
        c->doubt.certain = INT64_MAX;
    if (d.cyclic > c->doubt.cyclic)
        c->doubt.cyclic = d.cyclic;
}

/* Whether two lines that begin with `key` differ. */
static bool differ(struct pp_span in, const char *key)
{
    struct pp_span known = {NULL, NULL};
    for (const char *hit; (hit = pp_find_text(in, key)); in.p = hit + 1) {
        struct pp_span line = {hit + strlen(key), in.end};
        const char *end = pp_find(line, '\n');
        line.end = end ? end : line.end;
        if (known.p && !pp_same(known, line))
            return true;
        known = line;
    }
    return false;
}

/* Before the first of several parts is complete. */
static void find_labels(struct callgrind *c, struct pp_span in)
{
    c->several = true;
    c->parts = differ(in, "\npart:");
    c->threads = differ(in, "\nthread:");
}

/* Little is left of stacks if they are cut short. */
static enum pp_use use_of(const struct pp_reader *r)
{
    enum { SHORT = 16 };
    return r->max_depth < SHORT ? PP_USE_STACKS : r->use;
}

static bool on_part(struct pp_costs *s)
{
    struct callgrind *c = s->ctx;
    if (!s->at_end && !c->several)
        find_labels(c, s->r->in);
    struct pp_cg g = {.nevents = s->nevents};
    pp_id *shown = pp_callgrind_names(s->r->out, &c->nodes, sizeof(pp_id) * 2);
    int64_t lost = 0;
    if (c->calls < 0)
        c->calls = pp_column(s->r->out, pp_str("calls"), pp_str("count"));
    add_nodes(c, &g, shown);
    c->own = pp_calloc(c->nodes.count, sizeof *c->own);
    for (size_t i = 1; i < c->nrows; i++)
        add_row(c, &g, (pp_id)i, shown);
    free(shown);
    free(c->own);
    part_release(c);
    part_init(c);
    free(c->values); /* the graph has a copy */
    c->values = NULL;
    c->values_cap = 0;
    pp_cg_order(&g);
    add_doubt(c, pp_cg_doubt(&g));
    struct pp_cg_target to = {s->r, s->columns, c->calls, part_labels(c), use_of(s->r)};
    bool ok = pp_cg_stacks(&g, &to, &lost);
    if (__builtin_add_overflow(c->lost, lost, &c->lost))
        c->lost = INT64_MAX;
    pp_cg_release(&g);
    return ok;
}

/* --- reading ------------------------------------------------------------- */

static bool read_graph(struct pp_reader *r, struct pp_span in)
{
    static const struct pp_cost_sink sink = {
        .sums = "totals",
        .function = on_function,
        .cost = on_cost,
        .call = on_call,
        .part = on_part,
    };
    struct callgrind c = {.costs = {.r = r, .sink = &sink}, .calls = -1};
    c.costs.ctx = &c;
    part_init(&c);
    bool ok = pp_costs_read(&c.costs, in);
    if (ok) {
        pp_cg_say_doubt(r, &c.doubt);
        pp_cg_say_lost(r, &c.doubt, c.lost);
    }
    part_release(&c);
    pp_costs_release(&c.costs);
    free(c.facts);
    free(c.values);
    return ok;
}

static bool callgrind_read(struct pp_reader *r, struct pp_span in)
{
    struct pp_span creator = pp_costs_header(r->head, "creator");
    if (pp_starts(creator, "xtree"))
        return pp_xtree_read(r, in);
    if (pp_starts(creator, "xdebug"))
        return pp_xdebug_read(r, in);
    return read_graph(r, in);
}

static unsigned callgrind_bid(struct pp_span head)
{
    struct pp_span creator = pp_costs_header(head, "creator");
    if (pp_starts(head, "# callgrind format\n") && pp_starts(creator, "callgrind"))
        return 8 * 28;
    if (pp_starts(head, "# callgrind format") || pp_starts(creator, "callgrind"))
        return 8 * 18;
    bool begins = pp_starts(head, "version: ") || pp_starts(head, "creator: ") ||
                  pp_starts(head, "positions: ") || pp_starts(head, "events: ") ||
                  pp_starts(head, "cmd: ") || pp_starts(head, "pid: ");
    bool body = pp_find_text(head, "\nfn=") && pp_find_text(head, "events: ");
    return begins && body && !pp_empty(pp_costs_header(head, "events")) ? 8 * 9 : 0;
}

bool pp_callgrind_write(const struct pp_profile *p, struct pp_out *out);

const struct pp_format pp_format_callgrind = {
    .name = "callgrind",
    .title = "valgrind's callgrind, and what KCachegrind reads",
    .suffixes = (const char *const[]){".callgrind", NULL},
    .holds = PP_HOLDS_COLUMNS | PP_HOLDS_LINES | PP_HOLDS_ADDRESSES | PP_HOLDS_LABELS,
    .bid = callgrind_bid,
    .read = callgrind_read,
    .write = pp_callgrind_write,
};
