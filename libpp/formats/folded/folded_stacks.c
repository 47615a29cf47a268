#include "formats/folded/folded_stacks.h"

#include <stdlib.h>

#include "base/bisect.h"
#include "base/memory.h"

/* The stack up to a name, and where the next name begins. */
struct pp_folded_reached {
    pp_id node;
    uint32_t depth;
    size_t end;
};

/* A name of a line: its frame, and where it ends. */
struct pp_folded_part {
    pp_id frame;
    size_t end;
};

void pp_folded_release(struct pp_folded_stacks *s)
{
    free(s->cache.slots);
    free(s->reached);
    free(s->parts);
    free(s->by_name);
}

/* --- frames -------------------------------------------------------------- */

/* Suffixes of names, and the kinds that they mean. */
static const struct {
    const char *suffix;
    enum pp_kind kind;
} annotations[] = {{"_[k]", PP_KERNEL}, {"_[j]", PP_JIT}, {"_[i]", PP_KINDS}};

static pp_id marked_frame(struct pp_profile *p, struct pp_span name)
{
    struct pp_frame frame = {0};
    for (size_t i = 0; i < sizeof annotations / sizeof *annotations; i++) {
        if (!pp_ends(name, annotations[i].suffix))
            continue;
        name.end -= strlen(annotations[i].suffix);
        frame.marked = 1;
        frame.inlined = annotations[i].kind == PP_KINDS;
        frame.kind = frame.inlined ? PP_USER : annotations[i].kind & 0x1f;
        break;
    }
    frame.function = pp_function_named(p, name);
    return pp_intern(&p->frames, &frame);
}

static pp_id frame_of(struct pp_reader *r, struct pp_folded_stacks *s, struct pp_span name)
{
    if (pp_empty(name))
        name = pp_str(" "); /* V8 leaves some names out; stackcollapse-perf.pl makes them a blank */
    if (name.end[-1] == ']')
        return marked_frame(r->out, name);
    pp_id string = pp_string(r->out, name);
    if (string >= s->by_name_cap) {
        size_t old = s->by_name_cap;
        PP_GROW(s->by_name, (size_t)string + 1, s->by_name_cap);
        memset(s->by_name + old, 0, (s->by_name_cap - old) * sizeof *s->by_name);
    }
    if (!s->by_name[string])
        s->by_name[string] = pp_frame_named(r->out, name);
    return s->by_name[string];
}

/* --- looking ahead ------------------------------------------------------- */

void pp_folded_begin_block(struct pp_folded_stacks *s)
{
    s->before = NULL;
    s->lines[0] = (struct pp_folded_line){0};
}

void pp_folded_pass(struct pp_folded_stacks *s, size_t n)
{
    if (n)
        s->lines[0] = s->lines[n];
}

/* The length of the common prefix. */
static size_t common_bytes(struct pp_span a, struct pp_span b)
{
    size_t n = pp_len(a) < pp_len(b) ? pp_len(a) : pp_len(b), i = 0;
    while (i + 8 <= n && memcmp(a.p + i, b.p + i, 8) == 0)
        i += 8;
    while (i < n && a.p[i] == b.p[i])
        i++;
    return i;
}

/* The number of whole steps in `bytes`, at most `most`. */
static size_t steps_in(size_t bytes, size_t most)
{
    return bytes / PP_FOLDED_STEP < most ? bytes / PP_FOLDED_STEP : most;
}

/* Computes digests of the line, and prefetches their cache entries. */
void pp_folded_look_ahead(struct pp_folded_stacks *s, size_t i, struct pp_span line)
{
    const struct pp_folded_line *before = &s->lines[i - 1];
    struct pp_folded_line *l = &s->lines[i];
    uint64_t seed = (uintptr_t)s;
    size_t most = steps_in(pp_len(line), PP_FOLDED_STEPS);
    l->text = line;
    l->common = common_bytes(before->text, line);
    l->steps = 0;
    if (pp_cache_rarely_hits(&s->cache)) /* as with sorted lines: then the previous line suffices */
        return;
    l->steps = steps_in(l->common, before->steps);
    memcpy(l->at, before->at, l->steps * sizeof *l->at);
    struct pp_digest d = l->steps ? l->at[l->steps - 1] : pp_digest_start(seed);
    while (l->steps < most) {
        d = pp_digest_block(d, line.p + l->steps * PP_FOLDED_STEP, seed);
        pp_cache_prefetch(&s->cache, d);
        l->at[l->steps++] = d;
    }
}

/* --- lookup -------------------------------------------------------------- */

/* How many names of the previous line lie in the common prefix of both. */
static size_t count_common(const struct pp_folded_stacks *s, size_t common)
{
    PP_BISECT(n, s->nreached, i, s->reached[i].end <= common);
    return n;
}

/* The longest prefix of the line in the cache. Drops what the previous line reached beyond it. */
static struct pp_folded_reached recall(struct pp_folded_stacks *s, const struct pp_folded_line *l,
                                       size_t steps)
{
    s->nreached = l[-1].text.p == s->before ? count_common(s, l->common) : 0;
    s->before = l->text.p;
    struct pp_folded_reached at =
        s->nreached ? s->reached[s->nreached - 1] : (struct pp_folded_reached){0};
    const struct pp_cached *hit = NULL;
    size_t step = steps;
    for (; step * PP_FOLDED_STEP > at.end; step--) {
        hit = pp_cache_find(&s->cache, l->at[step - 1]);
        if (hit && hit->end > at.end &&
            hit->end <= step * PP_FOLDED_STEP) /* always true, unless digests collide */
            break;
    }
    if (steps)
        pp_hit_rate_note(&s->cache.rate, step * PP_FOLDED_STEP > at.end);
    if (step * PP_FOLDED_STEP <= at.end)
        return at;
    s->nreached = 0;
    return (struct pp_folded_reached){hit->node, hit->depth, hit->end};
}

static void remember(struct pp_folded_stacks *s, struct pp_digest text, struct pp_folded_reached at)
{
    if (at.depth)
        pp_cache_add(&s->cache, (struct pp_cached){text, at.node, at.depth, (uint32_t)at.end, 0});
}

/* --- stacks -------------------------------------------------------------- */

/* The number of names: at least one, which may be empty. */
static size_t count_names(struct pp_span text)
{
    size_t n = 1;
    for (const char *p = text.p; p < text.end && (p = pp_find((struct pp_span){p, text.end}, ';'));
         p++)
        n++;
    return n;
}

/* Parses the text after `at`, up to the maximum depth of a stack. Returns the number of names. */
static size_t take_apart(struct pp_reader *r, struct pp_folded_stacks *s, struct pp_span text,
                         struct pp_folded_reached at)
{
    struct pp_span rest = {text.p + at.end, text.end};
    size_t n = 0, room = r->max_depth - at.depth;
    bool more = !pp_empty(text);
    while (more && n < room) {
        const char *semicolon = pp_find(rest, ';'), *end = semicolon ? semicolon : rest.end;
        PP_GROW(s->parts, n + 1, s->parts_cap);
        s->parts[n] = (struct pp_folded_part){frame_of(r, s, (struct pp_span){rest.p, end}),
                                              (size_t)(end - text.p)};
        if (n++ == 0)
            pp_prefetch_child(&r->out->nodes, at.node, s->parts[0].frame);
        more = semicolon;
        rest.p = semicolon ? semicolon + 1 : rest.end;
    }
    if (more)
        pp_reader_cut(r, text.p, r->max_depth + count_names(rest));
    return n;
}

pp_id pp_folded_stack(struct pp_reader *r, struct pp_folded_stacks *s, size_t i,
                      struct pp_span text)
{
    const struct pp_folded_line *l = &s->lines[i];
    size_t steps = steps_in(pp_len(text), l->steps);
    struct pp_folded_reached at = recall(s, l, steps);
    pp_prefetch(pp_node(r->out, at.node) + 1); /* the next node, if there is only one child */
    size_t n = take_apart(r, s, text, at), step = at.end / PP_FOLDED_STEP;
    bool fresh = false;
    PP_GROW(s->reached, s->nreached + n, s->reached_cap);
    for (size_t k = 0; k < n; k++) {
        const struct pp_folded_part *p = &s->parts[k];
        for (; step < steps && p->end >= (step + 1) * PP_FOLDED_STEP; step++)
            remember(s, l->at[step], at);
        at.node = pp_intern_child(&r->out->nodes, at.node, p->frame, &fresh);
        at.depth++;
        at.end = p->end + 1;
        if (at.end <= pp_len(text)) /* no ";" follows the last name */
            s->reached[s->nreached++] = at;
    }
    return at.node;
}
