/*
 * libxml2 is loaded only when there is XML to read: it depends on ICU and the C++ library, which
 * would double the time that every tool takes to start.
 */
#include "syntax/xml.h"

#include <dlfcn.h>
#include <libxml/xmlreader.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "syntax/xml_guard.h"

struct pp_xml {
    xmlTextReaderPtr reader;
    struct pp_span in, rest; /* the whole input, and what the reader hasn't requested yet */
    const char *refused_at;  /* NULL: it was accepted */
    bool empty;              /* an empty element was opened, and must be closed next */
    bool failed;
    char error[200];
};

/* --- the library --------------------------------------------------------- */

/* The functions used of it. */
#define OF_LIBXML2(USE) \
    USE(get_memory, xmlMemGet) \
    USE(set_memory, xmlMemSetup) \
    USE(handler, __xmlStructuredError) \
    USE(handler_context, __xmlStructuredErrorContext) \
    USE(set_handler, xmlSetStructuredErrorFunc) \
    USE(new_reader, xmlReaderForIO) \
    USE(set_reader_handler, xmlTextReaderSetStructuredErrorHandler) \
    USE(free_reader, xmlFreeTextReader) \
    USE(read, xmlTextReaderRead) \
    USE(type, xmlTextReaderNodeType) \
    USE(is_empty, xmlTextReaderIsEmptyElement) \
    USE(name, xmlTextReaderConstName) \
    USE(local_name, xmlTextReaderConstLocalName) \
    USE(value, xmlTextReaderConstValue) \
    USE(to_attribute, xmlTextReaderMoveToNextAttribute) \
    USE(to_element, xmlTextReaderMoveToElement) \
    USE(consumed, xmlTextReaderByteConsumed)

#define DECLARE(name, function) __typeof__(function) *(name);
static struct {
    char why_not[200]; /* why it was not loaded; empty if it was */
    OF_LIBXML2(DECLARE)
} xml;

/*
 * The loader ends the program in its own way when memory runs out: make sure that there is enough.
 */
enum { ROOM = 64 << 20 };

static void load(void)
{
#ifdef PP_LIBXML2
    bool all = true;
    free(pp_realloc(NULL, ROOM, 1));
    void *handle = dlopen(PP_LIBXML2, RTLD_NOW);
    if (!handle) {
        snprintf(xml.why_not, sizeof xml.why_not, "cannot load %s", dlerror());
        return;
    }
    /* As in POSIX: C has no cast from an object pointer to a function pointer. */
#define LOAD(name, function) \
    *(void **)&xml.name = dlsym(handle, #function); \
    all = all && xml.name;
    OF_LIBXML2(LOAD)
    if (!all)
        snprintf(xml.why_not, sizeof xml.why_not, "%s lacks what it must have", PP_LIBXML2);
#else
#define TAKE(name, function) xml.name = function;
    OF_LIBXML2(TAKE)
#endif
}

/* --- memory -------------------------------------------------------------- */

/*
 * As everywhere in pp, running out of memory ends the program, whereas libxml2 would print a
 * message and continue. An allocator that was set before stays.
 */
static void *allocate(size_t size)
{
    return pp_realloc(NULL, size, 1);
}

static void *reallocate(void *p, size_t size)
{
    return pp_realloc(p, size, 1);
}

static char *duplicate(const char *text)
{
    size_t size = strlen(text) + 1;
    return memcpy(allocate(size), text, size);
}

static void begin(void)
{
    xmlFreeFunc give_back;
    xmlMallocFunc get;
    xmlReallocFunc change;
    xmlStrdupFunc copy;
    load();
    if (!*xml.why_not && xml.get_memory(&give_back, &get, &change, &copy) == 0 &&
        give_back == free && get == malloc)
        xml.set_memory(free, allocate, reallocate, duplicate);
}

/* --- reading ------------------------------------------------------------- */

static struct pp_span span_of(const xmlChar *s)
{
    return pp_str(s ? (const char *)s : "");
}

/* Called by libxml2 for more input. */
static int give_bytes(void *ctx, char *buf, int len)
{
    struct pp_xml *x = ctx;
    size_t n = (size_t)len < pp_len(x->rest) ? (size_t)len : pp_len(x->rest);
    if (n)
        memcpy(buf, x->rest.p, n);
    x->rest.p += n;
    return (int)n;
}

/* From 2.12 on, errors are const in libxml2. */
#if LIBXML_VERSION >= 21200
typedef const xmlError *error_of_xml;
#else
typedef xmlError *error_of_xml;
#endif

/*
 * libxml2 calls it with a text that ends in a newline. The first error is the cause of the others.
 */
static void keep_error(void *ctx, error_of_xml e)
{
    struct pp_xml *x = ctx;
    if (x->error[0] || e->level < XML_ERR_FATAL || !e->message)
        return;
    struct pp_span text = pp_str(e->message);
    const char *newline = pp_find(text, '\n');
    text.end = newline ? newline : text.end;
    size_t n = pp_len(text) < sizeof x->error ? pp_len(text) : sizeof x->error - 1;
    memcpy(x->error, text.p, n);
    x->error[n] = '\0';
}

/*
 * libxml2 would print errors that occur before there is a reader, or in encodings. The previous
 * handler is restored after the call.
 */
struct listener {
    xmlStructuredErrorFunc hear;
    void *ctx;
};

static struct listener listen_to_all(struct pp_xml *x)
{
    struct listener before = {*xml.handler(), *xml.handler_context()};
    xml.set_handler(x, keep_error);
    return before;
}

static void listen_as(struct listener before)
{
    xml.set_handler(before.ctx, before.hear);
}

static enum pp_xml_event fail(struct pp_xml *x, const char *why)
{
    if (!x->error[0])
        memcpy(x->error, why, strlen(why) + 1);
    x->failed = true;
    return PP_XML_FAILED;
}

struct pp_xml *pp_xml_new(struct pp_span in)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, begin);
    struct pp_xml *x = pp_calloc(1, sizeof *x);
    x->in = x->rest = in;
    if (*xml.why_not) {
        fail(x, xml.why_not);
        return x;
    }
    struct listener before = listen_to_all(x);
    x->reader = xml.new_reader(give_bytes, NULL, x, NULL, NULL, XML_PARSE_NONET);
    listen_as(before);
    if (!x->reader)
        pp_out_of_memory();
    xml.set_reader_handler(x->reader, keep_error, x);
    const char *refused = pp_xml_refused(in, &x->refused_at);
    if (refused)
        fail(x, refused);
    return x;
}

void pp_xml_free(struct pp_xml *x)
{
    if (!x)
        return;
    if (x->reader)
        xml.free_reader(x->reader);
    free(x);
}

enum pp_xml_event pp_xml_next(struct pp_xml *x)
{
    if (x->empty) {
        x->empty = false;
        xml.to_element(x->reader);
        return PP_XML_CLOSE;
    }
    while (!x->failed) {
        struct listener before = listen_to_all(x);
        int got = xml.read(x->reader);
        listen_as(before);
        if (got <= 0)
            return got < 0 ? fail(x, "not well-formed") : PP_XML_END;
        switch (xml.type(x->reader)) {
        case XML_READER_TYPE_ELEMENT:
            x->empty = xml.is_empty(x->reader) == 1;
            return PP_XML_OPEN;
        case XML_READER_TYPE_END_ELEMENT:
            return PP_XML_CLOSE;
        case XML_READER_TYPE_TEXT:
        case XML_READER_TYPE_CDATA:
        case XML_READER_TYPE_WHITESPACE:
        case XML_READER_TYPE_SIGNIFICANT_WHITESPACE:
            return PP_XML_TEXT;
        case XML_READER_TYPE_ENTITY_REFERENCE:
            return fail(x, "an unknown entity");
        default:
            break;
        }
    }
    return PP_XML_FAILED;
}

struct pp_span pp_xml_name(const struct pp_xml *x)
{
    return span_of(xml.local_name(x->reader));
}

struct pp_span pp_xml_text(const struct pp_xml *x)
{
    return span_of(xml.value(x->reader));
}

bool pp_xml_attribute(struct pp_xml *x, struct pp_xml_attribute *out)
{
    if (xml.to_attribute(x->reader) != 1)
        return false;
    out->name = span_of(xml.name(x->reader));
    out->value = span_of(xml.value(x->reader));
    const char *colon = pp_find(out->name, ':');
    out->prefixed = colon != NULL;
    out->name.p = colon ? colon + 1 : out->name.p;
    return true;
}

const char *pp_xml_at(const struct pp_xml *x)
{
    if (x->refused_at)
        return x->refused_at;
    if (!x->reader)
        return x->in.p;
    long at = xml.consumed(x->reader);
    return at > 0 && (size_t)at < pp_len(x->in) ? x->in.p + at : x->in.end;
}

const char *pp_xml_error(const struct pp_xml *x)
{
    return x->error;
}
