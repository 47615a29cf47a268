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

void pp_perf_note_call(struct pp_perf_calls *c, const char *line, uint64_t address,
                       const struct pp_perf_known *known)
{
    const char *printed = line + 1;
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
    while (p < s.end && (pp_is_digit(*p) || (*p >= 'a' && *p <= 'f')))
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

/* Moves the next lines of `*in`, as long as they may be calls, to `lines`. */
static size_t cut_calls(const struct pp_perf_calls *c, struct pp_span *in, struct pp_span *lines,
                        size_t most)
{
    size_t n = 0;
    while (n < most && pp_perf_is_call(*in)) {
        __builtin_prefetch(&c->places[place_of(c, in->p + 1)]);
        pp_line(in, &lines[n++]);
    }
    return n;
}

/* NULL if no such line was seen. */
static inline const struct pp_perf_call *recall(const struct pp_perf_calls *c, struct pp_span line)
{
    struct pp_span text = {line.p + PP_PERF_CALL_TEXT, line.end};
    const struct pp_perf_call *call = find_place(c, line.p + 1);
    bool seen = call && call->known && line.p + PP_PERF_CALL_TEXT <= line.end &&
                is_text_of(call->known, text);
    return seen ? call : NULL;
}

/* False if the line is none of a call chain after all. */
static bool add_call(struct pp_reader *r, struct pp_perf_state *s, const struct pp_perf_calls *c,
                     struct pp_span line)
{
    struct pp_perf_frame frame;
    const struct pp_perf_call *call = recall(c, line);
    if (call && call->known->id && !s->npending)
        pp_perf_push(s, call->known->id);
    else if (call)
        pp_perf_add_known(r, s, line.p, call->known, call->address);
    else if (pp_perf_frame(line, &frame))
        pp_perf_add_frame(r, s, &frame);
    else
        return false;
    return true;
}

void pp_perf_add_calls(struct pp_reader *r, struct pp_perf_state *s, struct pp_span *in)
{
    const struct pp_perf_calls *c = &s->calls[s->java];
    struct pp_span lines[AHEAD];
    size_t n = c->count ? AHEAD : 0, most = s->count || s->npending ? AHEAD : 1;
    while (n) {
        n = cut_calls(c, in, lines, most);
        for (size_t i = 0; i < n; i++) {
            if (!add_call(r, s, c, lines[i])) {
                in->p = lines[i].p;
                return;
            }
            s->tabbed = true;
        }
        if (most == 1 && pp_perf_add_callers(r, s, in))
            return;
        most = AHEAD;
    }
}
