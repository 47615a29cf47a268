/* leaks.h - pp-diff --leaks: finds what grows over a series of heap dumps. */
#ifndef PP_TOOLS_DIFF_LEAKS_H
#define PP_TOOLS_DIFF_LEAKS_H

#include "diff/output.h"

/* The options of --leaks. */
struct pp_leaks_options {
    const struct pp_diff_output *output; /* one that --leaks has */
    const char *by, *horizon;
    const char *per; /* "[KEY]": the label that tells processes apart; NULL: they are one */
    bool in_order;
    unsigned limit;
};

/* Writers of the result, for pp_diff_output.leaks. */
bool pp_leaks_put_table(struct pp_out *out, void *ctx);
bool pp_leaks_put_svg(struct pp_out *out, void *ctx);
bool pp_leaks_put_html(struct pp_out *out, void *ctx);

/* Reads the files, finds what grows, and writes it. Returns an exit status. */
int pp_find_leaks(const struct pp_leaks_options *o, char **files);

#endif
