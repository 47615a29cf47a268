/* page.h - writes a profile as a page of HTML, for all tools that do. */
#ifndef PP_TOOLS_WORK_PAGE_H
#define PP_TOOLS_WORK_PAGE_H

#include "cli/cli.h"
#include "render/html.h"

struct pp_page {
    struct pp_html_options html; /* options; those that depend on the profile are filled in */
    char **files;                /* from which the profile was read; NULL-terminated */
    unsigned marks;              /* see pp_name_frames() */
    void (*finish)(struct pp_profile *p); /* called when frames are named; may be NULL */
    bool code;                            /* with machine code */
    const char *source; /* NULL: without source; else folders to look for it in, separated by ":",
                           or "" for the working directory */
};

/*
 * The parts of a profile that a page needs (enum pp_holds). Times must be of a clock unless `order`
 * is set.
 */
unsigned pp_page_needs(bool no_times, bool order);

/* Joins the frames of `*p` by name, and writes the page to --output. Returns an exit status. */
int pp_save_page(struct pp_profile **p, const struct pp_page *page);

/* Takes --with-source[=DIRS]: sets the string at o->value, which is NULL without the option. */
int pp_take_source(const struct pp_opt *o, const char *text);

#endif
