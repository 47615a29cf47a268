/* The axis of a chart in time, and when its frames were. The script draws the axis anew for a zoom.
 */
#include <math.h>

#include "render/numbers.h"
#include "render/svg_private.h"

/* Marks are at least this far apart, in letters. */
enum { LEAST_LETTERS = 14 };

struct unit {
    const char *name;
    double size; /* in nanoseconds */
};

static struct unit unit_for(double ns)
{
    static const struct unit units[] = {{"s", 1e9}, {"ms", 1e6}, {"\302\265s", 1e3}};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (ns >= units[i].size)
            return units[i];
    return (struct unit){"ns", 1};
}

void pp_svg_put_time(struct pp_out *out, double ns)
{
    struct unit unit = unit_for(ns);
    pp_putf(out, "%.4g %s", ns / unit.size, unit.name);
}

void pp_svg_when(struct pp_canvas *c, const struct pp_rect *r)
{
    pp_puts(c->out, "\nfrom ");
    pp_svg_put_time(c->out, (double)r->start);
    pp_puts(c->out, " for ");
    pp_svg_put_time(c->out, (double)r->width);
}

double pp_svg_axis_height(const struct pp_canvas *c)
{
    return c->o->font_size + 8;
}

/* The distance of marks: 1, 2 or 5 times a power of ten. */
static double step_of(const struct pp_canvas *c)
{
    double letter = c->o->font_size * c->o->font_width;
    double least = LEAST_LETTERS * letter / c->scale, power = pow(10, floor(log10(least)));
    double digit = least / power;
    double step = power * (digit <= 1 ? 1 : digit <= 2 ? 2 : digit <= 5 ? 5 : 10);
    return step < 1 ? 1 : step;
}

static void put_mark(struct pp_canvas *c, double ns, struct unit unit, double top, double bottom)
{
    double x = PP_SVG_PAD + ns * c->scale,
           base = c->o->inverted ? top - 5 : bottom + c->o->font_size;
    pp_puts(c->out, "<path d=\"M");
    pp_svg_tenths(c->out, pp_round(x * 10));
    pp_putc(c->out, ' ');
    pp_svg_tenths(c->out, pp_round(top * 10));
    pp_putc(c->out, 'V');
    pp_svg_tenths(c->out, pp_round(bottom * 10));
    pp_puts(c->out, "\"/><text");
    pp_svg_pixels(c->out, "x", x + 2);
    pp_svg_pixels(c->out, "y", base);
    pp_putf(c->out, ">%.10g %s</text>\n", ns / unit.size, unit.name);
}

void pp_svg_axis(struct pp_canvas *c)
{
    double span = (double)c->l->rects[0].width, step = step_of(c);
    double top = c->top, bottom = c->height - c->bottom;
    struct unit unit = unit_for(step < 1e3 ? step : step * 1.0000001);
    if (c->o->inverted)
        top -= 4;
    else
        bottom += 4;
    pp_puts(c->out, "<g id=\"axis\"");
    pp_svg_pixels(c->out, "data-top", top);
    pp_svg_pixels(c->out, "data-bottom", bottom);
    pp_puts(c->out, ">\n");
    double room = 7 * c->o->font_size * c->o->font_width / c->scale; /* for a text */
    for (double ns = 0; ns + room <= span || ns == 0; ns += step)
        put_mark(c, ns, unit, top, bottom);
    pp_puts(c->out, "</g>\n");
}
