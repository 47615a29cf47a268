#include "formats/perf/script/chain_cache.h"

#include "base/bisect.h"
#include "formats/perf/script/state.h"

static struct pp_perf_coming *nth(struct pp_perf_ahead *a, size_t i)
{
    return &a->coming[(a->first + i) % PP_PERF_AHEAD];
}

/* --- the chains ahead -------------------------------------------------------- */

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

/*
 * The call chain that `in` begins with, if the rest of the sample is one; else NULL. Valid until
 * the next call. Also prefetches for the samples after it.
 */
static const struct pp_perf_coming *look_ahead(const struct pp_reader *r, struct pp_perf_state *s,
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

/* --- lookup -------------------------------------------------------------- */

/* How many of the marks are cached, by binary search: if one is, those nearer the end are, too. */
static size_t count_known(const struct pp_perf_coming *o, const struct pp_cache *cache)
{
    size_t count = o->count;
    for (size_t n = 0; n < 2; n++, count--) /* often the whole chain, or all but one line */
        if (pp_cache_find(cache, o->marks[count - 1]))
            return count;
    PP_BISECT(known, count, i, pp_cache_find(cache, o->marks[i]));
    return known;
}

/* The first line that begins after mark `i`; the last two marks are at lines. */
static const char *line_after(const struct pp_perf_coming *o, size_t i)
{
    if (i + 2 >= o->count)
        return i + 2 == o->count ? o->callers : o->chain.p;
    struct pp_span text = {o->chain.end - (i + 1) * PP_PERF_MARK_STEP, o->chain.end};
    return pp_find(text, '\n') + 1;
}

/* Keeps the marks to be cached: from `i` on, those with a line of their own. */
static void keep_marks(struct pp_perf_known_callers *c, const struct pp_perf_coming *o, size_t i)
{
    const char *last = c->from ? c->from : o->chain.end;
    for (; i < o->count; i++) {
        const char *line = line_after(o, i);
        if (line < last)
            c->marks[c->count++] = (struct pp_perf_mark){.text = o->marks[i], .line = line};
        last = line;
    }
    c->unreached = c->count;
    c->next = c->count ? c->marks[c->count - 1].line : NULL;
}

void pp_perf_find_callers(const struct pp_reader *r, struct pp_perf_state *s, struct pp_span in)
{
    struct pp_perf_known_callers *c = &s->callers;
    struct pp_cache *cache = &s->chains[s->java];
    const struct pp_perf_coming *o = pp_cache_rarely_hits(cache) ? NULL : look_ahead(r, s, in);
    pp_perf_begin_callers(c);
    if (!o)
        return;
    size_t known = count_known(o, cache);
    pp_hit_rate_note(&cache->rate, known);
    c->end = o->chain.end;
    if (known)
        c->known = *pp_cache_find(cache, o->marks[known - 1]);
    if (known && c->known.end <= pp_len(o->chain)) /* always true, unless digests collide */
        c->from = c->end - c->known.end;
    keep_marks(c, o, known);
}

/* --- while reading the chain --------------------------------------------- */

/* Whether the last frame belongs with the next line. */
static bool is_inlined(const struct pp_perf_state *s)
{
    return s->npending && s->pending[s->npending - 1].known->inlined;
}

/* The number of frames that the open sample has so far. */
static size_t count_frames(const struct pp_perf_state *s)
{
    size_t n = s->count;
    for (size_t i = 0; i < s->npending; i++)
        n += s->pending[i].known->count;
    return n;
}

void pp_perf_reach_mark(struct pp_perf_state *s)
{
    struct pp_perf_known_callers *c = &s->callers;
    c->marks[--c->unreached].above = count_frames(s);
    c->next = c->unreached ? c->marks[c->unreached - 1].line : NULL;
}

bool pp_perf_join_callers(const struct pp_reader *r, struct pp_perf_state *s, struct pp_span *in)
{
    struct pp_perf_known_callers *c = &s->callers;
    if (in->p != c->from)
        return false;
    c->from = NULL;
    if (is_inlined(s) || c->known.depth + count_frames(s) > r->max_depth)
        return false;
    c->joined = s->tabbed = true;
    in->p = c->end;
    return true;
}

/* --- adding to the cache ------------------------------------------------- */

void pp_perf_cache_callers(const struct pp_reader *r, struct pp_perf_state *s, pp_id node)
{
    struct pp_perf_known_callers *c = &s->callers;
    size_t depth = s->count + (c->joined ? c->known.depth : 0), above = 0;
    for (size_t i = c->count; i-- > c->unreached && depth <= r->max_depth;) {
        const struct pp_perf_mark *m = &c->marks[i];
        for (; above < m->above; above++)
            node = pp_node(r->out, node)->parent;
        if (above < depth)
            pp_cache_add(&s->chains[s->java],
                         (struct pp_cached){.key = m->text,
                                            .node = node,
                                            .depth = (uint32_t)(depth - above),
                                            .end = (uint32_t)(c->end - m->line)});
    }
}
