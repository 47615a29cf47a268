/* The lines below the frames about what their colours mean, and about both sides of a comparison.
 */
#include "render/numbers.h"
#include "render/svg_private.h"
#include "render/xml_text.h"

enum { MOST_LINES = 2, MOST_LETTERS = 40 };

/* Where the next item goes. */
struct pen {
    struct pp_canvas *c;
    double x, y;
    unsigned line;
    bool draws; /* false: only counts lines */
};

/* A colour and its name. */
struct item {
    struct pp_rgb color;
    struct pp_span name;
    const char *stroke; /* attributes of a line around it, or NULL */
};

static double step_of(const struct pp_canvas *c)
{
    return c->o->font_size + 4;
}

static double letters(const struct pp_canvas *c, struct pp_span text)
{
    size_t n = 0;
    uint32_t letter;
    while (pp_next_char(&text, &letter))
        n++;
    return (double)n * c->o->font_size * c->o->font_width;
}

static void put_text(struct pp_canvas *c, double x, double y, struct pp_span text, bool whole)
{
    pp_puts(c->out, "<text class=\"footer\"");
    pp_svg_pixels(c->out, "x", x);
    pp_svg_pixels(c->out, "y", y);
    pp_putc(c->out, '>');
    pp_put_xml(c->out, text);
    pp_puts(c->out, whole ? "</text>\n" : "..</text>\n");
}

static void put_swatch(struct pp_canvas *c, double x, double y, const struct item *item)
{
    double size = c->o->font_size - 2;
    pp_puts(c->out, "<rect");
    pp_svg_pixels(c->out, "x", x);
    pp_svg_pixels(c->out, "y", y - size + 1);
    pp_svg_pixels(c->out, "width", size);
    pp_svg_pixels(c->out, "height", size);
    pp_puts(c->out, " fill=\"");
    pp_svg_rgb(c->out, item->color);
    pp_putc(c->out, '"');
    pp_puts(c->out, item->stroke ? item->stroke : "");
    pp_puts(c->out, "/>");
}

/* Goes to the next line if `width` does not fit on this one; false if there is none. */
static bool make_room(struct pen *pen, double width)
{
    if (pen->x + width <= pen->c->o->width - PP_SVG_PAD || pen->x <= PP_SVG_PAD)
        return true;
    if (pen->line + 1 >= MOST_LINES)
        return false;
    pen->line++;
    pen->x = PP_SVG_PAD;
    pen->y += step_of(pen->c);
    return true;
}

/* False if there is no room for it, and for `spare` pixels after it. */
static bool put_item(struct pen *pen, const struct item *item, double spare)
{
    struct pp_canvas *c = pen->c;
    struct pp_span name = pp_first_chars(item->name, MOST_LETTERS);
    bool whole = name.end == item->name.end;
    double swatch = c->o->font_size + 2;
    double width = swatch + letters(c, name) + (whole ? 0 : c->o->font_size);
    if (!make_room(pen, width + spare))
        return false;
    if (pen->draws) {
        put_swatch(c, pen->x, pen->y, item);
        put_text(c, pen->x + swatch, pen->y, name, whole);
    }
    pen->x += width + c->o->font_size;
    return true;
}

/* --- of groups ----------------------------------------------------------- */

static void put_groups(struct pen *pen)
{
    const struct pp_svg_options *o = pen->c->o;
    double spare = 10 * o->font_size * o->font_width; /* for "and N more" */
    for (size_t i = 0; i < o->nlegend; i++) {
        struct item item = {o->legend[i].color, o->legend[i].name, NULL};
        if (put_item(pen, &item, i + 1 < o->nlegend ? spare : 0))
            continue;
        struct pp_out more;
        pp_out_memory(&more, NULL);
        pp_puts(&more, "and ");
        pp_put_grouped(&more, (int64_t)(o->nlegend - i), 0);
        pp_puts(&more, " more");
        if (pen->draws)
            put_text(pen->c, pen->x, pen->y, pp_out_bytes(&more), true);
        pp_out_release(&more);
        return;
    }
}

/* --- of comparisons ------------------------------------------------------ */

static const char new_stroke[] = " stroke=\"#900\" stroke-dasharray=\"3 2\"";
static const char gone_stroke[] = " stroke=\"#009\" stroke-dasharray=\"3 2\"";

static void put_changes(struct pen *pen)
{
    const struct pp_canvas *c = pen->c;
    bool before = c->l->widths == PP_BEFORE, negate = c->o->negate;
    struct item items[] = {
        {pp_change_color(1), pp_str(negate ? "shrank" : "grew"), NULL},
        {pp_change_color(0), pp_str("as before"), NULL},
        {pp_change_color(-1), pp_str(negate ? "grew" : "shrank"), NULL},
        {pp_change_color(before == negate ? 1 : -1), pp_str(before ? "vanished" : "new"),
         before ? gone_stroke : new_stroke},
    };
    for (size_t i = 0; i < sizeof items / sizeof *items; i++)
        put_item(pen, &items[i], 0);
}

/* " (+5.35%)" */
static void put_growth(struct pp_out *out, double before, double after)
{
    double percent = 100 * (after - before) / before;
    pp_puts(out, percent < 0 ? " (-" : " (+");
    pp_put_hundredths(out, percent < 0 ? -percent : percent);
    pp_puts(out, "%)");
}

static void put_totals(struct pp_canvas *c, double y)
{
    const struct pp_rect *all = &c->l->rects[0];
    bool drawn_before = c->l->widths == PP_BEFORE;
    int64_t before = drawn_before ? all->width : all->other;
    int64_t after = drawn_before ? all->other : all->width;
    pp_puts(c->out, "<text class=\"footer\"");
    pp_svg_pixels(c->out, "x", PP_SVG_PAD);
    pp_svg_pixels(c->out, "y", y);
    pp_puts(c->out, ">before: ");
    pp_svg_amount(c, before);
    pp_puts(c->out, "; after: ");
    pp_svg_amount(c, after);
    if (before > 0)
        put_growth(c->out, (double)before, (double)after);
    pp_puts(c->out, "</text>\n");
}

/* --- entry points -------------------------------------------------------- */

static bool shows_changes(const struct pp_canvas *c)
{
    return c->l->compared && !c->o->diffusion;
}

unsigned pp_svg_legend_lines(struct pp_canvas *c)
{
    struct pen pen = {.c = c, .x = PP_SVG_PAD};
    if (c->l->compared)
        return shows_changes(c) ? 2 : 1;
    if (!c->o->nlegend)
        return 0;
    put_groups(&pen);
    return pen.line + 1;
}

void pp_svg_legend(struct pp_canvas *c, double y)
{
    struct pen pen = {.c = c, .x = PP_SVG_PAD, .y = y, .draws = true};
    if (!pp_svg_legend_lines(c))
        return;
    pp_puts(c->out, "<g id=\"legend\">\n");
    if (c->l->compared) {
        put_totals(c, y);
        pen.y += step_of(c);
        if (shows_changes(c))
            put_changes(&pen);
    } else {
        put_groups(&pen);
    }
    pp_puts(c->out, "</g>\n");
}
