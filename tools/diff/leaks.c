#include "diff/leaks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "diff/series.h"
#include "render/html.h"
#include "report/leaks.h"
#include "report/leaks_per.h"
#include "transform/units.h"
#include "work/drawing.h"
#include "work/files.h"
#include "work/load.h"
#include "work/look.h"
#include "work/options.h"
#include "work/save.h"

/* The result to write, and how. */
struct writing {
    const struct pp_leaks *leaks;
    const struct pp_leaks_per *per; /* if processes are told apart; then `leaks` are of the first */
    const struct pp_profile *grows; /* the rows as a profile, for pictures */
    enum pp_report_form form;
    size_t limit;
};

/* --- options ------------------------------------------------------------- */

static const char *const groups[] = {
    [PP_LEAKS_BY_STACK] = "stack", [PP_LEAKS_BY_SELF] = "self", [PP_LEAKS_BY_TOTAL] = "total"};

/* The index of a group, or -1. */
static int group_named(const char *name)
{
    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++)
        if (strcmp(name, groups[i]) == 0)
            return (int)i;
    return -1;
}

/* Parses a horizon: "16" dumps, or a time such as "2h". */
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

bool pp_leaks_put_table(struct pp_out *out, void *ctx)
{
    const struct writing *w = ctx;
    if (w->per)
        pp_write_leaks_per(w->per, w->form, w->limit, out);
    else
        pp_write_leaks(w->leaks, w->form, w->limit, out);
    return !out->failed;
}

/*
 * The title "Leaks", a subtitle that explains widths, and for details "12,345 bytes in 16 more
 * dumps".
 */
static void describe(const struct pp_leaks *l, struct pp_svg_options *look, char *counts,
                     size_t size)
{
    struct pp_span unit = pp_text(l->p, l->p->columns[0].unit);
    *look = pp_drawing.svg;
    look->title = look->title ? look->title : "Leaks";
    snprintf(counts, size, "%.*s in %.0f more dumps", PP_SHOW(unit), l->horizon);
    if (!look->subtitle)
        look->subtitle = "What grows from dump to dump, as wide as what will be lost";
    look->count_name = look->count_name ? look->count_name : counts;
    look->palette = pp_palette_named("mem");
    pp_look_apply(l->p, look);
}

bool pp_leaks_put_svg(struct pp_out *out, void *ctx)
{
    const struct writing *w = ctx;
    struct pp_layout l;
    struct pp_svg_options look;
    char counts[256];
    bool ok = pp_look_prepare(w->grows) == PP_EXIT_OK &&
              pp_drawing_check_total(&w->grows->columns[0]) == PP_EXIT_OK;
    describe(w->leaks, &look, counts, sizeof counts);
    pp_layout_make(&l, w->grows, &pp_drawing.layout);
    if (ok)
        pp_svg_write(w->grows, &l, &look, out);
    pp_layout_release(&l);
    pp_look_release();
    return ok && !out->failed;
}

/* The series in the form of the HTML page; nodes[i] is the stack of row i. */
struct dumps {
    const char *names[PP_TRENDS];
    const char **dumps;
    int64_t *times;
    struct pp_html_leak *rows;
    struct pp_html_series series;
};

static void list_rows(struct dumps *t, const struct pp_leaks *l, const pp_id *nodes)
{
    _Static_assert((size_t)PP_LEAK_FIELDS == (size_t)PP_HTML_LEAK_NUMBERS, "of the same numbers");
    t->rows = pp_calloc(l->count + 1, sizeof *t->rows);
    for (size_t i = 0; i < l->count; i++) {
        t->rows[i].node = nodes[i];
        t->rows[i].trend = l->rows[i].trend;
        for (int k = 0; k < PP_LEAK_FIELDS; k++)
            t->rows[i].numbers[k] = pp_leak_field(l, &l->rows[i], k);
    }
}

static void list_dumps(struct dumps *t, const struct pp_leaks *l, const pp_id *nodes)
{
    size_t n = l->series->count;
    t->dumps = pp_calloc(n + 1, sizeof *t->dumps);
    t->times = pp_calloc(n + 1, sizeof *t->times);
    for (size_t d = 0; d < n; d++) {
        t->dumps[d] = l->series->dumps[d].name;
        t->times[d] = l->series->dumps[d].time_ns;
    }
    for (int i = 0; i < PP_TRENDS; i++)
        t->names[i] = pp_trend_name((enum pp_trend)i);
    list_rows(t, l, nodes);
    t->series = (struct pp_html_series){
        .ndumps = n,
        .names = t->dumps,
        .times_ns = t->times,
        .trends = t->names,
        .ntrends = PP_TRENDS,
        .nrows = l->count,
        .rows = t->rows,
        .values = l->values,
    };
}

/* The files of the dumps, as pp-info lists them for one profile. */
static char *about_series(const struct pp_leaks *l)
{
    struct pp_out text;
    pp_out_memory(&text, NULL);
    pp_putf(&text, "  horizon    %.12g more dumps\n", l->horizon);
    if (l->interval_s > 0)
        pp_putf(&text, "  interval   %.12g s\n", l->interval_s);
    for (size_t d = 0; d < l->series->count; d++)
        pp_putf(&text, "  %-10s %s\n", d ? "" : "dumps", l->series->dumps[d].name);
    pp_putc(&text, '\0');
    return text.buf;
}

/* A page of what grows in each process, without the dumps, which differ between them. */
static bool put_html_per(struct pp_out *out, const struct writing *w)
{
    struct pp_svg_options look;
    char counts[256];
    bool ok = pp_look_prepare(w->grows) == PP_EXIT_OK;
    describe(w->leaks, &look, counts, sizeof counts);
    struct pp_html_options page = {.look = &look, .reverse = pp_drawing.layout.reverse};
    if (ok)
        pp_html_write(w->grows, &page, out);
    pp_look_release();
    return ok && !out->failed;
}

bool pp_leaks_put_html(struct pp_out *out, void *ctx)
{
    const struct writing *w = ctx;
    if (w->per)
        return put_html_per(out, w);
    struct pp_svg_options look;
    struct dumps dumps = {0};
    char counts[256];
    pp_id *nodes = pp_calloc(w->leaks->count + 1, sizeof *nodes);
    struct pp_profile *all =
        pp_leaks_profile_all(w->leaks, nodes); /* never NULL: w->grows fits, too */
    bool ok = pp_look_prepare(w->grows) == PP_EXIT_OK;
    describe(w->leaks, &look, counts, sizeof counts);
    list_dumps(&dumps, w->leaks, nodes);
    char *about = about_series(w->leaks);
    struct pp_html_options page = {.look = &look,
                                   .reverse = pp_drawing.layout.reverse,
                                   .series = &dumps.series,
                                   .about = about};
    if (ok)
        pp_html_write(all, &page, out);
    free(about);
    pp_look_release();
    pp_profile_free(all);
    free(nodes);
    free(dumps.dumps);
    free(dumps.times);
    free(dumps.rows);
    return ok && !out->failed;
}

static int save(const struct pp_leaks *leaks, const struct pp_leaks_per *per,
                const struct pp_diff_output *o, size_t limit)
{
    struct writing w = {.leaks = leaks, .per = per, .form = o->form, .limit = limit};
    if (o->leaks == pp_leaks_put_table)
        return pp_save_with(o->leaks, &w, false);
    struct pp_profile *grows = per ? pp_leaks_per_profile(per) : pp_leaks_profile(leaks);
    if (!grows) {
        pp_error(&pp_messages, NULL, "the loss exceeds 64 bits; see --horizon");
        return PP_EXIT_FAILED;
    }
    w.grows = grows;
    int rc =
        o->leaks ? pp_save_with(o->leaks, &w, false) : pp_save(grows, pp_format_named(o->name));
    pp_profile_free(grows);
    return rc;
}

/* --- entry point --------------------------------------------------------- */

/* Whether one file may be a whole series; standard input is only checked when it is read. */
static bool holds_series(const char *path)
{
    const struct pp_format *f;
    if (pp_common.from)
        f = pp_format_named(pp_common.from);
    else if (strcmp(path, "-") == 0)
        return true;
    else
        f = pp_load_detect(path);
    return f && f->timeline;
}

static int report(const struct pp_leaks_options *o, const struct pp_series *series,
                  const struct pp_profile *p, int by, double horizon, bool in_seconds)
{
    struct pp_leaks leaks;
    if (series->count < 2) {
        pp_error(&pp_messages, NULL, "--leaks needs at least two dumps that can be read");
        return PP_EXIT_FAILED;
    }
    pp_leaks_find(&leaks, p, series, (enum pp_leaks_by)by, horizon, in_seconds);
    int rc = PP_EXIT_FAILED;
    if (in_seconds && !(leaks.interval_s > 0))
        pp_error(&pp_messages, NULL, "--horizon=%s needs dumps with times", o->horizon);
    else
        rc = save(&leaks, NULL, o->output, o->limit);
    pp_leaks_release(&leaks);
    return rc;
}

/* The key in "[KEY]"; false if `per` is something else. */
static bool parse_per(const char *per, struct pp_span *key)
{
    *key = pp_str(per);
    if (pp_len(*key) < 3 || *key->p != '[' || key->end[-1] != ']')
        return false;
    key->p++;
    key->end--;
    return true;
}

/* The leaks of the first process that has any dumps to compare, or NULL. */
static const struct pp_leaks *first_judged(const struct pp_leaks_per *per)
{
    for (size_t i = 0; i < per->count; i++)
        if (per->processes[i].judged)
            return &per->processes[i].leaks;
    return NULL;
}

/* Whether all of them have times. */
static bool are_timed(const struct pp_leaks_per *per)
{
    for (size_t i = 0; i < per->count; i++)
        if (per->processes[i].judged && !(per->processes[i].leaks.interval_s > 0))
            return false;
    return true;
}

static int report_per(const struct pp_leaks_options *o, const struct pp_series *series,
                      const struct pp_profile *p, struct pp_span key, int by, double horizon,
                      bool in_seconds)
{
    struct pp_leaks_per per;
    int rc = PP_EXIT_FAILED;
    pp_leaks_per_find(&per, p, series, key, (enum pp_leaks_by)by, horizon, in_seconds);
    if (!pp_string_find(p, key))
        pp_error(&pp_messages, NULL, "--per: no sample has the label '%.*s'", PP_SHOW(key));
    else if (!per.judged)
        pp_error(&pp_messages, NULL, "--per: no value of the label '%.*s' is in two dumps or more",
                 PP_SHOW(key));
    else if (in_seconds && !are_timed(&per))
        pp_error(&pp_messages, NULL, "--horizon=%s needs dumps with times", o->horizon);
    else
        rc = save(first_judged(&per), &per, o->output, o->limit);
    pp_leaks_per_release(&per);
    return rc;
}

int pp_find_leaks(const struct pp_leaks_options *o, char **files)
{
    int by = o->by ? group_named(o->by) : PP_LEAKS_BY_STACK;
    double horizon = 0;
    bool in_seconds = false, whole = true;
    int rc = PP_EXIT_FAILED;
    struct pp_span key = {0};
    struct pp_arena texts = {0};
    struct pp_series series;
    struct pp_profile *p;
    if (!files[1] && !pp_is_directory(files[0]) && !holds_series(files[0]))
        return pp_usage(
            "--leaks needs at least two dumps, a directory of dumps, or a file with several");
    if (by < 0)
        return pp_usage("--by must be stack, self or total, not '%s'", o->by);
    if (o->horizon && !parse_horizon(o->horizon, &horizon, &in_seconds))
        return pp_usage("--horizon must be a number of dumps or a time such as 2h, not '%s'",
                        o->horizon);
    if (o->per && !parse_per(o->per, &key))
        return pp_usage("--leaks takes --per only for a label, as in '[pod]'");
    const char *label = o->per ? pp_copy(&texts, key) : NULL;
    if (pp_series_read(&series, &p, files, o->in_order, label, &whole)) {
        rc = o->per ? report_per(o, &series, p, key, by, horizon, in_seconds)
                    : report(o, &series, p, by, horizon, in_seconds);
        pp_profile_free(p);
        pp_series_release(&series);
    }
    pp_arena_release(&texts);
    return rc == PP_EXIT_OK && !whole ? PP_EXIT_FAILED : rc;
}
