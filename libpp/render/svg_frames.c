/* The frames of a flame graph as SVG. */
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "render/amount.h"
#include "render/describe.h"
#include "render/numbers.h"
#include "render/svg_private.h"
#include "render/xml_text.h"

/* --- frames -------------------------------------------------------------- */

/* A cache: a function is drawn many times, with the same result. */
struct pp_svg_seen {
    struct pp_named_frame named;
    struct pp_rgb color;
    bool described, colored, dark;
};

/* The rectangle of a thread. */
static bool is_lane(const struct pp_canvas *c, const struct pp_rect *r)
{
    return c->l->lanes && r->depth == 1;
}

static struct pp_span lane_name(const struct pp_canvas *c, const struct pp_rect *r)
{
    size_t i = (size_t)(r - c->l->rects), lane = 0;
    while (lane + 1 < c->l->nlanes && c->l->lanes[lane].rect != i)
        lane++;
    struct pp_span name = pp_string_at(&c->l->lane_names, c->l->lanes[lane].name);
    return pp_empty(name) ? pp_str("all threads") : name;
}

static struct pp_named_frame describe(const struct pp_canvas *c, const struct pp_rect *r)
{
    if (r->depth == 0)
        return (struct pp_named_frame){pp_str("all"), 0};
    if (is_lane(c, r))
        return (struct pp_named_frame){lane_name(c, r), 0};
    if (pp_rect_is_others(r))
        return (struct pp_named_frame){pp_str("others"), 0};
    struct pp_svg_seen *seen = &c->seen[r->frame];
    if (!seen->described)
        seen->named = pp_describe_frame(c->p, r->frame);
    seen->described = true;
    return seen->named;
}

/* In a chain of wakeups, "--" is between the thread that slept and the one that woke it. */
static void find_wakers(struct pp_canvas *c, const struct pp_rect *r, struct pp_named_frame *n)
{
    if (!c->chain)
        return;
    if (r->depth <= c->wakers)
        c->wakers = pp_is(n->name, "--") ? r->depth : UINT32_MAX;
    else if (!pp_is(n->name, "--"))
        n->mark = 'w';
}

/* The change from before to after, or with --negate its opposite. */
static double change_of(const struct pp_canvas *c, const struct pp_rect *r)
{
    double change = (double)r->width - (double)r->other;
    bool turn = (c->l->widths == PP_BEFORE) != c->o->negate;
    return turn ? -change : change;
}

static void put_change(struct pp_canvas *c, const struct pp_rect *r)
{
    double change = change_of(c, r), percent = 100 * (change < 0 ? -change : change) / c->total;
    pp_puts(c->out, "; ");
    if (r->width != r->other)
        pp_putc(c->out, change < 0 ? '-' : '+');
    pp_put_hundredths(c->out, percent);
    pp_putc(c->out, '%');
}

/* What the titles call what they count: "samples", "ns". */
static struct pp_span count_name(const struct pp_canvas *c)
{
    return c->steps.count ? pp_str(c->steps.exact)
                          : pp_count_name(c->p, c->l->column, c->o->count_name);
}

/* "1,234 samples", or "227.1 ms (227,113,500 ns)". */
static void put_amount(struct pp_canvas *c, int64_t count, double value)
{
    bool both = pp_put_short(c->out, &c->steps, value);
    pp_puts(c->out, both ? " (" : "");
    pp_put_grouped(c->out, count, c->decimals);
    pp_putc(c->out, ' ');
    pp_put_xml(c->out, count_name(c));
    pp_puts(c->out, both ? ")" : "");
}

void pp_svg_amount(struct pp_canvas *c, int64_t value)
{
    double exact = (double)value * c->o->factor;
    int64_t count = c->o->factor == 1 ? value : pp_round(exact);
    put_amount(c, count, (count < INT64_MAX ? (double)count : exact) / c->one);
}

/* "1,234 samples, 12.34%"; the percentage is of the printed numbers, as in other tools. */
static void put_count(struct pp_canvas *c, int64_t value, double total, bool whole)
{
    struct pp_out *out = c->out;
    double factor = c->o->factor;
    double exact = (double)value * factor;
    int64_t count = factor == 1 ? value : pp_round(exact);
    double shown = count < INT64_MAX ? (double)count : exact;
    pp_svg_amount(c, value);
    pp_puts(out, ", ");
    if (whole)
        pp_puts(out, "100");
    else
        pp_put_hundredths(out, 100 * shown / (total * factor));
    pp_putc(out, '%');
}

/* The second line of a comparison: "before: 1 samples, 3.00%; after: 2 samples, 5.00%". */
static void put_sides(struct pp_canvas *c, const struct pp_rect *r)
{
    const struct pp_rect *all = &c->l->rects[0];
    bool drawn_before = c->l->widths == PP_BEFORE;
    int64_t before = drawn_before ? r->width : r->other;
    int64_t after = drawn_before ? r->other : r->width;
    double all_before = (double)(drawn_before ? all->width : all->other);
    double all_after = (double)(drawn_before ? all->other : all->width);
    pp_puts(c->out, "\nbefore: ");
    put_count(c, before, all_before > 0 ? all_before : 1, false);
    pp_puts(c->out, "; after: ");
    put_count(c, after, all_after > 0 ? all_after : 1, false);
    if (!before || !after)
        pp_puts(c->out, before ? "; vanished" : "; new");
}

/* "NAME (1,234 samples, 12.34%)", or "NAME (227.1 ms (227,113,500 ns), 12.34%)" */
static void put_title(struct pp_canvas *c, const struct pp_rect *r, struct pp_span name)
{
    struct pp_out *out = c->out;
    pp_puts(out, "<title>");
    pp_put_xml(out, name);
    pp_puts(out, " (");
    put_count(c, c->l->lanes ? r->other : r->width, c->total, !r->depth);
    if (c->l->compared)
        put_change(c, r);
    pp_putc(out, ')');
    if (c->l->compared)
        put_sides(c, r);
    if (c->l->lanes)
        pp_svg_when(c, r);
    pp_puts(out, "</title>");
}

static double top_of(const struct pp_canvas *c, const struct pp_rect *r)
{
    double row = c->l->lanes ? r->row : r->depth;
    if (c->o->inverted)
        return c->top + row * c->o->height;
    return c->height - c->bottom - (row + 1) * c->o->height + 1;
}

/* By the rules or the palette, unless the map has one. */
static struct pp_rgb lasting_color(struct pp_canvas *c, const struct pp_rect *r,
                                   const struct pp_named_frame *n)
{
    struct pp_color_map *map = c->o->map;
    const struct pp_rgb *known = map ? pp_color_map_find(map, n) : NULL;
    struct pp_rgb color;
    if (known)
        return *known;
    if (c->o->colors)
        color = c->o->colors[r->frame];
    else
        color = pp_frame_color(c->o->palette, c->o->pick, n, &c->seed);
    if (map && r->frame)
        pp_color_map_set(map, n, color);
    return color;
}

static struct pp_rgb color_of(struct pp_canvas *c, const struct pp_rect *r,
                              const struct pp_named_frame *n)
{
    if (pp_rect_is_others(r) || (c->l->lanes && !r->depth))
        return (struct pp_rgb){200, 200, 200};
    if (pp_is(n->name, "-") || pp_is(n->name, "--"))
        return pp_frame_color(c->o->palette, c->o->pick, n, &c->seed);
    if (c->o->diffusion)
        return pp_change_color(sqrt((double)(c->l->lanes ? r->other : r->width) / c->total));
    if (c->l->compared)
        return pp_change_color(c->l->most_change ? change_of(c, r) / (double)c->l->most_change : 0);
    return lasting_color(c, r, n);
}

/* The colour, and whether it is dark; cached if it depends only on the function. */
static struct pp_rgb fill_of(struct pp_canvas *c, const struct pp_rect *r,
                             const struct pp_named_frame *n, bool *dark)
{
    bool lasts = !c->l->compared && !c->o->diffusion && !c->chain && c->o->pick != PP_PICK_RANDOM;
    struct pp_svg_seen *seen = r->frame && lasts ? &c->seen[r->frame] : NULL;
    if (seen && seen->colored) {
        *dark = seen->dark;
        return seen->color;
    }
    struct pp_rgb color = color_of(c, r, n);
    *dark = pp_is_dark(color);
    if (seen) {
        seen->color = color;
        seen->dark = *dark;
        seen->colored = true;
    }
    return color;
}

/*
 * Both ends are rounded in the same way, so neighbours meet and nothing sticks out of its parent.
 */
static void put_rect(struct pp_canvas *c, const struct pp_rect *r, int64_t left, int64_t right,
                     struct pp_rgb color)
{
    struct pp_out *out = c->out;
    pp_puts(out, "<rect x=\"");
    pp_svg_tenths(out, left);
    pp_puts(out, "\" y=\"");
    pp_svg_tenths(out, pp_round(top_of(c, r) * 10));
    pp_puts(out, "\" width=\"");
    pp_svg_tenths(out, right - left);
    pp_puts(out, "\" height=\"");
    pp_put_u64(out, c->o->height - 1);
    pp_puts(out, "\" fill=\"");
    pp_svg_rgb(out, color);
    pp_puts(out, "\" data-x=\"");
    pp_put_i64(out, r->start);
    pp_puts(out, "\" data-w=\"");
    pp_put_i64(out, r->width);
    if (c->l->compared || c->l->lanes) {
        pp_puts(out, c->l->lanes ? "\" data-v=\"" : "\" data-b=\"");
        pp_put_i64(out, r->other);
    }
    if (c->l->lanes) {
        pp_puts(out, "\" data-d=\"");
        pp_put_u64(out, r->depth);
    }
    if (r->hidden) {
        pp_puts(out, "\" data-h=\"");
        pp_put_i64(out, r->hidden);
    }
    pp_puts(out, "\"/>");
}

/* As much of the name as fits; nothing if that is less than a letter and two dots. */
static void put_label(struct pp_canvas *c, const struct pp_rect *r, int64_t left, int64_t right,
                      struct pp_span name)
{
    struct pp_out *out = c->out;
    double letter = c->o->font_size * c->o->font_width, width = (double)(right - left) / 10;
    size_t room = (size_t)(width / letter);
    if (room < 3)
        return;
    bool even = strstr(c->o->font, "mono") || strstr(c->o->font, "Mono");
    size_t fit = pp_svg_fit(name, room, (width - 4) / letter, even);
    bool whole = fit == SIZE_MAX;
    double middle = top_of(c, r) + (c->o->height - 1) / 2.0;
    pp_puts(out, "<text x=\"");
    pp_svg_tenths(out, left + 30);
    pp_puts(out, "\" y=\"");
    pp_svg_tenths(out, pp_round((middle + c->o->font_size / 4) * 10));
    pp_puts(out, "\">");
    if (c->o->cut_left) {
        pp_puts(out, whole ? "" : "..");
        pp_put_xml(out, whole ? name : pp_last_chars(name, fit));
        pp_puts(out, "</text>");
    } else {
        pp_put_xml(out, whole ? name : pp_first_chars(name, fit));
        pp_puts(out, whole ? "</text>" : "..</text>");
    }
}

static int64_t tenths(const struct pp_canvas *c, int64_t at)
{
    return pp_round(10 * (PP_SVG_PAD + (double)at * c->scale));
}

/* A word of a list separated by blanks. */
static void put_word(struct pp_out *out, bool *begun, struct pp_span word)
{
    if (*begun)
        pp_putc(out, ' ');
    pp_put_xml(out, word);
    *begun = true;
}

/* The classes of the frame's kind, for style and script; and the user's own. */
static void put_class(struct pp_canvas *c, const struct pp_rect *r, char mark, bool dark,
                      struct pp_span wanted)
{
    bool one_sided = c->l->compared && !r->other, begun = false;
    if (!mark && !dark && !one_sided && pp_empty(wanted))
        return;
    pp_svg_name(c->out, "class");
    if (mark)
        put_word(c->out, &begun, (struct pp_span){&mark, &mark + 1});
    if (dark)
        put_word(c->out, &begun, pp_str("d"));
    if (one_sided)
        put_word(c->out, &begun, pp_str(c->l->widths == PP_BEFORE ? "gone" : "new"));
    if (!pp_empty(wanted))
        put_word(c->out, &begun, wanted);
    pp_putc(c->out, '"');
}

/* Attributes of the group, or link, except its class. */
static void put_attrs(struct pp_canvas *c, const struct pp_attr_set *set, struct pp_span name)
{
    const struct pp_frame_attrs *attrs = c->o->attrs;
    for (int i = PP_ATTR_HREF; i < PP_ATTRS; i++) {
        struct pp_span value = pp_attr_value(attrs, set, (enum pp_attr)i);
        if (pp_empty(value) || i == PP_ATTR_CLASS)
            continue;
        pp_svg_name(c->out, pp_attr_names[i]);
        pp_put_xml(c->out, value);
        pp_putc(c->out, '"');
    }
    /* within a page, a link would otherwise load in the picture */
    if (set->values[PP_ATTR_HREF] && !set->values[PP_ATTR_TARGET])
        pp_puts(c->out, " target=\"_top\"");
    if (set->values[PP_ATTR_TITLE]) {
        pp_svg_name(c->out, "data-name");
        pp_put_xml(c->out, name);
        pp_putc(c->out, '"');
    }
}

static void put_own_title(struct pp_canvas *c, struct pp_span title)
{
    pp_puts(c->out, "<title>");
    pp_put_xml(c->out, title);
    pp_puts(c->out, "</title>");
}

static void put_frame(struct pp_canvas *c, const struct pp_rect *r)
{
    struct pp_named_frame n = describe(c, r);
    const struct pp_attr_set *set = NULL;
    if (c->o->attrs && r->frame)
        set = pp_frame_attrs_find(c->o->attrs, n.name);
    struct pp_span wanted = {0}, title = {0};
    find_wakers(c, r, &n);
    bool dark;
    struct pp_rgb color = fill_of(c, r, &n, &dark);
    int64_t left = tenths(c, r->start), right = tenths(c, r->start + r->width);
    const char *element = set && set->values[PP_ATTR_HREF] ? "a" : "g";
    pp_putc(c->out, '<');
    pp_puts(c->out, element);
    if (set) {
        wanted = pp_attr_value(c->o->attrs, set, PP_ATTR_CLASS);
        title = pp_attr_value(c->o->attrs, set, PP_ATTR_TITLE);
        put_attrs(c, set, n.name);
    }
    put_class(c, r, n.mark, dark, wanted);
    pp_putc(c->out, '>');
    if (pp_empty(title))
        put_title(c, r, n.name);
    else
        put_own_title(c, title);
    put_rect(c, r, left, right, color);
    put_label(c, r, left, right, n.name);
    pp_puts(c->out, "</");
    pp_puts(c->out, element);
    pp_puts(c->out, ">\n");
}

/* The units of short numbers, for the script: " data-steps="ns 1 us 1000 ms 1000000". */
static void put_steps(const struct pp_canvas *c)
{
    if (!c->steps.count)
        return;
    pp_svg_name(c->out, "data-steps");
    for (size_t i = 0; i < c->steps.count; i++) {
        pp_puts(c->out, i ? " " : "");
        pp_puts(c->out, c->steps.step[i].name);
        pp_putc(c->out, ' ');
        pp_put_i64(c->out, (int64_t)c->steps.step[i].size);
    }
    pp_putc(c->out, '"');
}

/* Writes the group of all frames, with what the script, and a reader of the file, need to know. */
void pp_svg_frames(struct pp_canvas *c)
{
    struct pp_out *out = c->out;
    const struct pp_column *column = &c->p->columns[c->l->column];
    pp_puts(out, "<g id=\"frames\"");
    pp_svg_number(out, "data-total", c->l->lanes ? c->l->sum : c->l->rects[0].width, 0);
    pp_svg_number(out, "data-decimals", c->decimals, 0);
    pp_svg_name(out, "data-type");
    pp_put_xml(out, pp_text(c->p, column->type));
    pp_puts(out, "\" data-unit=\"");
    pp_put_xml(out, pp_text(c->p, column->unit));
    pp_putc(out, '"');
    pp_svg_name(out, "data-count");
    pp_put_xml(out, count_name(c));
    pp_putc(out, '"');
    put_steps(c);
    pp_svg_text(out, "data-nametype", c->o->name_type);
    pp_svg_number(out, "data-pad", PP_SVG_PAD, 0);
    pp_svg_number(out, "data-font-size", pp_round(c->o->font_size * 1000), 3);
    pp_svg_number(out, "data-font-width", pp_round(c->o->font_width * 1000), 3);
    if (c->l->compared)
        pp_svg_text(out, "data-side", c->l->widths == PP_BEFORE ? "before" : "after");
    if (c->l->lanes)
        pp_svg_text(out, "data-chart", "time");
    if (c->o->factor != 1) {
        pp_svg_name(out, "data-factor");
        pp_putf(out, "%.17g\"", c->o->factor);
    }
    if (c->o->cut_left)
        pp_svg_text(out, "data-cut", "left");
    if (c->o->script) {
        pp_puts(out, c->o->fluid ? " data-fluid=\"1\"" : "");
        pp_puts(out,
                " tabindex=\"0\" role=\"tree\" aria-label=\"Flame graph: arrows walk from frame "
                "to frame, Enter zooms, c copies the name\"");
    }
    pp_puts(out, ">\n");
    c->seen = pp_calloc(c->p->frames.count, sizeof *c->seen);
    for (size_t i = 0; i < c->l->count; i++)
        put_frame(c, &c->l->rects[i]);
    free(c->seen);
    pp_puts(out, "</g>\n");
}
