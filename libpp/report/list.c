/* list: functions, line by line, in text. */
#include <stdlib.h>

#include "base/memory.h"
#include "report/listing.h"
#include "report/reports.h"

static void put_value(struct pp_out *out, const struct pp_report *r, int64_t v)
{
    struct pp_quantity q = pp_report_value(r, v);
    if (v)
        pp_put_quantity(out, &q, 10);
    else
        pp_put_right(out, pp_str("."), 10);
}

static void put_lines(struct pp_out *out, const struct pp_report *r, const struct pp_listing *l,
                      struct pp_span text)
{
    struct pp_span line;
    for (uint32_t n = 1; n <= l->end && pp_line(&text, &line); n++) {
        if (n < l->start)
            continue;
        int64_t flat, cum;
        pp_listing_values(l, n, &flat, &cum);
        put_value(out, r, flat);
        pp_putc(out, ' ');
        put_value(out, r, cum);
        pp_putf(out, " %6u:", (unsigned)n);
        pp_put_name(out, line);
        pp_putc(out, '\n');
    }
}

static void put_listing(struct pp_out *out, const struct pp_report *r, const struct pp_listing *l)
{
    char percent[PP_PERCENT_SIZE];
    struct pp_span text;
    struct pp_quantity flat = pp_report_value(r, l->flat), cum = pp_report_value(r, l->cum);
    if (pp_empty(l->file)) {
        pp_puts(out, "No source information for ");
        pp_put_name(out, l->function);
        pp_putc(out, '\n');
        return;
    }
    pp_puts(out, "ROUTINE ======================== ");
    pp_put_name(out, l->function);
    pp_puts(out, " in ");
    pp_put_name(out, l->file);
    pp_putc(out, '\n');
    pp_put_quantity(out, &flat, 10);
    pp_putc(out, ' ');
    pp_put_quantity(out, &cum, 10);
    pp_putf(out, " (flat, cum) %s of Total\n", pp_percent(percent, l->cum, r->total));
    if (r->sources->text(r->sources->ctx, l->file, &text)) {
        put_lines(out, r, l, text);
        return;
    }
    pp_puts(out, " Error: ");
    pp_put_name(out, text);
    pp_putc(out, '\n');
}

bool pp_write_list(struct pp_report *r, struct pp_out *out)
{
    struct pp_listings all;
    pp_listings_init(&all, r);
    struct pp_quantity total = pp_report_value(r, r->total);
    if (all.count) {
        pp_puts(out, "Total: ");
        pp_put_quantity(out, &total, 0);
        pp_putc(out, '\n');
    }
    for (size_t i = 0; i < all.count; i++)
        put_listing(out, r, &all.list[i]);
    bool found = all.count > 0;
    pp_listings_release(&all);
    return found;
}
