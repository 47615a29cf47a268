/*
 * html_data.h - a profile as the bytes that the page of --to html reads: small, and quick to turn
 * into typed arrays.
 *
 * Numbers are unsigned LEB128, of at most 64 bits; those marked ~ may be negative and are doubled
 * first, less one and without their sign if they are (zigzag). What a row holds is not stored row
 * by row but column by column: first this of all rows, then that. Row 0 of a table is "none" and
 * is neither stored nor counted, but for texts and samples.
 *
 *     1                   the version
 *     TEXTS               count; lengths; the bytes of all, UTF-8
 *     COLUMNS             count; type; unit; side (enum pp_side); decimals
 *     FRAMES              count; name; mark (a letter, or 0); the colour (0xrrggbb)
 *     NODES               count; how much smaller the parent's number is; frame
 *     LABELS              count; next; key; text; unit; number ~
 *     SAMPLES             count; 1 if they are in the order of time, else 0; node, less that of
 *                         the sample before ~; labels; then the values ~ of each column
 *
 * Types, units, names, keys and texts are numbers of texts. The same in JavaScript is
 * render/page/data.js.
 */
#ifndef PP_RENDER_HTML_DATA_H
#define PP_RENDER_HTML_DATA_H

#include "base/out.h"
#include "model/profile.h"
#include "render/svg.h"

enum { PP_HTML_DATA_VERSION = 1 };

/*
 * Writes the bytes, with the colours that frames have in `look`. Frames have been made one by name
 * (transform/naming.h).
 */
void pp_put_html_data(struct pp_out *o, const struct pp_profile *p,
                      const struct pp_svg_options *look);

#endif
