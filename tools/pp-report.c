/* pp-report - shows a profile as tables, graphs and annotated source. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/memory.h"
#include "formats/format.h"
#include "report/reports.h"
#include "transform/regex.h"
#include "transform/rules.h"
#include "transform/subtract.h"
#include "work/columns.h"
#include "work/load.h"
#include "work/names.h"
#include "work/options.h"
#include "work/page.h"
#include "work/run.h"
#include "work/save.h"
#include "work/sources.h"
#include "work/symbols.h"

static const char *to, *unit, *trim, *trim_path, *source_path;
static bool by_cum, by_flat, no_trim, mean, relative, drop_negative, call_tree, compact, csv, json;
static bool functions, filefunctions, files, lines, addresses, show_columns, normalize;
static bool all_columns, no_times;
static const char *with_source;
static bool with_asm;
static unsigned node_count = UINT32_MAX;
static double node_fraction = 0.005, edge_fraction = 0.001, divide_by = 1;
static struct pp_list base_files, diff_base_files;

static const struct pp_opt options[] = {
    {PP_OPT_GROUP, 0, NULL, NULL, "What is shown", NULL},
    {PP_OPT_FLAG, 0, "cum", NULL,
     "sort by a function's total: its own value and that of all it calls", &by_cum},
    {PP_OPT_FLAG, 0, "flat", NULL, "sort by a function's own value (default)", &by_flat},
    {PP_OPT_UINT, 'n', "nodecount", "N",
     "show at most N functions; 0: all (default: all for top, else 80)", &node_count},
    {PP_OPT_NUMBER, 0, "nodefraction", "F",
     "omit functions below this fraction of the total (default: 0.005)", &node_fraction},
    {PP_OPT_NUMBER, 0, "edgefraction", "F",
     "omit calls below this fraction of the total (default: 0.001)", &edge_fraction},
    {PP_OPT_FLAG, 0, "no-trim", NULL, "omit nothing", &no_trim},
    {PP_OPT_STRING, 0, "trim", "BOOL", "false is the same as --no-trim", &trim,
     .values = "true false"},
    {PP_OPT_FLAG, 0, "functions", NULL, "one line per function (default)", &functions},
    {PP_OPT_FLAG, 0, "filefunctions", NULL, "one line per function and source file",
     &filefunctions},
    {PP_OPT_FLAG, 0, "files", NULL, "one line per source file", &files},
    {PP_OPT_FLAG, 0, "lines", NULL, "one line per line of source", &lines},
    {PP_OPT_FLAG, 0, "addresses", NULL, "one line per address", &addresses},
    {PP_OPT_FLAG, 0, "showcolumns", NULL, "distinguish columns within a source line",
     &show_columns},
    {PP_OPT_FLAG, 0, "all-columns", NULL, "list: show each line's own value in every column",
     &all_columns},
    {PP_OPT_FLAG, 0, "call-tree", NULL, "graph: draw a function once per call path to it",
     &call_tree},
    {PP_OPT_FLAG, 0, "drop-negative", NULL, "omit functions whose value decreased", &drop_negative},
    {PP_OPT_GROUP, 0, NULL, NULL, "Values", NULL},
    {PP_OPT_STRING, 0, "unit", "UNIT",
     "unit of the values, such as ms or MB; auto or minimum (default)", &unit},
    {PP_OPT_FLAG, 0, "mean", NULL, "show averages: values divided by the first column", &mean},
    {PP_OPT_NUMBER, 0, "divide-by", "X", "divide values by X", &divide_by},
    {PP_OPT_FLAG, 0, "relative-percentages", NULL,
     "take percentages of what the rules keep, not of the whole profile", &relative},
    {PP_OPT_LIST, 0, "base", "FILE", "subtract FILE from the profile; may be repeated",
     &base_files},
    {PP_OPT_LIST, 0, "diff-base", "FILE", "like --base, with percentages of FILE",
     &diff_base_files},
    {PP_OPT_FLAG, 0, "normalize", NULL,
     "scale the profile to the total of the base before subtracting", &normalize},
    {PP_OPT_GROUP, 0, NULL, NULL, "Output", NULL},
    {PP_OPT_FLAG, 0, "compact-labels", NULL, "omit the header lines that describe the profile",
     &compact},
    {PP_OPT_FLAG, 0, "csv", NULL, "write CSV, with exact numbers", &csv},
    {PP_OPT_FLAG, 0, "json", NULL, "write JSON, with exact numbers", &json},
    {PP_OPT_STRING, 't', "to", "FORMAT", "text (default), csv or json", &to,
     .values = "text csv json"},
    {PP_OPT_UINT, 0, "rows", "N", NULL, &node_count},
    {PP_OPT_STRING, 0, "source-path", "PATHS",
     "directories to search for source files, separated by :", &source_path},
    {PP_OPT_TAKE, 0, "with-source", "DIRS",
     "html: with the source of the heaviest functions, found in the working directory, or in DIRS, "
     "separated by :",
     &with_source, pp_take_source, .optional = true},
    {PP_OPT_FLAG, 0, "with-asm", NULL,
     "html: with the machine code of the heaviest functions, as objdump prints it", &with_asm},
    {PP_OPT_FLAG, 0, "no-times", NULL, "html: leave out when samples were taken", &no_times},
    {PP_OPT_STRING, 0, "trim-path", "PATHS",
     "prefixes to remove from the names of source files, separated by :", &trim_path},
    {0},
};
static const struct pp_opt *const tables[] = {options, pp_symbol_options, pp_common_options, NULL};

/* --- the reports --------------------------------------------------------- */

#define PP_REPORT(name, argument, title, ...) {#name, argument, title},
static const struct pp_word words[] = {
#include "report/reports.def"
    {"html", NULL, "a page with all views, to explore in a browser"},
    {0},
};
#undef PP_REPORT

/*
 * Whether `word` was meant to be the name of a report: it looks like one, and there is no such
 * file.
 */
static bool is_unknown_report(const char *word)
{
    return strcmp(word, "-") != 0 && !strpbrk(word, "./") && access(word, F_OK) != 0;
}

static int refuse_report(const char *word)
{
    struct pp_out names;
    pp_out_memory(&names, &pp_messages);
    for (const struct pp_report_kind *k = pp_report_kinds; k->name; k++)
        pp_putf(&names, "%s, ", k->name);
    pp_puts(&names, "html");
    pp_putc(&names, '\0');
    int rc = pp_usage("there is no report and no file '%s'; the reports are %s", word, names.buf);
    pp_out_release(&names);
    return rc;
}

/* The name of a report among the files, if it is not the first argument; else NULL. */
static const char *late_report(char **arguments)
{
    for (char **a = arguments; *a; a++)
        if (pp_report_kind(*a) && access(*a, F_OK) != 0)
            return *a;
    return NULL;
}

/* The suffix of --output must fit the report. */
static bool output_fits(const struct pp_report_kind *k)
{
    static const struct {
        const char *report, *suffix;
    } usual[] = {{"graph", ".dot"}, {"weblist", ".html"}, {"callgrind", ".callgrind"}};
    if ((csv && pp_output_ends(".csv")) || (json && pp_output_ends(".json")))
        return true;
    for (size_t i = 0; i < sizeof usual / sizeof *usual; i++)
        if (strcmp(k->name, usual[i].report) == 0 &&
            (pp_output_ends(usual[i].suffix) || strcmp(k->name, "callgrind") == 0))
            return true;
    return pp_suffix_fits("reports are .txt, .csv and .json, graph is .dot, weblist .html");
}

/* --- options ------------------------------------------------------------- */

static struct pp_source_texts sources = {pp_source_text, NULL};

static unsigned parts_of(const struct pp_report_kind *k)
{
    unsigned parts = k->parts                ? k->parts
                     : addresses             ? (unsigned)PP_ENTRY_BY_ADDRESS
                     : lines || show_columns ? (unsigned)PP_ENTRY_BY_LINE
                     : files                 ? (unsigned)PP_ENTRY_FILE
                     : filefunctions         ? (unsigned)(PP_ENTRY_NAME | PP_ENTRY_FILE)
                                             : (unsigned)PP_ENTRY_NAME;
    return show_columns || addresses ? parts | PP_ENTRY_COLUMN : parts;
}

static unsigned needs(const struct pp_report_kind *k, unsigned parts)
{
    unsigned keep = k->keep | PP_HOLDS_LABELS | (all_columns ? PP_HOLDS_COLUMNS : 0u);
    if (parts & (PP_ENTRY_LINE | PP_ENTRY_FILE))
        keep |= PP_HOLDS_LINES;
    if (parts & PP_ENTRY_ADDRESS)
        keep |= PP_HOLDS_ADDRESSES;
    if (base_files.count || diff_base_files.count) /* pprof distinguishes by these */
        keep |= PP_HOLDS_LINES | PP_HOLDS_ADDRESSES;
    return keep;
}

/* Values of modules or files, and of other columns, need stacks even in tables. */
static bool needs_stacks(const struct pp_report_kind *k)
{
    return !k->no_stacks || !(parts_of(k) & PP_ENTRY_NAME) || mean || pp_common.sample_type ||
           base_files.count || diff_base_files.count || !pp_rules_empty(pp_common.rules);
}

/* The rules that pprof has as well, under its names and in its order. */
static const char **find_filters(size_t *count)
{
    static const struct {
        const char *rule, *shown;
    } filters[] = {
        {"focus", "focus"},
        {"ignore", "ignore"},
        {"hide", "hide"},
        {"show", "show"},
        {"show-from", "show_from"},
        {"tag-focus", "tagfocus"},
        {"tag-ignore", "tagignore"},
        {"tag-show", "tagshow"},
        {"tag-hide", "taghide"},
    };
    const char **list = NULL, *argument;
    size_t cap = 0;
    *count = 0;
    for (size_t f = 0; f < sizeof filters / sizeof *filters; f++)
        for (size_t n = 0; (argument = pp_rules_argument(pp_common.rules, filters[f].rule, n));
             n++) {
            char *text = NULL;
            PP_GROW(list, *count + 1, cap);
            if (asprintf(&text, "%s=%s", filters[f].shown, argument) < 0)
                pp_out_of_memory();
            list[(*count)++] = text;
        }
    return list;
}

static int check_options(const struct pp_report_kind *k)
{
    if (to && strcmp(to, "csv") == 0)
        csv = true;
    else if (to && strcmp(to, "json") == 0)
        json = true;
    else if (to && strcmp(to, "text") != 0)
        return pp_usage("--to must be text, csv or json, not '%s'", to);
    if (csv && json)
        return pp_usage("--csv and --json exclude each other");
    if (!to && k->data && !csv && !json) {
        csv = pp_output_ends(".csv");
        json = pp_output_ends(".json");
    }
    if ((csv || json) && !k->data)
        return pp_usage("'%s' is neither CSV nor JSON", k->name);
    if (trim && strcmp(trim, "false") != 0 && strcmp(trim, "true") != 0)
        return pp_usage("--trim needs true or false, not '%s'", trim);
    if (divide_by == 0)
        return pp_usage("--divide-by needs a number other than 0");
    if (base_files.count && diff_base_files.count)
        return pp_usage("--base and --diff-base exclude each other");
    return output_fits(k) ? PP_EXIT_OK : PP_EXIT_USAGE;
}

static void fill_in(struct pp_report *r, const struct pp_report_kind *k)
{
    bool all = !k->trims || no_trim || (trim && strcmp(trim, "false") == 0);
    r->parts = parts_of(k);
    r->form = csv ? PP_REPORT_CSV : json ? PP_REPORT_JSON : PP_REPORT_TEXT;
    r->unit = pp_str(unit ? unit : PP_UNIT_MINIMUM);
    r->divide_by = divide_by;
    r->mean = mean;
    r->by_cum = by_cum && !by_flat;
    r->compact = compact;
    r->drop_negative = drop_negative;
    r->all_columns = all_columns;
    r->call_tree = call_tree && k->calls;
    r->most_nodes = all ? 0 : node_count == UINT32_MAX ? k->nodes : node_count;
    r->node_fraction = all ? 0 : node_fraction;
    r->edge_fraction = all ? 0 : edge_fraction;
    r->paths.trim = pp_str(trim_path ? trim_path : "");
    r->paths.source = pp_str(source_path ? source_path : "");
    sources.ctx = &r->paths;
    r->sources = &sources;
    r->callgrind = pp_format_named("callgrind")->write;
}

/* --- the profile --------------------------------------------------------- */

/* Subtracts the base, if there is one, from `p`. */
static bool subtract(struct pp_profile **p, unsigned keep)
{
    const struct pp_list *list = diff_base_files.count ? &diff_base_files : &base_files;
    const char *why;
    if (!list->count)
        return !normalize || pp_error(&pp_messages, NULL, "--normalize needs a base");
    struct pp_profile *base = pp_load_files(list->items, keep);
    if (!base)
        return false;
    bool ok = (!normalize || pp_scale_to(*p, base, &why)) &&
              pp_subtract(p, base, diff_base_files.count, &why);
    pp_profile_free(base);
    return ok || pp_error(&pp_messages, list->items[0], "cannot be subtracted: %s", why);
}

/* Applies the rules; the total for percentages is taken before or after them. */
static bool prepare(struct pp_profile **p, struct pp_report *r, const struct pp_report_kind *k)
{
    int column = pp_chosen_column(*p);
    if (column < 0)
        return pp_error(&pp_messages, NULL, "the profile has no values");
    r->column = (unsigned)column;
    r->total = pp_report_total(*p, r->column, mean);
    struct pp_span own = pp_text(*p, (*p)->columns[column].unit);
    if (unit && !pp_unit_fits(own, r->unit)) {
        pp_warning(&pp_messages, NULL, "--unit=%s is ignored: the values are in '%.*s'", unit,
                   PP_SHOW(own));
        r->unit = pp_str(PP_UNIT_MINIMUM);
    }
    if (!pp_apply_rules(p, false))
        return false;
    if (relative)
        r->total = pp_report_total(*p, r->column, mean);
    r->p = *p;
    if (k->write == pp_write_callgrind)
        (*p)->about.default_type = (*p)->columns[r->column].type;
    return true;
}

struct work {
    const struct pp_report_kind *kind;
    struct pp_report report;
    struct pp_regex *pattern;
    bool gave_up;
};

static bool matches(void *ctx, struct pp_span name)
{
    struct work *w = ctx;
    enum pp_matched m = pp_regex_match(w->pattern, name, &pp_messages);
    w->gave_up |= m == PP_REGEX_FAILED;
    return m == PP_MATCH;
}

/* Says why a report is empty that a profile may well have nothing for. */
static void tell_nothing(const struct work *w)
{
    const struct pp_profile *p = w->report.p;
    const char *lacks = w->kind->write == pp_write_tags && p->labels.count <= 1      ? "labels"
                        : w->kind->write == pp_write_comments && !p->about.ncomments ? "comments"
                                                                                     : NULL;
    if (lacks)
        pp_report(&pp_messages, PP_NOTE, (struct pp_place){0}, "the profile has no %s", lacks);
}

static bool write_report(struct pp_out *out, void *ctx)
{
    struct work *w = ctx;
    tell_nothing(w);
    bool found = w->kind->write(&w->report, out);
    if (!found && !w->gave_up)
        pp_error(&pp_messages, NULL, "no function matches '%.*s'",
                 PP_SHOW(pp_regex_pattern(w->pattern)));
    return found && !w->gave_up;
}

static int report(struct work *w, char **inputs)
{
    unsigned keep = needs(w->kind, parts_of(w->kind));
    if (!needs_stacks(w->kind))
        pp_load_for(PP_USE_TOTALS);
    struct pp_profile *p = pp_load_files(inputs, keep);
    int rc = PP_EXIT_FAILED;
    if (p && !w->kind->parts)
        pp_warn_of_unnamed(p);
    fill_in(&w->report, w->kind);
    w->report.filters = find_filters(&w->report.nfilters);
    if (p && subtract(&p, keep) && prepare(&p, &w->report, w->kind))
        rc = pp_save_with(write_report, w, false);
    for (size_t i = 0; i < w->report.nfilters; i++)
        free((char *)(uintptr_t)w->report.filters[i]);
    free((void *)(uintptr_t)w->report.filters);
    pp_profile_free(p);
    pp_source_texts_release();
    return rc;
}

/* --- the page ------------------------------------------------------------ */

/* Names frames as in the tables, without the command at the root. */
static int save_html(char **inputs)
{
    struct pp_svg_options look = pp_svg_defaults;
    struct pp_page page = {.html = {.look = &look, .no_times = no_times},
                           .files = inputs,
                           .code = with_asm,
                           .source = with_source};
    if (csv || json || (to && strcmp(to, "text") != 0))
        return pp_usage("'html' is neither CSV nor JSON");
    if (base_files.count || diff_base_files.count)
        return pp_usage("for a page with two profiles use pp-diff --to=html");
    look.title = "Profile";
    look.palette = pp_palette_named("hot");
    look.fluid = true;
    pp_common.no_comm = true;
    struct pp_profile *p = pp_read_inputs(inputs, pp_page_needs(no_times, false), false);
    int column = p ? pp_chosen_column(p) : -1, rc = PP_EXIT_FAILED;
    page.html.column = column < 0 ? 0 : (unsigned)column;
    if (column >= 0)
        rc = pp_save_page(&p, &page);
    else if (p)
        pp_error(&pp_messages, NULL, "the profile has no values");
    pp_profile_free(p);
    return rc;
}

static int run(char **arguments)
{
    char *stdin_only[] = {(char[]){"-"}, NULL};
    struct work w = {.kind = pp_report_kind(arguments[0])};
    if (strcmp(arguments[0], "html") == 0)
        return save_html(arguments[1] ? arguments + 1 : stdin_only);
    if (with_source || with_asm || no_times)
        return pp_usage("--with-source, --with-asm and --no-times are for 'html'");
    if (w.kind)
        arguments++;
    else if (is_unknown_report(arguments[0]))
        return refuse_report(arguments[0]);
    else if (late_report(arguments))
        return pp_usage("'%s' goes before the files", late_report(arguments));
    else
        w.kind = pp_report_kind("top");
    int rc = check_options(w.kind);
    if (rc)
        return rc;
    if (w.kind->argument && !*arguments)
        return pp_usage("'%s' needs a %s", w.kind->name, w.kind->argument);
    if (w.kind->argument) {
        w.pattern = pp_regex_new(pp_str(*arguments++), &pp_messages);
        if (!w.pattern)
            return PP_EXIT_USAGE;
        if (pp_common.no_jit)
            pp_regex_interpret(w.pattern);
        w.report.matches = matches;
        w.report.ctx = &w;
    }
    rc = report(&w, *arguments ? arguments : stdin_only);
    pp_regex_free(w.pattern);
    return rc;
}

int main(int argc, char **argv)
{
    static const struct pp_tool tool = {
        .name = "pp-report",
        .args = "[OPTION]... [REPORT] [REGEX] [FILE]...",
        .summary = "Show a profile as tables, graphs and annotated source",
        .options = tables,
        .run = run,
        .words_title = "Reports",
        .words = words,
    };
    return pp_main(&tool, argc, argv);
}
