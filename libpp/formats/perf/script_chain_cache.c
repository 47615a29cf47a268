#include "formats/perf/script_chain_cache.h"

#include "base/bisect.h"
#include "formats/perf/script_state.h"

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
    const struct pp_perf_coming *o =
        pp_cache_rarely_hits(cache) ? NULL : pp_perf_look_ahead(r, s, in);
    pp_perf_begin_callers(s);
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
