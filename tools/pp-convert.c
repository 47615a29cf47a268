/* pp-convert - reads profiles of any format and writes another. */
#include "transform/only_leaves.h"
#include "work/load.h"
#include "work/names.h"
#include "work/options.h"
#include "work/run.h"
#include "work/save.h"
#include "work/store.h"
#include "work/symbols.h"

static const char *to;
static bool times, no_calls, append;

static const struct pp_opt options[] = {
    {PP_OPT_STRING, 't', "to", "FORMAT",
     "output format (default: by the suffix of --output, else folded)", &to,
     .value_at = pp_writable_at},
    {PP_OPT_FLAG, 0, "times", NULL, "keep the time and CPU of each sample", &times},
    {PP_OPT_FLAG, 0, "append", NULL,
     "sqlite output: add each file as another profile to those that --output has", &append},
    {PP_OPT_FLAG, 0, "no-calls", NULL,
     "llvm-sample output: omit calls, and use only the leaves of stacks", &no_calls},
    {PP_OPT_FLAG, 0, "again", NULL,
     "also look up frames that have a name; implies --symbolize, implied by llvm-sample output",
     &pp_symbols.again},
    {0},
};
static const struct pp_opt *const tables[] = {options, pp_naming_options, pp_symbol_options,
                                              pp_common_options, NULL};

/* Writes the leaves that the rules have kept; frees the profile. */
static int write_leaves(struct pp_profile *p, const struct pp_format *f)
{
    p = pp_with_rules(p, true);
    if (p)
        pp_only_leaves(p);
    int rc = p ? pp_save(p, f) : PP_EXIT_FAILED;
    pp_profile_free(p);
    return rc;
}

static int run(char **files)
{
    const struct pp_format *f = pp_output_format(to, "folded");
    if (!f)
        return PP_EXIT_USAGE;
    bool for_compilers = f->holds & PP_HOLDS_LINKAGE;
    if (no_calls && !for_compilers)
        return pp_usage("--no-calls is for --to=llvm-sample");
    if (for_compilers)
        pp_symbols.again = true;
    unsigned keep = f->holds & ~(unsigned)(PP_HOLDS_TIME | PP_HOLDS_CPU);
    if (times || f == pp_format_named("perf-script")) /* this format lists samples one by one */
        keep |= PP_HOLDS_TIME | PP_HOLDS_CPU;
    if (append && f != pp_format_named("sqlite"))
        return pp_usage("--append is for --to=sqlite");
    if (f == pp_format_named("sqlite"))
        return pp_store_files(files, keep | pp_naming_needs(), append);
    struct pp_profile *p = pp_load_files(files, keep | pp_naming_needs());
    if (!p)
        return PP_EXIT_FAILED;
    return no_calls ? write_leaves(p, f) : pp_write_as(p, f);
}

int main(int argc, char **argv)
{
    static const struct pp_tool tool = {
        .name = "pp-convert",
        .args = "[OPTION]... [FILE]...",
        .summary = "Convert profiles from any format to another, merging them if there are several",
        .options = tables,
        .run = run,
    };
    return pp_main(&tool, argc, argv);
}
