#include "render/html_still.h"

#include <stdlib.h>

#include "base/memory.h"
#include "render/base64.h"
#include "render/describe.h"
#include "render/numbers.h"
#include "render/xml_text.h"

/* Enough to see where to look; the page itself has all. */
enum { MOST_ROWS = 50, MOST_RECTS = 100 };

/* --- the table ----------------------------------------------------------- */

struct row {
    pp_id frame;
    int64_t self, total;
};

/* How often a frame is among those that are open: recursion counts once. */
struct walk {
    struct row *rows;
    uint32_t *open_times;
    size_t *open; /* rects, by depth */
    size_t depth;
};

static void close_to(struct walk *w, const struct pp_layout *l, size_t depth)
{
    while (w->depth > depth)
        w->open_times[l->rects[w->open[--w->depth]].frame]--;
}

/* Self and total of each frame from all rectangles, each being followed by those on top of it. */
static struct row *sum_rows(const struct pp_profile *p, const struct pp_layout *l)
{
    struct walk w = {
        .rows = pp_calloc(p->frames.count, sizeof *w.rows),
        .open_times = pp_calloc(p->frames.count, sizeof *w.open_times),
        .open = pp_calloc((size_t)l->depth + 1, sizeof *w.open),
    };
    for (size_t i = 0; i < l->count; i++) {
        const struct pp_rect *r = &l->rects[i];
        close_to(&w, l, r->depth);
        if (r->depth)
            w.rows[l->rects[w.open[r->depth - 1]].frame].self -= r->width;
        struct row *row = &w.rows[r->frame];
        row->frame = r->frame;
        row->self += r->width;
        row->total += w.open_times[r->frame]++ ? 0 : r->width;
        w.open[w.depth++] = i;
    }
    free(w.open_times);
    free(w.open);
    return w.rows;
}

static int compare_rows(const void *a, const void *b)
{
    const struct row *x = a, *y = b;
    if (x->self != y->self)
        return x->self > y->self ? -1 : 1;
    if (x->total != y->total)
        return x->total > y->total ? -1 : 1;
    return (x->frame > y->frame) - (x->frame < y->frame);
}

static void put_cells(struct pp_out *o, int64_t value, unsigned decimals, int64_t sum)
{
    pp_puts(o, "<td>");
    pp_put_grouped(o, value, decimals);
    pp_puts(o, "</td><td>");
    pp_put_hundredths(o, 100.0 * (double)value / (double)sum);
    pp_puts(o, "%</td>");
}

static void put_rows(struct pp_out *o, const struct pp_profile *p, const struct pp_layout *l)
{
    struct row *rows = sum_rows(p, l);
    size_t n = p->frames.count - 1; /* without that of all */
    unsigned decimals = p->columns[l->column].decimals;
    qsort(rows + 1, n, sizeof *rows, compare_rows);
    for (size_t i = 1; i <= n && i <= MOST_ROWS && rows[i].total; i++) {
        pp_puts(o, "<tr>");
        put_cells(o, rows[i].self, decimals, l->sum);
        put_cells(o, rows[i].total, decimals, l->sum);
        pp_puts(o, "<td>");
        pp_put_xml(o, pp_describe_frame(p, rows[i].frame).name);
        pp_puts(o, "</td></tr>\n");
    }
    free(rows);
}

static void put_caption(struct pp_out *o, const struct pp_profile *p, unsigned column)
{
    const struct pp_column *c = &p->columns[column];
    pp_puts(o, "<caption>Functions with the most of their own, in ");
    pp_put_xml(o, pp_text(p, c->type));
    if (c->unit && !pp_is(pp_text(p, c->unit), "count")) {
        pp_puts(o, " (");
        pp_put_xml(o, pp_text(p, c->unit));
        pp_putc(o, ')');
    }
    pp_puts(o, "</caption>\n");
}

void pp_put_still_table(struct pp_out *o, const struct pp_profile *p,
                        const struct pp_html_options *options)
{
    struct pp_layout l;
    struct pp_layout_options all = {.column = options->column, .widths = PP_AFTER, .pixels = 1};
    pp_layout_make(&l, p, &all);
    if (l.sum) {
        pp_puts(o, "<table class=\"still\">\n");
        put_caption(o, p, l.column);
        pp_puts(o, "<thead><tr><th>Self</th><th></th><th>Total</th><th></th><th>Function</th></tr>"
                   "</thead>\n<tbody>\n");
        put_rows(o, p, &l);
        pp_puts(o, "</tbody>\n</table>\n");
    }
    pp_layout_release(&l);
}

/* --- the picture --------------------------------------------------------- */

void pp_put_still_picture(struct pp_out *o, const struct pp_profile *p,
                          const struct pp_html_options *options)
{
    struct pp_layout l;
    struct pp_out picture;
    struct pp_svg_options look = *options->look;
    struct pp_layout_options wide = {
        .column = options->column,
        .widths = PP_AFTER,
        .by_time = options->by_time,
        .reverse = options->reverse,
        .least = 2,
        .most = MOST_RECTS,
        .pixels = look.width - 2.0 * PP_SVG_PAD,
    };
    look.script = look.pretty = false;
    look.encoding = look.hint = NULL;
    pp_layout_make(&l, p, &wide);
    pp_out_memory(&picture, o->diag);
    pp_svg_write(p, &l, &look, &picture);
    pp_puts(o, "<img alt=\"A flame graph of the widest frames\" src=\"data:image/svg+xml;base64,");
    pp_put_base64(o, pp_out_bytes(&picture));
    pp_puts(o, "\">\n");
    pp_out_release(&picture);
    pp_layout_release(&l);
}
