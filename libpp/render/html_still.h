/* html_still.h - what the page of --to html shows where scripts do not run. */
#ifndef PP_RENDER_HTML_STILL_H
#define PP_RENDER_HTML_STILL_H

#include "render/html.h"

/* A table of the functions with the most of their own in the column to show first. */
void pp_put_still_table(struct pp_out *o, const struct pp_profile *p,
                        const struct pp_html_options *options);

/*
 * A picture of the widest frames, as an <img> of an SVG: as an image it can run nothing, and its
 * style needs no leave from the page.
 */
void pp_put_still_picture(struct pp_out *o, const struct pp_profile *p,
                          const struct pp_html_options *options);

#endif
