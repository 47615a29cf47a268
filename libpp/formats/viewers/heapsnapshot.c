/*
 * Snapshots of V8's heap, as Chrome's DevTools and node write them, if they were made while
 * allocations were tracked ("Allocation instrumentation on timeline", with stack traces): memory
 * allocated by stack, and how much of it is in use. The graph of objects is skipped.
 *
 *     {"snapshot":{"meta":{"node_fields":["type","name","id","self_size","edge_count","trace_node_id"],...
 *                          "trace_function_info_fields":["function_id","name","script_name",...],
 *                          "trace_node_fields":["id","function_info_index","count","size","children"]},
 *                  "node_count":54782,"edge_count":224224,"trace_function_count":25},
 *      "nodes":[9,1,1,0,6,0,...],"edges":[...],
 *      "trace_function_infos":[0,23391,1,0,0,0,...],
 *      "trace_tree":[1,0,0,0,[2,8,16,1048,[...]]],
 *      "samples":[],"locations":[],"strings":["<dummy>",...]}
 *
 * The lists of fields give the lengths of the rows in the flat arrays. A list of children is flat,
 * too: five values for each. https://github.com/v8/v8, src/profiler/heap-snapshot-generator.cc
 */
#include <stdlib.h>

#include "base/memory.h"
#include "base/number_map.h"
#include "formats/format.h"
#include "formats/reader/heap_columns.h"
#include "syntax/json.h"

/* The fields that are used. */
enum { NODE_SIZE, NODE_TRACE, NODE_FIELDS };
enum { INFO_NAME, INFO_SCRIPT, INFO_LINE, INFO_COLUMN, INFO_FIELDS };
enum { TRACE_ID, TRACE_INFO, TRACE_COUNT, TRACE_SIZE, TRACE_CHILDREN, TRACE_FIELDS };
enum { MAX_FIELDS = 5, MAX_WIDTH = 64 };

/* By position in a row: one of these fields, or MAX_FIELDS. `width` 0: unknown. */
struct layout {
    unsigned char field[MAX_WIDTH];
    size_t width;
};

struct info {
    uint64_t values[INFO_FIELDS];
};

/* A stack: a function called from the stack `parent`, an earlier one, plus one. */
struct trace {
    uint64_t values[TRACE_CHILDREN];
    size_t parent;
};

/* The memory allocated by a stack that is in use at the end. */
struct rest {
    int64_t count, size;
};

struct snapshot {
    struct pp_reader *r;
    struct pp_json json;
    struct layout nodes, infos, traces;
    struct info *info_rows;
    struct trace *trace_rows;
    struct rest *rests;
    struct pp_number_map rest_of; /* by the id of a stack: its row in `rests` */
    struct pp_span *strings;
    size_t *open; /* stacks whose children are being read */
    size_t ninfos, infos_cap, ntraces, traces_cap, nrests, rests_cap, nstrings, strings_cap;
    size_t open_cap;
};

enum { ALLOC_OBJECTS, ALLOC_SPACE, INUSE_OBJECTS, INUSE_SPACE };

/* --- the header ---------------------------------------------------------- */

static void read_layout(struct snapshot *s, struct layout *l, const char *const *names, size_t n)
{
    struct pp_span name;
    size_t found = 0;
    *l = (struct layout){.width = 0};
    if (!pp_json_array(&s->json))
        return;
    while (pp_json_element(&s->json)) {
        if (!pp_json_string(&s->json, &name) || l->width == MAX_WIDTH)
            return;
        size_t i = 0;
        while (i < n && !pp_is(name, names[i]))
            i++;
        found += i < n;
        l->field[l->width++] = (unsigned char)(i < n ? i : MAX_FIELDS);
    }
    if (found < n)
        l->width = 0;
}

static void read_meta(struct snapshot *s)
{
    static const char *const nodes[] = {"self_size", "trace_node_id"};
    static const char *const infos[] = {"name", "script_name", "line", "column"};
    static const char *const traces[] = {"id", "function_info_index", "count", "size", "children"};
    if (!pp_json_object(&s->json))
        return;
    for (struct pp_span key; pp_json_member(&s->json, &key);) {
        if (pp_is(key, "node_fields"))
            read_layout(s, &s->nodes, nodes, NODE_FIELDS);
        else if (pp_is(key, "trace_function_info_fields"))
            read_layout(s, &s->infos, infos, INFO_FIELDS);
        else if (pp_is(key, "trace_node_fields"))
            read_layout(s, &s->traces, traces, TRACE_FIELDS);
        else
            pp_json_skip(&s->json);
    }
}

static void read_header(struct snapshot *s)
{
    if (!pp_json_object(&s->json))
        return;
    for (struct pp_span key; pp_json_member(&s->json, &key);) {
        if (pp_is(key, "meta"))
            read_meta(s);
        else
            pp_json_skip(&s->json);
    }
}

/* --- flat arrays --------------------------------------------------------- */

/* Reads the next row, the value of each field. False at the end, or at an error. */
static bool next_row(struct snapshot *s, const struct layout *l, uint64_t *values)
{
    for (size_t i = 0; i < l->width; i++) {
        struct pp_span number;
        uint64_t v = 0;
        if (!pp_json_element(&s->json) || !pp_json_number(&s->json, &number))
            return false;
        if (l->field[i] == MAX_FIELDS)
            continue;
        if (!pp_parse_u64(number, &v) || v > INT64_MAX) {
            pp_warn(s->r, number.p, "not a valid number here, and taken as 0: %.*s",
                    PP_SHOW(number));
            v = 0;
        }
        values[l->field[i]] = v;
    }
    return true;
}

static void read_nodes(struct snapshot *s)
{
    uint64_t values[NODE_FIELDS] = {0};
    if (!s->nodes.width || !pp_json_array(&s->json)) {
        pp_json_skip(&s->json);
        return;
    }
    while (next_row(s, &s->nodes, values)) {
        if (!values[NODE_TRACE])
            continue;
        uint32_t *at = pp_number_at(&s->rest_of, values[NODE_TRACE], (uint32_t)s->nrests);
        if (*at == s->nrests) {
            PP_GROW(s->rests, s->nrests + 1, s->rests_cap);
            s->rests[s->nrests++] = (struct rest){0};
        }
        struct rest *rest = &s->rests[*at];
        rest->count++;
        if (__builtin_add_overflow(rest->size, (int64_t)values[NODE_SIZE], &rest->size))
            rest->size = INT64_MAX;
    }
}

static void read_infos(struct snapshot *s)
{
    struct info row = {{0}};
    if (!s->infos.width || !pp_json_array(&s->json)) {
        pp_json_skip(&s->json);
        return;
    }
    while (next_row(s, &s->infos, row.values)) {
        PP_GROW(s->info_rows, s->ninfos + 1, s->infos_cap);
        s->info_rows[s->ninfos++] = row;
    }
}

static void read_strings(struct snapshot *s)
{
    struct pp_span text;
    if (!pp_json_array(&s->json))
        return;
    while (pp_json_element(&s->json))
        if (pp_json_string(&s->json, &text)) {
            PP_GROW(s->strings, s->nstrings + 1, s->strings_cap);
            s->strings[s->nstrings++] = text;
        }
}

/* --- the tree of stacks -------------------------------------------------- */

/*
 * Reads the values of a stack up to its children, and enters their array. False at the end of a
 * list.
 */
static bool next_trace(struct snapshot *s, size_t depth)
{
    struct trace t = {.parent = depth ? s->open[depth - 1] : 0};
    for (size_t i = 0; i < s->traces.width; i++) {
        struct pp_span number;
        unsigned field = s->traces.field[i];
        if (!pp_json_element(&s->json))
            return false;
        if (field == TRACE_CHILDREN)
            break;
        if (!pp_json_number(&s->json, &number))
            return false;
        if (field < TRACE_CHILDREN && !pp_parse_u64(number, &t.values[field]))
            pp_warn(s->r, number.p, "not a valid number here: %.*s", PP_SHOW(number));
    }
    PP_GROW(s->trace_rows, s->ntraces + 1, s->traces_cap);
    s->trace_rows[s->ntraces++] = t;
    PP_GROW(s->open, depth + 1, s->open_cap);
    s->open[depth] = s->ntraces;
    return pp_json_array(&s->json);
}

/* Children come last in a row, so after a list follows the next stack of the list around it. */
static void read_tree(struct snapshot *s)
{
    size_t depth = 0;
    bool last = s->traces.width && s->traces.field[s->traces.width - 1] == TRACE_CHILDREN;
    if (!last || !pp_json_array(&s->json)) {
        pp_json_skip(&s->json);
        return;
    }
    for (;;) {
        if (next_trace(s, depth))
            depth++;
        else if (s->json.why || depth == 0)
            return;
        else
            depth--;
    }
}

/* --- samples ------------------------------------------------------------- */

static struct pp_span string_at(const struct snapshot *s, uint64_t index)
{
    return index < s->nstrings ? s->strings[index] : pp_str("");
}

static pp_id frame_of(struct snapshot *s, uint64_t index)
{
    if (index >= s->ninfos) {
        pp_warn(s->r, s->r->in.p, "there is no function %llu", (unsigned long long)index);
        return pp_reader_frame(s->r, &(struct pp_code){0});
    }
    const uint64_t *v = s->info_rows[index].values;
    struct pp_span name = string_at(s, v[INFO_NAME]);
    bool anonymous = v[INFO_NAME] < s->nstrings && pp_empty(name);
    struct pp_code code = {
        .function = anonymous ? pp_str("(anonymous)") : name,
        .file = string_at(s, v[INFO_SCRIPT]),
        .line = v[INFO_LINE] > UINT32_MAX ? 0 : (uint32_t)v[INFO_LINE],
        .column = v[INFO_COLUMN] > UINT32_MAX ? 0 : (uint32_t)v[INFO_COLUMN],
    };
    return pp_reader_frame(s->r, &code);
}

static bool add_sample(struct snapshot *s, const struct trace *t, pp_id node)
{
    struct pp_reader *r = s->r;
    uint32_t at = pp_number_find(&s->rest_of, t->values[TRACE_ID], UINT32_MAX);
    struct rest rest = at == UINT32_MAX ? (struct rest){0} : s->rests[at];
    uint64_t count = t->values[TRACE_COUNT], size = t->values[TRACE_SIZE];
    struct pp_sample sample = {.node = node};
    if (!count && !size && !rest.count && !rest.size)
        return true;
    if (count > INT64_MAX || size > INT64_MAX)
        return pp_fail(r, r->in.p, "what was allocated exceeds 64 bits");
    pp_id id = pp_sample_id(r->out, &sample);
    return pp_reader_add(r, r->in.p, id, ALLOC_OBJECTS, (int64_t)count) &&
           pp_reader_add(r, r->in.p, id, ALLOC_SPACE, (int64_t)size) &&
           pp_reader_add(r, r->in.p, id, INUSE_OBJECTS, rest.count) &&
           pp_reader_add(r, r->in.p, id, INUSE_SPACE, rest.size);
}

/* The stack of a trace; the root of the tree is not a function. */
struct place {
    pp_id node;
    uint32_t depth;
};

static struct place place_of(struct snapshot *s, const struct trace *t, const struct place *places,
                             const pp_id *frames)
{
    struct place at = t->parent ? places[t->parent - 1] : (struct place){0};
    if (!t->parent)
        return at;
    if (at.depth >= s->r->max_depth) {
        pp_reader_cut(s->r, s->r->in.p, (size_t)at.depth + 1);
        return at;
    }
    uint64_t info = t->values[TRACE_INFO];
    pp_id frame = info < s->ninfos ? frames[info] : frame_of(s, info);
    return (struct place){pp_child(s->r->out, at.node, frame), at.depth + 1};
}

static bool add_samples(struct snapshot *s)
{
    pp_id *frames = pp_calloc(s->ninfos + 1, sizeof *frames);
    struct place *places = pp_calloc(s->ntraces + 1, sizeof *places);
    bool ok = true;
    for (size_t i = 0; i < s->ninfos; i++)
        frames[i] = frame_of(s, i);
    for (size_t i = 0; ok && i < s->ntraces; i++) {
        places[i] = place_of(s, &s->trace_rows[i], places, frames);
        ok = add_sample(s, &s->trace_rows[i], places[i].node);
    }
    free(frames);
    free(places);
    return ok;
}

/* --- reading ------------------------------------------------------------- */

static void add_columns(struct pp_profile *p)
{
    pp_heap_columns_allocated(p);
    pp_heap_columns_in_use(p);
    p->about.default_type = pp_cstring(p, "inuse_space");
}

static void read_member(struct snapshot *s, struct pp_span key)
{
    if (pp_is(key, "snapshot"))
        read_header(s);
    else if (pp_is(key, "nodes"))
        read_nodes(s);
    else if (pp_is(key, "trace_function_infos"))
        read_infos(s);
    else if (pp_is(key, "trace_tree"))
        read_tree(s);
    else if (pp_is(key, "strings"))
        read_strings(s);
    else
        pp_json_skip(&s->json);
}

static bool read_all(struct snapshot *s)
{
    pp_json_object(&s->json);
    for (struct pp_span key; pp_json_member(&s->json, &key);)
        read_member(s, key);
    if (!pp_json_end(&s->json) && !(s->json.cut && s->nstrings))
        return pp_fail(s->r, s->json.at, "%s", s->json.why);
    if (s->json.why)
        pp_warn(s->r, s->json.at, "it is truncated: names may be missing");
    if (s->ntraces < 2)
        return pp_fail(s->r, s->r->in.p,
                       "it has no stacks of allocations: take the snapshot while allocations are "
                       "tracked, with stack traces");
    add_columns(s->r->out);
    return add_samples(s);
}

static bool heapsnapshot_read(struct pp_reader *r, struct pp_span in)
{
    struct snapshot s = {.r = r, .json = {.in = in, .arena = &r->arena}};
    bool ok = read_all(&s);
    free(s.info_rows);
    free(s.trace_rows);
    free(s.rests);
    free(s.rest_of.slots);
    free(s.strings);
    free(s.open);
    return ok;
}

static unsigned heapsnapshot_bid(struct pp_span head)
{
    if (pp_empty(head) || !memchr("{ \t\r\n", *head.p, 5))
        return 0;
    bool own = pp_find_text(head, "\"snapshot\"") && pp_find_text(head, "\"node_fields\"") &&
               pp_find_text(head, "\"edge_fields\"");
    return own ? 8 * 30 : 0;
}

const struct pp_format pp_format_heapsnapshot = {
    .name = "heapsnapshot",
    .title = "snapshots of V8's heap, by the stacks that allocated",
    .suffixes = (const char *const[]){".heapsnapshot", NULL},
    .holds = PP_HOLDS_COLUMNS | PP_HOLDS_LINES,
    .bid = heapsnapshot_bid,
    .read = heapsnapshot_read,
};
