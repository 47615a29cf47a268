#include "formats/perf/script_ahead.h"

#include "formats/perf/script_state.h"

static struct pp_perf_coming *nth(struct pp_perf_ahead *a, size_t i)
{
    return &a->coming[(a->first + i) % PP_PERF_AHEAD];
}

/* --- finding them -------------------------------------------------------- */

/*
 * The lines at the start of `in` that may be a whole call chain: each begins with a tab, and a
 * blank line follows. Empty if there is none.
 */
static struct pp_span cut_chain(struct pp_span in)
{
    if (!pp_perf_is_call(in))
        return (struct pp_span){in.p, in.p};
    struct pp_span lines = pp_lines_beginning(in, '\t');
    bool ends = lines.end < in.end && *lines.end == '\n' && pp_len(lines) <= UINT32_MAX;
    return (struct pp_span){in.p, ends ? lines.end : in.p};
}

/*
 * The digest `d` of the bytes from `p` to `end`, extended to those from `from` on. The last block
 * may overlap bytes that are already included; the size of the overlap is mixed in.
 */
static struct pp_digest go_back(struct pp_digest d, const char *from, const char *p,
                                const char *end, uint64_t seed)
{
    if (end - from < PP_DIGEST_BLOCK)
        return pp_digest(from, (size_t)(p - from), d.a ^ d.b);
    for (; p - from > PP_DIGEST_BLOCK; p -= PP_DIGEST_BLOCK)
        d = pp_digest_block(d, p - PP_DIGEST_BLOCK, seed);
    d.a ^= (uint64_t)(p - from);
    return pp_digest_block(d, from, seed);
}

static void take_digests(struct pp_perf_coming *c, uint64_t seed)
{
    struct pp_digest d = pp_digest_start(seed);
    const char *p = c->chain.end;
    for (c->count = 0; c->count < PP_PERF_MARKS && p - c->callers >= PP_PERF_MARK_STEP;) {
#pragma GCC unroll 4
        for (int i = 0; i < PP_PERF_MARK_STEP / PP_DIGEST_BLOCK; i++) {
            p -= PP_DIGEST_BLOCK;
            d = pp_digest_block(d, p, seed);
        }
        c->marks[c->count++] = d;
    }
    d = go_back(d, c->callers, p, c->chain.end, seed);
    c->marks[c->count++] = d;
    c->marks[c->count++] = go_back(d, c->chain.p, c->callers, c->chain.end, seed);
}

/* Appends the chain that `in` begins with to the ring. False if there is none. */
static bool add_chain(struct pp_perf_state *s, struct pp_span in)
{
    struct pp_perf_coming *c = nth(&s->ahead, s->ahead.count);
    struct pp_span line;
    c->chain = cut_chain(in);
    if (!pp_line(&in, &line) || pp_empty(c->chain))
        return false;
    c->callers = in.p;
    c->node = 0;
    take_digests(c, (uintptr_t)s);
    pp_cache_prefetch(&s->chains[s->java], c->marks[c->count - 1]);
    s->ahead.count++;
    return true;
}

/* Appends the chain of the sample after the last one: a blank line, a header, a chain. */
static bool add_next(struct pp_perf_state *s, struct pp_span in)
{
    struct pp_span line;
    in.p = nth(&s->ahead, s->ahead.count - 1)->chain.end + 1;
    return pp_line(&in, &line) && add_chain(s, in);
}

/* --- prefetching --------------------------------------------------------- */

/*
 * The cache entry of the chain has arrived: prefetches its sample, or else the entry of its
 * callers.
 */
static void prefetch_sample(const struct pp_reader *r, const struct pp_perf_state *s,
                            struct pp_perf_coming *c)
{
    const struct pp_cache *cache = &s->chains[s->java];
    const struct pp_cached *hit = pp_cache_find(cache, c->marks[c->count - 1]);
    if (hit)
        pp_prefetch_sample(r->out, c->node = hit->node);
    else
        pp_cache_prefetch(cache, c->marks[c->count - 2]);
}

const struct pp_perf_coming *pp_perf_look_ahead(const struct pp_reader *r, struct pp_perf_state *s,
                                                struct pp_span in)
{
    enum { SAMPLE = 5, VALUES = 2 }; /* how many samples ahead each is prefetched */
    struct pp_perf_ahead *a = &s->ahead;
    if (!a->count || nth(a, 0)->chain.p != in.p) {
        a->count = 0;
        if (!add_chain(s, in))
            return NULL;
    }
    while (a->count < PP_PERF_AHEAD && add_next(s, in))
        ;
    if (a->count > SAMPLE)
        prefetch_sample(r, s, nth(a, SAMPLE));
    if (a->count > VALUES && nth(a, VALUES)->node)
        pp_prefetch_values(r->out, nth(a, VALUES)->node);
    const struct pp_perf_coming *first = nth(a, 0);
    a->first = (a->first + 1) % PP_PERF_AHEAD;
    a->count--;
    return first;
}
