#include "formats/perf/script_chain.h"

#include "formats/perf/script_state.h"

/*
 * Lines of call chains are processed in batches, stage by stage: each stage prefetches what the
 * next one needs.
 */
enum { BATCH = 8 };

struct call {
    struct pp_span line;
    bool is_frame;
    struct pp_perf_frame frame; /* if it is one: its parts, and the key of its cache entry */
    struct pp_perf_text text;
};

/* Moves the next lines of `*in` that may be frames to `calls`. */
static size_t cut_calls(struct pp_span *in, struct call *calls, size_t most)
{
    size_t n = 0;
    while (n < most && pp_perf_is_call(*in) && pp_line(in, &calls[n].line))
        n++;
    return n;
}

static void take_apart(const struct pp_perf_state *s, struct call *c)
{
    c->is_frame = pp_perf_frame(c->line, &c->frame);
    if (!c->is_frame)
        return;
    c->text = pp_perf_frame_text(s, &c->frame);
    pp_perf_prefetch_slot(&s->frames[s->java], &c->text);
}

static void add(struct pp_reader *r, struct pp_perf_state *s, const struct call *c)
{
    if (c->line.p == s->callers.next)
        pp_perf_reach_mark(s);
    s->tabbed = true;
    pp_perf_add_frame(r, s, &c->frame, &c->text);
}

/* False, with `*in` moved back to it, at a line that turns out not to be a frame. */
static bool add_calls(struct pp_reader *r, struct pp_perf_state *s, struct call *calls, size_t n,
                      struct pp_span *in)
{
    for (size_t i = 0; i < n; i++)
        take_apart(s, &calls[i]);
    for (size_t i = 0; i < n; i++)
        if (calls[i].is_frame)
            pp_perf_prefetch_known(&s->frames[s->java], &calls[i].text);
    for (size_t i = 0; i < n; i++) {
        if (!calls[i].is_frame) {
            in->p = calls[i].line.p;
            return false;
        }
        add(r, s, &calls[i]);
    }
    return true;
}

void pp_perf_add_chain_lines(struct pp_reader *r, struct pp_perf_state *s, struct pp_span *in)
{
    struct call calls[BATCH];
    size_t n = 1;
    if (!pp_perf_has_frames(s))
        pp_perf_find_callers(r, s, *in);
    while (!pp_perf_join_callers(r, s, in) && n) {
        struct pp_span unknown = {in->p, s->callers.from ? s->callers.from : in->end};
        n = cut_calls(&unknown, calls, BATCH);
        bool all = add_calls(r, s, calls, n, &unknown);
        in->p = unknown.p;
        if (!all)
            return;
    }
}
