#include "formats/perf/script_calls.h"

#include <stdlib.h>

#include "base/memory.h"
#include "formats/perf/script_state.h"

/*
 * A call is where its digest says, or next to it. When both places are taken there will be more, up
 * to a limit; then the first is taken from the other.
 */
enum { FIRST_PLACES = 64, MAX_PLACES = 1 << 17, AHEAD = 8 };

/* --- places -------------------------------------------------------------- */

static inline bool is_at(const struct pp_perf_call *place, struct pp_digest line)
{
    return place->line.a == line.a && place->line.b == line.b;
}

/* Where this call is, or else a free place for it, or NULL. */
static inline struct pp_perf_call *find_place(const struct pp_perf_calls *c, struct pp_digest line)
{
    if (!c->count)
        return NULL;
    size_t i = line.a & (c->count - 1);
    if (is_at(&c->places[i], line) || !c->places[i].known)
        return &c->places[i];
    i ^= 1;
    return is_at(&c->places[i], line) || !c->places[i].known ? &c->places[i] : NULL;
}

/* The calls of two neighbours part, or are neighbours again: there is a place for each. */
static void double_places(struct pp_perf_calls *c)
{
    struct pp_perf_call *old = c->places;
    size_t n = c->count;
    c->count = n ? n * 2 : FIRST_PLACES;
    c->places = pp_calloc(c->count, sizeof *c->places);
    for (size_t i = 0; i < n; i++)
        if (old[i].known)
            *find_place(c, old[i].line) = old[i];
    free(old);
}

const struct pp_perf_call *pp_perf_find_call(const struct pp_perf_calls *c, struct pp_digest line)
{
    const struct pp_perf_call *place = find_place(c, line);
    return place && place->known ? place : NULL;
}

void pp_perf_add_call(struct pp_perf_calls *c, struct pp_digest line,
                      const struct pp_perf_known *known)
{
    if (pp_perf_calls_in_vain(c))
        return;
    struct pp_perf_call *place = find_place(c, line);
    for (; !place && c->count < MAX_PLACES; place = find_place(c, line))
        double_places(c);
    if (!place)
        place = &c->places[line.a & (c->count - 1)];
    *place = (struct pp_perf_call){line, known, known->id};
}

/* --- lines --------------------------------------------------------------- */

/*
 * A line that may be of a call chain. Several are looked at together, one step at a time: what a
 * step needs was asked for in the step before, and has come when it is the line's turn.
 */
struct coming {
    struct pp_span line;
    struct pp_digest digest;
    enum { OTHER, SEEN, NEW } is;
    struct pp_perf_call known;  /* SEEN: what of it; */
    struct pp_perf_frame frame; /* NEW: what it says, and what that is looked up by */
    struct pp_perf_text text;
};

/* Moves the next lines of `*in`, as long as they may be calls, to `lines`. */
static size_t cut_calls(const struct pp_perf_calls *c, struct pp_span *in, struct coming *lines,
                        size_t most)
{
    size_t n = 0;
    bool look = !pp_perf_calls_in_vain(c);
    for (; n < most && pp_perf_is_call(*in) && pp_line(in, &lines[n].line); n++) {
        if (!look)
            continue;
        lines[n].digest = pp_perf_call_digest(c, lines[n].line);
        pp_perf_prefetch_call(c, lines[n].digest);
    }
    return n;
}

/* Whether the line is a call that was seen before. */
static bool recall(struct pp_perf_calls *c, struct coming *l)
{
    if (pp_perf_calls_in_vain(c))
        return false;
    const struct pp_perf_call *call = pp_perf_find_call(c, l->digest);
    pp_worth_note(&c->worth, call);
    if (call)
        l->known = *call; /* which may move when others are added */
    return call;
}

/* Finds out what is known of the line, or else takes it apart. */
static void look_at(struct pp_perf_state *s, struct coming *l)
{
    if (recall(&s->calls[s->java], l)) {
        l->is = SEEN;
        return;
    }
    l->is = pp_perf_frame(l->line, &l->frame) ? NEW : OTHER;
    if (l->is == NEW) {
        l->text = pp_perf_frame_text(s, &l->frame);
        pp_perf_prefetch_slot(&s->frames[s->java], &l->text);
    }
}

static void add_known(struct pp_reader *r, struct pp_perf_state *s, const struct coming *l)
{
    struct pp_perf_frame frame;
    if (l->known.frame && !s->npending)
        pp_perf_push(s, l->known.frame);
    else if (pp_perf_frame(l->line, &frame)) /* as it was before */
        pp_perf_add_known(r, s, l->line.p, l->known.known, frame.address);
}

static void add_new(struct pp_reader *r, struct pp_perf_state *s, const struct coming *l)
{
    const struct pp_perf_known *known = pp_perf_add_frame(r, s, &l->frame, &l->text);
    if (known)
        pp_perf_add_call(&s->calls[s->java], l->digest, known);
}

static void add(struct pp_reader *r, struct pp_perf_state *s, const struct coming *l)
{
    if (l->line.p == s->callers.next)
        pp_perf_reach_mark(s);
    s->tabbed = true;
    if (l->is == SEEN)
        add_known(r, s, l);
    else
        add_new(r, s, l);
}

/* False, with `*in` moved back to it, at a line that is none of a call chain after all. */
static bool add_lines(struct pp_reader *r, struct pp_perf_state *s, struct coming *lines, size_t n,
                      struct pp_span *in)
{
    for (size_t i = 0; i < n; i++)
        look_at(s, &lines[i]);
    for (size_t i = 0; i < n; i++)
        if (lines[i].is == NEW)
            pp_perf_prefetch_known(&s->frames[s->java], &lines[i].text);
    for (size_t i = 0; i < n; i++) {
        if (lines[i].is == OTHER) {
            in->p = lines[i].line.p;
            return false;
        }
        add(r, s, &lines[i]);
    }
    return true;
}

void pp_perf_add_calls(struct pp_reader *r, struct pp_perf_state *s, struct pp_span *in)
{
    struct coming lines[AHEAD];
    size_t n = 1;
    if (!pp_perf_has_frames(s))
        pp_perf_look_at_callers(r, s, *in);
    while (!pp_perf_join_callers(r, s, in) && n) {
        struct pp_span unknown = {in->p, s->callers.from ? s->callers.from : in->end};
        n = cut_calls(&s->calls[s->java], &unknown, lines, AHEAD);
        bool calls = add_lines(r, s, lines, n, &unknown);
        in->p = unknown.p;
        if (!calls)
            return;
    }
}
