/*
 * firefox_names.c - parses the texts of Gecko's frames:
 *
 *     0x7fff23c0                             an address
 *     name (in libxul.so) + 12               a function of a library; instead of the number, "
 * (a.cc:3)" name (https://a.org/b.js:12:3)[41]     a function of a script self-hosted.js ->
 * https://a.org/b.js:12   a script itself anything else                          a name
 */
#include "formats/viewers/firefox.h"

/* Cuts digits and the ':' before them off the end of `*s`. */
static bool take_number(struct pp_span *s, uint32_t *out)
{
    const char *p = s->end;
    uint64_t v;
    while (p > s->p && pp_is_digit(p[-1]))
        p--;
    if (p == s->end || p == s->p || p[-1] != ':')
        return false;
    bool fits = pp_parse_u64((struct pp_span){p, s->end}, &v) && v <= UINT32_MAX;
    *out = fits ? (uint32_t)v : 0;
    s->end = p - 1;
    return true;
}

/* Parses "file:line" or "file:line:column". */
static bool parse_place(struct pp_span s, struct pp_fx_location *l)
{
    uint32_t last, before;
    if (!take_number(&s, &last) || pp_empty(s))
        return false;
    struct pp_span longer = s;
    l->line = last;
    l->column = 0;
    if (take_number(&longer, &before) && !pp_empty(longer)) {
        l->line = before;
        l->column = last;
        s = longer;
    }
    l->file = s;
    return true;
}

static bool all_digits(struct pp_span s)
{
    while (!pp_empty(s) && pp_is_digit(*s.p))
        s.p++;
    return pp_empty(s);
}

/* Parses the part after "(in library)". */
static bool parse_after_library(struct pp_span s, struct pp_fx_location *l)
{
    uint32_t line;
    if (pp_empty(s))
        return true;
    if (pp_starts(s, " + ") && pp_len(s) > 3)
        return all_digits((struct pp_span){s.p + 3, s.end});
    if (!pp_starts(s, " (") || !pp_ends(s, ")"))
        return false;
    struct pp_span place = {s.p + 2, s.end - 1};
    if (!take_number(&place, &line))
        return false;
    l->file = place;
    l->line = line;
    return true;
}

/* The last `mark` in `s`, or NULL. */
static const char *last_text(struct pp_span s, const char *mark)
{
    size_t n = strlen(mark);
    for (const char *p = s.end; (size_t)(p - s.p) >= n; p--)
        if (memcmp(p - n, mark, n) == 0)
            return p - n;
    return NULL;
}

static bool parse_in_library(struct pp_span text, struct pp_fx_location *l)
{
    static const char mark[] = " (in ";
    const char *at = last_text(text, mark);
    if (!at)
        return false;
    struct pp_span rest = {at + strlen(mark), text.end};
    const char *close = pp_find(rest, ')');
    if (!close || !parse_after_library((struct pp_span){close + 1, text.end}, l))
        return false;
    l->name = (struct pp_span){text.p, at};
    l->module = (struct pp_span){rest.p, close};
    return true;
}

/* "name (file:line:column)", possibly with a number in brackets. */
static bool parse_in_script(struct pp_span text, struct pp_fx_location *l)
{
    if (pp_ends(text, "]")) {
        const char *open = pp_rfind(text, '[');
        if (open && open + 1 < text.end - 1 && all_digits((struct pp_span){open + 1, text.end - 1}))
            text.end = open;
    }
    if (!pp_ends(text, ")"))
        return false;
    const char *open = last_text(text, " (");
    if (!open || open == text.p || !parse_place((struct pp_span){open + 2, text.end - 1}, l))
        return false;
    l->name = (struct pp_span){text.p, open};
    return true;
}

static bool parse_script(struct pp_span text, struct pp_fx_location *l)
{
    static const char arrow[] = " -> ";
    const char *last = last_text(text, arrow);
    struct pp_span place = {last ? last + strlen(arrow) : text.p, text.end};
    if (!parse_place(place, l) || !pp_find(l->file, '/'))
        return false;
    l->name = l->file;
    return l->is_script = true;
}

static bool parse_address(struct pp_span text, struct pp_fx_location *l)
{
    l->is_address = pp_starts(text, "0x") && pp_parse_hex(text, &l->address);
    return l->is_address;
}

struct pp_fx_location pp_fx_parse_location(struct pp_span text)
{
    struct pp_fx_location l = {.name = text};
    if (parse_address(text, &l) || parse_in_library(text, &l) || parse_in_script(text, &l) ||
        parse_script(text, &l))
        return l;
    return (struct pp_fx_location){
        .name = text, .file = {text.p, text.p}, .module = {text.p, text.p}};
}
