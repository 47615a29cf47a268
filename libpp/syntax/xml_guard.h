/*
 * xml_guard.h - finds what lets a small document take unlimited time or memory in libxml2, in one
 * pass over its bytes before libxml2 sees them. No flame graph contains:
 *
 *   - declarations of entities and of attributes' defaults, which expand exponentially;
 *   - an element with thousands of attributes, each of which libxml2 compares with all others;
 *   - encodings in which '<' is not the byte '<', so that this search would fail.
 */
#ifndef PP_SYNTAX_XML_GUARD_H
#define PP_SYNTAX_XML_GUARD_H

#include "base/span.h"

enum { PP_XML_ATTRIBUTES = 256 }; /* limit for an element */

/* What is refused, and its place in `*at`; NULL if the document is accepted. */
const char *pp_xml_refused(struct pp_span in, const char **at);

/*
 * The same for a document in blocks. All but the first begin with '<', so that no tag or end of a
 * comment is split. Zero-initialised.
 */
struct pp_xml_guard {
    bool begun;
    const char *until; /* the block ended in a comment or the like: its end. NULL: it did not */
};
const char *pp_xml_guard_block(struct pp_xml_guard *g, struct pp_span in, const char **at);

#endif
