/* json_escape.h - the escapes in JSON's strings, for both readers of JSON. */
#ifndef PP_SYNTAX_JSON_ESCAPE_H
#define PP_SYNTAX_JSON_ESCAPE_H

#include "base/span.h"

/*
 * Decodes all of `*raw`, which is what stands between the quotation marks, to `to`, which may be
 * the same place: no escape is shorter than what it stands for. Half a surrogate pair becomes
 * U+FFFD. Returns the end of what was put; NULL, with raw->p at the escape, if JSON has no such.
 */
char *pp_json_unescape(struct pp_span *raw, char *to);

#endif
