/* pp-flamegraph - draws a profile of any format as a flame graph. */
#include <stdlib.h>

#include "flamegraph/terminal.h"
#include "transform/keep_from.h"
#include "work/about.h"
#include "work/columns.h"
#include "work/drawing.h"
#include "work/load.h"
#include "work/look.h"
#include "work/names.h"
#include "work/options.h"
#include "work/page.h"
#include "work/run.h"
#include "work/save.h"
#include "work/symbols.h"

static struct pp_svg_options *const svg = &pp_drawing.svg;
static struct pp_layout_options *const layout = &pp_drawing.layout;
static const char *colors;
static struct pp_list base;
static bool hash, at_random, by_name, default_map, no_times;
static const char *with_source;
static bool with_asm;
static char **inputs;
static const char *to, *color_when = "auto";

#define PALETTES \
    "hot hot-classic mem io java js perl python rust wakeup chain red green blue aqua yellow " \
    "purple orange"

static const struct pp_opt options[] = {
    {PP_OPT_STRING, 't', "to", "FORMAT",
     "svg, html (a page with more views, for large profiles) or term (text for the terminal); "
     "default: by the suffix of --output, else svg",
     &to, .values = "svg html term"},
    {PP_OPT_STRING, 0, "color", "WHEN",
     "term output in colour: always, never or auto (default); or a palette, as for --colors",
     &color_when, .values = "always never auto " PALETTES},
    {PP_OPT_GROUP, 0, NULL, NULL, "Colours", NULL},
    {PP_OPT_STRING, 'c', "colors", "PALETTE",
     "palette: hot, hot-classic, mem, io, java, js, perl, python, rust, wakeup, chain, red, green, "
     "blue, aqua, yellow, purple or orange (default: hot)",
     &colors, .values = PALETTES},
    {PP_OPT_STRING, 0, "colors-by", "WHAT",
     "colour by module, file or package, or by a file with a pattern and a colour per line",
     &pp_look.colors_by, .values = "module file package", .or_file = true},
    {PP_OPT_FLAG, 0, "cp", NULL, "the same as --palette-map=palette.map", &default_map},
    {PP_OPT_STRING, 0, "palette-map", "FILE",
     "take the colours of functions from FILE, and add those of new functions to it", &pp_look.map},
    {PP_OPT_FLAG, 0, "deterministic", NULL,
     "give a function the same colour in all graphs (default)", &by_name},
    {PP_OPT_FLAG, 0, "hash", NULL, "give similar colours to names that begin and end alike", &hash},
    {PP_OPT_FLAG, 0, "random", NULL, "pick colours at random", &at_random},
    {PP_OPT_FLAG, 0, "colordiffusion", NULL, "make frames redder the wider they are",
     &pp_drawing.svg.diffusion},
    {PP_OPT_FLAG, 0, "negate", NULL,
     "with two counts per stack, show growth in blue and shrinkage in red", &pp_drawing.svg.negate},
    {PP_OPT_GROUP, 0, NULL, NULL, "Kind of graph", NULL},
    {PP_OPT_FLAG, 0, "flamechart", NULL, "order frames by time, from left to right, not by name",
     &pp_drawing.layout.by_time},
    {PP_OPT_FLAG, 0, "no-times", NULL,
     "html output: leave out when samples were taken, which makes the page smaller", &no_times},
    {PP_OPT_TAKE, 0, "with-source", "DIRS",
     "html output: with the source of the heaviest functions, found in the working directory, or "
     "in "
     "DIRS, separated by :",
     &with_source, pp_take_source, .optional = true},
    {PP_OPT_FLAG, 0, "with-asm", NULL,
     "html output: with the machine code of the heaviest functions, as objdump prints it",
     &with_asm},
    {PP_OPT_LIST, 0, "base", "FUNCTION",
     "keep only stacks with FUNCTION, starting at it; may be repeated", &base},
    {0},
};
static const struct pp_opt *const tables[] = {
    options, pp_drawing_options, pp_naming_options, pp_symbol_options, pp_common_options, NULL};

/* --- checking ------------------------------------------------------------ */

static int check_colors(void)
{
    if (svg->diffusion && (colors || pp_look.colors_by))
        return pp_usage("--colordiffusion cannot be combined with other colours");
    colors = colors ? colors : "hot";
    svg->palette = pp_palette_named(colors);
    if (!svg->palette)
        return pp_usage("unknown palette '%s'; there are " PALETTES, colors);
    if (hash + at_random + by_name > 1)
        return pp_usage("--hash, --random and --deterministic exclude each other");
    svg->pick = hash ? PP_PICK_HASH : at_random ? PP_PICK_RANDOM : PP_PICK_NAME;
    if (default_map && !pp_look.map)
        pp_look.map = "palette.map";
    return pp_look_check();
}

/* --- drawing ------------------------------------------------------------- */

struct picture {
    const struct pp_profile *p;
    struct pp_layout layout;
};

static bool write_svg(struct pp_out *out, void *ctx)
{
    const struct picture *picture = ctx;
    pp_svg_write(picture->p, &picture->layout, svg, out);
    return true;
}

/* Prints the statistics of --verbose. */
static void print_statistics(const struct pp_layout *l)
{
    int64_t width = !l->count ? 0 : l->lanes ? l->sum : l->rects[0].width;
    double all = width ? (double)width : 1;
    pp_report(&pp_answers, PP_NOTE, (struct pp_place){0},
              "%zu frames on %u levels; %.2f%% of the total is in %s", l->count ? l->count - 1 : 0,
              l->depth, 100 * (double)l->hidden / all,
              l->lanes ? "stacks that are not drawn" : "frames too narrow to draw");
}

/* Draws column 0: the profile has no other, except the same column of the other side. */
static int draw(const struct pp_profile *p, bool (*write)(struct pp_out *out, void *ctx))
{
    struct picture picture = {.p = p};
    int rc = pp_drawing_check_total(&p->columns[0]);
    if (rc)
        return rc;
    pp_layout_make(&picture.layout, p, layout);
    bool drawn = pp_drawing_warn(&picture.layout);
    pp_drawing_warn_of_stackless(p, 0);
    if (pp_cli.verbose)
        print_statistics(&picture.layout);
    rc = pp_save_with(write, &picture, false);
    pp_layout_release(&picture.layout);
    return drawn ? rc : PP_EXIT_FAILED;
}

/* Runs after frames are merged by name. */
static void finish_names(struct pp_profile *p)
{
    if (base.count)
        pp_keep_from(p, (const char *const *)base.items, base.count);
    pp_look_apply(p, svg);
}

static int draw_svg(struct pp_profile **p, unsigned marks)
{
    layout->clock = pp_times_are_of_clock();
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
    unsigned columns = pp_drawing.columns;
    struct pp_term_options term = {.look = svg, .width = columns ? columns : pp_terminal_width()};
    term.hint = "--base FUNCTION or --focus FUNCTION shows a part larger";
    pp_terminal_colors(color_when, &term.colors);
    pp_term_write(picture->p, &picture->layout, &term, out);
    return true;
}

static int draw_term(struct pp_profile **p, unsigned marks)
{
    layout->least = 0; /* the terminal's writer reports what it leaves out */
    layout->most = 0;
    layout->others = false;
    if (!pp_show_names(p, marks))
        return PP_EXIT_FAILED;
    finish_names(*p);
    int rc = draw(*p, write_term);
    return rc ? rc : pp_look_save();
}

/* The page has all columns. */
static int draw_html(struct pp_profile **p, unsigned marks)
{
    int column = pp_chosen_column(*p);
    if (column < 0 && ((*p)->ncolumns || pp_common.sample_type || pp_shown.event))
        return PP_EXIT_FAILED;
    bool empty = column < 0 || !(*p)->columns[column].weight;
    struct pp_page page = {
        .html = {.look = svg,
                 .by_time = layout->by_time,
                 .reverse = layout->reverse,
                 .column = column < 0 ? 0 : (unsigned)column,
                 .count_name = svg->count_name,
                 .no_times = no_times},
        .files = inputs,
        .marks = marks,
        .finish = finish_names,
        .code = with_asm,
        .source = with_source,
    };
    int rc = pp_save_page(p, &page);
    if (!empty)
        pp_drawing_warn_of_stackless(*p, page.html.column);
    if (!empty)
        return rc ? rc : pp_look_save();
    pp_error(&pp_messages, NULL, "there are no samples to draw");
    return PP_EXIT_FAILED;
}

static const struct form {
    const char *name, *suffix;
    int (*draw)(struct pp_profile **p, unsigned marks);
} forms[] = {{"svg", ".svg", draw_svg}, {"html", ".html", draw_html}, {"term", ".txt", draw_term}};

/*
 * The form that --to names, else the one of the output's suffix, else the first. NULL if there is
 * none.
 */
static const struct form *chosen_form(void)
{
    size_t n = sizeof forms / sizeof *forms;
    for (size_t i = 0; i < n; i++)
        if (to ? strcmp(to, forms[i].name) == 0 : pp_output_ends(forms[i].suffix))
            return &forms[i];
    if (!to && pp_output_ends(".svgz"))
        return &forms[0];
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
    if (!colors && pp_palette_named(color_when)) { /* as flamegraph.pl --color=java */
        colors = color_when;
        color_when = "auto";
    }
    if (no_times && (form->draw != draw_html || layout->by_time))
        return pp_usage("--no-times is for --to=html without --flamechart");
    if ((with_source || with_asm) && form->draw != draw_html)
        return pp_usage("--with-source and --with-asm are for --to=html");
    if (!pp_terminal_colors(color_when, &ignored))
        return pp_usage("--color must be always, never, auto or a palette, not '%s'; the palettes "
                        "are " PALETTES,
                        color_when);
    int rc = check_colors();
    pp_drawing.for_terminal = form->draw == draw_term;
    rc = rc ? rc : pp_drawing_check();
    if (rc)
        return rc;
    if (!svg->script && form->draw == draw_html)
        return pp_usage("--no-javascript is for --to=svg: an HTML page needs its script");
    if (!svg->title)
        svg->title = layout->by_time ? "Flame Chart"
                     : svg->inverted ? "Icicle Graph"
                                     : "Flame Graph";
    unsigned times = layout->by_time ? PP_HOLDS_TIME | PP_HOLDS_LABELS : 0u;
    unsigned keep = form->draw == draw_html ? pp_page_needs(no_times, layout->by_time)
                                            : pp_naming_needs() | times;
    inputs = files;
    struct pp_profile *p = pp_read_inputs(files, keep, false);
    /* A palette by kinds of frames needs these kept apart. */
    unsigned marks = svg->palette->rule ? (2u << PP_KINDS) - 1 : 0;
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
    pp_drawing_begin();
    svg->hint = "pp-flamegraph --to html draws all";
    return pp_main(&tool, argc, argv);
}
