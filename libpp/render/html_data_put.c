/* Writes numbers, texts and sections of a page's data. */
#include "base/utf8.h"
#include "io/pack.h"
#include "render/html_data_private.h"
#include "render/xml_text.h"

void pp_html_put(struct pp_out *o, uint64_t v)
{
    char *to = pp_out_room(o, 10);
    size_t n = 0;
    for (; v > 127; v >>= 7)
        to[n++] = (char)(128 | (v & 127));
    to[n++] = (char)v;
    o->len += n;
}

void pp_html_put_signed(struct pp_out *o, int64_t v)
{
    pp_html_put(o, v < 0 ? ~((uint64_t)v << 1) : (uint64_t)v << 1);
}

void pp_html_put_double(struct pp_out *o, double v)
{
    uint64_t bits;
    memcpy(&bits, &v, sizeof bits);
    for (int i = 0; i < 8; i++)
        pp_putc(o, (char)(bits >> 8 * i));
}

void pp_html_put_text(struct pp_html_writer *w, struct pp_span text)
{
    pp_html_put(&w->rows, pp_intern_string(&w->texts, text));
}

void pp_html_put_clean(struct pp_out *o, struct pp_span text)
{
    while (!pp_empty(text)) {
        const char *start = text.p;
        uint32_t c;
        if (pp_next_char(&text, &c))
            pp_put(o, (struct pp_span){start, text.p});
        else
            pp_puts(o, PP_REPLACEMENT);
    }
}

enum { DEFLATED = 1 };

void pp_html_end_section(struct pp_html_writer *w, enum pp_html_section id)
{
    pp_html_end_section_within(w, id, SIZE_MAX);
}

bool pp_html_end_section_within(struct pp_html_writer *w, enum pp_html_section id, size_t most)
{
    struct pp_out packed;
    pp_out_memory(&packed, NULL);
    pp_deflate(&packed, pp_out_bytes(&w->rows), w->jobs);
    bool smaller = packed.len < w->rows.len;
    struct pp_span bytes = pp_out_bytes(smaller ? &packed : &w->rows);
    bool fits = pp_len(bytes) <= most;
    if (fits) {
        pp_putc(w->out, (char)id);
        pp_putc(w->out, (char)(smaller ? DEFLATED : 0));
        pp_html_put(w->out, pp_len(bytes));
        pp_html_put(w->out, w->rows.len);
        pp_put(w->out, bytes);
    }
    w->rows.len = 0;
    pp_out_release(&packed);
    return fits;
}
