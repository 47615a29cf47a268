/*
 * Traces of Chrome, and of other tools that write its form: an array of events, which may lack its
 * end, or an object with such an array.
 *
 *     {"traceEvents": [
 *        {"ph": "M", "name": "thread_name", "pid": 1, "tid": 2, "args": {"name": "main"}},
 *        {"ph": "X", "name": "work", "ts": 10.5, "dur": 3, "pid": 1, "tid": 2},
 *        {"ph": "B", "name": "read", "ts": 20, "pid": 1, "tid": 2},
 *        {"ph": "E", "ts": 24, "pid": 1, "tid": 2}],
 *      "stackFrames": {"5": {"name": "main"}, "7": {"name": "read", "parent": "5"}},
 *      "samples": [{"sf": 7, "weight": 1, "pid": 1, "tid": 2, "ts": 21}]}
 *
 * Times are microseconds. If there are events Profile and ProfileChunk, with a profile of V8 in
 * pieces, or CpuProfile, with a whole one, these are read; else samples of stackFrames; else spans,
 * whose time is counted for the innermost open one. Other events, such as counters and asynchronous
 * ones, are not samples.
 * https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU
 */
#include <stdlib.h>

#include "base/memory.h"
#include "formats/viewers/trace.h"
#include "syntax/decimal.h"

/* --- the document -------------------------------------------------------- */

enum {
    EVENT = PP_V8_IDS,
    PHASE,
    NAME,
    TS,
    DURATION,
    THREAD_DURATION,
    PID,
    TID,
    ID,
    ARGS_NAME,
    START,
    END,
    INNER,
    INNER_START,
    INNER_END,
    INNER_DELTA,
    FRAME,
    FRAME_NAME,
    FRAME_PARENT,
    SAMPLE,
    SAMPLE_FRAME,
    SAMPLE_WEIGHT,
};

static const struct pp_json_shape inner_deltas = PP_JSON_ARRAY(INNER_DELTA, NULL);
static const struct pp_json_shape inner_shape = PP_JSON_OBJECT(
    {"nodes", 0, &pp_v8_nodes}, {"samples", 0, &pp_v8_samples}, {"timeDeltas", 0, &inner_deltas},
    {"startTime", INNER_START, NULL}, {"endTime", INNER_END, NULL});
static const struct pp_json_shape data_shape =
    PP_JSON_OBJECT({"cpuProfile", INNER, &inner_shape}, {"timeDeltas", 0, &pp_v8_deltas},
                   {"lines", 0, &pp_v8_lines}, {"startTime", START, NULL}, {"endTime", END, NULL});
static const struct pp_json_shape args_shape =
    PP_JSON_OBJECT({"name", ARGS_NAME, NULL}, {"data", 0, &data_shape});
static const struct pp_json_shape event_shape =
    PP_JSON_OBJECT({"ph", PHASE, NULL}, {"name", NAME, NULL}, {"ts", TS, NULL},
                   {"dur", DURATION, NULL}, {"tdur", THREAD_DURATION, NULL}, {"pid", PID, NULL},
                   {"tid", TID, NULL}, {"id", ID, NULL}, {"args", 0, &args_shape});
static const struct pp_json_shape events_shape = PP_JSON_ARRAY(EVENT, &event_shape);
static const struct pp_json_shape frame_shape =
    PP_JSON_OBJECT({"name", FRAME_NAME, NULL}, {"parent", FRAME_PARENT, NULL});
static const struct pp_json_shape frames_shape = {.others = {FRAME, &frame_shape}};
static const struct pp_json_shape sample_shape =
    PP_JSON_OBJECT({"sf", SAMPLE_FRAME, NULL}, {"weight", SAMPLE_WEIGHT, NULL}, {"pid", PID, NULL},
                   {"tid", TID, NULL});
static const struct pp_json_shape samples_shape = PP_JSON_ARRAY(SAMPLE, &sample_shape);

/* An object with events, or an array of them. */
static const struct pp_json_shape document_shape = {
    .members = (const struct pp_json_member[]){{"traceEvents", 0, &events_shape},
                                               {"stackFrames", 0, &frames_shape},
                                               {"samples", 0, &samples_shape}},
    .nmembers = 3,
    .element = {EVENT, &event_shape},
};

/* --- threads ------------------------------------------------------------- */

static uint32_t thread_of(struct pp_trace *t)
{
    struct pp_trace_thread row = {t->said.pid, t->said.tid};
    return pp_intern(&t->threads, &row);
}

/* Sets list[at], and grows the list if needed. */
static void set_name(pp_id **list, size_t *cap, size_t at, pp_id name)
{
    size_t old = *cap;
    PP_GROW(*list, at + 1, *cap);
    if (*cap > old)
        memset(*list + old, 0, (*cap - old) * sizeof **list);
    (*list)[at] = name;
}

/* --- events -------------------------------------------------------------- */

static bool text_is(const struct pp_trace *t, pp_id text, const char *want)
{
    return pp_is(pp_string_at(&t->texts, text), want);
}

static bool end_metadata(struct pp_trace *t)
{
    const struct pp_trace_said *s = &t->said;
    if (text_is(t, s->name, "thread_name"))
        set_name(&t->thread_names, &t->thread_names_cap, thread_of(t), s->text);
    else if (text_is(t, s->name, "process_name"))
        set_name(&t->process_names, &t->process_names_cap, s->pid, s->text);
    return true;
}

static bool end_span(struct pp_trace *t, enum pp_trace_phase phase)
{
    const struct pp_trace_said *s = &t->said;
    if (!s->has_ts)
        return true;
    if (s->name >= 1u << 30)
        return pp_json_fail(&t->json, "more than 2^30 names");
    PP_GROW(t->events, t->nevents + 1, t->events_cap);
    t->events[t->nevents++] = (struct pp_trace_event){
        .ts = s->ts,
        .duration = phase == PP_TRACE_WHOLE ? s->duration : 0,
        .thread = thread_of(t),
        .name = s->name & ((1u << 30) - 1),
        .phase = phase & 3,
    };
    return true;
}

static int chunk_kind(const struct pp_trace *t)
{
    static const char *const names[] = {"Profile", "ProfileChunk", "CpuProfile"};
    for (int i = 0; i < 3; i++)
        if (text_is(t, t->said.name, names[i]))
            return i;
    return -1;
}

static int64_t first_of(int64_t a, int64_t b)
{
    return a ? a : b;
}

/* Values in cpuProfile take precedence over those around it. */
static bool end_chunk(struct pp_trace *t, int kind)
{
    const struct pp_trace_said *s = &t->said;
    if (kind == PP_TRACE_CPU_PROFILE && !s->has_profile)
        return true;
    PP_GROW(t->chunks, t->nchunks + 1, t->chunks_cap);
    t->chunks[t->nchunks] = (struct pp_trace_chunk){
        .ts = s->ts,
        .order = t->nchunks,
        .kind = (enum pp_trace_chunk_kind)kind,
        .thread = thread_of(t),
        .pid = s->pid,
        .id = s->id,
        .from = s->from,
        .to = t->data.n,
        .inner_from = s->inner_from,
        .inner_to = t->ninner,
        .start = first_of(s->inner_start, s->start),
        .end = first_of(s->inner_end, s->end),
    };
    t->nchunks++;
    t->has_profile = t->has_profile || kind != PP_TRACE_PROFILE_CHUNK;
    return true;
}

/* Drops what was kept of an event that is not part of a profile. */
static bool end_event(struct pp_trace *t)
{
    int kind = chunk_kind(t);
    if (kind >= 0)
        return end_chunk(t, kind);
    t->data.n = t->said.from;
    t->ninner = t->said.inner_from;
    switch (t->said.phase) {
    case 'M':
        return end_metadata(t);
    case 'B':
        return end_span(t, PP_TRACE_BEGIN);
    case 'E':
        return end_span(t, PP_TRACE_END);
    case 'X':
        return end_span(t, PP_TRACE_WHOLE);
    default:
        return true;
    }
}

static void begin(struct pp_trace *t)
{
    t->said = (struct pp_trace_said){.from = t->data.n, .inner_from = t->ninner, .weight = 1};
}

static pp_id keep(struct pp_trace *t, struct pp_span text)
{
    return pp_intern_string(&t->texts, text);
}

/* A number, which may be written as a string. */
static bool take_number(struct pp_trace *t, enum pp_json_token token, struct pp_span text,
                        int64_t *out, bool *there)
{
    bool number = token == PP_JSON_A_NUMBER || (token == PP_JSON_A_STRING && !pp_empty(text));
    *there = number;
    return !number || pp_v8_microseconds(&t->json, text, out);
}

static bool take_time(struct pp_trace *t, int id, enum pp_json_token token, struct pp_span text)
{
    struct pp_trace_said *s = &t->said;
    bool there = true;
    int64_t v = 0;
    if (id == TS)
        return take_number(t, token, text, &s->ts, &s->has_ts);
    if (!take_number(t, token, text, &v, &there) || !there)
        return there ? false : true;
    if (id == DURATION || (id == THREAD_DURATION && !s->has_duration)) {
        s->duration = v;
        s->has_duration = s->has_duration || id == DURATION;
    } else if (id != THREAD_DURATION) {
        *(id == START         ? &s->start
          : id == END         ? &s->end
          : id == INNER_START ? &s->inner_start
                              : &s->inner_end) = v;
    }
    return true;
}

static bool take_event_field(struct pp_trace *t, int id, enum pp_json_token token,
                             struct pp_span text)
{
    struct pp_trace_said *s = &t->said;
    bool written = token == PP_JSON_A_STRING || token == PP_JSON_A_NUMBER;
    if (id == INNER)
        s->has_profile = true;
    if (!written)
        return true;
    if (id == PHASE)
        s->phase = pp_len(text) == 1 ? *text.p : '\0';
    else if (id == NAME)
        s->name = keep(t, text);
    else if (id == ARGS_NAME)
        s->text = keep(t, text);
    else if (id == PID)
        s->pid = keep(t, text);
    else if (id == TID)
        s->tid = keep(t, text);
    else if (id == ID)
        s->id = keep(t, text);
    return true;
}

static bool take_inner_delta(struct pp_trace *t, enum pp_json_token token, struct pp_span text)
{
    int64_t v;
    if (token != PP_JSON_A_NUMBER)
        return pp_json_fail(&t->json, "a time is not a number");
    if (!pp_v8_microseconds(&t->json, text, &v))
        return false;
    PP_GROW(t->inner, t->ninner + 1, t->inner_cap);
    t->inner[t->ninner++] = v;
    return true;
}

/* --- stackFrames and samples --------------------------------------------- */

static void end_frame(struct pp_trace *t)
{
    size_t old = t->frames_cap, at = t->said.frame;
    PP_GROW(t->frames, at + 1, t->frames_cap);
    if (t->frames_cap > old)
        memset(t->frames + old, 0, (t->frames_cap - old) * sizeof *t->frames);
    t->frames[at] = (struct pp_trace_frame){t->said.name, t->said.parent, true};
    t->has_frames = true;
}

static bool end_sample(struct pp_trace *t)
{
    PP_GROW(t->samples, t->nsamples + 1, t->samples_cap);
    t->samples[t->nsamples++] =
        (struct pp_trace_sample){t->said.weight, t->said.frame, thread_of(t)};
    return true;
}

static bool take_frame(struct pp_trace *t, int id, enum pp_json_token token, struct pp_span text)
{
    struct pp_trace_said *s = &t->said;
    bool written = token == PP_JSON_A_STRING || token == PP_JSON_A_NUMBER;
    if (id == FRAME && token == PP_JSON_A_KEY) {
        begin(t);
        s->frame = keep(t, text);
    } else if (id == FRAME && token == PP_JSON_OUT) {
        end_frame(t);
    } else if (id == FRAME_NAME && written) {
        s->name = keep(t, text);
    } else if (id == FRAME_PARENT && written) {
        s->parent = keep(t, text);
    } else if (id == SAMPLE_FRAME && written) {
        s->frame = keep(t, text);
    } else if (id == SAMPLE_WEIGHT && written) {
        return pp_parse_decimal(text, 0, &s->weight) ||
               pp_json_fail(&t->json, "'%.*s' does not fit 64 bits", PP_SHOW(text));
    }
    return true;
}

/* --- entry point --------------------------------------------------------- */

static bool take(void *ctx, int id, enum pp_json_token token, struct pp_span text)
{
    struct pp_trace *t = ctx;
    if (id < PP_V8_IDS)
        return pp_v8_take(&t->data, id, token, text);
    if (id == EVENT || id == SAMPLE) {
        if (token == PP_JSON_IN_OBJECT)
            begin(t);
        else if (token == PP_JSON_OUT)
            return id == EVENT ? end_event(t) : end_sample(t);
        return true;
    }
    if (id >= FRAME)
        return take_frame(t, id, token, text);
    if (id == INNER_DELTA)
        return take_inner_delta(t, token, text);
    bool time = (id >= TS && id <= THREAD_DURATION) || id == START || id == END ||
                id == INNER_START || id == INNER_END;
    return time ? take_time(t, id, token, text) : take_event_field(t, id, token, text);
}

static bool put_together(struct pp_trace *t)
{
    if (t->has_profile)
        return pp_trace_cpu_profiles(t);
    if (t->nchunks)
        pp_json_warn(&t->json, "%zu parts of CPU profiles whose beginning is missing: left out",
                     t->nchunks);
    if (t->has_frames && t->nsamples)
        return pp_trace_stack_frames(t);
    if (!t->nevents)
        return pp_json_fail(&t->json, "there are no events with a duration in it");
    return pp_trace_spans(t);
}

static void start(struct pp_trace *t)
{
    if (t->started)
        return;
    t->started = true;
    t->json.open_ended = true;
    t->data.json = &t->json;
    pp_strings_init(&t->texts);
    pp_table_init(&t->threads, sizeof(struct pp_trace_thread));
}

static bool trace_read(struct pp_reader *r, struct pp_span in)
{
    struct pp_trace *t = r->state;
    start(t);
    pp_json_begin(&t->json, r, (struct pp_json_value){0, &document_shape}, take, t);
    return pp_json_read(&t->json, in) && (!t->json.whole || put_together(t));
}

static void trace_end(struct pp_reader *r)
{
    struct pp_trace *t = r->state;
    pp_json_reader_release(&t->json);
    pp_v8_release(&t->data);
    if (t->started) {
        pp_strings_release(&t->texts);
        pp_table_release(&t->threads);
    }
    free(t->inner);
    free(t->thread_names);
    free(t->process_names);
    free(t->events);
    free(t->chunks);
    free(t->frames);
    free(t->samples);
}

/* --- detection ----------------------------------------------------------- */

static unsigned trace_bid(struct pp_span head)
{
    enum { IN_OBJECT, ARRAY_PHASE, ARRAY_TS, ARRAY_PID, FRAMES, SAMPLES, OBJECT_PHASE, BITS = 40 };
    static const char *const paths[] = {"traceEvents[]",   "[].ph",       "[].ts",
                                        "[].pid",          "stackFrames", "samples[].sf",
                                        "traceEvents[].ph"};
    uint32_t found = pp_json_paths(head, paths, sizeof paths / sizeof *paths);
    if (found >> OBJECT_PHASE & 1)
        return 3 * BITS;
    if (found >> ARRAY_PHASE & (found >> ARRAY_TS | found >> ARRAY_PID) & 1)
        return 2 * BITS;
    if (found >> FRAMES & (found >> SAMPLES | found) & 1)
        return 2 * BITS;
    return found >> IN_OBJECT & 1 ? BITS : 0;
}

const struct pp_format pp_format_chrome_trace = {
    .name = "chrome-trace",
    .title = "traces of Chrome, and trace events of others",
    .suffixes = (const char *const[]){".trace.json", ".trace", NULL},
    .holds = PP_HOLDS_COLUMNS | PP_HOLDS_LINES | PP_HOLDS_LABELS | PP_HOLDS_TIME,
    .binary = true,
    .bid = trace_bid,
    .read = trace_read,
    .split = pp_split_anywhere,
    .in_order = true,
    .state_size = sizeof(struct pp_trace),
    .end = trace_end,
};
