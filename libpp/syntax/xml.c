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

enum { ERROR_ROOM = 200 };

struct pp_xml {
    xmlTextReaderPtr reader;
    struct pp_span in, rest; /* the whole input, and what the reader hasn't requested yet */
    const char *refused_at;  /* NULL: it was accepted */
    bool empty;              /* an empty element was opened, and must be closed next */
    bool failed;
    char error[ERROR_ROOM];
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
    USE(consumed, xmlTextReaderByteConsumed) \
    USE(new_parser, xmlCreatePushParserCtxt) \
    USE(free_parser, xmlFreeParserCtxt) \
    USE(set_options, xmlCtxtUseOptions) \
    USE(parse, xmlParseChunk) \
    USE(stop, xmlStopParser) \
    USE(parsed, xmlByteConsumed)

/* libxml2 2.15 deprecates xmlByteConsumed, but older versions have nothing
 * else. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
#define DECLARE(name, function) __typeof__(function) *(name);
static struct {
    char why_not[200]; /* why it was not loaded; empty if it was */
    OF_LIBXML2(DECLARE)
} xml;
#pragma GCC diagnostic pop

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
    char *error = ctx;
    if (error[0] || e->level < XML_ERR_FATAL || !e->message)
        return;
    struct pp_span text = pp_str(e->message);
    const char *newline = pp_find(text, '\n');
    text.end = newline ? newline : text.end;
    size_t n = pp_len(text) < ERROR_ROOM ? pp_len(text) : ERROR_ROOM - 1;
    memcpy(error, text.p, n);
    error[n] = '\0';
}

/*
 * libxml2 would print errors that occur before there is a reader, or in encodings. The previous
 * handler is restored after the call.
 */
struct listener {
    xmlStructuredErrorFunc hear;
    void *ctx;
};

static struct listener listen_to_all(char *error)
{
    struct listener before = {*xml.handler(), *xml.handler_context()};
    xml.set_handler(error, keep_error);
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

static void load_once(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, begin);
}

struct pp_xml *pp_xml_new(struct pp_span in)
{
    load_once();
    struct pp_xml *x = pp_calloc(1, sizeof *x);
    x->in = x->rest = in;
    if (*xml.why_not) {
        fail(x, xml.why_not);
        return x;
    }
    struct listener before = listen_to_all(x->error);
    x->reader = xml.new_reader(give_bytes, NULL, x, NULL, NULL, XML_PARSE_NONET);
    listen_as(before);
    if (!x->reader)
        pp_out_of_memory();
    xml.set_reader_handler(x->reader, keep_error, x->error);
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
        struct listener before = listen_to_all(x->error);
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

/* --- in blocks ----------------------------------------------------------- */

enum { MAX_DEPTH = 256, ATTRIBUTE_WORDS = 5 };

struct pp_xml_stream {
    xmlParserCtxtPtr parser;
    pp_xml_take *take;
    void *ctx;
    struct pp_xml_guard guard;
    struct pp_span block;
    uint64_t before; /* bytes of earlier blocks */
    struct pp_span name, text;
    const xmlChar **attributes; /* name, prefix, URI, value and its end of each */
    int nattributes, attribute; /* their number, and the next */
    unsigned depth;
    const char *refused_at; /* NULL: it was accepted */
    bool failed;
    char error[ERROR_ROOM];
};

static void stop_stream(struct pp_xml_stream *x, const char *why)
{
    if (!x->error[0])
        memcpy(x->error, why, strlen(why) + 1);
    x->failed = true;
    if (x->parser)
        xml.stop(x->parser);
}

static void pass(struct pp_xml_stream *x, enum pp_xml_event event)
{
    if (!x->failed && !x->take(x->ctx, event))
        stop_stream(x, "");
}

/* NOLINTNEXTLINE(readability-function-size): libxml2 gives it so many parameters */
static void on_open(void *ctx, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
                    int namespaces, const xmlChar **namespace, int n, int defaulted,
                    const xmlChar **attributes)
{
    struct pp_xml_stream *x = ctx;
    (void)prefix, (void)uri, (void)namespaces, (void)namespace, (void)defaulted;
    if (!x->failed && ++x->depth > MAX_DEPTH)
        stop_stream(x, "elements are nested more than 256 levels deep");
    x->name = span_of(name);
    x->attributes = attributes;
    x->nattributes = n;
    x->attribute = 0;
    pass(x, PP_XML_OPEN);
    x->nattributes = 0;
}

static void on_close(void *ctx, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
    struct pp_xml_stream *x = ctx;
    (void)prefix, (void)uri;
    x->depth--;
    x->name = span_of(name);
    pass(x, PP_XML_CLOSE);
}

static void on_text(void *ctx, const xmlChar *text, int n)
{
    struct pp_xml_stream *x = ctx;
    x->text = (struct pp_span){(const char *)text, (const char *)text + n};
    pass(x, PP_XML_TEXT);
}

static void on_error(void *ctx, error_of_xml e)
{
    keep_error(((struct pp_xml_stream *)ctx)->error, e);
}

static void on_entity(void *ctx, const xmlChar *name)
{
    (void)name;
    stop_stream(ctx, "an unknown entity");
}

struct pp_xml_stream *pp_xml_stream_new(pp_xml_take *take, void *ctx)
{
    struct pp_xml_stream *x = pp_calloc(1, sizeof *x);
    xmlSAXHandler handler = {
        .initialized = XML_SAX2_MAGIC,
        .startElementNs = on_open,
        .endElementNs = on_close,
        .characters = on_text,
        .cdataBlock = on_text,
        .reference = on_entity,
        .serror = on_error,
    };
    x->take = take;
    x->ctx = ctx;
    load_once();
    if (*xml.why_not) {
        stop_stream(x, xml.why_not);
        return x;
    }
    struct listener before = listen_to_all(x->error);
    x->parser = xml.new_parser(&handler, x, NULL, 0, NULL);
    if (!x->parser)
        pp_out_of_memory();
    /* Without NOENT an attribute would have "&#38;" for "&amp;". Other entities are refused. */
    xml.set_options(x->parser, XML_PARSE_NONET | XML_PARSE_NOENT);
    listen_as(before);
    return x;
}

void pp_xml_stream_free(struct pp_xml_stream *x)
{
    if (x && x->parser)
        xml.free_parser(x->parser);
    free(x);
}

/* libxml2 takes an int as size. Its result is of no use here: it counts warnings as failures. */
static void parse(struct pp_xml_stream *x, struct pp_span in, bool last)
{
    enum { STEP = 1 << 16 };
    while (!x->failed && !x->error[0] && !pp_empty(in)) {
        size_t n = STEP < pp_len(in) ? STEP : pp_len(in);
        xml.parse(x->parser, in.p, (int)n, 0);
        in.p += n;
    }
    if (last && !x->failed && !x->error[0])
        xml.parse(x->parser, "", 0, 1);
    if (!x->failed && (x->error[0] || !x->parser->wellFormed))
        stop_stream(x, "not well-formed");
}

bool pp_xml_stream_read(struct pp_xml_stream *x, struct pp_span in, bool last)
{
    const char *at, *refused;
    if (x->failed)
        return false;
    x->before += pp_len(x->block);
    x->block = in;
    refused = pp_xml_guard_block(&x->guard, in, &at);
    if (refused) {
        x->refused_at = at;
        stop_stream(x, refused);
        return false;
    }
    struct listener before = listen_to_all(x->error);
    parse(x, in, last);
    listen_as(before);
    return !x->failed;
}

struct pp_span pp_xml_stream_name(const struct pp_xml_stream *x)
{
    return x->name;
}

struct pp_span pp_xml_stream_text(const struct pp_xml_stream *x)
{
    return x->text;
}

bool pp_xml_stream_attribute(struct pp_xml_stream *x, struct pp_xml_attribute *out)
{
    if (x->attribute == x->nattributes)
        return false;
    const xmlChar **a = x->attributes + (ptrdiff_t)ATTRIBUTE_WORDS * x->attribute++;
    out->name = span_of(a[0]);
    out->prefixed = a[1] != NULL;
    out->value = (struct pp_span){(const char *)a[3], (const char *)a[4]};
    return true;
}

const char *pp_xml_stream_at(const struct pp_xml_stream *x)
{
    if (x->refused_at)
        return x->refused_at;
    long at = x->parser ? xml.parsed(x->parser) : 0;
    uint64_t parsed = at > 0 ? (uint64_t)at : 0;
    if (parsed <= x->before)
        return x->block.p;
    return parsed - x->before < pp_len(x->block) ? x->block.p + (parsed - x->before) : x->block.end;
}

const char *pp_xml_stream_error(const struct pp_xml_stream *x)
{
    return x->error;
}
