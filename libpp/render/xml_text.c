#include "render/xml_text.h"

#include "base/utf8.h"

/* --- characters ---------------------------------------------------------- */

static bool is_xml_char(uint32_t c)
{
    if (c < 0x20)
        return c == '\t' || c == '\n' || c == '\r';
    if (c >= 0x7f && c < 0xa0)
        return false; /* allowed, but control characters are invisible */
    return c != 0xfffe && c != 0xffff;
}

bool pp_next_char(struct pp_span *text, uint32_t *c)
{
    const char *start = text->p;
    if (!pp_utf8_next(text, c))
        return false;
    if (is_xml_char(*c))
        return true;
    text->p = start + 1;
    return false;
}

struct pp_span pp_first_chars(struct pp_span text, size_t limit)
{
    struct pp_span rest = text;
    uint32_t c;
    if (pp_len(text) <= limit)
        return text;
    while (limit-- && !pp_empty(rest))
        pp_next_char(&rest, &c);
    return (struct pp_span){text.p, rest.p};
}

struct pp_span pp_last_chars(struct pp_span text, size_t limit)
{
    size_t chars = 0;
    uint32_t c;
    if (pp_len(text) <= limit)
        return text;
    for (struct pp_span rest = text; !pp_empty(rest); chars++)
        pp_next_char(&rest, &c);
    for (; chars > limit; chars--)
        pp_next_char(&text, &c);
    return text;
}

/* --- writing ------------------------------------------------------------- */

/* XML's escape for a character that needs one, or NULL. */
static const char *escape(char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    case '\t': /* in an attribute these would become blanks */
        return "&#9;";
    case '\n':
        return "&#10;";
    case '\r':
        return "&#13;";
    default:
        return NULL;
    }
}

/* True for the most frequent characters, which need no check. */
static bool is_plain(char c)
{
    unsigned char u = (unsigned char)c;
    return u >= ' ' && u < 0x7f && c != '&' && c != '<' && c != '>' && c != '"' && c != '\'';
}

void pp_put_xml(struct pp_out *o, struct pp_span text)
{
    while (!pp_empty(text)) {
        const char *start = text.p;
        uint32_t c;
        while (text.p < text.end && is_plain(*text.p))
            text.p++;
        pp_put(o, (struct pp_span){start, text.p});
        if (pp_empty(text))
            return;
        start = text.p;
        const char *escaped = escape(*start);
        if (!pp_next_char(&text, &c))
            pp_puts(o, PP_REPLACEMENT);
        else if (escaped)
            pp_puts(o, escaped);
        else
            pp_put(o, (struct pp_span){start, text.p});
    }
}

void pp_put_xml_comment(struct pp_out *o, struct pp_span text)
{
    char last = '-'; /* none may follow "<!--" directly either */
    while (!pp_empty(text)) {
        const char *start = text.p;
        uint32_t c;
        bool good = pp_next_char(&text, &c);
        if (last == '-' && *start == '-')
            pp_putc(o, ' ');
        if (good)
            pp_put(o, (struct pp_span){start, text.p});
        else
            pp_puts(o, PP_REPLACEMENT);
        last = *start;
    }
    if (last == '-')
        pp_putc(o, ' ');
}
