/*
 * The metadata is a list of texts, and a tree of elements with attributes, all of which are indices
 * of texts:
 *
 *     root
 *       metadata
 *         class id="101" name="jdk.ExecutionSample" superType="jdk.jfr.Event"
 *           field name="stackTrace" class="34" constantPool="true"
 *           field name="frames" class="35" dimension="1"
 */
#include "formats/jfr/metadata.h"

#include <stdlib.h>

#include "base/memory.h"

/* --- known names --------------------------------------------------------- */

static enum pp_jfr_slot slot_named(struct pp_span name)
{
    static const struct {
        const char *name;
        enum pp_jfr_slot slot;
    } slots[] = {
        {"startTime", PP_JFR_START},     {"duration", PP_JFR_DURATION},
        {"eventThread", PP_JFR_THREAD},  {"sampledThread", PP_JFR_THREAD},
        {"stackTrace", PP_JFR_STACK},    {"objectClass", PP_JFR_CLASS},
        {"monitorClass", PP_JFR_CLASS},  {"parkedClass", PP_JFR_CLASS},
        {"thrownClass", PP_JFR_CLASS},   {"weight", PP_JFR_WEIGHT},
        {"tlabSize", PP_JFR_TLAB_SIZE},  {"allocationSize", PP_JFR_ALLOCATION_SIZE},
        {"size", PP_JFR_SIZE},           {"samples", PP_JFR_SAMPLES},
        {"truncated", PP_JFR_TRUNCATED}, {"frames", PP_JFR_FRAMES},
        {"method", PP_JFR_METHOD},       {"lineNumber", PP_JFR_LINE},
        {"type", PP_JFR_TYPE},           {"name", PP_JFR_NAME},
        {"javaName", PP_JFR_JAVA_NAME},  {"osName", PP_JFR_OS_NAME},
        {"object", PP_JFR_OLD_OBJECT},   {"objectSize", PP_JFR_OBJECT_SIZE},
        {"string", PP_JFR_STRING},       {"description", PP_JFR_DESCRIPTION},
    };
    for (size_t i = 0; i < sizeof slots / sizeof *slots; i++)
        if (pp_is(name, slots[i].name))
            return slots[i].slot;
    return PP_JFR_NO_SLOT;
}

static enum pp_jfr_basic basic_named(struct pp_span name)
{
    static const struct {
        const char *name;
        enum pp_jfr_basic basic;
    } basics[] = {
        {"boolean", PP_JFR_BYTE}, {"byte", PP_JFR_BYTE},     {"char", PP_JFR_SHORT},
        {"short", PP_JFR_SHORT},  {"int", PP_JFR_INT},       {"long", PP_JFR_LONG},
        {"float", PP_JFR_FLOAT},  {"double", PP_JFR_DOUBLE}, {"java.lang.String", PP_JFR_TEXT},
    };
    for (size_t i = 0; i < sizeof basics / sizeof *basics; i++)
        if (pp_is(name, basics[i].name))
            return basics[i].basic;
    return PP_JFR_OBJECT;
}

/* --- elements ------------------------------------------------------------ */

struct tree {
    struct pp_jfr_chunk *k;
    struct pp_jfr_cursor c;
    struct pp_span *texts;
    size_t ntexts;
    uint64_t *open; /* for each open element, the number of its remaining children */
    size_t depth, cap;
    size_t class_depth; /* depth of the open class; 0: none */
};

static struct pp_span next_text(struct tree *t)
{
    uint64_t n = pp_jfr_number(t->k, &t->c, 4);
    if (n < t->ntexts)
        return t->texts[n];
    t->c.bad = true;
    return pp_str("");
}

/* The attributes of a class or a field that are used. */
struct attributes {
    struct pp_span id, name, class, pool, dimension;
};

static struct attributes next_attributes(struct tree *t)
{
    struct attributes a = {0};
    a.id = a.name = a.class = a.pool = a.dimension = pp_str("");
    for (uint64_t n = pp_jfr_number(t->k, &t->c, 4); n && !t->c.bad; n--) {
        struct pp_span key = next_text(t), value = next_text(t);
        if (pp_is(key, "id"))
            a.id = value;
        else if (pp_is(key, "name"))
            a.name = value;
        else if (pp_is(key, "class"))
            a.class = value;
        else if (pp_is(key, "constantPool"))
            a.pool = value;
        else if (pp_is(key, "dimension"))
            a.dimension = value;
    }
    return a;
}

static void add_class(struct pp_jfr_chunk *k, const struct attributes *a)
{
    uint64_t id;
    if (!pp_parse_u64(a->id, &id))
        return;
    PP_GROW(k->classes, k->nclasses + 1, k->classes_cap);
    *pp_number_at(&k->by_id, id, 0) = (uint32_t)k->nclasses;
    k->classes[k->nclasses++] = (struct pp_jfr_class){
        .id = id, .name = a->name, .basic = basic_named(a->name), .first = k->nfields};
}

static void add_field(struct pp_jfr_chunk *k, const struct attributes *a)
{
    struct pp_jfr_class *of = &k->classes[k->nclasses - 1];
    uint64_t id = 0;
    pp_parse_u64(a->class, &id);
    PP_GROW(k->fields, k->nfields + 1, k->fields_cap);
    k->fields[k->nfields++] = (struct pp_jfr_field){
        .class_id = id,
        .slot = slot_named(a->name),
        .pooled = pp_is(a->pool, "true"),
        .array = !pp_empty(a->dimension) && !pp_is(a->dimension, "0"),
    };
    of->count++;
    of->has_stack |= pp_is(a->name, "stackTrace");
}

/* Reads an element, and closes those without further children. */
static void read_element(struct tree *t)
{
    struct pp_span name = next_text(t);
    struct attributes a = next_attributes(t);
    uint64_t children = pp_jfr_number(t->k, &t->c, 4);
    if (t->c.bad)
        return;
    if (pp_is(name, "class") && !t->class_depth) {
        size_t before = t->k->nclasses;
        add_class(t->k, &a);
        if (t->k->nclasses > before)
            t->class_depth = t->depth + 1;
    } else if (pp_is(name, "field") && t->class_depth && t->depth == t->class_depth) {
        add_field(t->k, &a);
    }
    PP_GROW(t->open, t->depth + 1, t->cap);
    t->open[t->depth++] = children;
    while (t->depth && !t->open[t->depth - 1]) {
        if (t->depth-- == t->class_depth)
            t->class_depth = 0;
        if (t->depth)
            t->open[t->depth - 1]--;
    }
}

/* Links the classes of fields, after all were read. */
static void link_fields(struct pp_jfr_chunk *k)
{
    for (size_t i = 0; i < k->nfields; i++)
        k->fields[i].class = pp_number_find(&k->by_id, k->fields[i].class_id, 0);
    for (size_t i = 1; i < k->nclasses; i++)
        if (k->classes[i].basic == PP_JFR_TEXT)
            k->text_class = (uint32_t)i;
}

static bool read_texts(struct tree *t)
{
    uint64_t n = pp_jfr_number(t->k, &t->c, 4);
    if (t->c.bad || n > (size_t)(t->c.end - t->c.p))
        return false;
    t->texts = pp_calloc((size_t)n + 1, sizeof *t->texts);
    while (t->ntexts < n)
        t->texts[t->ntexts++] = pp_jfr_text(t->k, &t->c);
    return !t->c.bad;
}

bool pp_jfr_read_metadata(struct pp_jfr_chunk *k, struct pp_reader *r,
                          const struct pp_jfr_event *event)
{
    struct tree t = {.k = k, .c = event->fields};
    for (int i = 0; i < 3; i++) /* start, duration and number */
        pp_jfr_number(k, &t.c, 8);
    PP_GROW(k->classes, 1, k->classes_cap);
    k->classes[0] = (struct pp_jfr_class){.name = pp_str("")};
    k->nclasses = 1;
    bool ok = read_texts(&t);
    while (ok && !t.c.bad) {
        read_element(&t);
        if (!t.depth)
            break;
    }
    ok = ok && !t.c.bad;
    if (ok)
        link_fields(k);
    free(t.texts);
    free(t.open);
    return ok || pp_fail(r, event->at, "the metadata are damaged");
}
