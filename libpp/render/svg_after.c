/* Changes an SVG after it was written, as it is small. */
#include "render/svg_private.h"
#include "render/xml_text.h"

/* --- other encodings ----------------------------------------------------- */

bool pp_is_encoding(const char *name)
{
    static const char *const known[] = {"utf-8",   "us-ascii", "ascii",     "gbk",    "gb2312",
                                        "gb18030", "big5",     "shift_jis", "tis-620"};
    static const char *const families[] = {"iso-8859-", "windows-125", "koi8-", "euc-"};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (pp_same_any_case(pp_str(name), pp_str(known[i])))
            return true;
    for (size_t i = 0; i < sizeof families / sizeof *families; i++) {
        size_t len = strlen(families[i]);
        if (strlen(name) >= len &&
            pp_same_any_case((struct pp_span){name, name + len}, pp_str(families[i])))
            return strlen(name) > len && strlen(name) < len + 4 &&
                   strspn(name + len, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVW"
                                      "XYZ") == strlen(name + len);
    }
    return false;
}

void pp_svg_put_ascii(struct pp_out *out, struct pp_span text)
{
    while (!pp_empty(text)) {
        uint32_t c;
        if ((unsigned char)*text.p < 0x80)
            pp_putc(out, *text.p++);
        else if (pp_next_char(&text, &c))
            pp_putf(out, "&#%u;", (unsigned)c);
    }
}

/* --- indentation ----------------------------------------------------------- */

static void put_indent(struct pp_out *out, unsigned depth)
{
    if (out->len && out->buf[out->len - 1] != '\n')
        pp_putc(out, '\n');
    while (depth--)
        pp_puts(out, "  ");
}

/* Moves the markup at the start, a tag or a whole comment or CDATA section, into `*markup`. */
static void cut_markup(struct pp_span *text, struct pp_span *markup)
{
    const char *stop = ">";
    if (pp_starts(*text, "<!--"))
        stop = "-->";
    else if (pp_starts(*text, "<![CDATA["))
        stop = "]]>";
    const char *end = pp_find_text(*text, stop);
    *markup = (struct pp_span){text->p, end ? end + strlen(stop) : text->end};
    text->p = markup->end;
}

/* The content of these elements is not changed: blanks in it count. */
static bool holds_text(struct pp_span tag)
{
    return pp_starts(tag, "<text") || pp_starts(tag, "<title") || pp_starts(tag, "<script") ||
           pp_starts(tag, "<style");
}

/* Attributes contain no bare ">", as pp_put_xml() escapes it, so each tag ends at the next one. */
void pp_svg_put_pretty(struct pp_out *out, struct pp_span text)
{
    unsigned depth = 0;
    struct pp_span markup;
    bool in_text = false;
    while (!pp_empty(text)) {
        if (*text.p != '<') {
            const char *next = pp_find(text, '<');
            struct pp_span between = {text.p, next ? next : text.end};
            if (in_text)
                pp_put(out, between);
            text.p = between.end;
            continue;
        }
        cut_markup(&text, &markup);
        bool closes = pp_starts(markup, "</"), empty = pp_ends(markup, "/>");
        depth -= closes && depth;
        if (!in_text)
            put_indent(out, depth);
        pp_put(out, markup);
        depth += !closes && !empty && markup.p[1] != '!' && markup.p[1] != '?';
        if (markup.p[1] != '!')
            in_text = !closes && !empty && holds_text(markup);
    }
    pp_putc(out, '\n');
}
