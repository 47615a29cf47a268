#include "render/xml_text.h"

#define REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */

/* --- characters ---------------------------------------------------------- */

/* How many bytes a character takes that begins with `first`, and the bits `first` gives; 0: none.
 */
static unsigned sequence_length(unsigned char first, uint32_t *bits)
{
    static const struct {
        unsigned char mask, is;
        unsigned length;
    } kinds[] = {{0x80, 0x00, 1}, {0xe0, 0xc0, 2}, {0xf0, 0xe0, 3}, {0xf8, 0xf0, 4}};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if ((first & kinds[i].mask) == kinds[i].is) {
            *bits = first & (unsigned char)~kinds[i].mask;
            return kinds[i].length;
        }
    return 0;
}

/* Overlong forms would let characters pass that are looked for in their shortest form. */
static bool is_xml_char(uint32_t c, unsigned length)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    if (c < least[length] || c > 0x10ffff)
        return false;
    if (c < 0x20)
        return c == '\t' || c == '\n' || c == '\r';
    if (c >= 0x7f && c < 0xa0)
        return false; /* allowed, but controls are nothing to look at */
    return !(c >= 0xd800 && c < 0xe000) && c != 0xfffe && c != 0xffff;
}

bool pp_next_char(struct pp_span *text, uint32_t *c)
{
    const char *p = text->p++;
    uint32_t value = 0;
    unsigned length = sequence_length((unsigned char)*p, &value);
    if (!length || (size_t)(text->end - p) < length)
        return false;
    for (unsigned i = 1; i < length; i++) {
        unsigned char next = (unsigned char)p[i];
        if ((next & 0xc0) != 0x80)
            return false;
        value = value << 6 | (next & 0x3f);
    }
    if (!is_xml_char(value, length))
        return false;
    text->p = p + length;
    *c = value;
    return true;
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

/* What XML has for a character that cannot stand for itself, or NULL. */
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
    case '\t': /* an attribute would turn these into a blank */
        return "&#9;";
    case '\n':
        return "&#10;";
    case '\r':
        return "&#13;";
    default:
        return NULL;
    }
}

/* True for what most names are made of and needs no second look. */
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
            pp_puts(o, REPLACEMENT);
        else if (escaped)
            pp_puts(o, escaped);
        else
            pp_put(o, (struct pp_span){start, text.p});
    }
}

void pp_put_xml_comment(struct pp_out *o, struct pp_span text)
{
    char last = '-'; /* none may stand right after "<!--" either */
    while (!pp_empty(text)) {
        const char *start = text.p;
        uint32_t c;
        bool good = pp_next_char(&text, &c);
        if (last == '-' && *start == '-')
            pp_putc(o, ' ');
        if (good)
            pp_put(o, (struct pp_span){start, text.p});
        else
            pp_puts(o, REPLACEMENT);
        last = *start;
    }
    if (last == '-')
        pp_putc(o, ' ');
}
