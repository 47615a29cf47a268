/* list: functions, line by line, in text. */
#include <stdio.h>
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

/* --- every column -------------------------------------------------------- */

/* The self value of each node in each column; the caller frees it. NULL if only one is shown. */
static int64_t *find_flats(const struct pp_report *r, const struct pp_graph *g)
{
    const struct pp_profile *p = r->p;
    if (!r->all_columns)
        return NULL;
    int64_t *flats = pp_calloc(g->nnodes * p->ncolumns + 1, sizeof *flats);
    for (size_t s = 0; s < p->samples.count; s++) {
        pp_id stack = pp_sample(p, (pp_id)s)->node, node = g->node_of[stack];
        for (unsigned c = 0; stack && c < p->ncolumns; c++)
            flats[(size_t)node * p->ncolumns + c] += p->columns[c].values[s];
    }
    return flats;
}

static void put_column_names(struct pp_out *out, const struct pp_report *r)
{
    for (unsigned c = 0; c < r->p->ncolumns; c++) {
        pp_putc(out, ' ');
        pp_put_right(out, pp_text(r->p, r->p->columns[c].type), 12);
    }
    pp_puts(out, " (flat)\n");
}

static void put_columns(struct pp_out *out, const struct pp_report *r, const struct pp_listing *l,
                        const int64_t *flats, uint32_t line)
{
    size_t first, n = pp_listing_nodes(l, line, &first);
    for (unsigned c = 0; c < r->p->ncolumns; c++) {
        int64_t sum = 0;
        for (size_t i = first; i < first + n; i++)
            sum += flats[(size_t)l->nodes[i] * r->p->ncolumns + c];
        char text[24];
        snprintf(text, sizeof text, "%lld", (long long)sum);
        pp_putc(out, ' ');
        pp_put_right(out, pp_str(sum ? text : "."), 12);
    }
}

/* --- lines --------------------------------------------------------------- */

static void put_lines(struct pp_out *out, const struct pp_report *r, const struct pp_listing *l,
                      const int64_t *flats, struct pp_span text)
{
    struct pp_span line;
    for (uint32_t n = 1; n <= l->end && pp_line(&text, &line); n++) {
        if (n < l->start)
            continue;
        int64_t flat, cum;
        pp_listing_values(l, n, &flat, &cum);
        if (flats) {
            put_columns(out, r, l, flats, n);
        } else {
            put_value(out, r, flat);
            pp_putc(out, ' ');
            put_value(out, r, cum);
        }
        pp_putf(out, " %6u:", (unsigned)n);
        pp_put_name(out, line);
        pp_putc(out, '\n');
    }
}

static void put_listing(struct pp_out *out, const struct pp_report *r, const struct pp_listing *l,
                        const int64_t *flats)
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
        if (flats)
            put_column_names(out, r);
        put_lines(out, r, l, flats, text);
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
    int64_t *flats = find_flats(r, &all.g);
    for (size_t i = 0; i < all.count; i++)
        put_listing(out, r, &all.list[i], flats);
    free(flats);
    bool found = all.count > 0;
    pp_listings_release(&all);
    return found;
}
