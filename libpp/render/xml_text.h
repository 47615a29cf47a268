/* xml_text.h - makes text of any bytes safe for XML: as content or in an attribute. */
#ifndef PP_RENDER_XML_TEXT_H
#define PP_RENDER_XML_TEXT_H

#include "base/out.h"

/*
 * Writes `text` escaped for content and for double quotes. Bytes that are not UTF-8, and characters
 * that XML forbids (control characters, surrogates, U+FFFE and U+FFFF), become U+FFFD, so the
 * result is always valid.
 */
void pp_put_xml(struct pp_out *o, struct pp_span text);

/* The same for a comment, which has no escapes: each "--" becomes "- -". */
void pp_put_xml_comment(struct pp_out *o, struct pp_span text);

/*
 * Moves the next character of `*text`, which is not empty, into `*c`; false, past one byte, if no
 * character that XML allows begins there.
 */
bool pp_next_char(struct pp_span *text, uint32_t *c);

/*
 * The first `limit` characters of `text`, or all of it if it is shorter. A byte that is not UTF-8
 * counts as one, as it is drawn as one.
 */
struct pp_span pp_first_chars(struct pp_span text, size_t limit);

/* The last ones. */
struct pp_span pp_last_chars(struct pp_span text, size_t limit);

#endif
