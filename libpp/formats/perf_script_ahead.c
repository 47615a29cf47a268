#include "formats/perf_script_ahead.h"

#include "formats/perf_script_state.h"

static struct pp_perf_coming *nth(struct pp_perf_ahead *a, size_t i)
{
    return &a->coming[(a->first + i) % PP_PERF_AHEAD];
}

/* --- finding them -------------------------------------------------------- */

/*
 * The lines that `in` begins with, if they may be callers up to the end of a sample: each begins
 * with a tab, and a blank line follows. Empty if there are none such.
 */
static struct pp_span cut_callers(struct pp_span in)
{
    struct pp_span lines = pp_lines_beginning(in, '\t');
    bool ends = lines.end < in.end && *lines.end == '\n' && pp_len(lines) <= UINT32_MAX;
    return (struct pp_span){in.p, ends ? lines.end : in.p};
}

static void take_digests(struct pp_perf_coming *c, uint64_t seed)
{
    struct pp_digest d = pp_digest_start(seed);
    const char *p = c->callers.end;
    for (c->count = 0; c->count < PP_PERF_MARKS && p - c->callers.p >= PP_PERF_MARK_STEP;) {
#pragma GCC unroll 4
        for (int i = 0; i < PP_PERF_MARK_STEP / PP_DIGEST_BLOCK; i++) {
            p -= PP_DIGEST_BLOCK;
            d = pp_digest_block(d, p, seed);
        }
        c->marks[c->count++] = d;
    }
    c->marks[c->count++] = pp_digest(c->callers.p, (size_t)(p - c->callers.p), d.a ^ d.b);
}

/* The callers that `in` begins with become the last of those at hand. False if there are none. */
static bool add_callers(struct pp_perf_state *s, struct pp_span in, struct pp_digest call)
{
    struct pp_perf_coming *c = nth(&s->ahead, s->ahead.count);
    c->callers = cut_callers(in);
    if (pp_empty(c->callers))
        return false;
    c->call = call;
    c->frame = 0;
    take_digests(c, (uintptr_t)s);
    pp_seen_prefetch(&s->seen[s->java], c->marks[c->count - 1]);
    s->ahead.count++;
    return true;
}

/* The same with the sample that follows the last of them, if it is of the usual form. */
static bool add_next(struct pp_perf_state *s, struct pp_span in)
{
    const struct pp_perf_calls *calls = &s->calls[s->java];
    struct pp_span line;
    in.p = nth(&s->ahead, s->ahead.count - 1)->callers.end + 1;
    if (!pp_line(&in, &line) || !pp_perf_is_call(in) || !pp_line(&in, &line))
        return false;
    struct pp_digest call = pp_perf_call_digest(calls, line);
    pp_perf_prefetch_call(calls, call);
    return add_callers(s, in, call);
}

/* --- asking for what they need ------------------------------------------- */

/* What is known of its parts has come: asks for the node to which they lead. */
static void fetch_node(const struct pp_reader *r, const struct pp_perf_state *s,
                       struct pp_perf_coming *c)
{
    const struct pp_perf_call *call = pp_perf_find_call(&s->calls[s->java], c->call);
    const struct pp_seen *seen = pp_seen_find(&s->seen[s->java], c->marks[c->count - 1]);
    if (!call || !seen)
        return;
    c->frame = call->frame;
    c->node = seen->node;
    pp_fetch_child(&r->out->nodes, c->node, c->frame);
}

/* Where it goes on to the node has come: asks for the sample there. */
static void fetch_sample(const struct pp_reader *r, struct pp_perf_coming *c)
{
    const struct pp_table *nodes = &r->out->nodes;
    if (!c->frame)
        return;
    bool next = pp_is_child(nodes, (size_t)c->node + 1, c->node, c->frame);
    c->node = next ? c->node + 1 : pp_probable_child(nodes, c->node, c->frame);
    pp_fetch_sample(r->out, c->node);
}

const struct pp_perf_coming *pp_perf_look_ahead(const struct pp_reader *r, struct pp_perf_state *s,
                                                struct pp_span in)
{
    enum { NODE = 6, SAMPLE = 4, VALUES = 2 }; /* samples ahead: that far is each known */
    struct pp_perf_ahead *a = &s->ahead;
    if (!a->count || nth(a, 0)->callers.p != in.p) {
        a->count = 0;
        if (!add_callers(s, in, (struct pp_digest){0}))
            return NULL;
    }
    while (a->count < PP_PERF_AHEAD && add_next(s, in))
        ;
    if (a->count > NODE)
        fetch_node(r, s, nth(a, NODE));
    if (a->count > SAMPLE)
        fetch_sample(r, nth(a, SAMPLE));
    if (a->count > VALUES && nth(a, VALUES)->frame)
        pp_fetch_values(r->out, nth(a, VALUES)->node);
    const struct pp_perf_coming *first = nth(a, 0);
    a->first = (a->first + 1) % PP_PERF_AHEAD;
    a->count--;
    return first;
}
