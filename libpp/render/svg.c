#include "render/svg.h"

#include <math.h>

#include "render/numbers.h"
#include "render/svg_assets.h"
#include "render/svg_private.h"
#include "render/xml_text.h"

const struct pp_svg_options pp_svg_defaults = {
    .name_type = "Function:",
    .font = "Verdana",
    .font_size = 12,
    .font_width = 0.59,
    .width = 1200,
    .height = 16,
    .factor = 1,
    .palette = pp_palettes,
    .background = {{0xee, 0xee, 0xee}, {0xee, 0xee, 0xb0}},
    .search = {230, 0, 230},
    .script = true,
};

struct pp_layout_options pp_svg_layout(const struct pp_svg_options *options)
{
    return (struct pp_layout_options){
        .least = 0.1,
        .pixels = options->width - 2.0 * PP_SVG_PAD,
        .most = 10001, /* one is that of all samples */
    };
}

/* --- around the frames --------------------------------------------------- */

/* A text with an id, for script and style. */
struct words {
    const char *id, *anchor; /* which end of the text is at x: start, middle, end */
    double x, y;
    const char *more; /* attributes, or NULL */
};

static void put_words(struct pp_canvas *c, struct words w, const char *text)
{
    pp_puts(c->out, "<text");
    pp_svg_text(c->out, "id", w.id);
    pp_svg_text(c->out, "text-anchor", w.anchor);
    pp_svg_pixels(c->out, "x", w.x);
    pp_svg_pixels(c->out, "y", w.y);
    pp_puts(c->out, w.more ? w.more : "");
    pp_putc(c->out, '>');
    pp_put_xml(c->out, pp_str(text));
    pp_puts(c->out, "</text>\n");
}

static void put_head(struct pp_canvas *c)
{
    struct pp_out *out = c->out;
    const struct pp_svg_options *o = c->o;
    pp_puts(out, "<?xml version=\"1.0\"");
    pp_svg_text(out, "encoding", o->encoding ? o->encoding : "UTF-8");
    pp_puts(out, "?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" version=\"1.1\"");
    pp_svg_number(out, "width", o->width, 0);
    pp_svg_pixels(out, "height", c->height);
    pp_puts(out, " viewBox=\"0 0 ");
    pp_put_u64(out, o->width);
    pp_putc(out, ' ');
    pp_put_decimal(out, pp_round(c->height * 10), 1);
    pp_puts(out, "\" font-family=\"");
    pp_put_xml(out, pp_str(o->font));
    pp_puts(out, ", sans-serif\"");
    pp_svg_number(out, "font-size", pp_round(o->font_size * 1000), 3);
    pp_svg_text(out, "role", o->script ? "group" : "img");
    if (o->title)
        pp_svg_text(out, "aria-label", o->title);
    pp_puts(out, ">\n");
    if (o->script) /* else a phone lays the picture out for a screen of 980 pixels */
        pp_puts(out, "<meta xmlns=\"http://www.w3.org/1999/xhtml\" name=\"viewport\" "
                     "content=\"width=device-width, initial-scale=1\"/>\n");
    if (o->notes) {
        pp_puts(out, "<!-- NOTES: ");
        pp_put_xml_comment(out, pp_str(o->notes));
        pp_puts(out, " -->\n");
    }
}

/* --- colours other than those of frames ---------------------------------- */

static const struct pp_background dark_background = {{0x1a, 0x1a, 0x1e}, {0x24, 0x24, 0x2a}};

static struct pp_background background_of(const struct pp_svg_options *o)
{
    return o->theme == PP_THEME_DARK ? dark_background : o->background;
}

static void put_background(struct pp_canvas *c)
{
    struct pp_out *out = c->out;
    struct pp_background b = background_of(c->o);
    pp_puts(out, "<defs><linearGradient id=\"background\" x1=\"0\" x2=\"0\" y1=\"0\" y2=\"1\">"
                 "<stop class=\"top\" offset=\"5%\" stop-color=\"");
    pp_svg_rgb(out, b.top);
    pp_puts(out, "\"/><stop class=\"bottom\" offset=\"95%\" stop-color=\"");
    pp_svg_rgb(out, b.bottom);
    pp_puts(out, "\"/></linearGradient></defs>\n"
                 "<rect width=\"100%\" height=\"100%\" fill=\"url(#background)\"/>\n");
}

static void put_color(struct pp_out *out, const char *name, struct pp_rgb color)
{
    pp_puts(out, name);
    pp_svg_rgb(out, color);
    pp_putc(out, ';');
}

/* Writes the style for a background: its two colours, and that of text on it. */
static void put_theme(struct pp_out *out, struct pp_background b)
{
    bool dark = pp_is_dark(b.top);
    pp_puts(out, "svg{");
    put_color(out, "--top:", b.top);
    put_color(out, "--bottom:", b.bottom);
    pp_puts(out, dark ? "--dim:.35;--ink:#eee}" : "--dim:.5;--ink:#000}");
}

static void put_style(struct pp_canvas *c)
{
    struct pp_out *out = c->out;
    const struct pp_svg_options *o = c->o;
    pp_puts(out, "<style>\n");
    pp_puts(out, pp_svg_css);
    pp_puts(out, pp_is_dark(o->search) ? "svg{--on-found:#fff;" : "svg{--on-found:#000;");
    put_color(out, "--found:", o->search);
    if (o->ui)
        put_color(out, "--ui:", *o->ui);
    pp_puts(out, "}\n");
    put_theme(out, background_of(o));
    if (o->theme == PP_THEME_AUTO) {
        pp_puts(out, "\n@media screen and (prefers-color-scheme:dark){");
        put_theme(out, dark_background);
        pp_putc(out, '}');
    }
    pp_puts(out, "\n@media print{svg{--top:#fff;--bottom:#fff;--dim:.5;--ink:#000}}\n");
    if (o->stroke) {
        put_color(out, "#frames rect{stroke:", *o->stroke);
        pp_puts(out, "}\n");
    }
    pp_puts(out, "</style>\n");
}

/* --- texts and buttons --------------------------------------------------- */

static void put_titles(struct pp_canvas *c)
{
    const struct pp_svg_options *o = c->o;
    double middle = o->width / 2.0;
    pp_puts(c->out, "<g font-size=\"");
    pp_put_decimal(c->out, pp_round((o->font_size + 5) * 1000), 3);
    pp_puts(c->out, "\">");
    if (o->title)
        put_words(c, (struct words){"title", "middle", middle, o->font_size * 2, NULL}, o->title);
    pp_puts(c->out, "</g>\n");
    if (o->subtitle)
        put_words(c, (struct words){"subtitle", "middle", middle, o->font_size * 4, NULL},
                  o->subtitle);
}

/* Elements for the script to fill, show and listen to. */
static void put_controls(struct pp_canvas *c)
{
    static const char status[] = " role=\"status\"";
    static const char button[] = " role=\"button\" tabindex=\"0\" class=\"button hide\"";
    double size = c->o->font_size, left = PP_SVG_PAD, right = c->o->width - left;
    double axis = c->l->lanes ? pp_svg_axis_height(c) : 0;
    double top = size * 2, line = c->height - c->footer - (c->bottom - c->footer - axis) / 2;
    if (c->o->inverted)
        line = c->top - axis - size * 0.75;
    put_words(c, (struct words){"details", "start", left, line, NULL}, " ");
    put_words(c, (struct words){"matched", "end", right, line, status}, "");
    put_words(c, (struct words){"unzoom", "start", left, top, button}, "Reset Zoom");
    put_words(c, (struct words){"search", "end", right - size * 2, top, button}, "Search");
    put_words(c,
              (struct words){"case", "end", right, top,
                             " role=\"button\" tabindex=\"0\" class=\"button hide\""
                             " aria-label=\"Ignore case\" aria-pressed=\"false\""},
              "ic");
}

static void put_script(struct pp_canvas *c)
{
    pp_puts(c->out, "<script><![CDATA[\n");
    pp_puts(c->out, pp_svg_js);
    pp_puts(c->out, "]]></script>\n");
}

static void measure(struct pp_canvas *c)
{
    double size = c->o->font_size;
    c->top = size * 3 + (c->o->subtitle ? size * 2 : 0);
    c->bottom = size * 2 + 10;
    if (c->o->inverted) { /* the details are at the top, near the root */
        c->top += size + 4;
        c->bottom -= size;
    }
    if (c->l->lanes)
        *(c->o->inverted ? &c->top : &c->bottom) += pp_svg_axis_height(c);
    c->footer = (pp_svg_legend_lines(c) + pp_svg_footer_lines(c)) * (size + 4);
    c->bottom += c->footer;
    c->height = c->top + c->bottom + (c->l->depth + 1.0) * c->o->height;
    c->total = (double)(c->l->lanes ? c->l->sum : c->l->rects[0].width);
    c->scale = (c->o->width - 2.0 * PP_SVG_PAD) / (double)c->l->rects[0].width;
}

static void put_nothing(struct pp_canvas *c)
{
    c->height = c->o->font_size * 5;
    put_head(c);
    put_background(c);
    put_words(c, (struct words){"title", "middle", c->o->width / 2.0, c->o->font_size * 2, NULL},
              "no samples: there is nothing to draw");
    pp_puts(c->out, "</svg>\n");
}

static void write_plain(struct pp_canvas *c)
{
    if (!c->l->sum) {
        put_nothing(c);
        return;
    }
    c->decimals = c->p->columns[c->l->column].decimals;
    c->one = pow(10, c->decimals);
    if (!c->o->count_name)
        c->steps = pp_steps_of(c->p, c->l->column);
    c->chain = c->o->palette == pp_palette_named("chain");
    measure(c);
    put_head(c);
    put_style(c);
    put_background(c);
    put_titles(c);
    if (c->o->script)
        put_controls(c);
    if (c->l->lanes)
        pp_svg_axis(c);
    pp_svg_frames(c);
    pp_svg_legend(c, c->height - c->footer + c->o->font_size / 2 + 4);
    pp_svg_footer(c, c->height - c->o->font_size / 2);
    if (c->o->script)
        put_script(c);
    pp_puts(c->out, "</svg>\n");
}

void pp_svg_write(const struct pp_profile *p, const struct pp_layout *l,
                  const struct pp_svg_options *options, struct pp_out *out)
{
    struct pp_canvas c = {.p = p, .l = l, .o = options, .out = out, .wakers = UINT32_MAX};
    bool ascii = options->encoding && !pp_same_any_case(pp_str(options->encoding), pp_str("utf-8"));
    if (!options->pretty && !ascii) {
        write_plain(&c);
        return;
    }
    struct pp_out plain, escaped;
    pp_out_memory(&plain, out->diag);
    pp_out_memory(&escaped, out->diag);
    c.out = &plain;
    write_plain(&c);
    struct pp_span text = pp_out_bytes(&plain);
    if (!options->pretty) {
        pp_svg_put_ascii(out, text);
    } else if (ascii) {
        pp_svg_put_ascii(&escaped, text);
        pp_svg_put_pretty(out, pp_out_bytes(&escaped));
    } else {
        pp_svg_put_pretty(out, text);
    }
    pp_out_release(&plain);
    pp_out_release(&escaped);
}
