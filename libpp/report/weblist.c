/* weblist: functions, line by line, as an HTML page without scripts and external resources. */
#include <stdlib.h>

#include "report/listing.h"
#include "report/reports.h"

static const char page_start[] =
    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
    "style-src 'unsafe-inline'\">\n<title>pp-report</title>\n<style>\n"
    "body{font-family:sans-serif;margin:1em}\n"
    "pre{line-height:1.3;tab-size:8;overflow-x:auto}\n"
    "h2{font-size:1em;margin:1.5em 0 0}\n"
    ".hot{background:#fdd}.n{color:#888}.missing{color:#a00}\n"
    "@media (prefers-color-scheme:dark){body{background:#181818;color:#ddd}"
    ".hot{background:#522}}\n"
    "</style>\n</head>\n<body>\n";

/* Writes text so that it cannot begin an element or end an attribute. */
static void put_html(struct pp_out *out, struct pp_span text)
{
    for (const char *p = text.p; p < text.end; p++) {
        size_t control = pp_control((struct pp_span){p, text.end});
        if (control && *p != '\n') {
            pp_putc(out, '?');
            p += control - 1;
            continue;
        }
        switch (*p) {
        case '&':
            pp_puts(out, "&amp;");
            break;
        case '<':
            pp_puts(out, "&lt;");
            break;
        case '>':
            pp_puts(out, "&gt;");
            break;
        case '"':
            pp_puts(out, "&quot;");
            break;
        case '\'':
            pp_puts(out, "&#39;");
            break;
        default:
            pp_putc(out, control ? '?' : *p);
        }
    }
}

/* Units are from the input, too. */
static void put_value(struct pp_out *out, const struct pp_report *r, int64_t v, size_t width)
{
    struct pp_quantity q = pp_report_value(r, v);
    struct pp_span number = pp_str(v ? q.number : ".");
    if (!v)
        q.unit = pp_str("");
    for (size_t n = pp_len(number) + pp_characters(q.unit); n < width; n++)
        pp_putc(out, ' ');
    put_html(out, number);
    put_html(out, q.unit);
}

static void put_lines(struct pp_out *out, const struct pp_report *r, const struct pp_listing *l,
                      struct pp_span text)
{
    struct pp_span line;
    pp_puts(out, "<pre>\n");
    for (uint32_t n = 1; n <= l->end && pp_line(&text, &line); n++) {
        if (n < l->start)
            continue;
        int64_t flat, cum;
        pp_listing_values(l, n, &flat, &cum);
        pp_puts(out, flat || cum ? "<span class=\"hot\">" : "<span>");
        put_value(out, r, flat, 10);
        pp_putc(out, ' ');
        put_value(out, r, cum, 10);
        pp_putf(out, " <span class=\"n\">%6u</span>  ", (unsigned)n);
        put_html(out, line);
        pp_puts(out, "</span>\n");
    }
    pp_puts(out, "</pre>\n");
}

static void put_listing(struct pp_out *out, const struct pp_report *r, const struct pp_listing *l)
{
    char percent[PP_PERCENT_SIZE];
    struct pp_span text;
    pp_puts(out, "<h2>");
    put_html(out, l->function);
    pp_puts(out, "</h2>\n<p>");
    put_html(out, l->file);
    pp_puts(out, pp_empty(l->file) ? "flat " : ": flat ");
    put_value(out, r, l->flat, 0);
    pp_puts(out, ", cum ");
    put_value(out, r, l->cum, 0);
    pp_putf(out, " (%s of total)</p>\n", pp_percent(percent, l->cum, r->total));
    if (!pp_empty(l->file) && r->sources->text(r->sources->ctx, l->file, &text)) {
        put_lines(out, r, l, text);
        return;
    }
    pp_puts(out, "<p class=\"missing\">");
    put_html(out, pp_empty(l->file) ? pp_str("its source file is not known") : text);
    pp_puts(out, "</p>\n");
}

bool pp_write_weblist(struct pp_report *r, struct pp_out *out)
{
    struct pp_listings all;
    pp_listings_init(&all, r);
    bool found = all.count > 0;
    if (found) {
        pp_puts(out, page_start);
        pp_puts(out, "<h1>");
        put_html(out, pp_text(r->p, r->p->columns[r->column].type));
        pp_puts(out, ": ");
        put_value(out, r, r->total, 0);
        pp_puts(out, "</h1>\n");
    }
    for (size_t i = 0; i < all.count; i++)
        put_listing(out, r, &all.list[i]);
    if (found)
        pp_puts(out, "</body>\n</html>\n");
    pp_listings_release(&all);
    return found;
}
