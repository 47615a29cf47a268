/* xml_text.h - text of any bytes, made safe to stand in XML: as content or as an attribute. */
#ifndef PP_RENDER_XML_TEXT_H
#define PP_RENDER_XML_TEXT_H

#include "base/out.h"

/*
 * Writes `text` with everything that means something in XML escaped, in content and between
 * double quotes alike. Bytes that are no UTF-8, and characters that XML forbids (control
 * characters, surrogates, U+FFFE and U+FFFF), become U+FFFD, so the result is always valid.
 */
void pp_put_xml(struct pp_out *o, struct pp_span text);

/* The same for a comment, in which nothing can be escaped: each "--" becomes "- -". */
void pp_put_xml_comment(struct pp_out *o, struct pp_span text);

/*
 * Moves the next character of `*text`, which is not empty, into `*c`; false, with one byte moved,
 * if no character that XML allows begins there.
 */
bool pp_next_char(struct pp_span *text, uint32_t *c);

/*
 * The beginning of `text` that is at most `limit` characters long; all of it if it fits.
 * A byte that is not UTF-8 counts as one, as it is drawn as one.
 */
struct pp_span pp_first_chars(struct pp_span text, size_t limit);

/* The same of its end. */
struct pp_span pp_last_chars(struct pp_span text, size_t limit);

#endif
