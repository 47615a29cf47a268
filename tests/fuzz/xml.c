/*
 * Any bytes at all as XML. Beside not crashing: elements end in the order in which they began,
 * there are fewer of them, and of attributes, than bytes, and what fails says why.
 */
#include "syntax/xml.h"
#include "fuzz.h"
#include "syntax/xml_guard.h"

static size_t count_attributes(struct pp_xml *x)
{
    struct pp_xml_attribute a;
    size_t n = 0;
    while (pp_xml_attribute(x, &a))
        n++;
    return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct pp_span in = {(const char *)data, (const char *)data + size};
    struct pp_xml *x = pp_xml_new(in);
    size_t depth = 0, all = 0;
    enum pp_xml_event e;
    while ((e = pp_xml_next(x)) != PP_XML_END && e != PP_XML_FAILED) {
        demand(e != PP_XML_CLOSE || depth > 0, "no more end than begin", in);
        depth += e == PP_XML_OPEN ? 1 : 0;
        depth -= e == PP_XML_CLOSE ? 1 : 0;
        size_t attributes = e == PP_XML_OPEN ? count_attributes(x) : 0;
        demand(attributes <= PP_XML_ATTRIBUTES, "an element has few attributes", in);
        demand(e == PP_XML_TEXT || !pp_empty(pp_xml_name(x)), "elements have names", in);
        all += 1 + attributes;
        demand(all <= 2 * size, "nothing multiplies", in);
        demand(pp_xml_at(x) >= in.p && pp_xml_at(x) <= in.end, "places are in the input", in);
    }
    demand(e == PP_XML_FAILED || depth == 0, "all that began has ended", in);
    demand(e == PP_XML_END || *pp_xml_error(x), "what fails says why", in);
    pp_xml_free(x);
    return 0;
}
