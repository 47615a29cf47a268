/* weblist: functions, line by line, as an HTML page without scripts and external resources. */
#include <math.h>
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
    ":root{color-scheme:light dark}\n"
    ".h1{background:#fff1e6}.h2{background:#ffdcc2}.h3{background:#ffbe94}.h4{background:#ff9966}\n"
    ".n{color:#767676}.missing{color:#a00}\n"
    "@media (prefers-color-scheme:dark){body{background:#181818;color:#ddd}"
    ".h1{background:#33241a}.h2{background:#4d2f1c}.h3{background:#703d1c}.h4{background:#94481a}"
    ".n{color:#999}.missing{color:#f88}}\n"
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

/* --- the end of a function ----------------------------------------------- */

/* A function that is longer after its last line with a value is cut. */
enum { MOST_MORE = 400 };

static size_t indent_of(struct pp_span line)
{
    size_t n = 0;
    while (!pp_empty(line) && (*line.p == ' ' || *line.p == '\t')) {
        n += *line.p == '\t' ? 8 - n % 8 : 1;
        line.p++;
    }
    return n;
}

static uint32_t line_of(const struct pp_listing *l, size_t i)
{
    return pp_entry(&l->g->entries, l->g->nodes[l->nodes[i]].entry)->line;
}

/*
 * The last line to show: that of the bracket which ends the function, or the one before the next
 * line that is indented no more than its first. If there is none nearby, the listing's own.
 */
static uint32_t last_line(const struct pp_listing *l, struct pp_span text)
{
    struct pp_span line;
    size_t outer = SIZE_MAX;
    uint32_t valued = l->count ? line_of(l, l->count - 1) : 0; /* they are in order */
    for (uint64_t n = 1; pp_line(&text, &line) && n < (uint64_t)l->end + MOST_MORE; n++) {
        struct pp_span words = pp_trim(line);
        if (n < l->start || pp_empty(words))
            continue;
        if (outer == SIZE_MAX)
            outer = indent_of(line);
        else if (n >= valued && indent_of(line) <= outer && *words.p == '}')
            return (uint32_t)n;
        else if (n > valued && indent_of(line) <= outer && *words.p != '{')
            return (uint32_t)n - 1;
    }
    return l->end;
}

/* --- lines --------------------------------------------------------------- */

/* How hot a line is, from 1 to 4, by its share of the hottest. */
static unsigned heat_of(int64_t flat, int64_t cum, int64_t hottest)
{
    double value = fabs((double)(flat ? flat : cum)),
           share = value / (double)(hottest ? hottest : 1);
    return share >= 0.5 ? 4 : share >= 0.2 ? 3 : share >= 0.05 ? 2 : 1;
}

static int64_t hottest_line(const struct pp_listing *l)
{
    int64_t most = 0;
    for (size_t i = 0; i < l->count; i++) {
        int64_t flat, cum;
        if (i && line_of(l, i) == line_of(l, i - 1))
            continue;
        pp_listing_values(l, line_of(l, i), &flat, &cum);
        int64_t value = pp_abs(flat ? flat : cum);
        most = value > most ? value : most;
    }
    return most;
}

static void put_lines(struct pp_out *out, const struct pp_report *r, const struct pp_listing *l,
                      struct pp_span text, int64_t hottest)
{
    struct pp_span line;
    uint32_t last = last_line(l, text);
    pp_puts(out, "<pre>\n");
    for (uint32_t n = 1; n <= last && pp_line(&text, &line); n++) {
        if (n < l->start)
            continue;
        int64_t flat, cum;
        pp_listing_values(l, n, &flat, &cum);
        if (flat || cum)
            pp_putf(out, "<span class=\"h%u\">", heat_of(flat, cum, hottest));
        else
            pp_puts(out, "<span>");
        put_value(out, r, flat, 10);
        pp_putc(out, ' ');
        put_value(out, r, cum, 10);
        pp_putf(out, " <span class=\"n\">%6u</span>  ", (unsigned)n);
        put_html(out, line);
        pp_puts(out, "</span>\n");
    }
    pp_puts(out, "</pre>\n");
}

/* `hottest`: the largest value of a line of the page. */
static void put_listing(struct pp_out *out, const struct pp_report *r, const struct pp_listing *l,
                        int64_t hottest)
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
        put_lines(out, r, l, text, hottest);
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
    int64_t hottest = 0;
    for (size_t i = 0; i < all.count; i++) {
        int64_t most = hottest_line(&all.list[i]);
        hottest = most > hottest ? most : hottest;
    }
    for (size_t i = 0; i < all.count; i++)
        put_listing(out, r, &all.list[i], hottest);
    if (found)
        pp_puts(out, "</body>\n</html>\n");
    pp_listings_release(&all);
    return found;
}
