/* pp-diff - shows what changed between two profiles, or what grows in a series of them. */
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "diff/baseline.h"
#include "diff/gate.h"
#include "diff/gate_write.h"
#include "diff/leaks.h"
#include "diff/sides.h"
#include "model/merge.h"
#include "model/totals.h"
#include "render/html.h"
#include "report/change.h"
#include "transform/compare.h"
#include "transform/only_lost.h"
#include "transform/pairing.h"
#include "transform/rules.h"
#include "transform/subtract.h"
#include "work/drawing.h"
#include "work/load.h"
#include "work/look.h"
#include "work/names.h"
#include "work/options.h"
#include "work/run.h"
#include "work/save.h"
#include "work/symbols.h"

static const char *to;
static struct pp_side_files sides_files;
static struct pp_list fail_if;
static bool pair_renames, no_renames, normalize, rounded, subtract, negate, elided, ignore_noise;
static bool exact;
static unsigned limit, keep_runs = PP_BASELINE_RUNS;
static bool leaks, in_order;
static const char *baseline, *save_baseline, *by, *horizon, *per;
static struct pp_dividing dividing;

/* --csv and --json, as in pp-report. */
static int take_form(const struct pp_opt *o, const char *text)
{
    (void)text;
    to = o->name;
    return PP_EXIT_OK;
}

static const struct pp_opt options[] = {
    {PP_OPT_STRING, 't', "to", "FORMAT",
     "table, csv, json, md, junit, folded, svg, html or pprof; default: by the suffix of --output, "
     "else table",
     &to, .values = "table csv json md junit folded svg html pprof"},
    {PP_OPT_TAKE, 0, "csv", NULL, NULL, NULL, take_form},
    {PP_OPT_TAKE, 0, "json", NULL, NULL, NULL, take_form},
    {PP_OPT_UINT, 0, "nodecount", "N", NULL, &limit},
    {PP_OPT_FILES, 0, "base", "FILE...", NULL, &sides_files.before},
    {PP_OPT_FILES, 0, "before", "FILE...",
     "runs of BEFORE; two or more per side also show how much runs vary", &sides_files.before},
    {PP_OPT_FILES, 0, "after", "FILE...", "runs of AFTER", &sides_files.after},
    {PP_OPT_FLAG, 0, "normalize", NULL, "scale BEFORE to the total of AFTER", &normalize},
    {PP_OPT_STRING, 0, "per", "WHAT",
     "compare amounts per WHAT: what functions take that match a REGEX, with all that they call, "
     "or "
     "the number of different values of a label, given as '[KEY]'; with --leaks, judge the samples "
     "with each value of the label, such as a pod, for themselves",
     &per},
    {PP_OPT_FLAG, 0, "rounded", NULL,
     "folded output: round what --normalize scales so that the total is exact, where otherwise it "
     "is truncated as by difffolded.pl -n",
     &rounded},
    {PP_OPT_FLAG, 0, "subtract", NULL,
     "pprof output: cancel equal stacks instead of marking those of BEFORE", &subtract},
    {PP_OPT_FLAG, 0, "negate", NULL, "svg and html output: widths of BEFORE, not AFTER", &negate},
    {PP_OPT_FLAG, 0, "elided", NULL, "svg output: only stacks of BEFORE that are not in AFTER",
     &elided},
    {PP_OPT_LIST, 0, "fail-if", "CONDITION",
     "exit with status 3 if CONDITION holds: 'total(REGEX) > 5%', 'self(REGEX) > 10ms', "
     "'total(REGEX)[KEY=VALUE] > 5%', 'any > 10%', 'different', ...; may be repeated",
     &fail_if},
    {PP_OPT_FLAG, 0, "ignore-noise", NULL,
     "ignore changes that may be chance, in tables and in --fail-if", &ignore_noise},
    {PP_OPT_FLAG, 0, "pair-renames", NULL,
     "show a function that was renamed, split or inlined as one, such as 'OLD -> NEW', also where "
     "scripts or pictures are "
     "written (default: in tables for people); never in --fail-if",
     &pair_renames},
    {PP_OPT_FLAG, 0, "no-pair-renames", NULL, "show it as one that is gone and one that is new",
     &no_renames},
    {PP_OPT_FLAG, 0, "exact", NULL,
     "with several runs per side, add p-values by permutation to csv and json", &exact},
    {PP_OPT_UINT, 'n', "rows", "N",
     "show at most N rows of the table (default: all; with --leaks 10)", &limit},
    {PP_OPT_GROUP, 0, NULL, NULL, "Baselines", NULL},
    {PP_OPT_STRING, 0, "baseline", "FILE", "compare one run with a baseline in place of BEFORE",
     &baseline},
    {PP_OPT_STRING, 0, "save-baseline", "FILE",
     "add runs to a baseline, which is made if there is none", &save_baseline},
    {PP_OPT_UINT, 0, "keep", "N", "with --save-baseline, keep the last N runs (default: 10)",
     &keep_runs, .least = 1},
    {PP_OPT_GROUP, 0, NULL, NULL, "Leaks", NULL},
    {PP_OPT_FLAG, 0, "leaks", NULL, "show what grows in a series of two or more heap dumps",
     &leaks},
    {PP_OPT_STRING, 0, "by", "WHAT",
     "group growth by stack (default), by allocating function (self) or by any function on the "
     "stack (total)",
     &by, .values = "stack self total"},
    {PP_OPT_STRING, 0, "horizon", "N",
     "predict the loss after N more dumps, or after a time such as 2h (default: as many dumps "
     "again)",
     &horizon},
    {PP_OPT_FLAG, 0, "in-order", NULL,
     "keep the dumps in the order given (default: by time, else by the numbers in their names)",
     &in_order},
    {0},
};
static const struct pp_opt *const tables[] = {
    options, pp_drawing_options, pp_naming_options, pp_symbol_options, pp_common_options, NULL};

/* --- outputs ------------------------------------------------------------- */

/* The comparison to write, and how. */
struct writing {
    const struct pp_sides *sides;
    const struct pp_gate *gate; /* with its conditions decided */
    enum pp_report_form form;
    bool markdown;
};

static struct pp_changes_options options_of(const struct pp_sides *sides)
{
    return (struct pp_changes_options){.baseline = sides->baseline,
                                       .before = sides->before,
                                       .after = sides->after,
                                       .per = sides->divided ? sides->per : NULL,
                                       .exact = exact};
}

static bool write_table(struct pp_out *out, void *ctx)
{
    const struct writing *w = ctx;
    const struct pp_sides *sides = w->sides;
    struct pp_changes_options table = options_of(sides);
    table.form = w->form;
    table.markdown = w->markdown;
    table.limit = limit;
    table.ignore_noise = ignore_noise;
    return pp_write_changes(sides->both, &table, out);
}

/* For a pull request: the results of the conditions, then the table. */
static bool write_markdown(struct pp_out *out, void *ctx)
{
    struct writing *w = ctx;
    w->markdown = true;
    pp_gate_put_markdown(w->gate, out);
    return write_table(out, w);
}

static bool write_junit(struct pp_out *out, void *ctx)
{
    const struct writing *w = ctx;
    pp_gate_put_junit(w->gate, out);
    return !out->failed;
}

/* Keeps only the stacks that vanished, with BEFORE as the only column. */
static void keep_lost(struct pp_profile *both)
{
    unsigned before = both->columns[0].side == PP_BEFORE ? 0 : 1;
    pp_only_lost(both, 1 - before);
    both->columns[before].side = PP_ONLY;
    pp_keep_column(both, before);
}

/* The options of pictures with their defaults. */
static struct pp_svg_options look_of(const struct pp_profile *both, const char *usual_title)
{
    struct pp_svg_options look = pp_drawing.svg;
    look.title = look.title ? look.title : usual_title;
    pp_look_apply(both, &look);
    return look;
}

static bool draw(struct pp_profile *both, struct pp_out *out)
{
    struct pp_layout l;
    struct pp_svg_options look =
        look_of(both, elided ? "What Vanished" : "Differential Flame Graph");
    struct pp_layout_options layout = pp_drawing.layout;
    layout.widths = negate || elided ? PP_BEFORE : PP_AFTER;
    look.palette = pp_palette_named(elided ? "blue" : "hot");
    pp_layout_make(&l, both, &layout);
    bool drawn = elided || pp_drawing_warn(&l); /* an empty picture means that nothing vanished */
    pp_svg_write(both, &l, &look, out);
    pp_layout_release(&l);
    return drawn && !out->failed;
}

static bool write_svg(struct pp_out *out, void *ctx)
{
    const struct writing *w = ctx;
    struct pp_profile *both = w->sides->both;
    if (elided && both->ncolumns == 2)
        keep_lost(both);
    bool ok = pp_look_prepare(both) == PP_EXIT_OK &&
              pp_drawing_check_total(&both->columns[0]) == PP_EXIT_OK && draw(both, out);
    pp_look_release();
    return ok;
}

/* The significance of the changes, as in the table. The caller frees the list. */
static struct pp_html_changes judged_changes(const struct pp_changed_list *l)
{
    struct pp_html_change *list = pp_calloc(l->count + 1, sizeof *list);
    for (size_t i = 0; i < l->count; i++) {
        const struct pp_changed *c = &l->functions[i];
        double unknown = l->tested ? 0 : NAN;
        list[i] = (struct pp_html_change){c->name, pp_delta_sigmas(&c->self) + unknown,
                                          c->q_self + unknown, pp_delta_sigmas(&c->total) + unknown,
                                          c->q_total + unknown};
    }
    return (struct pp_html_changes){list, l->count, l->tested};
}

/* A page of both sides, with all views of pp-flamegraph --to html. */
static bool write_html(struct pp_out *out, void *ctx)
{
    const struct writing *w = ctx;
    struct pp_profile *both = w->sides->both;
    bool ok = pp_look_prepare(both) == PP_EXIT_OK;
    struct pp_svg_options look = look_of(both, "Differential Flame Graph");
    struct pp_html_options page = {
        .look = &look, .reverse = pp_drawing.layout.reverse, .count_name = look.count_name};
    const struct pp_changes_options all = options_of(w->sides);
    struct pp_changed_list changed = {0};
    struct pp_html_changes changes = {0};
    char *about = pp_sides_about(&sides_files);
    if (pp_changed_list_make(&changed, both, &all)) {
        changes = judged_changes(&changed);
        page.changes = &changes;
    }
    page.about = about;
    pp_keep_column(both, 0);
    enum pp_side first = negate ? PP_BEFORE : PP_AFTER;
    while (page.column + 1 < both->ncolumns && both->columns[page.column].side != first)
        page.column++;
    if (ok)
        pp_html_write(both, &page, out);
    pp_look_release();
    free((void *)(uintptr_t)changes.list);
    free(about);
    pp_changed_list_release(&changed);
    return ok && !out->failed;
}

static const struct pp_diff_output outputs[] = {
    {"table", ".txt", PP_REPORT_TEXT, write_table, pp_leaks_put_table, .of_leaks = true,
     .variances = true},
    {"csv", ".csv", PP_REPORT_CSV, write_table, pp_leaks_put_table, .of_leaks = true,
     .variances = true},
    {"json", ".json", PP_REPORT_JSON, write_table, pp_leaks_put_table, .of_leaks = true,
     .variances = true},
    {"md", ".md", PP_REPORT_TEXT, write_markdown, .variances = true},
    {"junit", ".xml", PP_REPORT_TEXT, write_junit, .variances = true, .gates = true},
    {"folded", ".folded", .of_leaks = true},
    {"svg", ".svg", PP_REPORT_TEXT, write_svg, pp_leaks_put_svg, .of_leaks = true},
    {"html", ".html", PP_REPORT_TEXT, write_html, pp_leaks_put_html, .of_leaks = true,
     .variances = true},
    {"pprof", ".pb", .apart = true},
    {0},
};

/* The output for the suffix of --output; without one the table. NULL after a usage error. */
static const struct pp_diff_output *output_by_suffix(void)
{
    const struct pp_format *f = pp_format_for_output(pp_common.output);
    for (const struct pp_diff_output *o = outputs; o->name; o++)
        if (pp_output_ends(o->suffix) || (f && strcmp(f->name, o->name) == 0))
            return o;
    return pp_suffix_fits("--to says what to write") ? outputs : NULL;
}

/* The output that --to names, or else the suffix of --output. NULL after a usage error. */
static const struct pp_diff_output *chosen_output(void)
{
    if (!to)
        return pp_common.output ? output_by_suffix() : outputs;
    for (const struct pp_diff_output *o = outputs; o->name; o++)
        if (strcmp(to, o->name) == 0)
            return o;
    pp_usage("cannot write '%s': formats are table, csv, json, md, junit, folded, svg, html and "
             "pprof",
             to);
    return NULL;
}

/*
 * Pairs renamed, split and inlined functions, after the conditions were evaluated, since these use
 * the original names.
 */
static void pair(struct pp_sides *sides, const struct pp_diff_output *o)
{
    bool table =
        (o->changes == write_table && o->form == PP_REPORT_TEXT) || o->changes == write_markdown;
    bool wanted = pair_renames || (table && !no_renames);
    int other = sides->baseline ? -1 : pp_column_other(sides->both, 0);
    bool swapped = sides->both->columns[0].side == PP_AFTER;
    if (wanted && other > 0)
        pp_pair_functions(sides->both, swapped ? (unsigned)other : 0, swapped ? 0 : (unsigned)other,
                          (const double[]){sides->before.unit, sides->after.unit});
}

static int save(struct pp_sides *sides, const struct pp_gate *gate, const struct pp_diff_output *o)
{
    struct writing w = {sides, gate, o->form, false};
    pair(sides, o);
    if (!o->variances)
        pp_keep_column(sides->both, 0);
    return o->changes ? pp_save_with(o->changes, &w, false)
                      : pp_save(sides->both, pp_format_named(o->name));
}

/* A copy with only the frames that other outputs than pprof show. NULL after an error message. */
static struct pp_profile *copy_shown(const struct pp_profile *p)
{
    const char *why;
    struct pp_profile *copy = pp_profile_new();
    if (pp_merge(copy, p, &why) &&
        (pp_common.all_frames || pp_drop_frames(copy, pp_common.no_jit, &pp_messages)))
        return copy;
    pp_profile_free(copy);
    return NULL;
}

/* Evaluates the conditions about this view, on copies of the profiles. */
static int judge(const struct pp_profile *before, const struct pp_profile *after,
                 const struct pp_view *view, struct pp_gate *gate)
{
    struct pp_dividing exactly = dividing;
    struct pp_sides sides = {
        .view = *view,
        .files = {(unsigned)sides_files.before.count, (unsigned)sides_files.after.count}};
    int rc = PP_EXIT_FAILED;
    exactly.how = PP_NORMALIZE_EXACTLY;
    struct pp_profile *b = copy_shown(before), *a = b ? copy_shown(after) : NULL;
    if (a && pp_sides_compare(&sides, &b, &a, &exactly, true))
        rc = pp_gate_ask(gate, &sides);
    pp_profile_free(b);
    pp_profile_free(a);
    return rc;
}

static bool was_judged(const struct pp_gate *gate, size_t i, const struct pp_view *view)
{
    for (size_t k = 0; k < i; k++)
        if (pp_is_view_of(gate->conditions[k], view))
            return true;
    return false;
}

/*
 * Evaluates the conditions that name a column or a label; each such view takes a comparison of its
 * own.
 */
static int judge_views(const struct pp_profile *before, const struct pp_profile *after,
                       struct pp_gate *gate)
{
    int rc = PP_EXIT_OK;
    for (size_t i = 0; i < gate->count && rc == PP_EXIT_OK; i++) {
        const struct pp_view view = {pp_condition_column(gate->conditions[i]),
                                     pp_condition_label(gate->conditions[i])};
        if ((view.column || view.label) && !was_judged(gate, i, &view))
            rc = judge(before, after, &view, gate);
    }
    return rc;
}

static const struct pp_view whole;

/* difffolded.pl -n drops stacks that are scaled to less than 1. */
static void note_truncation(const struct pp_profile *both)
{
    unsigned before = both->columns[0].side == PP_BEFORE ? 0 : (unsigned)pp_column_other(both, 0);
    unsigned after = (unsigned)pp_column_other(both, before);
    int64_t have = pp_sum(both, before), want = pp_sum(both, after);
    if (have != want)
        pp_report(&pp_messages, PP_NOTE, (struct pp_place){0},
                  "--normalize: values of BEFORE are truncated to whole numbers, as by "
                  "difffolded.pl -n, which leaves out %.3g%% of it; see --rounded",
                  100 - 100 * (double)have / (double)want);
}

/* Rounds to whole numbers for folded output, keeping the total. */
static void round_sides(struct pp_profile *both)
{
    for (unsigned c = 0; c < both->ncolumns; c++)
        pp_round_column(both, c, 0);
}

/* Evaluates the conditions and writes the output; a failure outweighs a change. */
static int compare(struct pp_profile **before, struct pp_profile **after, struct pp_gate *gate,
                   const struct pp_diff_output *o)
{
    bool cuts = normalize && !o->changes && !rounded;
    struct pp_sides sides = {
        .labels = o->changes == write_html,
        .files = {(unsigned)sides_files.before.count, (unsigned)sides_files.after.count}};
    int rc = judge_views(*before, *after, gate), verdict;
    dividing.how = cuts ? PP_NORMALIZE_CUT : PP_NORMALIZE_EXACTLY;
    if (rc == PP_EXIT_OK && cuts && gate->count)
        rc = judge(*before, *after, &whole, gate);
    if (rc != PP_EXIT_OK)
        return rc;
    if (!pp_sides_compare(&sides, before, after, &dividing,
                          o->variances || gate->count || pair_renames))
        return PP_EXIT_FAILED;
    if (rounded)
        round_sides(sides.both);
    if (cuts)
        note_truncation(sides.both);
    else
        rc = pp_gate_ask(gate, &sides);
    if (rc != PP_EXIT_OK)
        return rc;
    verdict = pp_gate_decide(gate);
    rc = save(&sides, gate, o);
    return rc == PP_EXIT_OK ? verdict : rc;
}

static int subtract_from(struct pp_profile *before, struct pp_profile **after, struct pp_gate *gate,
                         const struct pp_diff_output *o)
{
    const char *why = "the scaled sum exceeds 64 bits";
    int rc = judge_views(before, *after, gate), verdict;
    if (rc == PP_EXIT_OK && gate->count)
        rc = judge(before, *after, &whole, gate);
    if (rc != PP_EXIT_OK)
        return rc;
    verdict = pp_gate_decide(gate);
    rc = PP_EXIT_FAILED;
    if ((!normalize || pp_sides_scale_all(before, *after)) &&
        pp_subtract(after, before, !subtract, &why))
        rc = pp_save(*after, pp_format_named(o->name));
    else
        pp_error(&pp_messages, NULL, "cannot be compared: %s", why);
    return rc == PP_EXIT_OK ? verdict : rc;
}

/* --- entry points -------------------------------------------------------- */

static int read_and_compare(struct pp_gate *gate, const struct pp_diff_output *o)
{
    pp_shown.offsets = pp_shown.addresses; /* absolute addresses differ from run to run */
    unsigned keep = o->apart ? pp_format_named(o->name)->holds : pp_naming_needs();
    if (dividing.by == PP_DIVIDE_BY_LABEL || pp_gate_needs_labels(gate) || o->changes == write_html)
        keep |= PP_HOLDS_LABELS;
    int rc = PP_EXIT_FAILED;
    struct pp_profile *before = NULL, *after = NULL;
    if (!pp_sides_expand(&sides_files))
        return PP_EXIT_FAILED;
    if (pp_sides_read(&sides_files, keep, o->apart, !o->apart, &before, &after))
        rc = o->apart ? subtract_from(before, &after, gate, o) : compare(&before, &after, gate, o);
    pp_profile_free(before);
    pp_profile_free(after);
    return rc;
}

static int check_drawing(const struct pp_diff_output *o)
{
    bool svg = o->changes == write_svg;
    const struct pp_opt *given = pp_opt_given(pp_drawing_options);
    if (given && !svg && o->changes != write_html)
        return pp_usage("--%s is for --to=svg and html", given->name);
    int rc = pp_drawing_check();
    if (rc == PP_EXIT_OK && given && !pp_drawing.svg.script && !svg)
        return pp_usage("--no-javascript is for --to=svg: an HTML page needs its script");
    return rc;
}

static int compare_with_baseline(struct pp_gate *gate, const struct pp_diff_output *o, char *file)
{
    struct pp_baseline b;
    struct pp_sides sides = {.divided = normalize};
    int rc = PP_EXIT_FAILED;
    pp_shown.offsets = pp_shown.addresses;
    if (pp_baseline_compare(&b, baseline, file, &sides))
        rc = pp_gate_ask(gate, &sides);
    int verdict = rc == PP_EXIT_OK ? pp_gate_decide(gate) : rc;
    rc = rc == PP_EXIT_OK ? save(&sides, gate, o) : rc;
    pp_profile_free(sides.both);
    pp_baseline_release(&b);
    return rc == PP_EXIT_OK ? verdict : rc;
}

/* Refuses options that need stacks, since a baseline has functions only. */
static int check_baseline(const struct pp_diff_output *o, const struct pp_gate *gate, char **files)
{
    if (sides_files.before.count || sides_files.after.count || !files[0] || files[1])
        return pp_usage("--baseline is compared with one file");
    if (o->changes != write_table && o->changes != write_markdown && o->changes != write_junit)
        return pp_usage("--baseline is for --to=table, csv, json, md and junit");
    if (per || pair_renames || exact)
        return pp_usage("--per, --pair-renames and --exact are not for --baseline");
    return pp_gate_check_baseline(gate);
}

/* Refuses options that the output would ignore. */
static int check_use(const struct pp_diff_output *o)
{
    bool svg = o->changes == write_svg, drawn = svg || o->changes == write_html;
    if (pair_renames && (no_renames || o->apart))
        return pp_usage(no_renames ? "--pair-renames and --no-pair-renames exclude each other"
                                   : "--pair-renames is not for --to=pprof");
    if (exact && o->form != PP_REPORT_CSV && o->form != PP_REPORT_JSON)
        return pp_usage("--exact is for --to=csv and json");
    if (subtract && !o->apart)
        return pp_usage("--subtract is for --to=pprof");
    if (rounded && (!normalize || o->changes || o->apart))
        return pp_usage("--rounded is for --normalize with --to=folded");
    if (negate && !drawn)
        return pp_usage("--negate is for --to=svg and html");
    if (elided && !svg)
        return pp_usage("--elided is for --to=svg");
    return PP_EXIT_OK;
}

static int find_leaks(const struct pp_diff_output *output, char **files)
{
    const struct pp_leaks_options o = {.output = output,
                                       .by = by,
                                       .horizon = horizon,
                                       .per = per,
                                       .in_order = in_order,
                                       .limit = limit};
    if (sides_files.before.count || sides_files.after.count || fail_if.count || normalize)
        return pp_usage("--leaks takes one series: no --before, --after, --normalize or --fail-if");
    if (negate || elided || subtract || ignore_noise || exact)
        return pp_usage(
            "--leaks takes no --negate, --elided, --subtract, --ignore-noise or --exact");
    pp_shown.offsets = true; /* dumps without symbols have nothing else in common */
    return pp_find_leaks(&o, files);
}

static int run(char **files)
{
    const struct pp_diff_output *o = chosen_output();
    if (!o)
        return PP_EXIT_USAGE;
    int use = check_drawing(o);
    if (use)
        return use;
    if (leaks && !o->of_leaks)
        return pp_usage(
            "--leaks cannot write '%s': formats are table, csv, json, folded, svg, html", o->name);
    if (leaks)
        return find_leaks(o, files);
    if (o->gates && fail_if.count == 0)
        return pp_usage("-t %s is what conditions say: give --fail-if", o->name);
    if (save_baseline && (baseline || fail_if.count || sides_files.before.count ||
                          sides_files.after.count || !files[0] || keep_runs > PP_MAX_BASELINE_RUNS))
        return pp_usage("--save-baseline takes runs alone, and keeps at most %d",
                        PP_MAX_BASELINE_RUNS);
    if (save_baseline)
        return pp_save_baseline(save_baseline, files, keep_runs);
    if (!baseline && !pp_sides_share_out(&sides_files, files))
        return pp_usage("expected two profiles, BEFORE and AFTER");
    if (by || horizon || in_order)
        return pp_usage("--by, --horizon and --in-order are for --leaks");
    use = check_use(o);
    if (use == PP_EXIT_OK)
        use = pp_dividing_parse(&dividing, per, normalize, o->apart);
    if (use != PP_EXIT_OK)
        return use;
    struct pp_gate gate = {.ignore_noise = ignore_noise};
    int rc = !pp_gate_init(&gate, &fail_if) ? PP_EXIT_USAGE
             : baseline                     ? check_baseline(o, &gate, files)
                                            : PP_EXIT_OK;
    if (rc == PP_EXIT_OK)
        rc = baseline ? compare_with_baseline(&gate, o, *files) : read_and_compare(&gate, o);
    pp_gate_release(&gate);
    pp_regex_free(dividing.regex);
    return rc;
}

int main(int argc, char **argv)
{
    static const struct pp_tool tool = {
        .name = "pp-diff",
        .args = "[OPTION]... BEFORE AFTER, or --leaks DUMP...",
        .summary =
            "Show what changed between two profiles of any formats, or what grows in a series",
        .options = tables,
        .run = run,
    };
    pp_drawing_begin();
    pp_may_be_empty = true;
    pp_drawing.svg.hint = "pp-diff --to html draws all";
    return pp_main(&tool, argc, argv);
}
