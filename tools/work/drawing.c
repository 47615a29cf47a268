#include "work/drawing.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "render/term.h"
#include "work/look.h"
#include "work/options.h"

struct pp_drawing pp_drawing;

/* A short name in this file. */
static struct pp_drawing *const d = &pp_drawing;

static const char *background, *search_color, *ui_color, *stroke_color;
static const char *least, *least_merged, *total, *cut = "right";
static struct pp_rgb ui, stroke;
static unsigned width, max_frames = UINT32_MAX;
static bool no_script, cut_right, dark, light;

const struct pp_opt pp_drawing_options[] = {
    {PP_OPT_GROUP, 0, NULL, NULL, "Text", NULL},
    {PP_OPT_STRING, 0, "title", "TEXT", "title of the graph", &pp_drawing.svg.title},
    {PP_OPT_STRING, 0, "subtitle", "TEXT", "a second line under the title",
     &pp_drawing.svg.subtitle},
    {PP_OPT_STRING, 0, "countname", "TEXT",
     "unit of the counts (default: that of the column, such as samples or bytes)",
     &pp_drawing.svg.count_name},
    {PP_OPT_STRING, 0, "nametype", "TEXT", "label before a frame's name (default: Function:)",
     &pp_drawing.svg.name_type},
    {PP_OPT_STRING, 0, "notes", "TEXT", "a comment to put into the SVG file",
     &pp_drawing.svg.notes},
    {PP_OPT_NUMBER, 0, "factor", "N", "multiply printed counts by N", &pp_drawing.svg.factor},
    {PP_OPT_STRING, 0, "total", "N", "the count that makes 100%, if greater than the sum of all",
     &total},
    {PP_OPT_STRING, 0, "nameattr", "FILE",
     "attributes of functions, one per line: NAME, then title=, href=, target=, id= or class=, "
     "separated by tabs",
     &pp_look.attrs},
    {PP_OPT_STRING, 0, "encoding", "NAME", "the encoding that the file declares (default: UTF-8)",
     &pp_drawing.svg.encoding},
    {PP_OPT_GROUP, 0, NULL, NULL, "Size", NULL},
    {PP_OPT_UINT, 0, "width", "PIXELS",
     "width of the graph (default: 1200; in a browser, that of the window); with --to=term, in "
     "columns (default: those of the terminal)",
     &width, .least = 1},
    {PP_OPT_UINT, 0, "height", "PIXELS", "height of a frame (default: 16)", &pp_drawing.svg.height},
    {PP_OPT_STRING, 0, "minwidth", "N[%]",
     "omit frames narrower than N pixels, or N% of the total (default: 0.1)", &least},
    {PP_OPT_STRING, 0, "min-width", "N[%]",
     "like --minwidth, but merge the frames into one called others", &least_merged},
    {PP_OPT_UINT, 0, "max-frames", "N",
     "draw only the N widest frames; 0: all (default: 10000, unless a minimum width is "
     "given)",
     &max_frames},
    {PP_OPT_STRING, 0, "text-truncate-direction", "SIDE",
     "the end at which names that do not fit are cut: right (default) or left", &cut,
     .values = "right left"},
    {PP_OPT_FLAG, 0, "truncate-text-right", NULL, "the same as --text-truncate-direction=right",
     &cut_right},
    {PP_OPT_STRING, 0, "fonttype", "FONT", "font family (default: Verdana)", &pp_drawing.svg.font},
    {PP_OPT_NUMBER, 0, "fontsize", "PIXELS", "font size (default: 12)", &pp_drawing.svg.font_size},
    {PP_OPT_NUMBER, 0, "fontwidth", "N",
     "average width of a character relative to the font size (default: 0.59)",
     &pp_drawing.svg.font_width},
    {PP_OPT_GROUP, 0, NULL, NULL, "Look", NULL},
    {PP_OPT_STRING, 0, "bgcolors", "COLOR",
     "background: yellow, blue, green, grey or #rrggbb (default: depends on the palette)",
     &background, .values = "yellow blue green grey"},
    {PP_OPT_STRING, 0, "uicolor", "COLOR", "colour of the buttons", &ui_color},
    {PP_OPT_STRING, 0, "stroke-color", "COLOR",
     "colour of the line around frames, or none (default)", &stroke_color},
    {PP_OPT_FLAG, 0, "dark", NULL, "use a dark background (default: as the viewer prefers)", &dark},
    {PP_OPT_FLAG, 0, "light", NULL, "use a light background", &light},
    {PP_OPT_STRING, 0, "search-color", "COLOR",
     "colour of frames that match a search (default: #e600e6)", &search_color},
    {PP_OPT_GROUP, 0, NULL, NULL, "Direction, order and script", NULL},
    {PP_OPT_FLAG, 0, "inverted", NULL, "draw an icicle graph: the root at the top",
     &pp_drawing.svg.inverted},
    {PP_OPT_FLAG, 0, "reverse", NULL, "merge stacks from the leaf, with callers on top of callees",
     &pp_drawing.layout.reverse},
    {PP_OPT_FLAG, 0, "no-sort", NULL, "order frames as they first appear in the input, not by name",
     &pp_drawing.layout.no_sort},
    {PP_OPT_FLAG, 0, "pretty-xml", NULL, "write each SVG element on its own line, indented",
     &pp_drawing.svg.pretty},
    {PP_OPT_FLAG, 0, "no-javascript", NULL, "write no script: no zoom and no search, only tooltips",
     &no_script},
    {0},
};

void pp_drawing_begin(void)
{
    d->svg = pp_svg_defaults;
    d->svg.palette = pp_palette_named("hot");
    d->layout = (struct pp_layout_options){.widths = PP_AFTER};
}

/* --- checking ------------------------------------------------------------ */

static bool parse_number(const char *text, char **end, double *number)
{
    *number = strtod(text, end);
    return *end != text && *number >= 0 && *number < 1e18;
}

int pp_drawing_color(const char *text, struct pp_rgb *value, const struct pp_rgb **used)
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
    d->svg.theme = dark ? PP_THEME_DARK : light || background ? PP_THEME_LIGHT : PP_THEME_AUTO;
    if (dark && (light || background))
        return pp_usage("--dark excludes --light and --bgcolors");
    if (!background)
        background = d->svg.palette->background;
    if (!pp_background_named(background, &d->svg.background))
        return pp_usage("'%s' is not a background: use yellow, blue, green, grey or #rrggbb",
                        background);
    return PP_EXIT_OK;
}

/* Parses the smallest width of frames, and their largest number. */
static int check_least(void)
{
    char *end;
    const char *text = least_merged ? least_merged : least ? least : "0.1";
    if (least && least_merged)
        return pp_usage("give --minwidth or --min-width");
    if (!parse_number(text, &end, &d->layout.least) || (*end && strcmp(end, "%") != 0))
        return pp_usage("%s needs a number of pixels, or N%%, not '%s'",
                        least_merged ? "--min-width" : "--minwidth", text);
    d->layout.least_percent = *end == '%';
    if (d->layout.least_percent && d->layout.least > 100)
        return pp_usage("%s: %s exceeds the total", least_merged ? "--min-width" : "--minwidth",
                        text);
    d->layout.others = least_merged != NULL;
    if (d->layout.others && d->layout.by_time)
        return pp_usage("--min-width cannot merge what a --flamechart puts at different times");
    if (max_frames != UINT32_MAX)
        d->layout.most = max_frames ? (size_t)max_frames + 1 : 0; /* one more for the root */
    else
        d->layout.most = least || least_merged ? 0 : pp_svg_layout(&d->svg).most;
    return PP_EXIT_OK;
}

static int check_text(void)
{
    d->svg.cut_left = strcmp(cut, "left") == 0 && !cut_right;
    if (!d->svg.cut_left && strcmp(cut, "right") != 0 && strcmp(cut, "left") != 0)
        return pp_usage("--text-truncate-direction must be left or right, not '%s'", cut);
    if (d->svg.encoding && !pp_is_encoding(d->svg.encoding))
        return pp_usage("'%s' is not an encoding that contains ASCII, such as UTF-8, US-ASCII, "
                        "ISO-8859-1, windows-1252, KOI8-R, EUC-JP, GBK, Big5 or Shift_JIS",
                        d->svg.encoding);
    return PP_EXIT_OK;
}

static int check_width(void)
{
    bool term = d->for_terminal;
    unsigned least_width = term ? PP_TERM_LEAST_WIDTH : PP_SVG_LEAST_WIDTH;
    unsigned most_width = term ? PP_TERM_MOST_WIDTH : 1000000;
    if (width && (width < least_width || width > most_width))
        return pp_usage("--width must be from %u to %u", least_width, most_width);
    d->columns = term ? width : 0;
    d->svg.fluid = !width;
    d->svg.width = width && !term ? width : pp_svg_defaults.width;
    return PP_EXIT_OK;
}

static int check_sizes(void)
{
    int rc = check_width();
    if (rc)
        return rc;
    if (d->svg.height < 2 || d->svg.height > 1000)
        return pp_usage("--height must be from 2 to 1000");
    if (!(d->svg.font_size >= 1 && d->svg.font_size <= 1000))
        return pp_usage("--fontsize must be from 1 to 1000");
    if (!(d->svg.font_width >= 0.01 && d->svg.font_width <= 100))
        return pp_usage("--fontwidth must be from 0.01 to 100");
    if (!(d->svg.factor > 0 && d->svg.factor < 1e18))
        return pp_usage("--factor must be more than 0");
    d->layout.pixels = pp_svg_layout(&d->svg).pixels;
    return check_least();
}

int pp_drawing_check(void)
{
    const struct pp_rgb *search = NULL;
    int rc = check_background();
    rc = rc ? rc : pp_drawing_color(search_color, &d->svg.search, &search);
    rc = rc ? rc : pp_drawing_color(ui_color, &ui, &d->svg.ui);
    rc = rc ? rc : pp_drawing_color(stroke_color, &stroke, &d->svg.stroke);
    rc = rc ? rc : check_sizes();
    d->svg.script = !no_script;
    return rc ? rc : check_text();
}

int pp_drawing_check_total(const struct pp_column *column)
{
    double units;
    char *end;
    if (!total)
        return PP_EXIT_OK;
    if (!parse_number(total, &end, &units) || *end)
        return pp_usage("--total needs a number, not '%s'", total);
    for (unsigned i = 0; i < column->decimals; i++)
        units *= 10;
    d->layout.total = units < 0x1p62 ? (int64_t)units : INT64_MAX;
    return PP_EXIT_OK;
}

/* --- messages ------------------------------------------------------------ */

void pp_drawing_warn_of_stackless(const struct pp_profile *p, unsigned column)
{
    const struct pp_column *c = &p->columns[column];
    double bare = 0;
    for (size_t s = 0; s < p->samples.count; s++)
        if (!pp_sample(p, (pp_id)s)->node)
            bare += fabs((double)c->values[s]);
    if (bare > 0)
        pp_warning(&pp_messages, NULL,
                   "%.3g%% of all has neither stack nor command: only 'all' shows it",
                   100 * bare / (double)c->weight);
}

bool pp_drawing_warn(const struct pp_layout *l)
{
    if (l->negative)
        pp_warning(&pp_messages, NULL, "negative counts are drawn by their absolute values");
    if (d->layout.total && d->layout.total < l->sum)
        pp_warning(&pp_messages, NULL,
                   "--total is less than the sum of all counts, and is ignored");
    return l->sum || pp_error(&pp_messages, NULL, "there are no samples to draw");
}
