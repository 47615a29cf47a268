#include "render/term.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "render/amount.h"
#include "render/describe.h"
#include "render/frame_color.h"
#include "render/numbers.h"
#include "render/xml_text.h"

struct screen {
    const struct pp_profile *p;
    const struct pp_layout *l;
    const struct pp_term_options *o;
    struct pp_out *out;
    struct box *boxes;
    size_t count, left_out;
    int64_t hidden; /* the width of frames that are left out */
    uint64_t seed;  /* for random colours */
};

/* A frame in the columns from `left` to `right`, exclusive. */
struct box {
    const struct pp_rect *rect;
    unsigned left, right;
};

/* --- which frames get columns ---------------------------------------------- */

static unsigned column_at(const struct screen *s, int64_t place)
{
    double share = (double)place / (double)s->l->rects[0].width;
    return (unsigned)pp_round(share * s->o->width);
}

/* The first rectangle after `i` that is not on top of it. */
static size_t after(const struct pp_layout *l, size_t i)
{
    size_t next = i + 1;
    while (next < l->count && l->rects[next].depth > l->rects[i].depth)
        next++;
    return next;
}

static int compare_boxes(const void *a, const void *b)
{
    const struct box *x = a, *y = b;
    if (x->rect->depth != y->rect->depth)
        return x->rect->depth < y->rect->depth ? -1 : 1;
    return (x->left > y->left) - (x->left < y->left);
}

static void place(struct screen *s)
{
    const struct pp_layout *l = s->l;
    s->boxes = pp_calloc(l->count, sizeof *s->boxes);
    for (size_t i = 0; i < l->count;) {
        const struct pp_rect *r = &l->rects[i];
        struct box box = {r, column_at(s, r->start), column_at(s, r->start + r->width)};
        if (box.left < box.right) {
            s->boxes[s->count++] = box;
            i++;
            continue;
        }
        size_t next = after(l, i);
        s->left_out += next - i;
        s->hidden += r->width;
        i = next;
    }
    qsort(s->boxes, s->count, sizeof *s->boxes, compare_boxes);
}

/* --- characters ---------------------------------------------------------- */

unsigned pp_term_cells(uint32_t c)
{
    static const struct {
        uint32_t first, last;
        unsigned cells;
    } known[] = {
        {0x20, 0x7e, 1},     {0xa1, 0xac, 1},     {0xae, 0x2ff, 1},    /* Latin */
        {0x370, 0x377, 1},   {0x384, 0x482, 1},   {0x48a, 0x52f, 1},   /* Greek, Cyrillic */
        {0x2010, 0x2027, 1}, {0x2190, 0x21ff, 1}, {0x2200, 0x22ff, 1}, /* dashes, arrows, signs */
        {0x3041, 0x3096, 2}, {0x30a1, 0x30ff, 2}, {0x3400, 0x4dbf, 2}, /* kana, ideographs */
        {0x4e00, 0x9fff, 2}, {0xac00, 0xd7a3, 2}, {0xff01, 0xff60, 2}, /* Hangul, full width */
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (c >= known[i].first && c <= known[i].last)
            return known[i].cells;
    return 0;
}

/* The next character of `*text` as printed, and its width. */
static struct pp_span next_shown(struct pp_span *text, unsigned *cells)
{
    const char *start = text->p;
    uint32_t c;
    *cells = pp_next_char(text, &c) ? pp_term_cells(c) : 0;
    if (*cells)
        return (struct pp_span){start, text->p};
    *cells = 1;
    return pp_str("?");
}

static unsigned cells_of(struct pp_span text)
{
    unsigned sum = 0, cells;
    while (!pp_empty(text) && sum < 1u << 20) {
        next_shown(&text, &cells);
        sum += cells;
    }
    return sum;
}

/*
 * As much of `text` as fits into `room` columns, with ".." at the end if it is not all. Returns the
 * room that is left.
 */
static unsigned put_fitted(struct pp_out *out, struct pp_span text, unsigned room)
{
    bool whole = cells_of(text) <= room;
    unsigned dots = whole || room < 3 ? 0 : 2, cells;
    while (!pp_empty(text)) {
        struct pp_span shown = next_shown(&text, &cells);
        if (cells + dots > room)
            break;
        pp_put(out, shown);
        room -= cells;
    }
    if (dots)
        pp_puts(out, "..");
    return room - dots;
}

static void put_blanks(struct pp_out *out, unsigned n)
{
    while (n--)
        pp_putc(out, ' ');
}

/* --- colours ------------------------------------------------------------- */

/* The nearest step of the colour cube: 0 95 135 175 215 255. */
static unsigned cube_step(uint8_t v)
{
    return v < 48 ? 0 : v < 115 ? 1 : (v - 35u) / 40;
}

static uint8_t cube_value(unsigned step)
{
    return (uint8_t)(step ? 55 + 40 * step : 0);
}

static void put_background(const struct screen *s, struct pp_rgb c)
{
    if (s->o->colors == PP_TERM_RGB) {
        unsigned text = pp_is_dark(c) ? 255 : 0;
        pp_putf(s->out, "\033[38;2;%u;%u;%u;48;2;%u;%u;%um", text, text, text, c.r, c.g, c.b);
        return;
    }
    unsigned r = cube_step(c.r), g = cube_step(c.g), b = cube_step(c.b);
    struct pp_rgb shown = {cube_value(r), cube_value(g), cube_value(b)};
    unsigned text = pp_is_dark(shown) ? 231 : 16; /* white, black */
    pp_putf(s->out, "\033[38;5;%u;48;5;%um", text, 16 + 36 * r + 6 * g + b);
}

/* The change from before to after, or with `negate` its opposite. */
static double change_of(const struct screen *s, const struct pp_rect *r)
{
    double change = (double)r->width - (double)r->other;
    bool turn = (s->l->widths == PP_BEFORE) != s->o->look->negate;
    return turn ? -change : change;
}

static struct pp_rgb color_of(struct screen *s, const struct pp_rect *r,
                              const struct pp_named_frame *frame)
{
    if (s->l->compared) {
        double most = (double)s->l->most_change;
        return pp_change_color(r->depth && most > 0 ? change_of(s, r) / most : 0);
    }
    if (!r->depth)
        return (struct pp_rgb){200, 200, 200};
    return pp_lasting_color(s->o->look, r->frame, frame, &s->seed);
}

/* --- boxes and lines ----------------------------------------------------- */

/* " 12.34%", and in a comparison " +1.23%" of all. */
static void put_share(struct pp_out *out, const struct screen *s, const struct pp_rect *r)
{
    double all = (double)s->l->rects[0].width, change = change_of(s, r);
    pp_putc(out, ' ');
    pp_put_hundredths(out, 100 * (double)r->width / all);
    pp_putc(out, '%');
    if (s->l->compared && r->depth) {
        pp_puts(out, change < 0 ? " -" : " +");
        pp_put_hundredths(out, 100 * (change < 0 ? -change : change) / all);
        pp_putc(out, '%');
    }
}

/* The name, followed by the share if all of that fits: in exactly `room` columns. */
static void put_label(struct screen *s, const struct box *b, struct pp_span name, unsigned room)
{
    struct pp_out share;
    pp_out_memory(&share, NULL);
    put_share(&share, s, b->rect);
    room = put_fitted(s->out, name, room);
    if (room >= share.len) {
        pp_put(s->out, pp_out_bytes(&share));
        room -= (unsigned)share.len;
    }
    put_blanks(s->out, room);
    pp_out_release(&share);
}

/* A module in brackets has those of its box. */
static struct pp_span without_brackets(struct pp_span name)
{
    if (pp_len(name) > 2 && pp_starts(name, "[") && pp_ends(name, "]"))
        return (struct pp_span){name.p + 1, name.end - 1};
    return name;
}

/* Without colours, brackets mark the ends of a box. */
static void put_bracketed(struct screen *s, const struct box *b, struct pp_span name)
{
    unsigned width = b->right - b->left;
    if (width == 1) {
        pp_putc(s->out, '|');
        return;
    }
    pp_putc(s->out, '[');
    put_label(s, b, without_brackets(name), width - 2);
    pp_putc(s->out, ']');
}

static void put_colored(struct screen *s, const struct box *b, const struct pp_named_frame *frame)
{
    unsigned air = b->right - b->left > 2;
    put_background(s, color_of(s, b->rect, frame));
    put_blanks(s->out, air);
    put_label(s, b, frame->name, b->right - b->left - air);
    pp_puts(s->out, "\033[0m");
}

static void put_box(struct screen *s, const struct box *b)
{
    struct pp_named_frame frame = {pp_str("all"), 0};
    if (b->rect->depth)
        frame = pp_describe_frame(s->p, b->rect->frame);
    if (s->o->colors)
        put_colored(s, b, &frame);
    else
        put_bracketed(s, b, frame.name);
}

/* Writes the boxes of one depth, which begin at boxes[i]; returns the start of the next depth. */
static size_t put_line(struct screen *s, size_t i)
{
    uint32_t depth = s->boxes[i].rect->depth;
    unsigned at = 0;
    for (; i < s->count && s->boxes[i].rect->depth == depth; i++) {
        const struct box *b = &s->boxes[i];
        put_blanks(s->out, b->left - at);
        put_box(s, b);
        at = b->right;
    }
    pp_putc(s->out, '\n');
    return i;
}

/* --- above and below ----------------------------------------------------- */

static void put_head(struct screen *s)
{
    const struct pp_column *c = &s->p->columns[s->l->column];
    const struct pp_svg_options *look = s->o->look;
    int64_t all = s->l->rects[0].width;
    if (look->title) {
        put_fitted(s->out, pp_str(look->title), s->o->width);
        pp_putc(s->out, '\n');
    }
    int64_t count = look->factor == 1 ? all : pp_round((double)all * look->factor);
    struct pp_steps steps = {0};
    if (!look->count_name)
        steps = pp_steps_of(s->p, s->l->column);
    bool both = pp_put_short(s->out, &steps, (double)count / pow(10, c->decimals));
    pp_puts(s->out, both ? " (" : "");
    pp_put_grouped(s->out, count, c->decimals);
    pp_putc(s->out, ' ');
    put_fitted(s->out,
               steps.count ? pp_str(steps.exact)
                           : pp_count_name(s->p, s->l->column, look->count_name),
               s->o->width);
    pp_puts(s->out, both ? ")\n" : "\n");
}

static void put_left_out(struct screen *s)
{
    if (!s->left_out)
        return;
    pp_put_grouped(s->out, (int64_t)s->left_out, 0);
    pp_puts(s->out, s->left_out == 1 ? " frame narrower" : " frames narrower");
    pp_puts(s->out, " than a column not shown: ");
    pp_put_hundredths(s->out, 100 * (double)s->hidden / (double)s->l->rects[0].width);
    pp_puts(s->out, "% of all");
    if (s->o->hint) {
        pp_puts(s->out, "; ");
        pp_puts(s->out, s->o->hint);
    }
    pp_putc(s->out, '\n');
}

void pp_term_write(const struct pp_profile *p, const struct pp_layout *l,
                   const struct pp_term_options *options, struct pp_out *out)
{
    struct screen s = {.p = p, .l = l, .o = options, .out = out};
    if (!l->sum) {
        pp_puts(out, "no samples: there is nothing to draw\n");
        return;
    }
    place(&s);
    put_head(&s);
    for (size_t i = 0; i < s.count;)
        i = put_line(&s, i);
    put_left_out(&s);
    free(s.boxes);
}
