/* pp-symbolize - looks up the names of addresses, and writes the profile with them. */
#include "work/load.h"
#include "work/names.h"
#include "work/options.h"
#include "work/run.h"
#include "work/save.h"
#include "work/symbols.h"

static const char *to;

static const struct pp_opt options[] = {
    {PP_OPT_STRING, 't', "to", "FORMAT",
     "output format (default: by the suffix of --output, else the input's, else folded)", &to,
     .value_at = pp_writable_at},
    {PP_OPT_FLAG, 0, "again", NULL, "also look up frames that have a name", &pp_symbols.again},
    {0},
};
static const struct pp_opt *const tables[] = {options, pp_symbol_options, pp_naming_options,
                                              pp_common_options, NULL};

/* By default, the format of the input, if it can be written. */
static const struct pp_format *default_format(void)
{
    const struct pp_format *f = pp_loaded_format();
    return f && f->write ? f : pp_format_named("folded");
}

static int run(char **files)
{
    bool chosen = to || pp_common.output;
    const struct pp_format *f = chosen ? pp_output_format(to, "folded") : NULL;
    if (chosen && !f)
        return PP_EXIT_USAGE;
    pp_symbols.wanted = true;
    unsigned keep = PP_HOLDS_LINES | PP_HOLDS_LABELS | PP_HOLDS_COLUMNS | pp_naming_needs();
    struct pp_profile *p = pp_load_files(files, keep);
    return p ? pp_write_as(p, f ? f : default_format()) : PP_EXIT_FAILED;
}

int main(int argc, char **argv)
{
    static const struct pp_tool tool = {
        .name = "pp-symbolize",
        .args = "[OPTION]... [FILE]...",
        .summary = "Find functions, files, lines and inlined calls for the addresses of profiles",
        .options = tables,
        .run = run,
    };
    return pp_main(&tool, argc, argv);
}
