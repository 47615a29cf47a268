/*
 * Profiles of Firefox, and of other tools that write its form: the Firefox Profiler's site, samply,
 * vernier and more. Processed, as the site saves them:
 *
 *     {"meta": {"interval": 1, "startTime": 1.7e12, "preprocessedProfileVersion": 60, ...},
 *      "libs": [{"name": "app", "path": "/usr/bin/app", "breakpadId": "..."}],
 *      "shared": {"stringArray": ["main"],
 *        "stackTable": {"frame": [0], "prefix": [null], "length": 1},
 *        "frameTable": {"func": [0], "address": [16], "line": [3], ...}, "funcTable": {"name": [0],
 * ...}}, "threads": [{"name": "main", "pid": "7", "tid": 7, "samples": {"stack": [0, null], "time":
 * [0, 1], "weight": null, "weightType": "samples"}}]}
 *
 * Before version 60, each thread has the shared tables. The browser itself writes Gecko's form, in
 * which tables are rows with a schema, and frames are texts:
 *
 *     {"meta": {"version": 24, ...}, "libs": [...], "processes": [...], "threads": [{"name":
 * "GeckoMain", "samples": {"schema": {"stack": 0, "time": 1}, "data": [[0, 1.5]]}, ...}]}
 *
 * The developer tools wrap it: {"profile": {"meta": ...}}. Markers, counters and the like are not
 * samples of stacks, and are left out.
 * https://github.com/firefox-devtools/profiler/blob/main/src/types/profile.ts
 */
#include <stdlib.h>

#include "base/memory.h"
#include "formats/viewers/firefox.h"
#include "syntax/decimal.h"

/* --- the values of the document ------------------------------------------ */

enum {
    PROFILE = 1, /* the document, a wrapped one, or a process */
    PROCESS_TEXT,
    META,
    PROCESSED_VERSION,
    GECKO_VERSION,
    START_TIME,
    INTERVAL,
    PRODUCT,
    OSCPU,
    SYMBOLICATED,
    CPU_UNIT,
    CATEGORY,
    CATEGORY_NAME,
    SUBCATEGORY,
    LIBS,
    LIB,
    LIB_NAME,
    LIB_PATH,
    LIB_DEBUG_PATH,
    LIB_BREAKPAD,
    LIB_CODE,
    LIB_START,
    LIB_END,
    LIB_OFFSET,
    SHARED,
    THREAD,
    THREAD_NAME,
    PROCESS_NAME,
    PID,
    TID,
    STRING,
    WEIGHT_TYPE,
    /* Of a table: this plus the table's number. */
    TABLE = 64,
    LENGTH = TABLE + PP_FX_TABLES,
    SCHEMA = LENGTH + PP_FX_TABLES,
    ROW = SCHEMA + PP_FX_TABLES,
    CELL = ROW + PP_FX_TABLES,
    /* Of a column: this plus the table's number times 16 plus the column's. */
    COLUMN = 128,
};

#define SHAPE(...) &(const struct pp_json_shape)__VA_ARGS__
#define PLAIN(name, id) \
    { \
        name, id, NULL \
    }
#define LIST_OF(name, id) \
    { \
        name, 0, SHAPE(PP_JSON_ARRAY(id, NULL)) \
    }
#define NUMBERS(name, table, column) LIST_OF(name, COLUMN + (table)*16 + (column))
#define ROWS(table) \
    {"schema", 0, SHAPE({.others = {SCHEMA + (table), NULL}})}, \
        {"data", 0, \
         SHAPE(PP_JSON_ARRAY(ROW + (table), SHAPE(PP_JSON_ARRAY(CELL + (table), NULL))))}, \
        PLAIN("length", LENGTH + (table))

static const struct pp_json_shape samples_shape = PP_JSON_OBJECT(
    NUMBERS("stack", PP_FX_SAMPLES, SAMPLE_STACK), NUMBERS("time", PP_FX_SAMPLES, SAMPLE_TIME),
    NUMBERS("timeDeltas", PP_FX_SAMPLES, SAMPLE_DELTA),
    NUMBERS("weight", PP_FX_SAMPLES, SAMPLE_WEIGHT), PLAIN("weightType", WEIGHT_TYPE),
    NUMBERS("threadCPUDelta", PP_FX_SAMPLES, SAMPLE_CPU), ROWS(PP_FX_SAMPLES));
static const struct pp_json_shape stacks_shape = PP_JSON_OBJECT(
    NUMBERS("frame", PP_FX_STACKS, STACK_FRAME), NUMBERS("prefix", PP_FX_STACKS, STACK_PREFIX),
    NUMBERS("prefixOffset", PP_FX_STACKS, STACK_OFFSET),
    NUMBERS("category", PP_FX_STACKS, STACK_CATEGORY), ROWS(PP_FX_STACKS));
static const struct pp_json_shape frames_shape = PP_JSON_OBJECT(
    NUMBERS("func", PP_FX_FRAMES, FRAME_FUNC), NUMBERS("address", PP_FX_FRAMES, FRAME_ADDRESS),
    NUMBERS("inlineDepth", PP_FX_FRAMES, FRAME_DEPTH),
    NUMBERS("category", PP_FX_FRAMES, FRAME_CATEGORY),
    NUMBERS("subcategory", PP_FX_FRAMES, FRAME_SUBCATEGORY),
    NUMBERS("line", PP_FX_FRAMES, FRAME_LINE), NUMBERS("column", PP_FX_FRAMES, FRAME_COLUMN),
    NUMBERS("lib", PP_FX_FRAMES, FRAME_LIB), NUMBERS("flags", PP_FX_FRAMES, FRAME_FLAGS),
    ROWS(PP_FX_FRAMES));
static const struct pp_json_shape funcs_shape = PP_JSON_OBJECT(
    NUMBERS("name", PP_FX_FUNCS, FUNC_NAME), NUMBERS("isJS", PP_FX_FUNCS, FUNC_JS),
    NUMBERS("resource", PP_FX_FUNCS, FUNC_RESOURCE), NUMBERS("source", PP_FX_FUNCS, FUNC_SOURCE),
    NUMBERS("fileName", PP_FX_FUNCS, FUNC_FILE), NUMBERS("lineNumber", PP_FX_FUNCS, FUNC_LINE),
    NUMBERS("flags", PP_FX_FUNCS, FUNC_FLAGS), PLAIN("length", LENGTH + PP_FX_FUNCS));
static const struct pp_json_shape resources_shape =
    PP_JSON_OBJECT(NUMBERS("lib", PP_FX_RESOURCES, RESOURCE_LIB));
static const struct pp_json_shape sources_shape =
    PP_JSON_OBJECT(NUMBERS("filename", PP_FX_SOURCES, SOURCE_FILE));
static const struct pp_json_shape allocations_shape =
    PP_JSON_OBJECT(NUMBERS("stack", PP_FX_ALLOCATIONS, ALLOCATION_STACK),
                   NUMBERS("weight", PP_FX_ALLOCATIONS, ALLOCATION_WEIGHT),
                   NUMBERS("memoryAddress", PP_FX_ALLOCATIONS, ALLOCATION_ADDRESS),
                   PLAIN("length", LENGTH + PP_FX_ALLOCATIONS));
static const struct pp_json_shape js_allocations_shape =
    PP_JSON_OBJECT(NUMBERS("stack", PP_FX_JS_ALLOCATIONS, ALLOCATION_STACK),
                   NUMBERS("weight", PP_FX_JS_ALLOCATIONS, ALLOCATION_WEIGHT),
                   PLAIN("length", LENGTH + PP_FX_JS_ALLOCATIONS));

static const struct pp_json_shape lib_shape = PP_JSON_OBJECT(
    PLAIN("name", LIB_NAME), PLAIN("path", LIB_PATH), PLAIN("debugPath", LIB_DEBUG_PATH),
    PLAIN("breakpadId", LIB_BREAKPAD), PLAIN("codeId", LIB_CODE), PLAIN("start", LIB_START),
    PLAIN("end", LIB_END), PLAIN("offset", LIB_OFFSET));
static const struct pp_json_shape libs_shape = PP_JSON_ARRAY(LIB, &lib_shape);

#define TABLES \
    {"stackTable", TABLE + PP_FX_STACKS, &stacks_shape}, \
        {"frameTable", TABLE + PP_FX_FRAMES, &frames_shape}, \
        {"funcTable", TABLE + PP_FX_FUNCS, &funcs_shape}, \
        {"resourceTable", TABLE + PP_FX_RESOURCES, &resources_shape}, \
        {"sources", TABLE + PP_FX_SOURCES, &sources_shape}, LIST_OF("stringArray", STRING), \
        LIST_OF("stringTable", STRING)

static const struct pp_json_shape shared_shape = PP_JSON_OBJECT(TABLES);
static const struct pp_json_shape thread_shape;
static const struct pp_json_shape profile_shape;
static const struct pp_json_shape thread_shape = PP_JSON_OBJECT(
    PLAIN("name", THREAD_NAME), PLAIN("processName", PROCESS_NAME), PLAIN("pid", PID),
    PLAIN("tid", TID), TABLES, {"samples", TABLE + PP_FX_SAMPLES, &samples_shape},
    {"nativeAllocations", TABLE + PP_FX_ALLOCATIONS, &allocations_shape},
    {"jsAllocations", TABLE + PP_FX_JS_ALLOCATIONS, &js_allocations_shape},
    {"libs", LIBS, &libs_shape});

static const struct pp_json_shape category_shape =
    PP_JSON_OBJECT(PLAIN("name", CATEGORY_NAME), LIST_OF("subcategories", SUBCATEGORY));
static const struct pp_json_shape meta_shape = PP_JSON_OBJECT(
    PLAIN("preprocessedProfileVersion", PROCESSED_VERSION), PLAIN("version", GECKO_VERSION),
    PLAIN("startTime", START_TIME), PLAIN("interval", INTERVAL), PLAIN("product", PRODUCT),
    PLAIN("oscpu", OSCPU), PLAIN("symbolicated", SYMBOLICATED),
    {"categories", 0, SHAPE(PP_JSON_ARRAY(CATEGORY, &category_shape))},
    {"sampleUnits", 0, SHAPE(PP_JSON_OBJECT(PLAIN("threadCPUDelta", CPU_UNIT)))});
static const struct pp_json_shape profile_shape = PP_JSON_OBJECT(
    {"meta", META, &meta_shape}, {"libs", LIBS, &libs_shape}, {"shared", SHARED, &shared_shape},
    {"threads", 0, SHAPE(PP_JSON_ARRAY(THREAD, &thread_shape))},
    {"processes", 0, SHAPE(PP_JSON_ARRAY(PROFILE, &profile_shape))},
    {"profile", PROFILE, &profile_shape});

/* --- processes and threads ----------------------------------------------- */

static struct pp_fx_process *process(struct pp_fx *f)
{
    return &f->processes[f->open[f->nopen - 1]];
}

static bool begin_process(struct pp_fx *f)
{
    PP_GROW(f->processes, f->nprocesses + 1, f->processes_cap);
    PP_GROW(f->open, f->nopen + 1, f->open_cap);
    f->processes[f->nprocesses] = (struct pp_fx_process){.version = PP_FX_NONE};
    f->open[f->nopen++] = (uint32_t)f->nprocesses++;
    return true;
}

static void init_thread(struct pp_fx_thread *t, uint32_t of_process)
{
    *t = (struct pp_fx_thread){.process = of_process};
    for (unsigned i = 0; i < PP_FX_TABLES; i++)
        t->tables[i].length = PP_FX_NONE;
}

static bool begin_thread(struct pp_fx *f)
{
    PP_GROW(f->threads, f->nthreads + 1, f->threads_cap);
    f->thread = &f->threads[f->nthreads++];
    init_thread(f->thread, f->open[f->nopen - 1]);
    return true;
}

static bool end_thread(struct pp_fx *f)
{
    f->thread->at = pp_json_at(&f->json.stream);
    f->thread = NULL;
    return true;
}

/* --- JSON within a text -------------------------------------------------- */

enum { MAX_NESTED = 4 };

static bool take(void *ctx, int id, enum pp_json_token token, struct pp_span text);

/* Until version 3 of Gecko's form, other processes and lists of libraries are JSON in a text. */
static bool read_text(struct pp_fx *f, struct pp_json_value root, struct pp_span text)
{
    struct pp_json_stream s = {0};
    struct pp_json_walk w = {.root = root, .take = take, .ctx = f};
    if (f->nested == MAX_NESTED)
        return pp_json_fail(&f->json, "JSON in texts is nested too deeply");
    f->nested++;
    pp_json_feed(&s, text, true);
    enum pp_json_token token = pp_json_walk_on(&w, &s);
    f->nested--;
    if (token == PP_JSON_WRONG)
        pp_json_fail(&f->json, "in a text that is JSON: %s", s.why);
    pp_json_release(&s);
    pp_json_walk_release(&w);
    return token == PP_JSON_DONE;
}

/* --- meta and libraries -------------------------------------------------- */

static pp_id keep(struct pp_fx *f, struct pp_span text)
{
    return pp_intern_string(&f->texts, text);
}

static bool is_written(enum pp_json_token token)
{
    return token == PP_JSON_A_STRING || token == PP_JSON_A_NUMBER;
}

static bool take_number(struct pp_fx *f, struct pp_span text, unsigned decimals, int64_t *out)
{
    return pp_parse_decimal(text, decimals, out) ||
           pp_json_fail(&f->json, "'%.*s' does not fit 64 bits", PP_SHOW(text));
}

static bool take_meta_number(struct pp_fx *f, struct pp_fx_process *p, int id, struct pp_span text)
{
    enum { MILLISECONDS = 6 };
    switch (id) {
    case PROCESSED_VERSION:
        p->processed = true;
        return true;
    case GECKO_VERSION:
        return take_number(f, text, 0, &p->version);
    case START_TIME:
        return take_number(f, text, MILLISECONDS, &p->start_ns);
    case INTERVAL:
        return take_number(f, text, MILLISECONDS, &p->interval_ns);
    default:
        return true;
    }
}

static void take_meta_text(struct pp_fx *f, struct pp_fx_process *p, int id, struct pp_span text)
{
    if (id == PRODUCT)
        p->product = keep(f, text);
    else if (id == OSCPU)
        p->oscpu = keep(f, text);
    else if (id == CPU_UNIT)
        p->cpu_unit = pp_is(text, "ns")                    ? PP_FX_NANOSECONDS
                      : pp_is(text, "\xc2\xb5s")           ? PP_FX_MICROSECONDS
                      : pp_is(text, "variable CPU cycles") ? PP_FX_CYCLES
                                                           : PP_FX_NO_UNIT;
}

static void take_category(struct pp_fx *f, struct pp_fx_process *p, int id,
                          enum pp_json_token token, struct pp_span text)
{
    if (id == CATEGORY && token == PP_JSON_IN_OBJECT) {
        PP_GROW(p->categories, p->ncategories + 1, p->categories_cap);
        p->categories[p->ncategories++] = (struct pp_fx_category){.first = p->subcategories.n};
    } else if (p->ncategories && token == PP_JSON_A_STRING) {
        struct pp_fx_category *c = &p->categories[p->ncategories - 1];
        if (id == CATEGORY_NAME) {
            c->name = keep(f, text);
            return;
        }
        PP_GROW(p->subcategories.v, p->subcategories.n + 1, p->subcategories.cap);
        p->subcategories.v[p->subcategories.n++] = keep(f, text);
        c->count++;
    }
}

static bool take_meta(struct pp_fx *f, int id, enum pp_json_token token, struct pp_span text)
{
    struct pp_fx_process *p = process(f);
    if (id == META)
        p->has_meta = p->has_meta || token == PP_JSON_IN_OBJECT;
    else if (id == SYMBOLICATED)
        p->unsymbolicated = token == PP_JSON_FALSE;
    else if (id >= CATEGORY && id <= SUBCATEGORY)
        take_category(f, p, id, token, text);
    else if (token == PP_JSON_A_NUMBER)
        return take_meta_number(f, p, id, text);
    else if (token == PP_JSON_A_STRING)
        take_meta_text(f, p, id, text);
    return true;
}

/* The current library, of the thread if it has its own. */
static struct pp_fx_lib *lib(struct pp_fx *f, bool fresh)
{
    struct pp_fx_process *p = process(f);
    struct pp_fx_lib **list = f->thread ? &f->thread->libs : &p->libs;
    size_t *n = f->thread ? &f->thread->nlibs : &p->nlibs;
    size_t *cap = f->thread ? &f->thread->libs_cap : &p->libs_cap;
    if (fresh) {
        PP_GROW(*list, *n + 1, *cap);
        (*list)[(*n)++] = (struct pp_fx_lib){0};
    }
    return &(*list)[*n - 1];
}

static bool take_lib_number(struct pp_fx *f, struct pp_fx_lib *l, int id, struct pp_span text)
{
    uint64_t v;
    int64_t other;
    if (!pp_parse_u64(text, &v)) {
        if (!take_number(f, text, 0, &other))
            return false;
        v = (uint64_t)other;
    }
    *(id == LIB_START ? &l->start : id == LIB_END ? &l->end : &l->offset) = v;
    l->placed = l->placed || id == LIB_END;
    return true;
}

static bool take_lib(struct pp_fx *f, int id, enum pp_json_token token, struct pp_span text)
{
    if (id == LIBS)
        return token != PP_JSON_A_STRING ||
               read_text(f, (struct pp_json_value){LIBS, &libs_shape}, text);
    if (id == LIB) {
        if (token != PP_JSON_OUT)
            lib(f, true); /* also for one that is not an object, as positions count */
        return true;
    }
    struct pp_fx_lib *l = lib(f, false);
    if (id >= LIB_START && token == PP_JSON_A_NUMBER)
        return take_lib_number(f, l, id, text);
    if (id < LIB_START && token == PP_JSON_A_STRING)
        *(id == LIB_NAME         ? &l->name
          : id == LIB_PATH       ? &l->path
          : id == LIB_DEBUG_PATH ? &l->debug_path
          : id == LIB_BREAKPAD   ? &l->breakpad_id
                                 : &l->code_id) = keep(f, text);
    return true;
}

/* --- tables -------------------------------------------------------------- */

/* Screenshots are among the strings; for these, only the fact is kept. */
static bool take_string(struct pp_fx *f, enum pp_json_token token, struct pp_span text)
{
    static const char picture[] = "data:image/";
    struct pp_fx_ids *list = &f->thread->strings;
    if (token != PP_JSON_A_STRING)
        text = (struct pp_span){text.p, text.p};
    else if (pp_starts(text, picture))
        text.end = text.p + strlen(picture);
    PP_GROW(list->v, list->n + 1, list->cap);
    list->v[list->n++] = keep(f, text);
    return true;
}

static bool fail_cell(struct pp_fx *f, struct pp_span text)
{
    return pp_json_fail(&f->json, "'%.*s' does not fit 64 bits", PP_SHOW(text));
}

static bool take_column(struct pp_fx *f, int id, enum pp_json_token token, struct pp_span text)
{
    struct pp_fx_table *t = &f->thread->tables[(id - COLUMN) / 16];
    struct pp_fx_column *c = &t->columns[(id - COLUMN) % 16];
    bool is_time = id == COLUMN + PP_FX_SAMPLES * 16 + SAMPLE_TIME ||
                   id == COLUMN + PP_FX_SAMPLES * 16 + SAMPLE_DELTA;
    if (is_time && !(f->r->keep & PP_HOLDS_TIME))
        return true;
    if (token == PP_JSON_A_NUMBER)
        return pp_fx_push(c, text) || fail_cell(f, text);
    if (token == PP_JSON_TRUE || token == PP_JSON_FALSE)
        return pp_fx_push(c, pp_str(token == PP_JSON_TRUE ? "1" : "0"));
    if (token == PP_JSON_OUT)
        return true;
    pp_fx_push_none(c);
    return true;
}

static bool take_schema(struct pp_fx *f, int table, enum pp_json_token token, struct pp_span text)
{
    struct pp_fx_table *t = &f->thread->tables[table];
    int64_t at;
    if (token == PP_JSON_A_KEY) {
        t->cell = (size_t)pp_fx_column_named((enum pp_fx_table_id)table, text) + 1;
    } else if (token == PP_JSON_A_NUMBER && t->cell && pp_parse_i64(text, &at) && at >= 0 &&
               at < PP_FX_MAX_CELLS) {
        t->at[t->cell - 1] = (unsigned char)(at + 1);
        t->cell = 0;
    }
    return true;
}

static bool take_cell(struct pp_fx *f, int table, enum pp_json_token token, struct pp_span text)
{
    struct pp_fx_table *t = &f->thread->tables[table];
    bool number = token == PP_JSON_A_NUMBER;
    return pp_fx_cell(t, number ? &text : NULL) || fail_cell(f, text);
}

static bool take_table(struct pp_fx *f, int id, enum pp_json_token token, struct pp_span text)
{
    if (!f->thread)
        return true;
    if (id >= COLUMN)
        return take_column(f, id, token, text);
    if (id >= CELL)
        return take_cell(f, id - CELL, token, text);
    if (id >= ROW) {
        struct pp_fx_table *t = &f->thread->tables[id - ROW];
        if (token == PP_JSON_IN_ARRAY)
            t->cell = 0;
        else
            pp_fx_end_row(t);
        return true;
    }
    if (id >= SCHEMA)
        return take_schema(f, id - SCHEMA, token, text);
    if (id >= LENGTH) {
        int64_t *length = &f->thread->tables[id - LENGTH].length;
        return token != PP_JSON_A_NUMBER || take_number(f, text, 0, length);
    }
    if (token != PP_JSON_OUT)
        return true;
    pp_fx_end_table(&f->thread->tables[id - TABLE]);
    return id != TABLE + PP_FX_SAMPLES || pp_fx_join_samples(f, f->thread);
}

/* --- threads ------------------------------------------------------------- */

static bool take_thread(struct pp_fx *f, int id, enum pp_json_token token, struct pp_span text)
{
    if (id == THREAD) {
        if (token == PP_JSON_A_STRING)
            return read_text(f, (struct pp_json_value){PROFILE, &profile_shape}, text);
        if (token == PP_JSON_OUT)
            return !f->thread || end_thread(f); /* a thread that is not an object */
        return token != PP_JSON_IN_OBJECT || begin_thread(f);
    }
    if (id == SHARED) {
        f->thread = token == PP_JSON_IN_OBJECT ? &f->shared : NULL;
        return true;
    }
    if (!f->thread)
        return true;
    if (id == STRING)
        return take_string(f, token, text);
    if (id == WEIGHT_TYPE && token == PP_JSON_A_STRING) {
        f->thread->weight = pp_is(text, "tracing-ms") ? PP_FX_MILLISECONDS
                            : pp_is(text, "bytes")    ? PP_FX_BYTES
                                                      : PP_FX_COUNT;
    } else if (is_written(token) && id != WEIGHT_TYPE) {
        *(id == THREAD_NAME    ? &f->thread->name
          : id == PROCESS_NAME ? &f->thread->process_name
          : id == PID          ? &f->thread->pid
                               : &f->thread->tid) = keep(f, text);
    }
    return true;
}

/* --- entry point --------------------------------------------------------- */

static bool take(void *ctx, int id, enum pp_json_token token, struct pp_span text)
{
    struct pp_fx *f = ctx;
    if (id >= TABLE)
        return take_table(f, id, token, text);
    if (id == PROFILE) {
        if (token == PP_JSON_IN_OBJECT)
            return begin_process(f);
        f->nopen -= token == PP_JSON_OUT && f->nopen;
        return true;
    }
    if (!f->nopen)
        return pp_json_fail(&f->json, "expected an object");
    if (id >= SHARED)
        return take_thread(f, id, token, text);
    return id >= LIBS ? take_lib(f, id, token, text) : take_meta(f, id, token, text);
}

static const char jslb[] = "\xdc\xdfJSLB";

static bool start(struct pp_fx *f, struct pp_reader *r)
{
    if (f->started)
        return true;
    f->started = true;
    f->r = r;
    pp_strings_init(&f->texts);
    init_thread(&f->shared, 0);
    return !pp_starts(r->head, jslb) ||
           pp_fail(r, r->in.p,
                   "this is JSLB, the binary form of Firefox's profiles, which pp does "
                   "not read: save the profile as JSON");
}

static bool firefox_read(struct pp_reader *r, struct pp_span in)
{
    struct pp_fx *f = r->state;
    if (!start(f, r))
        return false;
    pp_json_begin(&f->json, r, (struct pp_json_value){PROFILE, &profile_shape}, take, f);
    return pp_json_read(&f->json, in) && (!f->json.whole || pp_fx_build(f));
}

static void release_thread(struct pp_fx_thread *t)
{
    for (unsigned i = 0; i < PP_FX_TABLES; i++)
        pp_fx_table_release(&t->tables[i]);
    free(t->strings.v);
    free(t->libs);
    free(t->samples);
}

static void firefox_end(struct pp_reader *r)
{
    struct pp_fx *f = r->state;
    pp_json_reader_release(&f->json);
    if (f->started)
        pp_strings_release(&f->texts);
    for (size_t i = 0; i < f->nprocesses; i++) {
        free(f->processes[i].libs);
        free(f->processes[i].categories);
        free(f->processes[i].subcategories.v);
    }
    for (size_t i = 0; i < f->nthreads; i++)
        release_thread(&f->threads[i]);
    release_thread(&f->shared);
    free(f->processes);
    free(f->open);
    free(f->threads);
}

/* --- detection ----------------------------------------------------------- */

static unsigned firefox_bid(struct pp_span head)
{
    enum { BITS = 40 };
    static const char *const sure[] = {"meta.preprocessedProfileVersion",
                                       "threads[].stackTable",
                                       "threads[].frameTable",
                                       "threads[].funcTable",
                                       "shared.stackTable",
                                       "shared.frameTable",
                                       "shared.funcTable",
                                       "profile.threads[].frameTable",
                                       "profile.threads[].stackTable",
                                       "processes[].threads[].frameTable"};
    static const char *const likely[] = {"meta.processType",       "meta.stackwalk",
                                         "meta.sampleUnits",       "profile.meta.processType",
                                         "profile.meta.stackwalk", "shared.stringArray",
                                         "threads[].samples.stack"};
    if (pp_starts(head, jslb))
        return 8 * (unsigned)strlen(jslb);
    if (pp_json_paths(head, sure, sizeof sure / sizeof *sure))
        return 3 * BITS;
    return pp_json_paths(head, likely, sizeof likely / sizeof *likely) ? BITS : 0;
}

const struct pp_format pp_format_firefox = {
    .name = "firefox",
    .title = "profiles of Firefox, samply and others, for the Firefox Profiler",
    .suffixes = (const char *const[]){".firefox.json", ".profile.json", NULL},
    .holds = PP_HOLDS_LINES | PP_HOLDS_ADDRESSES | PP_HOLDS_LABELS | PP_HOLDS_TIME,
    .binary = true,
    .bid = firefox_bid,
    .read = firefox_read,
    .split = pp_split_anywhere,
    .in_order = true,
    .state_size = sizeof(struct pp_fx),
    .end = firefox_end,
    .write = pp_firefox_write,
};
