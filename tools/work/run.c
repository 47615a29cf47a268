#include "work/run.h"

#include "transform/rules.h"
#include "work/options.h"
#include "work/symbols.h"

static const struct pp_tool *tool;

static void begin(void)
{
    pp_common.rules = pp_rules_new();
}

static int check_and_run(char **files)
{
    if (pp_common.list_formats)
        return pp_list_formats();
    if (pp_common.output && !*pp_common.output)
        return pp_usage("--output needs the name of a file");
    int rc = pp_check_from();
    rc = rc ? rc : pp_check_symbols();
    if (pp_common.no_jit)
        pp_rules_interpret(pp_common.rules);
    return rc ? rc : tool->run(files);
}

int pp_main(const struct pp_tool *t, int argc, char **argv)
{
    struct pp_tool checked = *t;
    tool = t;
    checked.begin = begin;
    checked.run = check_and_run;
    int rc = pp_cli_main(&checked, argc, argv);
    pp_rules_free(pp_common.rules);
    return rc;
}
