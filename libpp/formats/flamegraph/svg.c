/*
 * Reads flame graphs in SVG: those of flamegraph.pl, of inferno and of pp, icicle graphs too. Each
 * frame is a box on top of its caller, with a tooltip that has the count:
 *
 *     <g>
 *     <title>main (1,234 samples, 12.34%)</title><rect x="10.0" y="37" width="145.6" ... />
 *     </g>
 *
 * pp shortens times and bytes before the count: main (1.234 ms (1,234,000 ns), 12.34%).
 *
 * inferno adds fg:x="0" fg:w="1234", the place in samples; pp's attributes are data-x and data-w,
 * and are the counts themselves. See https://github.com/brendangregg/FlameGraph
 */
#include "formats/flamegraph/svg_tree.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "syntax/xml.h"

/* A number in 10^-decimals. */
struct fixed {
    int64_t value;
    unsigned decimals;
    bool given;
};

/* The attributes of a <rect> that are used. */
struct rect {
    struct fixed x, y, width;
    struct fixed exact_x, exact_width; /* in samples, if the program wrote them */
    struct fixed other;
};

struct title {
    struct pp_span name, count_name;
    struct fixed count;
    bool whole, change; /* "100%", which the root has; there is a change after the percentage */
};

struct box {
    struct rect rect;
    struct fixed count;
    struct pp_span name;
    pp_id frame;
    const char *at;
    bool all;
};

struct picture {
    struct pp_reader *r;
    struct pp_xml *xml;
    struct box *boxes;
    size_t nboxes, cap;
    unsigned decimals; /* the most decimals of any count */
    pp_id count_name;

    /* The current group, as far as it was read. */
    struct rect rect;
    bool in_title, has_title, has_rect;
    char *title;
    size_t title_len, title_cap;
    char mark; /* in pp's files, the kind of the frame, from the class of its group */

    /* From attributes of pp's own files, for all frames. */
    bool ours;
    pp_id type, unit;
    unsigned our_decimals;
    enum pp_side side;
    bool in_time; /* a chart of times, in which widths are no values, and stacks are left out */

    bool counted; /* a title has a count, so it is a flame graph */
    bool told_change, told_count_name;
};

/* --- numbers and titles -------------------------------------------------- */

/* Parses "1,234.5", "12.3%" or "-7". */
static bool parse_fixed(struct pp_span s, struct fixed *out)
{
    bool negative = !pp_empty(s) && *s.p == '-', point = false;
    *out = (struct fixed){.given = true};
    s.p += negative;
    s.end -= pp_ends(s, "%");
    if (pp_empty(s) || !pp_is_digit(*s.p))
        return false;
    for (; s.p < s.end; s.p++) {
        if (*s.p == ',' && !point)
            continue;
        if (*s.p == '.' && !point) {
            point = true;
            continue;
        }
        if (!pp_is_digit(*s.p) || out->decimals == PP_MAX_DECIMALS ||
            __builtin_mul_overflow(out->value, 10, &out->value) ||
            __builtin_add_overflow(out->value, *s.p - '0', &out->value))
            return false;
        out->decimals += point;
    }
    out->value = negative ? -out->value : out->value;
    return true;
}

static long double real(struct fixed f)
{
    long double value = (long double)f.value;
    for (unsigned i = 0; i < f.decimals; i++)
        value /= 10;
    return value;
}

/* Parses "1,234 samples, 12.34%", or "...; +1.20%" for a change. */
static bool parse_counts(struct pp_span s, struct title *out)
{
    const char *blank = pp_find(s, ' '), *comma = NULL;
    for (struct pp_span t = s; (comma = pp_rfind(t, ',')); t.end = comma)
        if (s.end - comma > 2 && comma[1] == ' ')
            break;
    if (!blank || !comma || comma <= blank)
        return false;
    struct pp_span percent = {comma + 2, s.end};
    out->count_name = (struct pp_span){blank + 1, comma};
    out->whole = pp_is(percent, "100%") || pp_starts(percent, "100%;");
    out->change = pp_find(percent, ';') != NULL;
    return pp_is_digit(*percent.p) && pp_find(percent, '%') &&
           parse_fixed((struct pp_span){s.p, blank}, &out->count);
}

/* Whether it is "227.1 ms": a number and a word. */
static bool is_short(struct pp_span s)
{
    const char *blank = pp_find(s, ' ');
    struct fixed number;
    return blank && blank + 1 < s.end && !pp_find((struct pp_span){blank + 1, s.end}, ' ') &&
           parse_fixed((struct pp_span){s.p, blank}, &number);
}

/* Of "NAME (227.1 ms (227,113,500 ns), 12.34%)" the name "NAME (227.1 ms", and the unit "ns)". */
static void cut_short(struct title *t)
{
    const char *open = pp_rfind(t->name, '(');
    if (!pp_ends(t->count_name, ")") || pp_find(t->count_name, '(') || !open ||
        open - t->name.p < 1 || open[-1] != ' ' ||
        !is_short((struct pp_span){open + 1, t->name.end}))
        return;
    t->count_name.end--;
    t->name.end = open - 1;
}

/* Parses "NAME (1,234 samples, 12.34%)"; a name may contain parentheses. */
static bool parse_title(struct pp_span s, struct title *out)
{
    struct pp_span name = s = pp_trim_end(s);
    *out = (struct title){0};
    if (!pp_ends(s, "%)"))
        return false;
    while ((name.end = pp_rfind(name, '('))) {
        if (name.end > name.p && name.end[-1] == ' ' &&
            parse_counts((struct pp_span){name.end + 1, s.end - 1}, out)) {
            out->name = (struct pp_span){name.p, name.end - 1};
            cut_short(out);
            return true;
        }
    }
    return false;
}

/* --- elements ------------------------------------------------------------ */

static void read_group(struct picture *p)
{
    struct pp_xml_attribute a;
    p->has_title = p->has_rect = false;
    p->mark = 0;
    while (pp_xml_attribute(p->xml, &a)) {
        struct fixed decimals;
        if (pp_is(a.name, "class") &&
            (pp_len(a.value) == 1 || pp_find(a.value, ' ') == a.value.p + 1))
            p->mark = *a.value.p;
        else if (pp_is(a.name, "data-type"))
            p->type = pp_string(p->r->out, a.value);
        else if (pp_is(a.name, "data-unit"))
            p->unit = pp_string(p->r->out, a.value);
        else if (pp_is(a.name, "data-chart"))
            p->in_time = true;
        else if (pp_is(a.name, "data-side"))
            p->side = pp_is(a.value, "before") ? PP_BEFORE : PP_AFTER;
        else if (pp_is(a.name, "data-decimals") && parse_fixed(a.value, &decimals) &&
                 decimals.value >= 0 && decimals.value <= PP_MAX_DECIMALS) {
            p->our_decimals = (unsigned)decimals.value;
            p->ours = true;
        }
    }
}

static void read_rect(struct picture *p)
{
    struct pp_xml_attribute a;
    p->rect = (struct rect){0};
    p->has_rect = true;
    while (pp_xml_attribute(p->xml, &a)) {
        struct fixed *to = NULL;
        bool exact = a.prefixed;
        if (pp_starts(a.name, "data-")) {
            a.name.p += strlen("data-");
            exact = true;
        }
        if (pp_is(a.name, "x"))
            to = exact ? &p->rect.exact_x : &p->rect.x;
        else if (exact && pp_is(a.name, "w"))
            to = &p->rect.exact_width;
        else if (exact && pp_is(a.name, "b"))
            to = &p->rect.other;
        else if (!exact && pp_is(a.name, "width"))
            to = &p->rect.width;
        else if (!exact && pp_is(a.name, "y"))
            to = &p->rect.y;
        if (to && !parse_fixed(a.value, to))
            *to = (struct fixed){0};
    }
}

static void add_title_text(struct picture *p, struct pp_span text)
{
    PP_GROW(p->title, p->title_len + pp_len(text), p->title_cap);
    if (!pp_empty(text))
        memcpy(p->title + p->title_len, text.p, pp_len(text));
    p->title_len += pp_len(text);
}

/* The frame of a box: its name is in the title; in pp's files, its kind is in the class. */
static pp_id frame_of(struct picture *p, struct pp_span name)
{
    struct pp_frame f = {.function = pp_function_named(p->r->out, name)};
    if (p->ours && p->mark == 'k')
        f.kind = PP_KERNEL;
    else if (p->ours && p->mark == 'j')
        f.kind = PP_JIT;
    else if (p->ours)
        f.inlined = p->mark == 'i';
    return pp_intern(&p->r->out->frames, &f);
}

static void note_title(struct picture *p, const struct title *t)
{
    pp_id count_name = pp_string(p->r->out, t->count_name);
    const char *at = pp_xml_at(p->xml);
    if (!p->counted)
        p->count_name = count_name;
    p->counted = true;
    if (count_name != p->count_name && !p->told_count_name) {
        pp_warn(p->r, at, "counts '%.*s' and others", PP_SHOW(t->count_name));
        p->told_count_name = true;
    }
    if (t->change && !p->rect.other.given && !p->told_change) {
        pp_warn(p->r, at, "changes are shown in percent only, and left out");
        p->told_change = true;
    }
}

/* At the end of a group: if it had a title and a box, they are a frame. */
static void end_group(struct picture *p)
{
    const struct rect *rect = &p->rect;
    struct title t;
    bool whole = p->has_title && p->has_rect;
    p->has_title = p->has_rect = false;
    if (!whole || p->in_time || !rect->y.given || (!rect->x.given && !rect->exact_x.given))
        return;
    struct pp_span text = {p->title, p->title ? p->title + p->title_len : NULL};
    if (p->ours && p->side != PP_ONLY && pp_rfind(text, '\n'))
        text.end = pp_rfind(text, '\n'); /* a second line has the totals of both sides */
    if (!parse_title(text, &t)) {
        pp_warn(p->r, pp_xml_at(p->xml), "no count in '%.*s': it is taken from its width",
                PP_SHOW(text));
        t = (struct title){.name = text};
    } else {
        note_title(p, &t);
    }
    PP_GROW(p->boxes, p->nboxes + 1, p->cap);
    struct box *b = &p->boxes[p->nboxes++];
    *b = (struct box){.rect = *rect, .count = t.count, .at = pp_xml_at(p->xml)};
    if (p->ours && rect->exact_width.given && !rect->exact_width.decimals) {
        b->count = rect->exact_width;
        b->count.decimals = p->our_decimals;
    }
    p->decimals = b->count.decimals > p->decimals ? b->count.decimals : p->decimals;
    b->frame = frame_of(p, t.name);
    b->name = pp_frame_name(p->r->out, b->frame);
    b->all = t.whole && pp_is(t.name, "all");
}

static void open_element(struct picture *p)
{
    struct pp_span name = pp_xml_name(p->xml);
    if (pp_is(name, "g")) {
        read_group(p);
    } else if (pp_is(name, "rect")) {
        read_rect(p);
    } else if (pp_is(name, "title")) {
        p->in_title = p->has_title = true;
        p->title_len = 0;
    }
}

static void close_element(struct picture *p)
{
    struct pp_span name = pp_xml_name(p->xml);
    if (pp_is(name, "g") || pp_is(name, "a"))
        end_group(p);
    else if (pp_is(name, "title"))
        p->in_title = false;
}

static bool read_elements(struct picture *p)
{
    for (;;) {
        switch (pp_xml_next(p->xml)) {
        case PP_XML_OPEN:
            open_element(p);
            break;
        case PP_XML_CLOSE:
            close_element(p);
            break;
        case PP_XML_TEXT:
            if (p->in_title)
                add_title_text(p, pp_xml_text(p->xml));
            break;
        case PP_XML_END:
            return true;
        case PP_XML_FAILED:
            return pp_fail(p->r, pp_xml_at(p->xml), "bad XML: %s", pp_xml_error(p->xml));
        }
    }
}

/* --- the profile --------------------------------------------------------- */

/* The unit of the counts in tooltips, if it is one. */
static struct pp_span unit_of(struct pp_span count_name)
{
    static const char *const units[] = {"bytes", "nanoseconds", "microseconds", "milliseconds",
                                        "seconds"};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (pp_is(count_name, units[i]))
            return count_name;
    return pp_str("count");
}

/* The column of the counts and, in a diff, that of the other side. */
static void add_columns(const struct picture *p, int columns[2])
{
    struct pp_profile *out = p->r->out;
    struct pp_span type = pp_text(out, p->ours ? p->type : p->count_name);
    struct pp_span unit = p->ours ? pp_text(out, p->unit) : unit_of(type);
    columns[0] = pp_column_of(out, p->side == PP_AFTER ? PP_BEFORE : p->side, type, unit);
    columns[1] = p->side == PP_ONLY ? -1 : pp_column_of(out, PP_AFTER, type, unit);
    if (p->side == PP_AFTER) {
        int before = columns[0];
        columns[0] = columns[1];
        columns[1] = before;
    }
    for (unsigned c = 0; c < out->ncolumns; c++)
        pp_column_scale(out, c, p->decimals);
}

/* Whether all boxes have their place in samples; otherwise it is in pixels. */
static bool are_exact(const struct picture *p)
{
    for (size_t i = 0; i < p->nboxes; i++)
        if (!p->boxes[i].rect.exact_x.given || !p->boxes[i].rect.exact_width.given)
            return false;
    return true;
}

/* The width of a count of 1, in the unit of the ends; 0 if there is no root. */
static long double width_of_one(const struct picture *p, bool exact)
{
    const struct box *root = NULL;
    for (size_t i = 0; i < p->nboxes; i++)
        if (p->boxes[i].all && (!root || real(p->boxes[i].count) > real(root->count)))
            root = &p->boxes[i];
    if (!root || root->count.value <= 0)
        return 0;
    return real(exact ? root->rect.exact_width : root->rect.width) / real(root->count);
}

/* The error of the ends of boxes: half of the last digit printed. */
static long double rounding(const struct picture *p)
{
    unsigned decimals = 0;
    long double slack = 0.5L;
    for (size_t i = 0; i < p->nboxes; i++) {
        const struct rect *rect = &p->boxes[i].rect;
        decimals = rect->x.decimals > decimals ? rect->x.decimals : decimals;
        decimals = rect->width.decimals > decimals ? rect->width.decimals : decimals;
    }
    while (decimals--)
        slack /= 10;
    return slack;
}

/* The same number with more decimals; false if it does not fit. */
static bool rescale(struct fixed f, unsigned decimals, int64_t *out)
{
    *out = f.value;
    for (; f.decimals < decimals; f.decimals++)
        if (__builtin_mul_overflow(*out, 10, out))
            return false;
    return true;
}

/* The count of a box whose title lacks it, as some files have titles of their own. */
static struct fixed count_of_width(long double width, long double one)
{
    struct fixed count = {.given = true};
    if (one > 0 && width / one < 1e18L)
        count.value = llrintl(width / one);
    return count;
}

static bool make_boxes(const struct picture *p, struct pp_svg_box *boxes)
{
    bool exact = are_exact(p);
    long double one = width_of_one(p, exact), slack = exact ? 0 : rounding(p);
    for (size_t i = 0; i < p->nboxes; i++) {
        const struct box *b = &p->boxes[i];
        const struct rect *rect = &b->rect;
        struct fixed other = {rect->other.value, p->our_decimals, true};
        struct pp_svg_box *to = &boxes[i];
        *to = (struct pp_svg_box){.start = real(exact ? rect->exact_x : rect->x),
                                  .width = real(exact ? rect->exact_width : rect->width),
                                  .slack = one > 0 ? slack : 2 * slack,
                                  .y = (double)real(rect->y),
                                  .at = b->at,
                                  .name = b->name,
                                  .frame = b->frame,
                                  .all = b->all};
        to->end = to->start + to->width;
        struct fixed count = b->count.given ? b->count : count_of_width(to->width, one);
        if (!rescale(count, p->decimals, &to->count) || !rescale(other, p->decimals, &to->other) ||
            to->count < 0 || to->other < 0)
            return pp_fail(p->r, b->at, "the count of '%.*s' is out of range", PP_SHOW(b->name));
        if (one > 0 && b->count.given && !exact)
            to->width = real(b->count) * one;
    }
    return true;
}

/* A box's stack and its depth. */
struct place {
    pp_id node;
    unsigned depth;
};

static struct place place_of(struct pp_reader *r, const struct pp_svg_box *b,
                             const struct place *places)
{
    struct place under = {0};
    if (b->parent != PP_SVG_NONE)
        under = places[b->parent];
    if (b->all && b->parent == PP_SVG_NONE)
        return under;
    if (under.depth == r->max_depth) {
        pp_warn(r, b->at, "a stack of more than %u frames is cut; see --max-depth", r->max_depth);
        return under;
    }
    return (struct place){pp_child(r->out, under.node, b->frame), under.depth + 1};
}

static bool add_samples(struct picture *p, const struct pp_svg_box *boxes, struct place *places)
{
    struct pp_reader *r = p->r;
    int columns[2];
    add_columns(p, columns);
    for (size_t i = 0; i < p->nboxes; i++) {
        const struct pp_svg_box *b = &boxes[i];
        int64_t other = columns[1] < 0 ? 0 : b->other_self;
        places[i] = place_of(r, b, places);
        if (!b->self && !other)
            continue;
        pp_id sample = pp_sample_id(r->out, &(struct pp_sample){.node = places[i].node});
        if (!pp_reader_add(r, b->at, sample, columns[0], b->self) ||
            (other && !pp_reader_add(r, b->at, sample, columns[1], other)))
            return false;
    }
    return true;
}

static bool build(struct picture *p)
{
    if (p->in_time)
        return pp_fail(
            p->r, p->r->in.p,
            "a flame chart in time does not hold all stacks: read what it was drawn from");
    if (!p->counted)
        return pp_fail(p->r, p->r->in.p, "the picture has no frames of a flame graph");
    struct pp_svg_box *boxes = pp_calloc(p->nboxes, sizeof *boxes);
    struct place *places = pp_calloc(p->nboxes, sizeof *places);
    bool ok = make_boxes(p, boxes);
    if (ok) {
        pp_svg_build(p->r, boxes, p->nboxes);
        ok = add_samples(p, boxes, places);
    }
    free(boxes);
    free(places);
    return ok;
}

static bool svg_read(struct pp_reader *r, struct pp_span in)
{
    struct picture p = {.r = r, .xml = pp_xml_new(in)};
    bool ok = read_elements(&p) && build(&p);
    pp_xml_free(p.xml);
    free(p.boxes);
    free(p.title);
    return ok;
}

static unsigned svg_bid(struct pp_span head)
{
    struct pp_span s = head;
    if (pp_starts(s, "\xef\xbb\xbf"))
        s.p += 3;
    while (s.p < s.end && (pp_is_blank(*s.p) || *s.p == '\r' || *s.p == '\n'))
        s.p++;
    if (pp_starts(s, "<svg"))
        return 8 * 4;
    return pp_starts(s, "<") && pp_find_text(s, "<svg") ? 8 * 5 : 0;
}

const struct pp_format pp_format_svg = {
    .name = "svg",
    .title = "flame graphs as SVG, of flamegraph.pl, inferno and pp",
    .suffixes = (const char *const[]){".svg", NULL},
    .bid = svg_bid,
    .read = svg_read,
};
