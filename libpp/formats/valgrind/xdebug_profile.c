/*
 * Profiles of PHP by Xdebug: each finished call, with its callees, which finished before it.
 *
 *     version: 1
 *     creator: xdebug 3.2.0 (PHP 8.2.36)
 *     events: Time_(10ns) Memory_(bytes)
 *
 *     fl=(1) php:internal
 *     fn=(1) php::strlen
 *     3 5 0
 *
 *     fl=(2) /a.php
 *     fn=(2) {main}
 *     1 10 0
 *     cfl=(1)
 *     cfn=(1)
 *     calls=1 0 0
 *     3 5 0
 *
 * So it is not a call graph, though it looks like one: read from the end, each call claims the last
 * calls that are still unclaimed, which restores the tree of calls. The costs in the lines of calls
 * are not needed. https://xdebug.org/docs/profiler
 */
#include <stdlib.h>

#include "base/memory.h"
#include "formats/valgrind/callgrind_blocks.h"

/* A finished call. Calls are numbered from 0, and have values with the same number. */
struct call {
    pp_id frame; /* with the line of its own cost */
    pp_id object, file, name;
    size_t callees; /* the number of its callees, which precede it among the unclaimed calls */
    size_t last;    /* its last callee plus one, */
    size_t before;  /* and the previous callee of its caller plus one */
};

struct xdebug {
    struct pp_costs costs;
    struct call *calls;
    int64_t *values;
    size_t *unclaimed; /* calls */
    size_t ncalls, nunclaimed, calls_cap, values_cap, unclaimed_cap;
    struct pp_cost_function *callees; /* of the current call, in order */
    size_t ncallees, callees_cap;
    struct pp_cost_function function;
    bool open, valued;
    struct pp_cost_place at;
    int64_t self[PP_MAX_COLUMNS];
};

/* "Time_(10ns)"; old versions have "Time", in microseconds. */
static bool xdebug_column(struct pp_span event, struct pp_span *type, struct pp_span *unit,
                          int64_t *factor)
{
    static const struct {
        const char *event, *type, *unit;
        int64_t factor;
    } known[] = {
        {"Time_(10ns)", "time", "nanoseconds", 10},
        {"Time", "time", "nanoseconds", 1000},
        {"Memory_(bytes)", "memory", "bytes", 1},
        {"Memory", "memory", "bytes", 1},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (pp_is(event, known[i].event)) {
            *type = pp_str(known[i].type);
            *unit = pp_str(known[i].unit);
            *factor = known[i].factor;
        }
    return true;
}

/* --- the tree ------------------------------------------------------------ */

static bool is_of(const struct call *c, const struct pp_cost_function *f)
{
    return c->name == f->name && c->file == f->file;
}

/* The last unclaimed calls become the `n` callees of a call, as far as their names match. */
static void claim(struct xdebug *x, size_t n, const char *at)
{
    size_t *last = &x->calls[n].last;
    size_t top = x->nunclaimed;
    for (size_t i = x->ncallees; i-- > 0;) {
        size_t call = top ? x->unclaimed[top - 1] : 0;
        if (!top || !is_of(&x->calls[call], &x->callees[i])) {
            struct pp_span name = pp_text(x->costs.r->out, x->callees[i].name);
            pp_warn(x->costs.r, at, "the call of '%.*s' is missing", PP_SHOW(name));
            continue;
        }
        top--;
        *last = call + 1;
        last = &x->calls[call].before;
    }
    *last = 0;
    x->nunclaimed = top;
}

/* Functions of PHP itself have no file, though one is named. */
static pp_id file_of(const struct xdebug *x, pp_id file)
{
    return pp_is(pp_text(x->costs.r->out, file), "php:internal") ? 0 : file;
}

static void end_call(struct xdebug *x, const char *at)
{
    size_t n = x->ncalls, events = x->costs.nevents;
    if (!x->open || !events) { /* lines before the header have no costs */
        x->open = false;
        x->ncallees = 0;
        return;
    }
    x->ncalls++;
    PP_GROW(x->calls, n + 1, x->calls_cap);
    PP_GROW(x->values, (n + 1) * events, x->values_cap);
    const struct pp_cost_function *f = &x->function;
    x->calls[n] = (struct call){
        .frame = pp_costs_frame(x->costs.r, f, f->name, file_of(x, f->file), x->at),
        .file = f->file,
        .name = f->name,
    };
    if (x->valued)
        memcpy(x->values + n * events, x->self, events * sizeof *x->values);
    else
        memset(x->values + n * events, 0, events * sizeof *x->values);
    claim(x, n, at);
    PP_GROW(x->unclaimed, x->nunclaimed + 1, x->unclaimed_cap);
    x->unclaimed[x->nunclaimed++] = n;
    x->open = false;
    x->ncallees = 0;
}

static bool add_call(struct xdebug *x, size_t n, pp_id node)
{
    struct pp_reader *r = x->costs.r;
    struct pp_sample sample = {.node = node};
    pp_id id = pp_sample_id(r->out, &sample);
    for (unsigned e = 0; e < x->costs.nevents; e++)
        if (!pp_reader_add(r, r->in.p, id, x->costs.columns[e],
                           x->values[n * x->costs.nevents + e]))
            return false;
    return true;
}

/* A call whose caller has the stack `parent`. */
struct step {
    size_t call; /* plus one */
    pp_id parent;
    uint32_t depth;
};

/* Adds a call and everything below it. */
static bool add_tree(struct xdebug *x, size_t root, struct step **steps, size_t *cap, bool *cut)
{
    struct pp_reader *r = x->costs.r;
    size_t n = 1;
    PP_GROW(*steps, n, *cap);
    (*steps)[0] = (struct step){root + 1, 0, 0};
    while (n) {
        struct step s = (*steps)[--n];
        const struct call *c = &x->calls[s.call - 1];
        bool deep = s.depth >= r->max_depth;
        *cut = *cut || deep;
        pp_id node = deep ? s.parent : pp_child(r->out, s.parent, c->frame);
        if (!add_call(x, s.call - 1, node))
            return false;
        for (size_t callee = c->last; callee; callee = x->calls[callee - 1].before) {
            PP_GROW(*steps, n + 1, *cap);
            (*steps)[n++] = (struct step){callee, node, s.depth + !deep};
        }
    }
    return true;
}

/* --- lines --------------------------------------------------------------- */

static bool on_function(struct pp_costs *s, const char *at)
{
    struct xdebug *x = s->ctx;
    end_call(x, at);
    x->function = s->function;
    x->open = true;
    x->valued = false;
    x->at = (struct pp_cost_place){0};
    return true;
}

static bool on_cost(struct pp_costs *s, const char *at)
{
    struct xdebug *x = s->ctx;
    if (!x->open) {
        pp_warn(s->r, at, "costs, but no fn= before them");
        return on_function(s, at) && on_cost(s, at);
    }
    if (!x->valued)
        memset(x->self, 0, sizeof x->self);
    for (unsigned e = 0; e < s->nevents; e++)
        if (__builtin_add_overflow(x->self[e], s->values[e], &x->self[e]))
            return pp_fail(s->r, at, "the sum of the costs exceeds 64 bits");
    x->at = x->valued ? x->at : s->at;
    x->valued = true;
    return true;
}

static bool on_call(struct pp_costs *s, const char *at)
{
    struct xdebug *x = s->ctx;
    (void)at;
    PP_GROW(x->callees, x->ncallees + 1, x->callees_cap);
    x->callees[x->ncallees++] = s->callee;
    return true;
}

static bool on_part(struct pp_costs *s)
{
    struct xdebug *x = s->ctx;
    struct step *steps = NULL;
    size_t cap = 0;
    bool ok = true, cut = false;
    end_call(x, s->r->in.end);
    for (size_t i = 0; ok && i < x->nunclaimed; i++)
        ok = add_tree(x, x->unclaimed[i], &steps, &cap, &cut);
    if (cut)
        pp_warn(s->r, s->r->in.p, "stacks of more than %u frames are cut; see --max-depth",
                s->r->max_depth);
    free(steps);
    x->ncalls = x->nunclaimed = 0;
    return ok;
}

bool pp_xdebug_read(struct pp_reader *r, struct pp_span in)
{
    static const struct pp_cost_sink sink = {
        .sums = "totals",
        .column = xdebug_column,
        .function = on_function,
        .cost = on_cost,
        .call = on_call,
        .part = on_part,
    };
    struct xdebug x = {.costs = {.r = r, .sink = &sink}};
    x.costs.ctx = &x;
    bool ok = pp_costs_read(&x.costs, in);
    pp_costs_release(&x.costs);
    free(x.calls);
    free(x.values);
    free(x.unclaimed);
    free(x.callees);
    return ok;
}

static unsigned xdebug_bid(struct pp_span head)
{
    return pp_cost_creator(head, "xdebug") ? 8 * 32 : 0;
}

const struct pp_format pp_format_xdebug_profile = {
    .name = "xdebug-profile",
    .title = "profiles of PHP that Xdebug writes",
    .holds = PP_HOLDS_COLUMNS | PP_HOLDS_LINES,
    .bid = xdebug_bid,
    .read = pp_xdebug_read,
};
