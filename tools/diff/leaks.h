/* leaks.h - pp-diff --leaks: what grows over a series of heap dumps. */
#ifndef PP_TOOLS_DIFF_LEAKS_H
#define PP_TOOLS_DIFF_LEAKS_H

#include "cli/cli.h"

/* What the options say. */
struct pp_leaks_options {
    const char *to, *by, *horizon;
    bool in_order;
    unsigned limit;
};

/* Reads the files, finds what grows, and writes it. An exit status. */
int pp_find_leaks(const struct pp_leaks_options *o, char **files);

#endif
