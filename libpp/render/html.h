/*
 * html.h - a profile as one page that stands alone, made for large ones: graphs, callers and
 * callees of a function, a table, a filter, for all columns. docs/flamegraph.md describes it.
 *
 * All that comes from the profile or the options is in it as escaped text or in base64, and a
 * Content-Security-Policy lets nothing run or load but the page's own script and style.
 */
#ifndef PP_RENDER_HTML_H
#define PP_RENDER_HTML_H

#include "render/svg.h"

struct pp_html_options {
    const struct pp_svg_options *look; /* texts and colours, and how the picture is drawn that
                                          stands in for the page where scripts do not run */
    const char *count_name;            /* NULL: by the type and unit of the column */
    unsigned column;                   /* the one to show first */
    bool by_time, reverse;             /* what to show first: else the graph by name */
    const char *about;                 /* what pp-info says of the profile; NULL: nothing */
    bool clock;    /* times of samples are those of a clock, not only their order */
    bool no_times; /* leave them out */
};

/* Writes the page. Frames of `p` have been made one by name (transform/naming.h). */
void pp_html_write(const struct pp_profile *p, const struct pp_html_options *options,
                   struct pp_out *out);

#endif
