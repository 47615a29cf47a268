/* page.h - from a profile to a page of HTML: what all tools that write one do. */
#ifndef PP_TOOLS_WORK_PAGE_H
#define PP_TOOLS_WORK_PAGE_H

#include "cli/cli.h"
#include "render/html.h"

struct pp_page {
    struct pp_html_options html;          /* what it shows of the profile is filled in */
    char **files;                         /* that the profile was read from; NULL-terminated */
    unsigned marks;                       /* see pp_name_frames() */
    void (*finish)(struct pp_profile *p); /* called when frames are named; may be NULL */
    bool code;                            /* with machine code */
    const char *source; /* NULL: without source; else folders to look for it in, separated by ":",
                           or "" for the working directory */
};

/* What to read for a page (enum pp_holds): of times those of a clock, or with `order` any, or none.
 */
unsigned pp_page_needs(bool no_times, bool order);

/* Makes frames of `*p` one by name, and writes the page to --output. An exit status. */
int pp_save_page(struct pp_profile **p, const struct pp_page *page);

/* Takes --with-source[=DIRS]: sets what o->value points to, which is NULL if it is not given. */
int pp_take_source(const struct pp_opt *o, const char *text);

#endif
