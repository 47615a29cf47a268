/*
 * xml.h - reads XML in one pass, in a few kilobytes of memory, with libxml2's reader; the only file
 * that includes it. Nothing is loaded: no network, no DTD. Documents that could cost far more than
 * their size are refused (xml_guard.h); libxml2's limits apply (256 levels, 10 MB of text in one
 * piece).
 */
#ifndef PP_SYNTAX_XML_H
#define PP_SYNTAX_XML_H

#include "base/span.h"

struct pp_xml;

/* A reader of `in`, which must outlive it. */
struct pp_xml *pp_xml_new(struct pp_span in);
void pp_xml_free(struct pp_xml *x); /* takes NULL */

/*
 * Moves to the next event. An element <a/> is opened and closed, too. PP_XML_FAILED, permanently,
 * if the document is not well-formed: pp_xml_error() says why.
 */
enum pp_xml_event { PP_XML_END, PP_XML_OPEN, PP_XML_CLOSE, PP_XML_TEXT, PP_XML_FAILED };
enum pp_xml_event pp_xml_next(struct pp_xml *x);

/*
 * The name of the element that was opened or closed, without its prefix. Valid until the next
 * event.
 */
struct pp_span pp_xml_name(const struct pp_xml *x);

/* The text, with &lt; and the like decoded. Valid until the next event. */
struct pp_span pp_xml_text(const struct pp_xml *x);

/*
 * The next attribute of the element that was just opened; false if there are no more. Its name has
 * no prefix; `prefixed` says whether there was one. The value is valid until the next call.
 */
struct pp_xml_attribute {
    struct pp_span name, value;
    bool prefixed;
};
bool pp_xml_attribute(struct pp_xml *x, struct pp_xml_attribute *out);

/* The approximate place of the reader in the input: a byte of it, or its end. */
const char *pp_xml_at(const struct pp_xml *x);

/* The error in libxml2's words, without a newline. */
const char *pp_xml_error(const struct pp_xml *x);

/* --- in blocks ----------------------------------------------------------- */

/*
 * A reader of a document that comes in blocks: memory does not depend on its length. All blocks but
 * the first begin with '<' (pp_split_tags() in formats/format.h). At most 256 elements are nested.
 */
struct pp_xml_stream;

/*
 * Called for PP_XML_OPEN, PP_XML_CLOSE and PP_XML_TEXT. Text may come in several parts. If it
 * returns false, reading stops and fails without an error.
 */
typedef bool pp_xml_take(void *ctx, enum pp_xml_event event);

struct pp_xml_stream *pp_xml_stream_new(pp_xml_take *take, void *ctx);
void pp_xml_stream_free(struct pp_xml_stream *x); /* takes NULL */

/* Reads the next block, or the last one. False after failing. */
bool pp_xml_stream_read(struct pp_xml_stream *x, struct pp_span in, bool last);

/* Within `take`, as above. */
struct pp_span pp_xml_stream_name(const struct pp_xml_stream *x);
struct pp_span pp_xml_stream_text(const struct pp_xml_stream *x);
bool pp_xml_stream_attribute(struct pp_xml_stream *x, struct pp_xml_attribute *out);

/* The approximate place in the current block: a byte of it, or its end. */
const char *pp_xml_stream_at(const struct pp_xml_stream *x);

/* Why it failed; empty if `take` did. */
const char *pp_xml_stream_error(const struct pp_xml_stream *x);

#endif
