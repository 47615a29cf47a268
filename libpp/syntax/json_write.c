#include "syntax/json_write.h"

#include "base/utf8.h"

/* Writes the character at the start of `*text`, which is not empty. */
static void put_char(struct pp_out *out, struct pp_span *text)
{
    const char *start = text->p;
    unsigned char c = (unsigned char)*start;
    uint32_t value;
    if (!pp_utf8_next(text, &value)) {
        pp_puts(out, "\\ufffd");
    } else if (c < 0x20 || c == 0x7f || c == '<') {
        pp_putf(out, "\\u%04x", c);
    } else {
        if (c == '"' || c == '\\')
            pp_putc(out, '\\');
        pp_put(out, (struct pp_span){start, text->p});
    }
}

/* True for the most frequent characters, which need no escape. */
static bool is_plain(char c)
{
    unsigned char u = (unsigned char)c;
    return u >= 0x20 && u < 0x7f && c != '"' && c != '\\' && c != '<';
}

void pp_put_json(struct pp_out *out, struct pp_span text)
{
    pp_putc(out, '"');
    while (!pp_empty(text)) {
        const char *start = text.p;
        while (text.p < text.end && is_plain(*text.p))
            text.p++;
        pp_put(out, (struct pp_span){start, text.p});
        if (!pp_empty(text))
            put_char(out, &text);
    }
    pp_putc(out, '"');
}

static void put_comma(struct pp_json_writer *w)
{
    if (w->comma)
        pp_putc(w->out, ',');
    w->comma = true;
}

void pp_json_open(struct pp_json_writer *w, char bracket)
{
    put_comma(w);
    pp_putc(w->out, bracket);
    w->comma = false;
}

void pp_json_close(struct pp_json_writer *w, char bracket)
{
    pp_putc(w->out, bracket);
    w->comma = true;
}

void pp_json_key(struct pp_json_writer *w, const char *key)
{
    put_comma(w);
    pp_putc(w->out, '"');
    pp_puts(w->out, key);
    pp_puts(w->out, "\":");
    w->comma = false;
}

void pp_json_put_text(struct pp_json_writer *w, struct pp_span text)
{
    put_comma(w);
    pp_put_json(w->out, text);
}

void pp_json_put_i64(struct pp_json_writer *w, int64_t v)
{
    put_comma(w);
    pp_put_i64(w->out, v);
}

void pp_json_put_u64(struct pp_json_writer *w, uint64_t v)
{
    put_comma(w);
    pp_put_u64(w->out, v);
}

void pp_json_put_decimal(struct pp_json_writer *w, int64_t v, unsigned decimals)
{
    put_comma(w);
    pp_put_decimal(w->out, v, decimals);
}

void pp_json_put_bool(struct pp_json_writer *w, bool v)
{
    put_comma(w);
    pp_puts(w->out, v ? "true" : "false");
}

void pp_json_put_null(struct pp_json_writer *w)
{
    put_comma(w);
    pp_puts(w->out, "null");
}
