/*
 * html_data.h - writes a profile as the bytes that the page of --to html reads: small, and fast to
 * convert to typed arrays. Its reader in JavaScript is render/page/data.js.
 *
 * The first byte is the version. Then come sections, in any order:
 *
 *     id, flags (a byte each); stored length, full length; the stored bytes
 *
 * Flag 1: the bytes are deflated (RFC 1951, without a header), each section by itself, so that a
 * section that only some views need is decompressed when it is first used. A reader skips unknown
 * ids.
 *
 * Numbers are unsigned LEB128, of at most 64 bits; those marked ~ may be negative, and are
 * zigzag-encoded. Tables are stored column by column, not row by row. Row 0 of FRAMES, NODES and
 * LABELS is "none" and is neither stored nor counted. Types, units, names, keys and the like are
 * indices of TEXTS.
 *
 *     TEXTS     count; lengths; the bytes of all, UTF-8
 *     META      what pp-info says of the profile, a text of lines "  title      value"
 *     COLUMNS   count; type; unit; side (enum pp_side); decimals
 *     FRAMES    colours: count; red, green, blue, a byte each.
 *               count; name; mark (a letter, or 0); colour; module; file; line (0: unknown). Functions
 *               of one name in several modules are a frame each; file and line are those of the
 *               first place that was seen
 *     NODES     count; how many levels up from the node before is the parent; frame. They are in
 *               the order of a walk: each is followed by those that it called, by name
 *     LABELS    count; next; key; text; unit; number ~
 *     STACKS    count; node, less that of the stack before ~; labels. What differs in its place
 *               alone (PLACES) is several. With times the most frequent come first, so that
 *               their numbers are short
 *     SAMPLES   of each column, the value of each stack ~
 *     TIMES     see html_data_times.c
 *     CHANGES   1 if noise can be estimated, else 0; count; name; then of self the sigmas and q, of
 *               the total the sigmas and q: doubles, NAN where nothing can be said
 *     SERIES    see html_data_series.c
 *     PLACES    see html_data_places.c
 *     SOURCE    see html_data_places.c
 *     CODE      see html_data_code.c
 *
 * Doubles are those of IEEE 754, the lowest byte first.
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
    PP_HTML_PLACES,
    PP_HTML_SOURCE,
    PP_HTML_CODE,
    PP_HTML_SECTIONS /* one more than the last */
};

/* How many bytes of source a page has at most, and the share of all that a function must have. */
enum { PP_HTML_MOST_SOURCE = 512 << 10, PP_HTML_LEAST_PER_MILLE = 1 };

/*
 * The length of the data in base64 from which times become less exact, and the minimum that they
 * get if the rest alone is that long.
 */
enum { PP_HTML_BUDGET = 6000000, PP_HTML_TIMES_BUDGET = 1500000 };

/*
 * Writes the bytes. Frames were joined by name (transform/naming.h). Reports to `o->diag` how far
 * times were reduced to fit the budget.
 */
void pp_put_html_data(struct pp_out *o, const struct pp_profile *p,
                      const struct pp_html_options *options);

#endif
