/* run.h - what every pp tool does before and after it runs. */
#ifndef PP_TOOLS_WORK_RUN_H
#define PP_TOOLS_WORK_RUN_H

#include "cli/cli.h"

/*
 * The main() of a tool: parses the options, answers --help, --version and --list-formats, checks
 * the options that all tools share, and runs the tool. Returns the exit status.
 */
int pp_main(const struct pp_tool *tool, int argc, char **argv);

#endif
