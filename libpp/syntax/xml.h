/*
 * xml.h - XML in one pass, with a few kilobytes of memory: libxml2's reader, and the one place
 * that includes it. Nothing is loaded from anywhere: no network, no DTD. Documents that could cost
 * far more than their size are refused (xml_guard.h); libxml2's limits hold (256 levels, 10 MB of
 * text in one piece).
 */
#ifndef PP_PARSE_XML_H
#define PP_PARSE_XML_H

#include "base/span.h"

struct pp_xml;

/* A reader of `in`, which must outlive it. */
struct pp_xml *pp_xml_new(struct pp_span in);
void pp_xml_free(struct pp_xml *x); /* takes NULL */

/*
 * What comes next. An element <a/> is opened and closed too. PP_XML_FAILED, for good, where the
 * document isn't well-formed: pp_xml_error() says why.
 */
enum pp_xml_event { PP_XML_END, PP_XML_OPEN, PP_XML_CLOSE, PP_XML_TEXT, PP_XML_FAILED };
enum pp_xml_event pp_xml_next(struct pp_xml *x);

/* The name of the element that was opened or closed, without its prefix. Lives until the next. */
struct pp_span pp_xml_name(const struct pp_xml *x);

/* The text, with &lt; and the like as what they stand for. Lives until the next. */
struct pp_span pp_xml_text(const struct pp_xml *x);

/*
 * The next attribute of the element that was just opened; false if there is none left. Without
 * its prefix, `prefixed` telling if it had one. The value lives until the next.
 */
struct pp_xml_attribute {
    struct pp_span name, value;
    bool prefixed;
};
bool pp_xml_attribute(struct pp_xml *x, struct pp_xml_attribute *out);

/* About where in the input the reader is: a byte of it, or its end. */
const char *pp_xml_at(const struct pp_xml *x);

/* Why it failed, in libxml2's words, without a newline. */
const char *pp_xml_error(const struct pp_xml *x);

#endif
