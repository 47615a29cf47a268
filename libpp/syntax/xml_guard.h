/*
 * xml_guard.h - what a small document could make libxml2 spend an age or all memory on, found by
 * one look at its bytes before libxml2 sees them. No flame graph has any of it:
 *
 *   - declarations of entities and of attributes' defaults, which multiply;
 *   - an element with thousands of attributes, each of which libxml2 compares with all others;
 *   - encodings in which '<' is not the byte '<', where one could not look for these.
 */
#ifndef PP_PARSE_XML_GUARD_H
#define PP_PARSE_XML_GUARD_H

#include "base/span.h"

enum { PP_XML_ATTRIBUTES = 256 }; /* the most that an element may have */

/* What is refused, and in `*at` where it is; NULL if there is nothing. */
const char *pp_xml_refused(struct pp_span in, const char **at);

#endif
