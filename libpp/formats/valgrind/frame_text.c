#include "formats/valgrind/frame_text.h"

/* Cuts ":123" off the end of `*s`; false, with nothing cut, if there is no such number. */
static bool take_number(struct pp_span *s, uint32_t *out)
{
    uint64_t n;
    const char *colon = pp_rfind(*s, ':');
    if (!colon || colon == s->p || !pp_parse_u64((struct pp_span){colon + 1, s->end}, &n) ||
        n > UINT32_MAX)
        return false;
    s->end = colon;
    *out = (uint32_t)n;
    return true;
}

/* "FILE:LINE" or "FILE:LINE:COLUMN". */
static bool take_source(struct pp_span place, struct pp_code *code)
{
    uint32_t last, before;
    if (!take_number(&place, &last))
        return false;
    code->line = last;
    if (take_number(&place, &before)) {
        code->line = before;
        code->column = last;
    }
    code->file = place;
    return true;
}

/* The text in the last brackets: "in OBJECT", or the place in the source. */
static bool take_place(struct pp_span place, struct pp_code *code)
{
    if (!pp_starts(place, "in "))
        return take_source(place, code);
    place.p += strlen("in ");
    if (!pp_is(place, "???"))
        code->module = place;
    return true;
}

/*
 * The bracket that matches the last byte of `s`, with a blank before it: names and paths may
 * contain others.
 */
static const char *opening(struct pp_span s)
{
    size_t depth = 0;
    for (const char *p = s.end; p-- > s.p;) {
        depth += *p == ')';
        depth -= *p == '(';
        if (!depth)
            return p > s.p && p[-1] == ' ' ? p : NULL;
    }
    return NULL;
}

bool pp_valgrind_frame(struct pp_span text, struct pp_code *code)
{
    const char *colon = pp_find(text, ':');
    *code = (struct pp_code){0};
    if (!colon || !pp_starts(text, "0x") ||
        !pp_parse_hex((struct pp_span){text.p, colon}, &code->address))
        return false;
    struct pp_span name = pp_trim((struct pp_span){colon + 1, text.end});
    const char *bracket = pp_ends(name, ")") ? opening(name) : NULL;
    if (bracket && take_place((struct pp_span){bracket + 1, name.end - 1}, code))
        name.end = bracket - 1;
    if (!pp_is(name, "???"))
        code->function = name;
    return true;
}
