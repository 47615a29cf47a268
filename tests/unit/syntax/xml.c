/* XML in blocks: the same events wherever it is cut, and nothing is let through at a cut. */
#include "syntax/xml.h"

#include "base/out.h"
#include "check.h"

struct seen {
    struct pp_xml_stream *x;
    struct pp_out out;
    bool text; /* the last event was text, and more of it may follow */
};

static bool take(void *ctx, enum pp_xml_event event)
{
    struct seen *s = ctx;
    struct pp_xml_attribute a;
    if (event == PP_XML_TEXT) {
        pp_puts(&s->out, s->text ? "" : "'");
        pp_put(&s->out, pp_xml_stream_text(s->x));
        s->text = true;
        return true;
    }
    pp_puts(&s->out, event == PP_XML_OPEN ? "<" : ">");
    s->text = false;
    pp_put(&s->out, pp_xml_stream_name(s->x));
    while (event == PP_XML_OPEN && pp_xml_stream_attribute(s->x, &a)) {
        pp_puts(&s->out, a.prefixed ? " :" : " ");
        pp_put(&s->out, a.name);
        pp_putc(&s->out, '=');
        pp_put(&s->out, a.value);
    }
    return true;
}

/* Reads `text` in two blocks, or in one; what was seen, and the error if it was refused. */
static void check_cut(const char *text, size_t cut, const char *events, const char *error)
{
    struct seen s = {.text = false};
    struct pp_span all = pp_str(text), first = {all.p, all.p + cut}, rest = {all.p + cut, all.end};
    pp_out_memory(&s.out, NULL);
    s.x = pp_xml_stream_new(take, &s);
    bool ok = cut ? pp_xml_stream_read(s.x, first, false) && pp_xml_stream_read(s.x, rest, true)
                  : pp_xml_stream_read(s.x, rest, true);
    CHECK(ok == !*error);
    CHECK(pp_is(pp_str(pp_xml_stream_error(s.x)), error));
    CHECK(pp_xml_stream_at(s.x) >= all.p && pp_xml_stream_at(s.x) <= all.end);
    if (ok)
        CHECK(pp_is(pp_out_bytes(&s.out), events));
    pp_out_release(&s.out);
    pp_xml_stream_free(s.x);
}

static void check(const char *text, const char *events, const char *error)
{
    check_cut(text, 0, events, error);
    for (const char *p = text + 1; *p; p++)
        if (*p == '<')
            check_cut(text, (size_t)(p - text), events, error);
}

static void test_events_do_not_depend_on_cuts(void)
{
    check("<?xml version=\"1.0\"?><!-- <z> --><a b=\"1 &lt;&amp;2\" p:c='d' xmlns:p='u'>x &gt; "
          "y<e/><![CDATA[<f> & <g>]]>z</a>",
          "<a b=1 <&2 :c=d'x > y<e>e'<f> & <g>z>a", "");
}

static void test_what_is_refused(void)
{
    const char *declared = "entities are declared, or the like, which is not supported";
    check("<!DOCTYPE a [<!ENTITY e \"x\">]><a>&e;</a>", "", declared);
    check("<!-- < --><!DOCTYPE a [<!ENTITY e \"x\">]><a>&e;</a>", "", declared);
    check("<?q < <!-- ?><!DOCTYPE a [<!ENTITY e \"x\">]><a>&e;</a>", "", declared);
    check_cut("<a><b></a>", 0, "", "Opening and ending tag mismatch: b line 1 and a");
    check_cut("no XML", 0, "", "it is not XML, or in an encoding that is not supported");
}

static void test_nesting_is_limited(void)
{
    struct seen s = {.text = false};
    bool ok = true;
    pp_out_memory(&s.out, NULL);
    s.x = pp_xml_stream_new(take, &s);
    for (int i = 0; ok && i < 1000; i++)
        ok = pp_xml_stream_read(s.x, pp_str("<a>"), false);
    CHECK(!ok);
    CHECK(pp_is(pp_str(pp_xml_stream_error(s.x)), "elements are nested more than 256 levels deep"));
    pp_out_release(&s.out);
    pp_xml_stream_free(s.x);
}

CHECK_MAIN(test_events_do_not_depend_on_cuts, test_what_is_refused, test_nesting_is_limited)
