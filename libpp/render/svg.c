#include "render/svg.h"

#include "render/numbers.h"
#include "render/svg_assets.h"
#include "render/xml_text.h"

const struct pp_svg_options pp_svg_defaults = {
    .count_name = "samples",
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

/* What is drawn, and where: lengths are in pixels. */
struct canvas {
    const struct pp_profile *p;
    const struct pp_layout *l;
    const struct pp_svg_options *o;
    struct pp_out *out;
    double scale, total; /* pixels for a unit; units in all */
    double top, bottom;  /* what is above and below the frames */
    double height;
    unsigned decimals;
    uint64_t seed; /* of random colours */
    bool chain;
    uint32_t wakers; /* in a chain, what is deeper stands on a frame "--" */
};

/* --- attributes ---------------------------------------------------------- */

static void put_name(struct pp_out *out, const char *name)
{
    pp_putc(out, ' ');
    pp_puts(out, name);
    pp_puts(out, "=\"");
}

static void put_text(struct pp_out *out, const char *name, const char *value)
{
    put_name(out, name);
    pp_put_xml(out, pp_str(value));
    pp_putc(out, '"');
}

static void put_number(struct pp_out *out, const char *name, int64_t value, unsigned decimals)
{
    put_name(out, name);
    pp_put_decimal(out, value, decimals);
    pp_putc(out, '"');
}

/* A place or length, in tenths of a pixel. */
static void put_tenths(struct pp_out *out, int64_t v)
{
    pp_put_i64(out, v / 10);
    if (v % 10) {
        pp_putc(out, '.');
        pp_putc(out, (char)('0' + v % 10));
    }
}

static void put_pixels(struct pp_out *out, const char *name, double value)
{
    put_name(out, name);
    put_tenths(out, pp_round(value * 10));
    pp_putc(out, '"');
}

static void put_rgb(struct pp_out *out, struct pp_rgb c)
{
    static const char hex[] = "0123456789abcdef";
    const uint8_t parts[] = {c.r, c.g, c.b};
    char text[7] = "#";
    for (int i = 0; i < 3; i++) {
        text[1 + 2 * i] = hex[parts[i] >> 4];
        text[2 + 2 * i] = hex[parts[i] & 15];
    }
    pp_put(out, (struct pp_span){text, text + sizeof text});
}

/* --- frames -------------------------------------------------------------- */

static struct pp_named_frame describe(const struct canvas *c, const struct pp_rect *r)
{
    const struct pp_frame *f = pp_frame(c->p, r->frame);
    struct pp_named_frame n = {pp_trim_end(pp_frame_name(c->p, r->frame)), 0};
    if (r->depth == 0)
        return (struct pp_named_frame){pp_str("all"), 0};
    if (f->kind == PP_KERNEL || f->kind == PP_JIT)
        n.mark = f->kind == PP_KERNEL ? 'k' : 'j';
    else if (f->inlined)
        n.mark = 'i';
    if (pp_len(n.name) > 4 && pp_starts((struct pp_span){n.name.end - 4, n.name.end}, "_[") &&
        n.name.end[-1] == ']' && strchr("kwij", n.name.end[-2])) {
        n.mark = n.name.end[-2];
        n.name.end -= 4;
    }
    return n;
}

/* In a chain of wakeups, "--" stands between who slept and who woke it. */
static void find_wakers(struct canvas *c, const struct pp_rect *r, struct pp_named_frame *n)
{
    if (!c->chain)
        return;
    if (r->depth <= c->wakers)
        c->wakers = pp_is(n->name, "--") ? r->depth : UINT32_MAX;
    else if (!pp_is(n->name, "--"))
        n->mark = 'w';
}

/* How much more there is after than before, or with --negate less. */
static double change_of(const struct canvas *c, const struct pp_rect *r)
{
    double change = (double)r->width - (double)r->other;
    bool turn = (c->l->widths == PP_BEFORE) != c->o->negate;
    return turn ? -change : change;
}

static void put_change(struct canvas *c, const struct pp_rect *r)
{
    double change = change_of(c, r), percent = 100 * (change < 0 ? -change : change) / c->total;
    pp_puts(c->out, "; ");
    if (r->width != r->other)
        pp_putc(c->out, change < 0 ? '-' : '+');
    pp_put_hundredths(c->out, percent);
    pp_putc(c->out, '%');
}

/* "NAME (1,234 samples, 12.34%)", the percentage of what is printed, as the peers have it. */
static void put_title(struct canvas *c, const struct pp_rect *r, struct pp_span name)
{
    struct pp_out *out = c->out;
    double factor = c->o->factor;
    double exact = (double)r->width * factor;
    int64_t count = factor == 1 ? r->width : pp_round(exact);
    double shown = count < INT64_MAX ? (double)count : exact;
    pp_puts(out, "<title>");
    pp_put_xml(out, name);
    pp_puts(out, " (");
    pp_put_grouped(out, count, c->decimals);
    pp_putc(out, ' ');
    pp_put_xml(out, pp_str(c->o->count_name));
    pp_puts(out, ", ");
    if (r->depth)
        pp_put_hundredths(out, 100 * shown / (c->total * factor));
    else
        pp_puts(out, "100");
    pp_putc(out, '%');
    if (c->l->compared)
        put_change(c, r);
    pp_puts(out, ")</title>");
}

static double top_of(const struct canvas *c, const struct pp_rect *r)
{
    if (c->o->inverted)
        return c->top + (double)r->depth * c->o->height;
    return c->height - c->bottom - (double)(r->depth + 1) * c->o->height + 1;
}

static struct pp_rgb color_of(struct canvas *c, const struct pp_rect *r,
                              const struct pp_named_frame *n)
{
    if (c->l->compared && !pp_is(n->name, "-") && !pp_is(n->name, "--"))
        return pp_change_color(c->l->most_change ? change_of(c, r) / (double)c->l->most_change : 0);
    return pp_frame_color(c->o->palette, c->o->pick, n, &c->seed);
}

/* Both ends are rounded alike, so that neighbours meet and nothing sticks out of its parent. */
static void put_rect(struct canvas *c, const struct pp_rect *r, int64_t left, int64_t right,
                     struct pp_rgb color)
{
    struct pp_out *out = c->out;
    pp_puts(out, "<rect x=\"");
    put_tenths(out, left);
    pp_puts(out, "\" y=\"");
    put_tenths(out, pp_round(top_of(c, r) * 10));
    pp_puts(out, "\" width=\"");
    put_tenths(out, right - left);
    pp_puts(out, "\" height=\"");
    pp_put_u64(out, c->o->height - 1);
    pp_puts(out, "\" fill=\"");
    put_rgb(out, color);
    pp_puts(out, "\" data-x=\"");
    pp_put_i64(out, r->start);
    pp_puts(out, "\" data-w=\"");
    pp_put_i64(out, r->width);
    if (c->l->compared) {
        pp_puts(out, "\" data-b=\"");
        pp_put_i64(out, r->other);
    }
    pp_puts(out, "\"/>");
}

/* As much of the name as fits: with less than a letter and two dots, none. */
static void put_label(struct canvas *c, const struct pp_rect *r, int64_t left, int64_t right,
                      struct pp_span name)
{
    struct pp_out *out = c->out;
    double letter = c->o->font_size * c->o->font_width;
    size_t room = (size_t)((double)(right - left) / 10 / letter);
    if (room < 3)
        return;
    double middle = top_of(c, r) + (c->o->height - 1) / 2.0;
    pp_puts(out, "<text x=\"");
    put_tenths(out, left + 30);
    pp_puts(out, "\" y=\"");
    put_tenths(out, pp_round((middle + c->o->font_size / 4) * 10));
    pp_puts(out, "\">");
    bool whole = pp_first_chars(name, room).end == name.end;
    pp_put_xml(out, whole ? name : pp_first_chars(name, room - 2));
    pp_puts(out, whole ? "</text>" : "..</text>");
}

static int64_t tenths(const struct canvas *c, int64_t at)
{
    return pp_round(10 * (PP_SVG_PAD + (double)at * c->scale));
}

static void put_frame(struct canvas *c, const struct pp_rect *r)
{
    struct pp_named_frame n = describe(c, r);
    find_wakers(c, r, &n);
    struct pp_rgb color = color_of(c, r, &n);
    int64_t left = tenths(c, r->start), right = tenths(c, r->start + r->width);
    bool dark = pp_is_dark(color);
    pp_puts(c->out, "<g");
    if (n.mark || dark) {
        put_name(c->out, "class");
        if (n.mark)
            pp_putc(c->out, n.mark);
        pp_puts(c->out, !dark ? "\"" : n.mark ? " d\"" : "d\"");
    }
    pp_putc(c->out, '>');
    put_title(c, r, n.name);
    put_rect(c, r, left, right, color);
    put_label(c, r, left, right, n.name);
    pp_puts(c->out, "</g>\n");
}

/* The group of all frames: what the script, and who reads the file back, needs to know. */
static void put_frames(struct canvas *c)
{
    struct pp_out *out = c->out;
    const struct pp_column *column = &c->p->columns[c->l->column];
    pp_puts(out, "<g id=\"frames\" tabindex=\"0\"");
    put_number(out, "data-total", c->l->rects[0].width, 0);
    put_number(out, "data-decimals", c->decimals, 0);
    put_name(out, "data-type");
    pp_put_xml(out, pp_text(c->p, column->type));
    pp_puts(out, "\" data-unit=\"");
    pp_put_xml(out, pp_text(c->p, column->unit));
    pp_putc(out, '"');
    put_text(out, "data-count", c->o->count_name);
    put_text(out, "data-nametype", c->o->name_type);
    put_number(out, "data-pad", PP_SVG_PAD, 0);
    put_number(out, "data-font-size", pp_round(c->o->font_size * 1000), 3);
    put_number(out, "data-font-width", pp_round(c->o->font_width * 1000), 3);
    if (c->l->compared)
        put_text(out, "data-side", c->l->widths == PP_BEFORE ? "before" : "after");
    pp_puts(out, ">\n");
    for (size_t i = 0; i < c->l->count; i++)
        put_frame(c, &c->l->rects[i]);
    pp_puts(out, "</g>\n");
}

/* --- what is around them ------------------------------------------------- */

/* A text of its own, where script and style find it. */
struct words {
    const char *id, *anchor; /* which end of the text is at x: start, middle, end */
    double x, y;
    const char *more; /* attributes, or NULL */
};

static void put_words(struct canvas *c, struct words w, const char *text)
{
    pp_puts(c->out, "<text");
    put_text(c->out, "id", w.id);
    put_text(c->out, "text-anchor", w.anchor);
    put_pixels(c->out, "x", w.x);
    put_pixels(c->out, "y", w.y);
    pp_puts(c->out, w.more ? w.more : "");
    pp_putc(c->out, '>');
    pp_put_xml(c->out, pp_str(text));
    pp_puts(c->out, "</text>\n");
}

static void put_head(struct canvas *c)
{
    struct pp_out *out = c->out;
    const struct pp_svg_options *o = c->o;
    pp_puts(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                 "<svg xmlns=\"http://www.w3.org/2000/svg\" version=\"1.1\"");
    put_number(out, "width", o->width, 0);
    put_pixels(out, "height", c->height);
    pp_puts(out, " viewBox=\"0 0 ");
    pp_put_u64(out, o->width);
    pp_putc(out, ' ');
    pp_put_decimal(out, pp_round(c->height * 10), 1);
    pp_puts(out, "\" font-family=\"");
    pp_put_xml(out, pp_str(o->font));
    pp_puts(out, ", sans-serif\"");
    put_number(out, "font-size", pp_round(o->font_size * 1000), 3);
    if (o->title)
        put_text(out, "aria-label", o->title);
    pp_puts(out, ">\n");
    if (o->notes) {
        pp_puts(out, "<!-- NOTES: ");
        pp_put_xml_comment(out, pp_str(o->notes));
        pp_puts(out, " -->\n");
    }
}

static void put_background(struct canvas *c)
{
    struct pp_out *out = c->out;
    pp_puts(out, "<defs><linearGradient id=\"background\" x1=\"0\" x2=\"0\" y1=\"0\" y2=\"1\">"
                 "<stop offset=\"5%\" stop-color=\"");
    put_rgb(out, c->o->background.top);
    pp_puts(out, "\"/><stop offset=\"95%\" stop-color=\"");
    put_rgb(out, c->o->background.bottom);
    pp_puts(out, "\"/></linearGradient></defs>\n"
                 "<rect width=\"100%\" height=\"100%\" fill=\"url(#background)\"/>\n");
}

static void put_style(struct canvas *c)
{
    struct pp_out *out = c->out;
    bool dark = pp_is_dark(c->o->search);
    pp_puts(out, "<style>\n");
    pp_puts(out, pp_svg_css);
    pp_puts(out, "svg{--on-found:");
    pp_puts(out, dark ? "#fff" : "#000");
    pp_puts(out, ";--found:");
    put_rgb(out, c->o->search);
    pp_puts(out, "}\n</style>\n");
}

static void put_titles(struct canvas *c)
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

/* What the script fills and listens to. */
static void put_controls(struct canvas *c)
{
    static const char told[] = " aria-live=\"polite\"", button[] = " role=\"button\"";
    double size = c->o->font_size, left = PP_SVG_PAD, right = c->o->width - left;
    double top = size * 2, line = c->o->inverted ? c->top - size * 0.75 : c->height - c->bottom / 2;
    put_words(c, (struct words){"details", "start", left, line, told}, " ");
    put_words(c, (struct words){"matched", "end", right, line, told}, "");
    put_words(c, (struct words){"unzoom", "start", left, top, " role=\"button\" class=\"hide\""},
              "Reset Zoom");
    put_words(c, (struct words){"search", "end", right - size * 2, top, button}, "Search");
    put_words(c, (struct words){"case", "end", right, top, button}, "ic");
}

static void put_script(struct canvas *c)
{
    pp_puts(c->out, "<script><![CDATA[\n");
    pp_puts(c->out, pp_svg_js);
    pp_puts(c->out, "]]></script>\n");
}

static void measure(struct canvas *c)
{
    double size = c->o->font_size;
    c->top = size * 3 + (c->o->subtitle ? size * 2 : 0);
    c->bottom = size * 2 + 10;
    if (c->o->inverted) { /* the details are at the top, where one looks */
        c->top += size + 4;
        c->bottom -= size;
    }
    c->height = c->top + c->bottom + (c->l->depth + 1.0) * c->o->height;
    c->total = (double)c->l->rects[0].width;
    c->scale = (c->o->width - 2.0 * PP_SVG_PAD) / c->total;
}

static void put_nothing(struct canvas *c)
{
    c->height = c->o->font_size * 5;
    put_head(c);
    put_background(c);
    put_words(c, (struct words){"title", "middle", c->o->width / 2.0, c->o->font_size * 2, NULL},
              "no samples: there is nothing to draw");
    pp_puts(c->out, "</svg>\n");
}

void pp_svg_write(const struct pp_profile *p, const struct pp_layout *l,
                  const struct pp_svg_options *options, struct pp_out *out)
{
    struct canvas c = {.p = p, .l = l, .o = options, .out = out, .wakers = UINT32_MAX};
    if (!l->sum) {
        put_nothing(&c);
        return;
    }
    c.decimals = p->columns[l->column].decimals;
    c.chain = options->palette == pp_palette_named("chain");
    measure(&c);
    put_head(&c);
    put_style(&c);
    put_background(&c);
    put_titles(&c);
    if (options->script)
        put_controls(&c);
    put_frames(&c);
    if (options->script)
        put_script(&c);
    pp_puts(out, "</svg>\n");
}
