/* pp-flamegraph - draw a profile of any format as a flame graph. */
#include <stdlib.h>

#include "flamegraph/look.h"
#include "flamegraph/terminal.h"
#include "render/html.h"
#include "transform/keep_from.h"
#include "work/about.h"
#include "work/columns.h"
#include "work/load.h"
#include "work/names.h"
#include "work/options.h"
#include "work/run.h"
#include "work/save.h"
#include "work/symbols.h"

static struct pp_svg_options svg;
static struct pp_layout_options layout = {.widths = PP_AFTER};
static const char *colors, *background, *search_color, *ui_color, *stroke_color;
static const char *least, *least_merged, *total, *cut = "right";
static struct pp_rgb ui, stroke;
static struct pp_list base;
static unsigned width, max_frames = UINT32_MAX;
static bool hash, at_random, by_name, no_script, cut_right, dark, light, default_map, no_times;
static char **inputs;
static const char *to, *color_when = "auto";

#define PALETTES \
    "hot mem io java js perl python rust wakeup chain red green blue aqua yellow purple orange"

static const struct pp_opt options[] = {
    {PP_OPT_STRING, 't', "to", "FORMAT",
     "svg, html (a page with more views, for large profiles) or term (text for the terminal); "
     "default: by the suffix of --output, else svg",
     &to, .values = "svg html term"},
    {PP_OPT_STRING, 0, "color", "WHEN",
     "term output in colour: always, never or auto (default); or a palette, as for --colors",
     &color_when, .values = "always never auto " PALETTES},
    {PP_OPT_GROUP, 0, NULL, NULL, "Text", NULL},
    {PP_OPT_STRING, 0, "title", "TEXT",
     "title of the graph (default: Flame Graph, Icicle Graph or Flame Chart)", &svg.title},
    {PP_OPT_STRING, 0, "subtitle", "TEXT", "a second line under the title", &svg.subtitle},
    {PP_OPT_STRING, 0, "countname", "TEXT",
     "unit of the counts (default: that of the column, such as samples or bytes)", &svg.count_name},
    {PP_OPT_STRING, 0, "nametype", "TEXT", "label before a frame's name (default: Function:)",
     &svg.name_type},
    {PP_OPT_STRING, 0, "notes", "TEXT", "a comment to put into the SVG file", &svg.notes},
    {PP_OPT_NUMBER, 0, "factor", "N", "multiply printed counts by N", &svg.factor},
    {PP_OPT_STRING, 0, "total", "N", "the count that makes 100%, if greater than the sum of all",
     &total},
    {PP_OPT_STRING, 0, "nameattr", "FILE",
     "attributes of functions, one per line: NAME, then title=, href=, target=, id= or class=, "
     "separated by tabs",
     &pp_look.attrs},
    {PP_OPT_STRING, 0, "encoding", "NAME", "the encoding that the file declares (default: UTF-8)",
     &svg.encoding},
    {PP_OPT_GROUP, 0, NULL, NULL, "Size", NULL},
    {PP_OPT_UINT, 0, "width", "PIXELS",
     "width of the graph (default: 1200; in a browser, that of the window)", &width, .least = 1},
    {PP_OPT_UINT, 0, "height", "PIXELS", "height of a frame (default: 16)", &svg.height},
    {PP_OPT_STRING, 0, "minwidth", "N[%]",
     "omit frames narrower than N pixels, or N% of the total (default: 0.1)", &least},
    {PP_OPT_STRING, 0, "min-width", "N[%]",
     "like --minwidth, but merge the frames into one called others", &least_merged},
    {PP_OPT_UINT, 0, "max-frames", "N",
     "draw only the N widest frames; 0: all (default: 10000, unless a minimum width is "
     "given)",
     &max_frames},
    {PP_OPT_STRING, 0, "text-truncate-direction", "SIDE",
     "the end at which names that do not fit are cut: right (default) or left", &cut},
    {PP_OPT_FLAG, 0, "truncate-text-right", NULL, "the same as --text-truncate-direction=right",
     &cut_right},
    {PP_OPT_STRING, 0, "fonttype", "FONT", "font family (default: Verdana)", &svg.font},
    {PP_OPT_NUMBER, 0, "fontsize", "PIXELS", "font size (default: 12)", &svg.font_size},
    {PP_OPT_NUMBER, 0, "fontwidth", "N",
     "average width of a character relative to the font size (default: 0.59)", &svg.font_width},
    {PP_OPT_GROUP, 0, NULL, NULL, "Colours", NULL},
    {PP_OPT_STRING, 'c', "colors", "PALETTE",
     "palette: hot, mem, io, java, js, perl, python, rust, wakeup, chain, red, green, blue, aqua, "
     "yellow, "
     "purple or orange (default: hot)",
     &colors, .values = PALETTES},
    {PP_OPT_STRING, 0, "bgcolors", "COLOR",
     "background: yellow, blue, green, grey or #rrggbb (default: depends on the palette)",
     &background},
    {PP_OPT_STRING, 0, "colors-by", "WHAT",
     "colour by module, file or package, or by a file with a pattern and a colour per line",
     &pp_look.colors_by},
    {PP_OPT_FLAG, 0, "cp", NULL, "the same as --palette-map=palette.map", &default_map},
    {PP_OPT_STRING, 0, "palette-map", "FILE",
     "take the colours of functions from FILE, and add those of new functions to it", &pp_look.map},
    {PP_OPT_FLAG, 0, "deterministic", NULL,
     "give a function the same colour in all graphs (default)", &by_name},
    {PP_OPT_FLAG, 0, "hash", NULL, "give similar colours to names that begin and end alike", &hash},
    {PP_OPT_FLAG, 0, "random", NULL, "pick colours at random", &at_random},
    {PP_OPT_FLAG, 0, "colordiffusion", NULL, "make frames redder the wider they are",
     &svg.diffusion},
    {PP_OPT_STRING, 0, "uicolor", "COLOR", "colour of the buttons", &ui_color},
    {PP_OPT_STRING, 0, "stroke-color", "COLOR",
     "colour of the line around frames, or none (default)", &stroke_color},
    {PP_OPT_FLAG, 0, "dark", NULL, "use a dark background (default: as the viewer prefers)", &dark},
    {PP_OPT_FLAG, 0, "light", NULL, "use a light background", &light},
    {PP_OPT_STRING, 0, "search-color", "COLOR",
     "colour of frames that match a search (default: #e600e6)", &search_color},
    {PP_OPT_FLAG, 0, "negate", NULL,
     "with two counts per stack, show growth in blue and shrinkage in red", &svg.negate},
    {PP_OPT_GROUP, 0, NULL, NULL, "Kind of graph", NULL},
    {PP_OPT_FLAG, 0, "inverted", NULL, "draw an icicle graph: the root at the top", &svg.inverted},
    {PP_OPT_FLAG, 0, "reverse", NULL, "merge stacks from the leaf, with callers on top of callees",
     &layout.reverse},
    {PP_OPT_FLAG, 0, "flamechart", NULL, "order frames by time, from left to right, not by name",
     &layout.by_time},
    {PP_OPT_FLAG, 0, "no-times", NULL,
     "html output: leave out when samples were taken, which makes the page smaller", &no_times},
    {PP_OPT_LIST, 0, "base", "FUNCTION",
     "keep only stacks with FUNCTION, starting at it; may be repeated", &base},
    {PP_OPT_FLAG, 0, "no-sort", NULL, "order frames as they first appear in the input, not by name",
     &layout.no_sort},
    {PP_OPT_FLAG, 0, "pretty-xml", NULL, "write each SVG element on its own line, indented",
     &svg.pretty},
    {PP_OPT_FLAG, 0, "no-javascript", NULL, "write no script: no zoom and no search, only tooltips",
     &no_script},
    {0},
};
static const struct pp_opt *const tables[] = {options, pp_naming_options, pp_symbol_options,
                                              pp_common_options, NULL};

/* --- checking ------------------------------------------------------------ */

static bool parse_number(const char *text, char **end, double *number)
{
    *number = strtod(text, end);
    return *end != text && *number >= 0 && *number < 1e18;
}

/* Sets `*to` and points `*used` at it, if the option was given and is not none. */
static int check_color(const char *text, struct pp_rgb *value, const struct pp_rgb **used)
{
    if (!text || strcmp(text, "none") == 0)
        return PP_EXIT_OK;
    if (!pp_parse_color(text, value))
        return pp_usage("'%s' is not a colour: use #rrggbb, rgb(r,g,b), or a name such as red",
                        text);
    *used = value;
    return PP_EXIT_OK;
}

static int check_background(void)
{
    svg.theme = dark ? PP_THEME_DARK : light || background ? PP_THEME_LIGHT : PP_THEME_AUTO;
    if (dark && (light || background))
        return pp_usage("--dark excludes --light and --bgcolors");
    if (!background)
        background = svg.palette->background;
    if (!pp_background_named(background, &svg.background))
        return pp_usage("'%s' is not a background: use yellow, blue, green, grey or #rrggbb",
                        background);
    return PP_EXIT_OK;
}

static int check_colors(void)
{
    const struct pp_rgb *search = NULL;
    if (svg.diffusion && (colors || pp_look.colors_by))
        return pp_usage("--colordiffusion cannot be combined with other colours");
    colors = colors ? colors : "hot";
    svg.palette = pp_palette_named(colors);
    if (!svg.palette)
        return pp_usage("unknown palette '%s'; there are " PALETTES, colors);
    if (hash + at_random + by_name > 1)
        return pp_usage("--hash, --random and --deterministic exclude each other");
    svg.pick = hash ? PP_PICK_HASH : at_random ? PP_PICK_RANDOM : PP_PICK_NAME;
    if (default_map && !pp_look.map)
        pp_look.map = "palette.map";
    int rc = check_background();
    rc = rc ? rc : check_color(search_color, &svg.search, &search);
    rc = rc ? rc : check_color(ui_color, &ui, &svg.ui);
    return rc ? rc : check_color(stroke_color, &stroke, &svg.stroke);
}

/* What is too narrow, and what is too much. */
static int check_least(void)
{
    char *end;
    const char *text = least_merged ? least_merged : least ? least : "0.1";
    if (least && least_merged)
        return pp_usage("give --minwidth or --min-width");
    if (!parse_number(text, &end, &layout.least) || (*end && strcmp(end, "%") != 0))
        return pp_usage("%s needs a number of pixels, or N%%, not '%s'",
                        least_merged ? "--min-width" : "--minwidth", text);
    layout.least_percent = *end == '%';
    if (layout.least_percent && layout.least > 100)
        return pp_usage("%s: %s is more than all", least_merged ? "--min-width" : "--minwidth",
                        text);
    layout.others = least_merged != NULL;
    if (layout.others && layout.by_time)
        return pp_usage("--min-width cannot merge what a --flamechart puts at different times");
    if (max_frames != UINT32_MAX)
        layout.most = max_frames ? (size_t)max_frames + 1 : 0; /* one is that of all */
    else
        layout.most = least || least_merged ? 0 : pp_svg_layout(&svg).most;
    return PP_EXIT_OK;
}

static int check_text(void)
{
    svg.cut_left = strcmp(cut, "left") == 0 && !cut_right;
    if (!svg.cut_left && strcmp(cut, "right") != 0 && strcmp(cut, "left") != 0)
        return pp_usage("--text-truncate-direction must be left or right, not '%s'", cut);
    if (svg.encoding && !pp_is_encoding(svg.encoding))
        return pp_usage("'%s' is not an encoding that contains ASCII", svg.encoding);
    return PP_EXIT_OK;
}

static int check_sizes(void)
{
    svg.fluid = !width;
    svg.width = width ? width : pp_svg_defaults.width;
    if (svg.width < PP_SVG_LEAST_WIDTH || svg.width > 1000000)
        return pp_usage("--width must be from %d to 1000000", PP_SVG_LEAST_WIDTH);
    if (svg.height < 2 || svg.height > 1000)
        return pp_usage("--height must be from 2 to 1000");
    if (!(svg.font_size >= 1 && svg.font_size <= 1000))
        return pp_usage("--fontsize must be from 1 to 1000");
    if (!(svg.font_width >= 0.01 && svg.font_width <= 100))
        return pp_usage("--fontwidth must be from 0.01 to 100");
    if (!(svg.factor > 0 && svg.factor < 1e18))
        return pp_usage("--factor must be more than 0");
    layout.pixels = pp_svg_layout(&svg).pixels;
    return check_least();
}

/* --total counts in whole units; a column may count in parts of them. */
static int check_total(const struct pp_column *column)
{
    double units;
    char *end;
    if (!total)
        return PP_EXIT_OK;
    if (!parse_number(total, &end, &units) || *end)
        return pp_usage("--total needs a number, not '%s'", total);
    for (unsigned i = 0; i < column->decimals; i++)
        units *= 10;
    layout.total = units < 0x1p62 ? (int64_t)units : INT64_MAX;
    return PP_EXIT_OK;
}

/* --- drawing ------------------------------------------------------------- */

struct picture {
    const struct pp_profile *p;
    struct pp_layout layout;
};

static bool write_svg(struct pp_out *out, void *ctx)
{
    const struct picture *picture = ctx;
    pp_svg_write(picture->p, &picture->layout, &svg, out);
    return true;
}

/* Tells what the picture doesn't; false if there is nothing in it. */
static bool tell(const struct pp_layout *l)
{
    if (l->negative)
        pp_warning(&pp_messages, NULL, "negative counts are drawn by their absolute values");
    if (layout.total && layout.total < l->sum)
        pp_warning(&pp_messages, NULL,
                   "--total is less than the sum of all counts, and is ignored");
    return l->sum || pp_error(&pp_messages, NULL, "there are no samples to draw");
}

/* What --verbose asks for. */
static void tell_more(const struct pp_layout *l)
{
    double all = l->count && l->rects[0].width ? (double)l->rects[0].width : 1;
    pp_report(&pp_answers, PP_NOTE, (struct pp_place){0},
              "%zu frames on %u levels; %.2f%% of all is in frames that are too narrow",
              l->count ? l->count - 1 : 0, l->depth, 100 * (double)l->hidden / all);
}

/* Draws column 0: the profile has no other, unless it is the same of another side. */
static int draw(const struct pp_profile *p, bool (*write)(struct pp_out *out, void *ctx))
{
    struct picture picture = {.p = p};
    int rc = check_total(&p->columns[0]);
    if (rc)
        return rc;
    pp_layout_make(&picture.layout, p, &layout);
    bool drawn = tell(&picture.layout);
    if (pp_cli.verbose)
        tell_more(&picture.layout);
    rc = pp_save_with(write, &picture, false);
    pp_layout_release(&picture.layout);
    return drawn ? rc : PP_EXIT_FAILED;
}

/* What is to be done when frames are one by name. */
static void finish_names(struct pp_profile *p)
{
    if (base.count)
        pp_keep_from(p, (const char *const *)base.items, base.count);
    pp_look_apply(p, &svg);
}

static int draw_svg(struct pp_profile **p, unsigned marks)
{
    if (!pp_show_names(p, marks))
        return PP_EXIT_FAILED;
    finish_names(*p);
    int rc = draw(*p, write_svg);
    return rc ? rc : pp_look_save();
}

/* --- other forms --------------------------------------------------------- */

static bool write_term(struct pp_out *out, void *ctx)
{
    const struct picture *picture = ctx;
    struct pp_term_options term = {.look = &svg, .width = pp_terminal_width()};
    pp_terminal_colors(color_when, &term.colors);
    pp_term_write(picture->p, &picture->layout, &term, out);
    return true;
}

static int draw_term(struct pp_profile **p, unsigned marks)
{
    layout.least = 0; /* it tells of what it leaves out itself */
    layout.most = 0;
    layout.others = false;
    if (!pp_show_names(p, marks))
        return PP_EXIT_FAILED;
    finish_names(*p);
    int rc = draw(*p, write_term);
    return rc ? rc : pp_look_save();
}

struct page {
    const struct pp_profile *p;
    struct pp_html_options options;
};

static bool write_html(struct pp_out *out, void *ctx)
{
    const struct page *page = ctx;
    pp_html_write(page->p, &page->options, out);
    return true;
}

/* The page has all columns. */
static int draw_html(struct pp_profile **p, unsigned marks)
{
    int column = pp_chosen_column(*p);
    if (column < 0 && ((*p)->ncolumns || pp_common.sample_type || pp_shown.event))
        return PP_EXIT_FAILED;
    unsigned shown = column < 0 ? 0 : (unsigned)column;
    char *about = pp_about_text(*p, inputs, shown);
    pp_name_frames_placed(p, marks);
    finish_names(*p);
    struct page page = {*p, {.look = &svg, .by_time = layout.by_time, .reverse = layout.reverse}};
    page.options.column = shown;
    page.options.count_name = svg.count_name;
    page.options.about = about;
    page.options.clock = pp_times_are_of_clock();
    page.options.no_times = no_times;
    int rc = pp_save_with(write_html, &page, false);
    free(about);
    if (column >= 0 && (*p)->columns[column].weight)
        return rc ? rc : pp_look_save();
    pp_error(&pp_messages, NULL, "there are no samples to draw");
    return PP_EXIT_FAILED;
}

/* Times that a clock told are always of use; the order of lines is one only where it is asked for.
 */
static unsigned page_needs(void)
{
    unsigned times = no_times         ? 0u
                     : layout.by_time ? (unsigned)PP_HOLDS_TIME
                                      : (unsigned)(PP_HOLDS_TIME | PP_HOLDS_CLOCK);
    return pp_naming_needs() | PP_HOLDS_LINES | PP_HOLDS_ADDRESSES | times;
}

static const struct form {
    const char *name, *suffix;
    int (*draw)(struct pp_profile **p, unsigned marks);
} forms[] = {{"svg", ".svg", draw_svg}, {"html", ".html", draw_html}, {"term", ".txt", draw_term}};

/* What --to names, else what the output is called after, else the first. NULL if there is none. */
static const struct form *chosen_form(void)
{
    size_t n = sizeof forms / sizeof *forms;
    for (size_t i = 0; i < n; i++)
        if (to ? strcmp(to, forms[i].name) == 0
               : pp_common.output && pp_ends(pp_str(pp_common.output), forms[i].suffix))
            return &forms[i];
    if (!to && !pp_suffix_fits("pp-flamegraph writes .svg, .html and .txt"))
        return NULL;
    return to ? NULL : &forms[0];
}

static int run(char **files)
{
    const struct form *form = chosen_form();
    enum pp_term_colors ignored;
    if (!form && !to)
        return PP_EXIT_USAGE;
    if (!form)
        return pp_usage("cannot draw '%s': formats are svg, html and term", to);
    if (no_script && form->draw == draw_html)
        return pp_usage("--no-javascript is for --to=svg: an HTML page needs its script");
    if (!colors && pp_palette_named(color_when)) { /* as flamegraph.pl --color=java */
        colors = color_when;
        color_when = "auto";
    }
    if (no_times && (form->draw != draw_html || layout.by_time))
        return pp_usage("--no-times is for --to=html without --flamechart");
    if (!pp_terminal_colors(color_when, &ignored))
        return pp_usage(
            "--color is always, never, auto or a palette, not '%s'; these are " PALETTES,
            color_when);
    int rc = check_colors();
    rc = rc ? rc : check_sizes();
    rc = rc ? rc : check_text();
    if (rc)
        return rc;
    if (!svg.title)
        svg.title = layout.by_time ? "Flame Chart" : svg.inverted ? "Icicle Graph" : "Flame Graph";
    svg.script = !no_script;
    unsigned keep = form->draw == draw_html
                        ? page_needs()
                        : pp_naming_needs() | (layout.by_time ? PP_HOLDS_TIME : 0u);
    inputs = files;
    struct pp_profile *p = pp_read_inputs(files, keep, false);
    /* A palette that goes by the kind of a frame needs them told apart. */
    unsigned marks = svg.palette->rule ? (2u << PP_KINDS) - 1 : 0;
    rc = p ? pp_look_prepare(p) : PP_EXIT_FAILED;
    rc = rc ? rc : form->draw(&p, marks);
    pp_profile_free(p);
    pp_look_release();
    return rc;
}

int main(int argc, char **argv)
{
    static const struct pp_tool tool = {
        .name = "pp-flamegraph",
        .args = "[OPTION]... [FILE]...",
        .summary = "Draw profiles of any format as a flame graph",
        .options = tables,
        .run = run,
    };
    svg = pp_svg_defaults;
    svg.hint = "pp-flamegraph --to html draws all";
    return pp_main(&tool, argc, argv);
}
