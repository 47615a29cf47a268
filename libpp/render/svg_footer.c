/* The lines below the frames about what the graph does not show. */
#include "render/describe.h"
#include "render/numbers.h"
#include "render/svg_private.h"
#include "render/xml_text.h"

unsigned pp_svg_footer_lines(const struct pp_canvas *c)
{
    return (c->l->hidden ? 1u : 0) + (c->l->lanes_left_out ? 1u : 0) + (c->l->dropped ? 1u : 0) +
           (c->l->nlost ? 1u : 0);
}

static void put_percent(struct pp_out *out, double part, double whole)
{
    double percent = 100 * part / whole;
    if (percent < 0.005)
        pp_puts(out, "less than 0.01");
    else
        pp_put_hundredths(out, percent);
    pp_putc(out, '%');
}

static void put_hidden(const struct pp_canvas *c, struct pp_out *out)
{
    pp_puts(out, "Not shown: ");
    put_percent(out, (double)c->l->hidden, c->total);
    pp_puts(out, ", in frames that are too narrow");
}

/* "Not shown: 3%, in other stacks of the same 50.8 ms of a thread" */
static void put_other_stacks(const struct pp_canvas *c, struct pp_out *out)
{
    pp_puts(out, "Not shown: ");
    put_percent(out, (double)c->l->hidden, c->total);
    pp_puts(out, ", in stacks lighter than another one in the same ");
    pp_svg_put_time(out, (double)c->l->part);
    pp_puts(out, " of a thread");
}

static void put_left_out_lanes(const struct pp_canvas *c, struct pp_out *out)
{
    pp_put_grouped(out, (int64_t)c->l->lanes_left_out, 0);
    pp_puts(out, c->l->lanes_left_out == 1 ? " thread is" : " threads are");
    pp_puts(out, " left out, the lightest: ");
    put_percent(out, c->l->lanes_hidden, c->total);
    if (c->o->hint) {
        pp_puts(out, "; ");
        pp_puts(out, c->o->hint);
    }
}

static void put_dropped(const struct pp_canvas *c, struct pp_out *out)
{
    pp_put_grouped(out, (int64_t)c->l->dropped, 0);
    pp_puts(out, " frames were more than the most, and are left out");
    if (c->o->hint) {
        pp_puts(out, "; ");
        pp_puts(out, c->o->hint);
    }
}

static void put_lost(const struct pp_canvas *c, struct pp_out *out)
{
    const struct pp_layout *l = c->l;
    bool before = l->widths == PP_BEFORE;
    size_t shown = l->nlost < PP_LOST_SHOWN ? l->nlost : PP_LOST_SHOWN;
    pp_puts(out, before ? "New (" : "Vanished (");
    put_percent(out, (double)l->lost_sum, (double)l->rects[0].other);
    pp_puts(out, before ? " of after): " : " of before): ");
    for (size_t i = 0; i < shown; i++) {
        struct pp_span name = pp_describe_frame(c->p, l->lost[i].frame).name;
        struct pp_span first = pp_first_chars(name, 40);
        pp_puts(out, i ? ", " : "");
        pp_put(out, first);
        pp_puts(out, first.end < name.end ? ".." : "");
    }
    if (l->nlost > shown) {
        pp_puts(out, " and ");
        pp_put_grouped(out, (int64_t)(l->nlost - shown), 0);
        pp_puts(out, " more");
    }
}

/* Writes as much of a line as fits. */
static void put_footer_line(struct pp_canvas *c,
                            void (*put)(const struct pp_canvas *, struct pp_out *), double y)
{
    struct pp_out line;
    double letter = c->o->font_size * c->o->font_width;
    pp_out_memory(&line, NULL);
    put(c, &line);
    struct pp_span text = pp_out_bytes(&line);
    size_t room = (size_t)((c->o->width - 2.0 * PP_SVG_PAD) / letter);
    bool whole = pp_first_chars(text, room).end == text.end;
    pp_puts(c->out, "<text class=\"footer\"");
    pp_svg_number(c->out, "x", PP_SVG_PAD, 0);
    pp_svg_pixels(c->out, "y", y);
    pp_putc(c->out, '>');
    pp_put_xml(c->out, whole ? text : pp_first_chars(text, room < 2 ? 0 : room - 2));
    pp_puts(c->out, whole ? "</text>\n" : "..</text>\n");
    pp_out_release(&line);
}

void pp_svg_footer(struct pp_canvas *c, double y)
{
    double step = c->o->font_size + 4;
    if (c->l->nlost) {
        put_footer_line(c, put_lost, y);
        y -= step;
    }
    if (c->l->dropped) {
        put_footer_line(c, put_dropped, y);
        y -= step;
    }
    if (c->l->lanes_left_out) {
        put_footer_line(c, put_left_out_lanes, y);
        y -= step;
    }
    if (c->l->hidden)
        put_footer_line(c, c->l->lanes ? put_other_stacks : put_hidden, y);
}
