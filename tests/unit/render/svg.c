/* Whole SVGs, parsed with libxml2: they show what was counted, and contain nothing that runs. */
#include "render/svg.h"

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "check.h"
#include "load/load.h"
#include "transform/naming.h"

/* --- drawing and reading back -------------------------------------------- */

static void emit(struct pp_diag *d, const struct pp_message *m)
{
    (void)d;
    fprintf(stderr, "%s\n", m->text);
}

static struct pp_profile *load(struct pp_span text)
{
    struct pp_diag diag = {.emit = emit};
    struct pp_load_options options = {.from = pp_format_named("folded"), .keep = PP_HOLDS_TIME};
    struct pp_profile *p = pp_load_bytes(text, "test", &options, &diag);
    pp_by_name(&p, &(struct pp_naming){0});
    pp_diag_release(&diag);
    return p;
}

/* The SVG, parsed; NULL if it is not well-formed. The caller frees it. */
static xmlDoc *parse(const struct pp_out *o)
{
    int flags = XML_PARSE_NONET | XML_PARSE_HUGE;
    xmlDoc *doc = xmlReadMemory(o->buf, (int)o->len, "test.svg", NULL, flags);
    CHECK(doc != NULL);
    return doc;
}

static xmlDoc *draw(struct pp_span folded, struct pp_layout_options layout,
                    const struct pp_svg_options *svg)
{
    struct pp_profile *p = load(folded);
    struct pp_layout l;
    struct pp_out o;
    layout.pixels = svg->width - 2.0 * PP_SVG_PAD;
    pp_out_memory(&o, NULL);
    pp_layout_make(&l, p, &layout);
    pp_svg_write(p, &l, svg, &o);
    xmlDoc *doc = parse(&o);
    pp_out_release(&o);
    pp_layout_release(&l);
    pp_profile_free(p);
    return doc;
}

static bool is_named(const xmlNode *n, const char *name)
{
    return n->type == XML_ELEMENT_NODE && xmlStrEqual(n->name, BAD_CAST name);
}

/* The next node of the document after `n`. */
static xmlNode *following(xmlNode *n)
{
    if (n->children && n->type == XML_ELEMENT_NODE)
        return n->children;
    while (n && !n->next)
        n = n->parent && n->parent->type == XML_ELEMENT_NODE ? n->parent : NULL;
    return n ? n->next : NULL;
}

static xmlNode *with_id(xmlDoc *doc, const char *id)
{
    for (xmlNode *n = xmlDocGetRootElement(doc); n; n = following(n)) {
        if (n->type != XML_ELEMENT_NODE)
            continue;
        xmlChar *value = xmlGetProp(n, BAD_CAST "id");
        bool found = value && xmlStrEqual(value, BAD_CAST id);
        xmlFree(value);
        if (found)
            return n;
    }
    return NULL;
}

static double number(xmlNode *n, const char *attribute)
{
    xmlChar *text = xmlGetProp(n, BAD_CAST attribute);
    double value = text ? strtod((const char *)text, NULL) : NAN;
    xmlFree(text);
    return value;
}

/* A frame as written in the file. */
struct box {
    double x, y, width, height, start, size;
    char *title, *label;
    size_t parent;
    unsigned level;
};

struct boxes {
    struct box *all;
    size_t count, cap;
    double total;
};

static void read_box(struct boxes *b, xmlNode *g)
{
    PP_GROW(b->all, b->count + 1, b->cap);
    struct box *box = &b->all[b->count++];
    *box = (struct box){0};
    for (xmlNode *n = g->children; n; n = n->next) {
        if (is_named(n, "title"))
            box->title = (char *)xmlNodeGetContent(n);
        else if (is_named(n, "text"))
            box->label = (char *)xmlNodeGetContent(n);
        else if (is_named(n, "rect")) {
            box->x = number(n, "x");
            box->y = number(n, "y");
            box->width = number(n, "width");
            box->height = number(n, "height");
            box->start = number(n, "data-x");
            box->size = number(n, "data-w");
        }
    }
}

/* Computes levels from the distance to the root box; the parent is the last box one level down. */
static void find_parents(struct boxes *b, unsigned row)
{
    for (size_t i = 1; i < b->count; i++) {
        struct box *box = &b->all[i];
        box->level = (unsigned)lround(fabs(box->y - b->all[0].y) / row);
        size_t parent = i - 1;
        while (parent && b->all[parent].level >= box->level)
            parent = b->all[parent].parent;
        box->parent = parent;
    }
}

static struct boxes read_boxes(xmlDoc *doc, unsigned row)
{
    struct boxes b = {0};
    xmlNode *frames = with_id(doc, "frames");
    b.total = number(frames, "data-total");
    for (xmlNode *n = frames->children; n; n = n->next)
        if (is_named(n, "g"))
            read_box(&b, n);
    find_parents(&b, row);
    return b;
}

static void free_boxes(struct boxes *b)
{
    for (size_t i = 0; i < b->count; i++) {
        xmlFree(b->all[i].title);
        xmlFree(b->all[i].label);
    }
    free(b->all);
}

/* --- geometry ------------------------------------------------------------ */

static void check_box(const struct boxes *b, size_t i, const struct pp_svg_options *svg)
{
    const struct box *box = &b->all[i], *parent = &b->all[box->parent];
    double scale = (svg->width - 2.0 * PP_SVG_PAD) / b->total;
    CHECK(fabs(box->x - PP_SVG_PAD - box->start * scale) <= 0.051);
    CHECK(fabs(box->width - box->size * scale) <= 0.101);
    CHECK(box->height == svg->height - 1);
    if (i) {
        CHECK_INT(box->level, parent->level + 1);
        CHECK(box->start >= parent->start);
        CHECK(box->start + box->size <= parent->start + parent->size);
        CHECK(box->x >= parent->x - 1e-9);
        CHECK(box->x + box->width <= parent->x + parent->width + 1e-9);
    }
}

static void check_title(const struct boxes *b, size_t i, const struct pp_svg_options *svg)
{
    const struct box *box = &b->all[i];
    const char *open = strrchr(box->title, '('), *percent = strrchr(box->title, ',');
    double count = 0, shown = svg->factor * box->size;
    CHECK(open && percent);
    for (const char *c = open + 1; *c != ' '; c++)
        count = *c == ',' ? count : count * 10 + (*c - '0');
    CHECK(fabs(count - shown) <= (svg->factor == 1 ? 0 : 0.5));
    CHECK(fabs(strtod(percent + 1, NULL) - 100 * count / (b->total * svg->factor)) <= 0.005001);
}

static void check_label(const struct box *box, const struct pp_svg_options *svg)
{
    size_t room = (size_t)(box->width / (svg->font_size * svg->font_width) + 1e-6), len = 0;
    for (const char *c = box->label ? box->label : ""; *c; c++)
        len += (*c & 0xc0) != 0x80;
    CHECK(len <= room);
    CHECK(room < 3 || box->label);
}

/* Boxes of a level come from left to right and don't overlap. */
static void check_neighbours(const struct boxes *b)
{
    unsigned deepest = 0;
    for (size_t i = 0; i < b->count; i++)
        deepest = b->all[i].level > deepest ? b->all[i].level : deepest;
    double *ends = pp_calloc(deepest + 1, sizeof *ends);
    for (size_t i = 0; i < b->count; i++) {
        const struct box *box = &b->all[i];
        CHECK(box->start >= ends[box->level]);
        ends[box->level] = box->start + box->size;
    }
    free(ends);
}

static void check_geometry(const char *folded, struct pp_layout_options layout,
                           const struct pp_svg_options *svg)
{
    xmlDoc *doc = draw(pp_str(folded), layout, svg);
    struct boxes b = read_boxes(doc, svg->height);
    CHECK(b.count > 1);
    CHECK(b.all[0].size == b.total);
    for (size_t i = 0; i < b.count; i++) {
        check_box(&b, i, svg);
        check_title(&b, i, svg);
        check_label(&b.all[i], svg);
    }
    check_neighbours(&b);
    free_boxes(&b);
    xmlFreeDoc(doc);
}

/* Stacks of seven functions with random weights: enough for every case on many levels. */
static char *forest(void)
{
    struct pp_out o;
    uint64_t state = 7;
    pp_out_memory(&o, NULL);
    for (int line = 0; line < 400; line++) {
        for (int depth = 0; depth < 12; depth++) {
            state = state * 6364136223846793005u + 1442695040888963407u;
            unsigned pick = (unsigned)(state >> 33) % 9;
            if (pick > 6)
                break;
            pp_putf(&o, "%s%c\xc3\xa9%.*s", depth ? ";" : "", (char)('a' + pick), (int)pick * 3,
                    "_a_rather_long_name");
        }
        pp_putf(&o, "%s %u\n", o.len && o.buf[o.len - 1] == '\n' ? "x" : "",
                (unsigned)(state >> 50));
    }
    pp_putc(&o, '\0');
    return o.buf;
}

static void test_every_frame_is_where_and_what_it_should_be(void)
{
    char *folded = forest();
    for (unsigned way = 0; way < 32; way++) {
        struct pp_svg_options svg = pp_svg_defaults;
        struct pp_layout_options layout = {.least = 0.1};
        layout.reverse = way & 1;
        layout.by_time = way & 2;
        svg.inverted = way & 4;
        svg.width = way & 8 ? 2500 : 600;
        svg.factor = way & 16 ? 2.5 : 1;
        svg.subtitle = way & 16 ? "more" : NULL;
        svg.height = way & 8 ? 20 : 16;
        check_geometry(folded, layout, &svg);
    }
    free(folded);
}

/* The sum of the counts of all lines that begin with the stack of box `i`. */
static double counted(const char *folded, const struct boxes *b, size_t i)
{
    char path[4096], *end = path + sizeof path, *p = end;
    for (; i; i = b->all[i].parent) {
        const char *title = b->all[i].title;
        size_t len = (size_t)(strrchr(title, '(') - 1 - title);
        *--p = ';';
        p = memcpy(p - len, title, len);
    }
    struct pp_span text = pp_str(folded), line;
    double sum = 0;
    for (size_t len = (size_t)(end - p) - 1; pp_line(&text, &line);)
        if (pp_len(line) > len && memcmp(line.p, p, len) == 0 &&
            (line.p[len] == ';' || line.p[len] == ' '))
            sum += strtod(pp_rfind(line, ' '), NULL);
    return sum;
}

static void test_every_width_is_the_sum_of_its_lines(void)
{
    char *folded = forest();
    xmlDoc *doc = draw(pp_str(folded), (struct pp_layout_options){0}, &pp_svg_defaults);
    struct boxes b = read_boxes(doc, pp_svg_defaults.height);
    CHECK(b.count > 500);
    for (size_t i = 1; i < b.count; i++)
        CHECK(b.all[i].size == counted(folded, &b, i));
    free_boxes(&b);
    xmlFreeDoc(doc);
    free(folded);
}

static void check_titles(const char *folded, const struct pp_layout_options *layout,
                         const struct pp_svg_options *svg, const char *const *want)
{
    xmlDoc *doc = draw(pp_str(folded), *layout, svg);
    struct boxes b = read_boxes(doc, svg->height);
    for (size_t i = 0; i < b.count && want[i]; i++) {
        if (strcmp(b.all[i].title, want[i]) != 0)
            fprintf(stderr, "got '%s', not '%s'\n", b.all[i].title, want[i]);
        CHECK(strcmp(b.all[i].title, want[i]) == 0);
    }
    CHECK(!want[b.count]);
    free_boxes(&b);
    xmlFreeDoc(doc);
}

static void test_titles_are_those_of_the_peers(void)
{
    struct pp_svg_options svg = pp_svg_defaults;
    struct pp_layout_options layout = {0};
    check_titles("a_[k] 1000\na_[k];b 234\n", &layout, &svg,
                 (const char *[]){"all (1,234 samples, 100%)", "a (1,234 samples, 100.00%)",
                                  "b (234 samples, 18.96%)", NULL});
    svg.factor = 2.5; /* the percentage is of the rounded count, as in inferno-flamegraph */
    svg.count_name = "bytes (RSS)";
    check_titles(
        "a 291\n", &layout, &svg,
        (const char *[]){"all (728 bytes (RSS), 100%)", "a (728 bytes (RSS), 100.07%)", NULL});
}

static void test_fractional_counts_keep_their_fraction(void)
{
    check_titles("a 1.5\nb 2.25\n", &(struct pp_layout_options){0}, &pp_svg_defaults,
                 (const char *[]){"all (3.75 samples, 100%)", "a (1.5 samples, 40.00%)",
                                  "b (2.25 samples, 60.00%)", NULL});
}

/* The whole change of a frame with its callees: from 6 + 1 to 4 + 1 is -2 of 5 drawn. */
static void test_differences_show_the_inclusive_change(void)
{
    static const char folded[] = "a;b 1 3\na;c 5 1\nd 1 1\n";
    struct pp_svg_options svg = pp_svg_defaults;
    struct pp_layout_options layout = {0};
    check_titles(folded, &layout, &svg,
                 (const char *[]){"all (5 samples, 100%; -40.00%)\n"
                                  "before: 7 samples, 100.00%; after: 5 samples, 100.00%",
                                  "a (4 samples, 80.00%; -40.00%)\n"
                                  "before: 6 samples, 85.71%; after: 4 samples, 80.00%",
                                  "b (3 samples, 60.00%; +40.00%)\n"
                                  "before: 1 samples, 14.29%; after: 3 samples, 60.00%",
                                  "c (1 samples, 20.00%; -80.00%)\n"
                                  "before: 5 samples, 71.43%; after: 1 samples, 20.00%",
                                  "d (1 samples, 20.00%; 0.00%)\n"
                                  "before: 1 samples, 14.29%; after: 1 samples, 20.00%",
                                  NULL});
    svg.negate = true;
    check_titles("a 1 2\n", &layout, &svg,
                 (const char *[]){"all (2 samples, 100%; -50.00%)\n"
                                  "before: 1 samples, 100.00%; after: 2 samples, 100.00%",
                                  "a (2 samples, 100.00%; -50.00%)\n"
                                  "before: 1 samples, 100.00%; after: 2 samples, 100.00%",
                                  NULL});
}

/* --- safety -------------------------------------------------------------- */

/* The number of elements called `name`; checks that no attribute could run a script. */
static int count_elements(xmlDoc *doc, const char *name)
{
    int count = 0;
    for (xmlNode *n = xmlDocGetRootElement(doc); n; n = following(n)) {
        if (n->type != XML_ELEMENT_NODE)
            continue;
        count += is_named(n, name);
        for (xmlAttr *a = n->properties; a; a = a->next) {
            CHECK(xmlStrncasecmp(a->name, BAD_CAST "on", 2) != 0);
            CHECK(xmlStrcasecmp(a->name, BAD_CAST "href") != 0);
        }
    }
    return count;
}

/* The place where the script begins, where an attacker would have to change it. */
static void check_script_is_ours(xmlDoc *doc)
{
    CHECK_INT(count_elements(doc, "script"), 1);
    CHECK_INT(count_elements(doc, "style"), 1);
    CHECK_INT(count_elements(doc, "foreignObject"), 0);
    for (xmlNode *n = xmlDocGetRootElement(doc); n; n = following(n))
        if (is_named(n, "script")) {
            xmlChar *text = xmlNodeGetContent(n);
            CHECK(xmlStrstr(text, BAD_CAST "evil") == NULL);
            xmlFree(text);
        }
}

static const char *const attacks[] = {
    "</title><script>evil()</script>",
    "]]></script><script>evil()</script>",
    "]]>",
    "\" onload=\"evil()",
    "' onmouseover='evil()",
    "<!--",
    "-->",
    "--><script>evil()</script><!--",
    "</style><script>evil()</script>",
    "</svg><script>evil()</script>",
    "&lt;script&gt;&#60;evil",
    "x:expression(evil())",
    "javascript:evil()",
    "</text><foreignObject/>",
    "\x01\x02\x1b[31m\x7f",
    "\xff\xfe\xc0\xbcscript\xc0\xbe",
    "\xed\xa0\x80\xef\xbf\xbf",
    "\xe2\x80\xae evil \xe2\x80\x8f",
    "<?xml?><!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>&e;",
};

static void test_no_name_is_ever_markup(void)
{
    struct pp_out folded;
    pp_out_memory(&folded, NULL);
    for (size_t i = 0; i < sizeof attacks / sizeof *attacks; i++) {
        struct pp_span name = pp_str(attacks[i]), part;
        for (; pp_cut(&name, ';', &part); pp_putc(&folded, ':'))
            pp_put(&folded, part);
        pp_putf(&folded, ";called %zu\n", i + 1);
    }
    struct pp_span text = pp_out_bytes(&folded);
    xmlDoc *doc = draw(text, (struct pp_layout_options){0}, &pp_svg_defaults);
    check_script_is_ours(doc);
    struct boxes b = read_boxes(doc, pp_svg_defaults.height);
    CHECK_INT(b.count, 1 + 2 * sizeof attacks / sizeof *attacks);
    free_boxes(&b);
    xmlFreeDoc(doc);
    pp_out_release(&folded);
}

static void test_no_option_is_ever_markup(void)
{
    for (size_t i = 0; i < sizeof attacks / sizeof *attacks; i++) {
        struct pp_svg_options svg = pp_svg_defaults;
        svg.title = svg.subtitle = svg.notes = svg.count_name = svg.name_type = svg.font =
            attacks[i];
        xmlDoc *doc = draw(pp_str("main 1\n"), (struct pp_layout_options){0}, &svg);
        check_script_is_ours(doc);
        xmlFreeDoc(doc);
    }
}

static void test_names_come_back_as_they_were(void)
{
    check_titles("</title><script>&amp\"'\t]]> 1\n", &(struct pp_layout_options){0},
                 &pp_svg_defaults,
                 (const char *[]){"all (1 samples, 100%)",
                                  "</title><script>&amp\"'\t]]> (1 samples, 100.00%)", NULL});
}

static void test_a_name_may_be_a_megabyte(void)
{
    struct pp_out folded;
    pp_out_memory(&folded, NULL);
    for (int i = 0; i < 1 << 20; i++)
        pp_putc(&folded, "<x&"[i % 3]);
    pp_puts(&folded, " 1\n");
    xmlDoc *doc = draw(pp_out_bytes(&folded), (struct pp_layout_options){0}, &pp_svg_defaults);
    struct boxes b = read_boxes(doc, pp_svg_defaults.height);
    CHECK_INT(b.count, 2);
    CHECK_INT(strlen(b.all[1].title), (1 << 20) + strlen(" (1 samples, 100.00%)"));
    free_boxes(&b);
    xmlFreeDoc(doc);
    pp_out_release(&folded);
}

static void test_without_script_there_is_none(void)
{
    struct pp_svg_options svg = pp_svg_defaults;
    svg.script = false;
    xmlDoc *doc = draw(pp_str("main 1\n"), (struct pp_layout_options){0}, &svg);
    CHECK_INT(count_elements(doc, "script"), 0);
    CHECK(!with_id(doc, "search"));
    xmlFreeDoc(doc);
}

static void test_an_empty_graph_is_a_picture_that_says_so(void)
{
    xmlDoc *doc = draw(pp_str(""), (struct pp_layout_options){0}, &pp_svg_defaults);
    xmlChar *text = xmlNodeGetContent(with_id(doc, "title"));
    CHECK(xmlStrstr(text, BAD_CAST "no samples") != NULL);
    CHECK_INT(count_elements(doc, "script"), 0);
    xmlFree(text);
    xmlFreeDoc(doc);
}

CHECK_MAIN(test_every_frame_is_where_and_what_it_should_be,
           test_every_width_is_the_sum_of_its_lines, test_titles_are_those_of_the_peers,
           test_fractional_counts_keep_their_fraction, test_differences_show_the_inclusive_change,
           test_no_name_is_ever_markup, test_no_option_is_ever_markup,
           test_names_come_back_as_they_were, test_a_name_may_be_a_megabyte,
           test_without_script_there_is_none, test_an_empty_graph_is_a_picture_that_says_so)
