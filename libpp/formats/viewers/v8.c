#include "formats/viewers/v8.h"

#include <stdlib.h>

#include "base/memory.h"
#include "syntax/decimal.h"

/* --- the shapes ---------------------------------------------------------- */

static const struct pp_json_shape call_frame =
    PP_JSON_OBJECT({"functionName", PP_V8_FUNCTION, NULL}, {"url", PP_V8_URL, NULL},
                   {"lineNumber", PP_V8_LINE, NULL});
static const struct pp_json_shape tick =
    PP_JSON_OBJECT({"line", PP_V8_TICK_LINE, NULL}, {"ticks", PP_V8_TICK_COUNT, NULL});
static const struct pp_json_shape ticks = PP_JSON_ARRAY(PP_V8_TICK, &tick);
const struct pp_json_shape pp_v8_node = PP_JSON_OBJECT(
    {"positionTicks", 0, &ticks}, {"id", PP_V8_NODE_ID, NULL}, {"callFrame", 0, &call_frame},
    {"hitCount", PP_V8_HITS, NULL}, {"selfSize", PP_V8_SIZE, NULL}, {"children", 0, &pp_v8_nodes},
    {"parent", PP_V8_PARENT, NULL}, {"functionName", PP_V8_FUNCTION, NULL},
    {"url", PP_V8_URL, NULL}, {"lineNumber", PP_V8_LINE, NULL});
const struct pp_json_shape pp_v8_nodes = PP_JSON_ARRAY(PP_V8_NODE, &pp_v8_node);
const struct pp_json_shape pp_v8_samples = PP_JSON_ARRAY(PP_V8_SAMPLE, NULL);
const struct pp_json_shape pp_v8_deltas = PP_JSON_ARRAY(PP_V8_DELTA, NULL);
const struct pp_json_shape pp_v8_lines = PP_JSON_ARRAY(PP_V8_SAMPLE_LINE, NULL);

/* --- numbers ------------------------------------------------------------- */

static bool whole_number(const struct pp_json_reader *json, struct pp_span text, int64_t *out)
{
    return pp_parse_decimal(text, 0, out) ||
           pp_json_fail(json, "'%.*s' does not fit 64 bits", PP_SHOW(text));
}

bool pp_v8_microseconds(const struct pp_json_reader *json, struct pp_span text, int64_t *ns)
{
    return pp_parse_decimal(text, 3, ns) ||
           pp_json_fail(json, "'%.*s' microseconds do not fit 64 bits", PP_SHOW(text));
}

/* --- records ------------------------------------------------------------- */

static bool begin_record(struct pp_v8_data *d)
{
    if (d->n.records >= UINT32_MAX - 1)
        return pp_json_fail(d->json, "more than 2^32 nodes");
    PP_GROW(d->records, d->n.records + 1, d->cap.records);
    PP_GROW(d->open, d->nopen + 1, d->open_cap);
    PP_GROW(d->open_children, d->nopen + 1, d->open_children_cap);
    d->records[d->n.records++] =
        (struct pp_v8_record){.parent = d->nopen ? d->open[d->nopen - 1] : 0};
    d->open_children[d->nopen] = d->n.children;
    d->open[d->nopen++] = (uint32_t)d->n.records;
    return true;
}

static bool push(int64_t **list, size_t *n, size_t *cap, int64_t v)
{
    PP_GROW(*list, *n + 1, *cap);
    (*list)[(*n)++] = v;
    return true;
}

/*
 * Takes the id of a child. The lists of records follow each other; a record whose children are
 * nested has no list.
 */
static bool take_child(struct pp_v8_data *d, struct pp_span text)
{
    int64_t id;
    if (!d->nopen)
        return pp_json_fail(d->json, "a node is not an object");
    struct pp_v8_record *record = &d->records[d->open[d->nopen - 1] - 1];
    if (record - d->records + 1 != (ptrdiff_t)d->n.records)
        return pp_json_fail(d->json, "a node has both children and ids of children");
    record->children++;
    return whole_number(d->json, text, &id) &&
           push(&d->children, &d->n.children, &d->cap.children, id);
}

static bool take_node(struct pp_v8_data *d, enum pp_json_token token, struct pp_span text)
{
    if (token == PP_JSON_IN_OBJECT)
        return begin_record(d);
    if (token == PP_JSON_A_NUMBER)
        return take_child(d, text);
    if (token == PP_JSON_OUT && d->nopen)
        d->nopen--;
    return token == PP_JSON_OUT || token == PP_JSON_A_NULL ||
           pp_json_fail(d->json, "a node is not an object");
}

/* Lines count from 0; -1 means none. */
static bool take_line(struct pp_v8_data *d, struct pp_span text, struct pp_v8_record *record)
{
    int64_t line;
    if (!whole_number(d->json, text, &line))
        return false;
    record->line = line >= 0 && line < UINT32_MAX ? (uint32_t)line + 1 : 0;
    return true;
}

/* --- lines --------------------------------------------------------------- */

/* A second list of a record is ignored. */
static bool begin_tick(struct pp_v8_data *d)
{
    struct pp_v8_record *record = &d->records[d->open[d->nopen - 1] - 1];
    if (d->n.ticks >= UINT32_MAX)
        return pp_json_fail(d->json, "more than 2^32 lines");
    if (record->nticks && record->tick + record->nticks != d->n.ticks)
        return true;
    if (!record->nticks)
        record->tick = (uint32_t)d->n.ticks;
    record->nticks++;
    PP_GROW(d->ticks, d->n.ticks + 1, d->cap.ticks);
    d->ticks[d->n.ticks++] = (struct pp_v8_tick){0};
    return true;
}

static bool take_tick(struct pp_v8_data *d, int id, enum pp_json_token token, struct pp_span text)
{
    int64_t v;
    if (!d->nopen)
        return true;
    if (id == PP_V8_TICK)
        return token != PP_JSON_IN_OBJECT || begin_tick(d);
    if (token != PP_JSON_A_NUMBER || !d->n.ticks)
        return true;
    if (!whole_number(d->json, text, &v))
        return false;
    struct pp_v8_tick *t = &d->ticks[d->n.ticks - 1];
    if (id == PP_V8_TICK_COUNT)
        t->count = v > 0 ? v : 0;
    else
        t->line = v > 0 && v <= UINT32_MAX ? (uint32_t)v : 0;
    return true;
}

static bool take_field(struct pp_v8_data *d, int id, enum pp_json_token token, struct pp_span text)
{
    struct pp_profile *p = d->json->r->out;
    if (!d->nopen)
        return true;
    struct pp_v8_record *record = &d->records[d->open[d->nopen - 1] - 1];
    if (token == PP_JSON_A_STRING && id == PP_V8_FUNCTION)
        record->name = pp_string(p, text);
    else if (token == PP_JSON_A_STRING && id == PP_V8_URL)
        record->url = pp_string(p, text);
    if (token != PP_JSON_A_NUMBER)
        return true;
    if (id == PP_V8_LINE)
        return take_line(d, text, record);
    if (id == PP_V8_NODE_ID)
        return whole_number(d->json, text, &record->id);
    if (id == PP_V8_HITS || id == PP_V8_SIZE)
        return whole_number(d->json, text, &record->value);
    record->has_parent_id = id == PP_V8_PARENT;
    return !record->has_parent_id || whole_number(d->json, text, &record->parent_id);
}

bool pp_v8_take(struct pp_v8_data *d, int id, enum pp_json_token token, struct pp_span text)
{
    int64_t v = 0;
    if (id == PP_V8_NODE)
        return take_node(d, token, text);
    if (id == PP_V8_SAMPLE)
        return token != PP_JSON_A_NUMBER ? pp_json_fail(d->json, "a sample is not the id of a node")
                                         : whole_number(d->json, text, &v) &&
                                               push(&d->samples, &d->n.samples, &d->cap.samples, v);
    if (id == PP_V8_DELTA)
        return token != PP_JSON_A_NUMBER ? pp_json_fail(d->json, "a time is not a number")
                                         : pp_v8_microseconds(d->json, text, &v) &&
                                               push(&d->deltas, &d->n.deltas, &d->cap.deltas, v);
    if (id == PP_V8_SAMPLE_LINE)
        return !(d->json->r->keep & PP_HOLDS_LINES) || token != PP_JSON_A_NUMBER ||
               (whole_number(d->json, text, &v) && push(&d->lines, &d->n.lines, &d->cap.lines, v));
    if (id == PP_V8_TICK || id == PP_V8_TICK_LINE || id == PP_V8_TICK_COUNT)
        return take_tick(d, id, token, text);
    return take_field(d, id, token, text);
}

void pp_v8_release(struct pp_v8_data *d)
{
    free(d->records);
    free(d->children);
    free(d->samples);
    free(d->lines);
    free(d->deltas);
    free(d->ticks);
    free(d->open);
    free(d->open_children);
}
