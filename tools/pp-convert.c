/* pp-convert - read profiles of any format, write one of another. */
#include "work/load.h"
#include "work/names.h"
#include "work/options.h"
#include "work/run.h"
#include "work/save.h"
#include "work/symbols.h"

static const char *to;
static bool times;

static const struct pp_opt options[] = {
    {PP_OPT_STRING, 't', "to", "FORMAT",
     "write FORMAT (default: by the suffix of --output, else folded)", &to},
    {PP_OPT_FLAG, 0, "times", NULL, "keep the time and the cpu of each sample", &times},
    {0},
};
static const struct pp_opt *const tables[] = {options, pp_naming_options, pp_symbol_options,
                                              pp_common_options, NULL};

static int run(char **files)
{
    const struct pp_format *f = pp_output_format(to, "folded");
    if (!f)
        return PP_EXIT_USAGE;
    unsigned keep = f->holds & ~(unsigned)(PP_HOLDS_TIME | PP_HOLDS_CPU);
    if (times)
        keep |= PP_HOLDS_TIME | PP_HOLDS_CPU;
    struct pp_profile *p = pp_load_files(files, keep | pp_naming_needs());
    return p ? pp_write_as(p, f) : PP_EXIT_FAILED;
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
