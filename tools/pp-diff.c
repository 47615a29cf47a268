/* pp-diff - show what changed between two profiles. */
#include <stdlib.h>

#include "common.h"
#include "render/html.h"
#include "report/change.h"
#include "transform/compare.h"
#include "transform/only_lost.h"
#include "transform/subtract.h"

static const char *to = "table";
static struct pp_list before_files, after_files;
static bool normalize, subtract, negate, elided;
static unsigned limit;

static const struct pp_opt options[] = {
    {PP_OPT_STRING, 't', "to", "FORMAT", "table (default), folded, svg, html or pprof", &to},
    {PP_OPT_FILES, 0, "before", "FILE...", "files to add up to BEFORE", &before_files},
    {PP_OPT_FILES, 0, "after", "FILE...", "files to add up to AFTER", &after_files},
    {PP_OPT_FLAG, 0, "normalize", NULL, "scale BEFORE to the total of AFTER", &normalize},
    {PP_OPT_FLAG, 0, "subtract", NULL,
     "pprof output without marking what was before: equal stacks cancel", &subtract},
    {PP_OPT_FLAG, 0, "negate", NULL, "svg and html output as wide as BEFORE, not AFTER", &negate},
    {PP_OPT_FLAG, 0, "elided", NULL, "svg output of what vanished: in BEFORE, and not in AFTER",
     &elided},
    {PP_OPT_UINT, 'n', "rows", "N", "the most rows of the table to show (default: all)", &limit},
    {0},
};
static const struct pp_opt *const tables[] = {options, pp_naming_options, pp_common_options, NULL};

/* --- the two sides ------------------------------------------------------- */

/* Takes BEFORE and AFTER from the files that no option took. */
static bool share_out(char **files)
{
    bool named = before_files.count || after_files.count;
    size_t n = 0;
    while (files[n])
        n++;
    if (named)
        return before_files.count && after_files.count;
    if (n != 2)
        return false;
    before_files = (struct pp_list){&files[0], 1, 0};
    after_files = (struct pp_list){&files[1], 1, 0};
    return true;
}

static struct pp_profile *read_side(const struct pp_list *files, unsigned keep, bool raw)
{
    char *alone[] = {files->items[0], NULL};
    return pp_read_inputs(files->count == 1 ? alone : files->items, keep, raw);
}

static int column_like(const struct pp_profile *p, const struct pp_profile *other, int column)
{
    struct pp_span type = pp_text(other, other->columns[column].type);
    for (unsigned c = 0; c < p->ncolumns; c++)
        if (pp_same(pp_text(p, p->columns[c].type), type))
            return (int)c;
    return -1;
}

/*
 * The columns to compare: what is chosen in AFTER, and that of the same type in BEFORE; or the
 * other way round. Where they have no type in common, what each shows by itself, with a warning.
 */
static bool match(const struct pp_profile *before, const struct pp_profile *after, int *b, int *a)
{
    *b = pp_chosen_column(before);
    *a = pp_chosen_column(after);
    if (*a < 0 || *b < 0)
        return false;
    int like_after = column_like(before, after, *a), like_before = column_like(after, before, *b);
    if (like_after >= 0)
        *b = like_after;
    else if (like_before >= 0)
        *a = like_before;
    struct pp_span unit_b = pp_text(before, before->columns[*b].unit);
    struct pp_span unit_a = pp_text(after, after->columns[*a].unit);
    if (!pp_same(unit_a, unit_b))
        return pp_error(&pp_messages, NULL,
                        "BEFORE is in '%.*s' and AFTER in '%.*s'; see "
                        "--sample-type",
                        PP_SHOW(unit_b), PP_SHOW(unit_a));
    if (like_after < 0 && like_before < 0) {
        struct pp_span type_b = pp_text(before, before->columns[*b].type);
        struct pp_span type_a = pp_text(after, after->columns[*a].type);
        pp_warning(&pp_messages, NULL, "comparing '%.*s' with '%.*s'", PP_SHOW(type_b),
                   PP_SHOW(type_a));
    }
    return true;
}

/* Leaves each side one column, by the name that AFTER's has, of frames by name. */
static bool prepare(struct pp_profile **before, struct pp_profile **after)
{
    int b, a;
    if (!match(*before, *after, &b, &a))
        return false;
    struct pp_span type = pp_text(*after, (*after)->columns[a].type);
    (*before)->columns[b].type = pp_string(*before, type);
    pp_keep_column(*before, (unsigned)b);
    pp_keep_column(*after, (unsigned)a);
    pp_common.sample_type = NULL;
    if (!pp_show_names(before, 0) || !pp_show_names(after, 0))
        return false;
    pp_only_stacks(*before);
    pp_only_stacks(*after);
    return !normalize || pp_normalize(*before, 0, *after, 0) ||
           pp_error(&pp_messages, NULL, "BEFORE cannot be scaled: the sum exceeds 64 bits");
}

/* --- outputs ------------------------------------------------------------- */

static bool write_table(struct pp_out *out, void *ctx)
{
    return pp_write_changes(ctx, 0, limit, out);
}

static bool write_svg(struct pp_out *out, void *ctx)
{
    struct pp_layout l;
    struct pp_svg_options look = pp_svg_defaults;
    struct pp_layout_options layout = {.widths = negate || elided ? PP_BEFORE : PP_AFTER,
                                       .least = 0.1,
                                       .pixels = look.width - 2.0 * PP_SVG_PAD,
                                       .most = 10001};
    look.title = elided ? "What Vanished" : "Differential Flame Graph";
    look.palette = pp_palette_named(elided ? "blue" : "hot");
    look.fluid = true;
    pp_layout_make(&l, ctx, &layout);
    pp_svg_write(ctx, &l, &look, out);
    pp_layout_release(&l);
    return !out->failed;
}

/* Leaves what vanished, as a profile of its own: of the one column that has it. */
static void keep_lost(struct pp_profile *both)
{
    unsigned before = both->columns[0].side == PP_BEFORE ? 0 : 1;
    pp_only_lost(both, 1 - before);
    both->columns[before].side = PP_ONLY;
    pp_keep_column(both, before);
}

static int save_svg(struct pp_profile *both)
{
    if (elided && both->ncolumns == 2)
        keep_lost(both);
    return pp_save_with(write_svg, both, false);
}

/* A page with both sides, which has all the views of pp-flamegraph --to html. */
static bool write_html(struct pp_out *out, void *ctx)
{
    const struct pp_profile *both = ctx;
    struct pp_svg_options look = pp_svg_defaults;
    struct pp_html_options page = {.look = &look};
    enum pp_side first = negate ? PP_BEFORE : PP_AFTER;
    look.title = "Differential Flame Graph";
    while (page.column + 1 < both->ncolumns && both->columns[page.column].side != first)
        page.column++;
    pp_html_write(both, &page, out);
    return !out->failed;
}

static int compare(struct pp_profile **before, struct pp_profile **after)
{
    const char *why;
    if (!prepare(before, after))
        return PP_EXIT_FAILED;
    struct pp_profile *both = pp_compare(*before, *after, &why);
    if (!both) {
        pp_error(&pp_messages, NULL, "cannot be compared: %s", why);
        return PP_EXIT_FAILED;
    }
    int rc;
    if (strcmp(to, "table") == 0)
        rc = pp_save_with(write_table, both, false);
    else if (strcmp(to, "svg") == 0)
        rc = save_svg(both);
    else if (strcmp(to, "html") == 0)
        rc = pp_save_with(write_html, both, false);
    else
        rc = pp_save(both, pp_format_named("folded"));
    pp_profile_free(both);
    return rc;
}

static int subtract_to_pprof(struct pp_profile *before, struct pp_profile *after)
{
    const char *why = NULL;
    for (unsigned b = 0; normalize && b < before->ncolumns; b++) {
        int a = column_like(after, before, (int)b);
        if (a >= 0 && !pp_normalize(before, b, after, (unsigned)a))
            why = "the scaled sum exceeds 64 bits";
    }
    if (!why)
        pp_subtract(after, before, !subtract, &why);
    if (!why)
        return pp_save(after, pp_format_named("pprof"));
    pp_error(&pp_messages, NULL, "cannot be compared: %s", why);
    return PP_EXIT_FAILED;
}

static bool is_output(const char *name)
{
    static const char *const outputs[] = {"table", "folded", "svg", "html", "pprof"};
    for (size_t i = 0; i < sizeof outputs / sizeof *outputs; i++)
        if (strcmp(name, outputs[i]) == 0)
            return true;
    return false;
}

static int run(char **files)
{
    bool pprof = strcmp(to, "pprof") == 0;
    if (!is_output(to))
        return pp_usage("cannot write '%s': there are table, folded, svg, html and pprof", to);
    if (!share_out(files))
        return pp_usage("expected two profiles, BEFORE and AFTER");
    unsigned keep = pprof ? pp_format_named("pprof")->holds : pp_naming_needs();
    int rc = PP_EXIT_FAILED;
    struct pp_profile *before = read_side(&before_files, keep, pprof), *after = NULL;
    if (before)
        after = read_side(&after_files, keep, pprof);
    if (before && after)
        rc = pprof ? subtract_to_pprof(before, after) : compare(&before, &after);
    pp_profile_free(before);
    pp_profile_free(after);
    return rc;
}

int main(int argc, char **argv)
{
    static const struct pp_tool tool = {
        .name = "pp-diff",
        .args = "[OPTION]... BEFORE AFTER",
        .summary = "Show what changed between two profiles, of any formats",
        .options = tables,
        .run = run,
    };
    return pp_main(&tool, argc, argv);
}
