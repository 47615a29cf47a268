/* json_escape.h - escapes in JSON's strings, for both JSON parsers. */
#ifndef PP_SYNTAX_JSON_ESCAPE_H
#define PP_SYNTAX_JSON_ESCAPE_H

#include "base/span.h"

/*
 * Decodes `*raw`, the text between the quotation marks, to `to`, which may be the same memory: no
 * escape is shorter than its meaning. Half a surrogate pair becomes U+FFFD. Returns the end of the
 * output; NULL, with raw->p at the escape, if that is invalid.
 */
char *pp_json_unescape(struct pp_span *raw, char *to);

#endif
