/* docs.h - what is printed from a tool's table of options: help, man page, completions. */
#ifndef PP_TOOLS_CLI_DOCS_H
#define PP_TOOLS_CLI_DOCS_H

#include "cli/cli.h"

void pp_print_help(const struct pp_tool *tool);

/*
 * `form` is "bash", "zsh" or "fish", or for the man page "scdoc" (its options) or "scdoc-words".
 * False for any other.
 */
bool pp_print_docs(const struct pp_tool *tool, const char *form);

#endif
