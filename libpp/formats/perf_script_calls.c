#include "formats/perf_script_calls.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/memory.h"
#include "formats/perf_script_state.h"

/*
 * A call is at the hash of its address or next to it. When both places are taken there will be
 * more, up to a limit; then the first is taken from the other.
 */
enum { FIRST_PLACES = 64, MAX_PLACES = 1 << 17, AHEAD = 8 };

struct pp_perf_call {
    char printed[PP_PERF_ADDRESS]; /* the address, as bytes and as a number */
    uint64_t address;
    const struct pp_perf_known *known; /* NULL: free */
};

/* --- places -------------------------------------------------------------- */

static inline size_t place_of(const struct pp_perf_calls *c, const char *printed)
{
    uint64_t hash = pp_mix(pp_load64(printed) ^ (uintptr_t)c,
                           pp_load64(printed + 8) ^ UINT64_C(0x9e3779b97f4a7c15));
    return hash & (c->count - 1);
}

static inline bool is_at(const struct pp_perf_call *place, const char *printed)
{
    return pp_load64(place->printed) == pp_load64(printed) &&
           pp_load64(place->printed + 8) == pp_load64(printed + 8);
}

/* Where this call is, or else a free place for it, or NULL. */
static inline struct pp_perf_call *find_place(const struct pp_perf_calls *c, const char *printed)
{
    if (!c->count)
        return NULL;
    size_t i = place_of(c, printed);
    if (is_at(&c->places[i], printed) || !c->places[i].known)
        return &c->places[i];
    i ^= 1;
    return is_at(&c->places[i], printed) || !c->places[i].known ? &c->places[i] : NULL;
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
            *find_place(c, old[i].printed) = old[i];
    free(old);
}

/* Where hardly a line is there again, looking for them takes longer than reading them. */
static bool in_vain(const struct pp_perf_calls *c)
{
    return pp_in_vain(&c->worth, 1 << 18, 4);
}

void pp_perf_note_call(struct pp_perf_calls *c, const char *line, uint64_t address,
                       const struct pp_perf_known *known)
{
    const char *printed = line + 1;
    if (in_vain(c))
        return;
    struct pp_perf_call *place = find_place(c, printed);
    for (; !place && c->count < MAX_PLACES; place = find_place(c, printed))
        double_places(c);
    if (!place)
        place = &c->places[place_of(c, printed)];
    *place = (struct pp_perf_call){.address = address, .known = known};
    memcpy(place->printed, printed, sizeof place->printed);
}

/* --- texts --------------------------------------------------------------- */

/* "+0x" and digits. */
static inline bool is_offset(struct pp_span s)
{
    const char *p = s.p + 3;
    if (p >= s.end || memcmp(s.p, "+0x", 3) != 0)
        return false;
    while (p < s.end && pp_hex_digit(*p))
        p++;
    return p == s.end;
}

/* The text may have an offset where none is remembered. */
static inline bool is_text_of(const struct pp_perf_known *known, struct pp_span text)
{
    size_t before = known->before, after = pp_len(known->text) - before;
    if (pp_len(text) < before + after || memcmp(text.p, known->text.p, before) != 0)
        return false;
    if (!after)
        return pp_len(text) == before;
    struct pp_span offset = {text.p + before, text.end - after};
    return memcmp(offset.end, known->text.p + before, after) == 0 && is_offset(offset);
}

/* --- lines --------------------------------------------------------------- */

/*
 * A line that may be of a call chain. Several are looked at together, one step at a time: what a
 * step needs was asked for in the step before, and has come when it is the line's turn.
 */
struct coming {
    struct pp_span line;
    bool is_frame;
    const struct pp_perf_known *known; /* if it was seen before, with its address; */
    uint64_t address;
    struct pp_perf_frame frame; /* else what it is, and what that is looked up by */
    struct pp_perf_text text;
};

/* Moves the next lines of `*in`, as long as they may be calls, to `lines`. */
static size_t cut_calls(const struct pp_perf_calls *c, struct pp_span *in, struct coming *lines,
                        size_t most)
{
    size_t n = 0;
    bool look = c->count && !in_vain(c);
    for (; n < most && pp_perf_is_call(*in); n++) {
        if (look)
            __builtin_prefetch(&c->places[place_of(c, in->p + 1)]);
        if (!pp_line(in, &lines[n].line))
            break;
    }
    return n;
}

/* Whether the line is a call that was seen before. */
static bool recall(struct pp_perf_calls *c, struct coming *l)
{
    l->known = NULL;
    if (in_vain(c))
        return false;
    const struct pp_perf_call *call = find_place(c, l->line.p + 1);
    struct pp_span text = {l->line.p + PP_PERF_CALL_TEXT, l->line.end};
    bool found = call && call->known && text.p <= text.end && is_text_of(call->known, text);
    pp_worth_note(&c->worth, found);
    if (found) {
        l->known = call->known;
        l->address = call->address;
    }
    return found;
}

/* Finds out what is known of the line as a call, or else takes it apart. */
static void look_at(struct pp_perf_state *s, struct coming *l)
{
    l->is_frame = recall(&s->calls[s->java], l);
    if (!l->is_frame && pp_perf_frame(l->line, &l->frame)) {
        l->is_frame = true;
        l->text = pp_perf_frame_text(s, &l->frame);
        pp_perf_prefetch_slot(&s->frames[s->java], &l->text);
    }
}

static void add(struct pp_reader *r, struct pp_perf_state *s, const struct coming *l)
{
    if (!l->known)
        pp_perf_add_frame(r, s, &l->frame, &l->text);
    else if (l->known->id && !s->npending)
        pp_perf_push(s, l->known->id);
    else
        pp_perf_add_known(r, s, l->line.p, l->known, l->address);
    s->tabbed = true;
}

/* False, with `*in` moved back to it, at a line that is none of a call chain after all. */
static bool add_lines(struct pp_reader *r, struct pp_perf_state *s, struct coming *lines, size_t n,
                      struct pp_span *in)
{
    for (size_t i = 0; i < n; i++)
        look_at(s, &lines[i]);
    for (size_t i = 0; i < n; i++)
        if (lines[i].is_frame && !lines[i].known)
            pp_perf_prefetch_known(&s->frames[s->java], &lines[i].text);
    for (size_t i = 0; i < n; i++) {
        if (!lines[i].is_frame) {
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
    bool first = !pp_perf_has_frames(s), more = true;
    while (more) {
        size_t most = first ? 1 : AHEAD, n = cut_calls(&s->calls[s->java], in, lines, most);
        if (!add_lines(r, s, lines, n, in) || (first && pp_perf_add_callers(r, s, in)))
            return;
        more = n == most;
        first = false;
    }
}
