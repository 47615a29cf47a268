/*
 * html_data.h - a profile as the bytes that the page of --to html reads: small, and quick to turn
 * into typed arrays. The same in JavaScript is render/page/data.js.
 *
 * The first byte is the version. Then come sections, in any order:
 *
 *     id, flags (a byte each); stored length, full length; so many bytes as are stored
 *
 * Flag 1 says that the bytes are deflated (RFC 1951, without a header), each section on its own, so
 * that what only some views show is unpacked when it is first looked at. A reader passes over ids
 * that it does not know.
 *
 * Numbers are unsigned LEB128, of at most 64 bits; those marked ~ may be negative and are doubled
 * first, less one and without their sign if they are (zigzag). What a row holds is not stored row
 * by row but column by column: first this of all rows, then that. Row 0 of FRAMES, NODES and LABELS
 * is "none" and is neither stored nor counted. Types, units, names, keys and such are numbers of
 * TEXTS.
 *
 *     TEXTS     count; lengths; the bytes of all, UTF-8
 *     META      what pp-info says of the profile, a text of lines "  title      value"
 *     COLUMNS   count; type; unit; side (enum pp_side); decimals
 *     FRAMES    colours: count; red, green, blue, a byte each.
 *               count; name; mark (a letter, or 0); colour; module; file; line (0: unknown). Of
 *               frames that share a name, the last three are those of the first
 *     NODES     count; how many levels up from the node before is the parent; frame. They are in
 *               the order of a walk: each is followed by those that it called, by name
 *     LABELS    count; next; key; text; unit; number ~
 *     STACKS    count; node, less that of the stack before ~; labels. With times the most frequent
 *               come first, so that their numbers are short
 *     SAMPLES   of each column, the value of each stack ~
 *     TIMES     see html_data_times.c
 *     CHANGES   1 if noise can be estimated, else 0; count; name; sigmas of self; q; of the total;
 * q. These four, as all that is not a whole number, are doubles (IEEE 754, the lowest byte first),
 * NAN where nothing can be said SERIES    see html_data_series.c
 */
#ifndef PP_RENDER_HTML_DATA_H
#define PP_RENDER_HTML_DATA_H

#include "render/html.h"

enum { PP_HTML_DATA_VERSION = 2 };

enum pp_html_section {
    PP_HTML_TEXTS = 1,
    PP_HTML_META,
    PP_HTML_COLUMNS,
    PP_HTML_FRAMES,
    PP_HTML_NODES,
    PP_HTML_LABELS,
    PP_HTML_STACKS,
    PP_HTML_SAMPLES,
    PP_HTML_TIMES,
    PP_HTML_CHANGES,
    PP_HTML_SERIES,
    PP_HTML_SECTIONS /* one more than the last */
};

/* How long the data may be in base64 before times are told less exactly, and the least that they
 * get where the rest alone is that long. */
enum { PP_HTML_BUDGET = 6000000, PP_HTML_TIMES_BUDGET = 1500000 };

/*
 * Writes the bytes. Frames have been made one by name (transform/naming.h). What of the times does
 * not fit the budget is told to `o->diag`.
 */
void pp_put_html_data(struct pp_out *o, const struct pp_profile *p,
                      const struct pp_html_options *options);

#endif
