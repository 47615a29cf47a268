/* pp-info - describes profiles and their contents. */
#include "report/info.h"
#include "transform/rules.h"
#include "work/files.h"
#include "work/load.h"
#include "work/options.h"
#include "work/run.h"
#include "work/save.h"
#include "work/symbols.h"

static bool json;

static const struct pp_opt options[] = {
    {PP_OPT_FLAG, 0, "json", NULL, "write JSON: a list with one object per file", &json},
    {0},
};
static const struct pp_opt *const tables[] = {options, pp_symbol_options, pp_common_options, NULL};

enum {
    ALL = PP_HOLDS_COLUMNS | PP_HOLDS_LINES | PP_HOLDS_ADDRESSES | PP_HOLDS_LABELS | PP_HOLDS_TIME,
};

struct work {
    char **files;
    bool failed, begun;
};

static struct pp_profile *load(char *file)
{
    char *alone[] = {file, NULL};
    if (pp_rules_empty(pp_common.rules))
        pp_load_for(PP_USE_OWN);
    struct pp_profile *p = pp_load_files(alone, ALL);
    if (p && !pp_rules_empty(pp_common.rules) && !pp_apply_rules(&p, true)) {
        pp_profile_free(p);
        p = NULL;
    }
    return p;
}

static void write_one(struct work *w, char *file, struct pp_out *out)
{
    struct pp_profile *p = load(file);
    if (!p) {
        w->failed = true;
        return;
    }
    const struct pp_format *f = pp_loaded_format();
    struct pp_origin from = {strcmp(file, "-") == 0 ? "<stdin>" : file, f->name, f->title,
                             f->holds & PP_HOLDS_TIME, pp_symbols_are_looked_up()};
    int column = pp_column_select(p, pp_common.sample_type);
    unsigned shown = column < 0 ? 0 : (unsigned)column;
    if (json) {
        pp_puts(out, w->begun ? ",\n" : "\n");
        pp_write_info_json(p, &from, shown, out);
    } else {
        pp_puts(out, w->begun ? "\n" : "");
        pp_write_info(p, &from, shown, out);
    }
    w->begun = true;
    pp_profile_free(p);
}

/* Describes every file that can be read, even if others cannot. */
static bool write_all(struct pp_out *out, void *ctx)
{
    struct work *w = ctx;
    pp_puts(out, json ? "[" : "");
    for (char **file = w->files; *file; file++)
        write_one(w, *file, out);
    pp_puts(out, json ? "\n]\n" : "");
    return true;
}

static int run(char **files)
{
    struct pp_list found = {0};
    json = json || pp_output_ends(".json");
    if (!json && !pp_suffix_fits("pp-info writes .txt and .json"))
        return PP_EXIT_USAGE;
    bool ok = pp_expand_directories(files, &found);
    struct work w = {.files = found.count ? found.items : files, .failed = !ok};
    int rc = ok ? pp_save_with(write_all, &w, false) : PP_EXIT_FAILED;
    pp_free_paths(&found);
    return w.failed ? PP_EXIT_FAILED : rc;
}

int main(int argc, char **argv)
{
    static const struct pp_tool tool = {
        .name = "pp-info",
        .args = "[OPTION]... [FILE]...",
        .summary = "Describe profiles and their contents",
        .options = tables,
        .run = run,
    };
    return pp_main(&tool, argc, argv);
}
