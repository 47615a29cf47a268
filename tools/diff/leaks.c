#include "diff/leaks.h"

#include <stdio.h>
#include <sys/stat.h>

#include "diff/series.h"
#include "render/html.h"
#include "report/leaks.h"
#include "transform/units.h"
#include "work/save.h"

/* What is to be written, and how. */
struct writing {
    const struct pp_leaks *leaks;
    const struct pp_profile *grows; /* as a profile: for pictures */
    enum pp_report_form form;
    size_t limit;
};

/* --- options ------------------------------------------------------------- */

static const char *const outputs[] = {"table", "csv", "json", "folded", "svg", "html"};
static const char *const groups[] = {
    [PP_LEAKS_BY_STACK] = "stack", [PP_LEAKS_BY_SELF] = "self", [PP_LEAKS_BY_TOTAL] = "total"};

/* The index of `name`, or -1. */
static int index_of(const char *name, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(name, names[i]) == 0)
            return (int)i;
    return -1;
}

/* "16" dumps, or a time such as "2h". */
static bool parse_horizon(const char *text, double *horizon, bool *in_seconds)
{
    struct pp_span number = pp_str(text), unit = number;
    uint64_t n;
    while (!pp_empty(unit) && pp_is_digit(*unit.p))
        unit.p++;
    number.end = unit.p;
    *in_seconds = !pp_empty(unit);
    if (!pp_parse_u64(number, &n) || !n || (*in_seconds && pp_unit(unit).family != PP_FAMILY_TIME))
        return false;
    *horizon = (double)n;
    if (*in_seconds)
        *horizon *= (double)pp_unit(unit).factor / 1e9;
    return true;
}

/* --- outputs ------------------------------------------------------------- */

static bool write_table(struct pp_out *out, void *ctx)
{
    const struct writing *w = ctx;
    pp_write_leaks(w->leaks, w->form, w->limit, out);
    return !out->failed;
}

/* "Leaks", what a width means, and in the details "12,345 bytes in 16 more dumps". */
static void describe(const struct pp_leaks *l, struct pp_svg_options *look, char *counts,
                     size_t size)
{
    struct pp_span unit = pp_text(l->p, l->p->columns[0].unit);
    *look = pp_svg_defaults;
    look->title = "Leaks";
    snprintf(counts, size, "%.*s in %.0f more dumps", PP_SHOW(unit), l->horizon);
    look->subtitle = "What grows from dump to dump, as wide as what will be lost";
    look->count_name = counts;
    look->palette = pp_palette_named("mem");
    look->fluid = true;
}

static bool write_svg(struct pp_out *out, void *ctx)
{
    const struct writing *w = ctx;
    struct pp_layout l;
    struct pp_svg_options look;
    char counts[256];
    describe(w->leaks, &look, counts, sizeof counts);
    struct pp_layout_options layout = {
        .least = 0.1, .pixels = look.width - 2.0 * PP_SVG_PAD, .most = 10001};
    pp_layout_make(&l, w->grows, &layout);
    pp_svg_write(w->grows, &l, &look, out);
    pp_layout_release(&l);
    return !out->failed;
}

static bool write_html(struct pp_out *out, void *ctx)
{
    const struct writing *w = ctx;
    struct pp_svg_options look;
    char counts[256];
    describe(w->leaks, &look, counts, sizeof counts);
    struct pp_html_options page = {.look = &look};
    pp_html_write(w->grows, &page, out);
    return !out->failed;
}

static int save(const struct pp_leaks *leaks, const char *to, size_t limit)
{
    struct writing w = {.leaks = leaks, .limit = limit};
    if (strcmp(to, "csv") == 0)
        w.form = PP_REPORT_CSV;
    else if (strcmp(to, "json") == 0)
        w.form = PP_REPORT_JSON;
    if (strcmp(to, "table") == 0 || w.form != PP_REPORT_TEXT)
        return pp_save_with(write_table, &w, false);
    struct pp_profile *grows = pp_leaks_profile(leaks);
    if (!grows) {
        pp_error(&pp_messages, NULL, "the loss exceeds 64 bits; see --horizon");
        return PP_EXIT_FAILED;
    }
    w.grows = grows;
    int rc = strcmp(to, "svg") == 0    ? pp_save_with(write_svg, &w, false)
             : strcmp(to, "html") == 0 ? pp_save_with(write_html, &w, false)
                                       : pp_save(grows, pp_format_named("folded"));
    pp_profile_free(grows);
    return rc;
}

/* --- all of it ----------------------------------------------------------- */

static bool is_directory(const char *path)
{
    struct stat s;
    return stat(path, &s) == 0 && S_ISDIR(s.st_mode);
}

static int report(const struct pp_leaks_options *o, const struct pp_series *series,
                  const struct pp_profile *p, int by, double horizon, bool in_seconds)
{
    struct pp_leaks leaks;
    if (series->count < 2) {
        pp_error(&pp_messages, NULL, "--leaks needs two dumps or more that can be read");
        return PP_EXIT_FAILED;
    }
    pp_leaks_find(&leaks, p, series, (enum pp_leaks_by)by, horizon, in_seconds);
    int rc = PP_EXIT_FAILED;
    if (in_seconds && !(leaks.interval_s > 0))
        pp_error(&pp_messages, NULL, "--horizon=%s needs dumps that say when they were taken",
                 o->horizon);
    else
        rc = save(&leaks, o->to, o->limit);
    pp_leaks_release(&leaks);
    return rc;
}

int pp_find_leaks(const struct pp_leaks_options *o, char **files)
{
    int by = o->by ? index_of(o->by, groups, sizeof groups / sizeof *groups) : PP_LEAKS_BY_STACK;
    double horizon = 0;
    bool in_seconds = false, whole;
    struct pp_series series;
    struct pp_profile *p;
    if (index_of(o->to, outputs, sizeof outputs / sizeof *outputs) < 0)
        return pp_usage("--leaks cannot write '%s': there are table, csv, json, folded, svg, html",
                        o->to);
    if (!files[1] && !is_directory(files[0]))
        return pp_usage("--leaks needs two dumps or more, or a directory of them");
    if (by < 0)
        return pp_usage("--by is stack, self or total, not '%s'", o->by);
    if (o->horizon && !parse_horizon(o->horizon, &horizon, &in_seconds))
        return pp_usage("--horizon is a number of dumps or a time such as 2h, not '%s'",
                        o->horizon);
    if (!pp_series_read(&series, &p, files, o->in_order, &whole))
        return PP_EXIT_FAILED;
    int rc = report(o, &series, p, by, horizon, in_seconds);
    pp_profile_free(p);
    pp_series_release(&series);
    return rc == PP_EXIT_OK && !whole ? PP_EXIT_FAILED : rc;
}
