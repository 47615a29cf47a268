/*
 * CPU profiles of V8, as node --cpu-prof, Chrome's developer tools and others write them.
 *
 *     {"nodes": [
 *        {"id": 1, "callFrame": {"functionName": "(root)", "url": "", "lineNumber": -1},
 * "children": [2]},
 *        {"id": 2, "callFrame": {"functionName": "main", "url": "file:///a.js", "lineNumber": 3},
 *         "hitCount": 2, "positionTicks": [{"line": 5, "ticks": 2}]}],
 *      "startTime": 1000, "endTime": 1350, "samples": [2, 2], "timeDeltas": [50, 100]}
 *
 * Times are microseconds; timeDeltas are from the previous sample, the first from startTime. Lines
 * count from 0. Instead of `children`, nodes may have their `parent`. Until 2013, nodes were nested
 * below `head`, `timestamps` were times, and startTime and endTime were seconds.
 * https://chromedevtools.github.io/devtools-protocol/tot/Profiler/#type-Profile
 */
#include "formats/viewers/v8.h"
#include "syntax/decimal.h"

enum { SAMPLES = PP_V8_IDS, TIMESTAMPS, START, END };

static const struct pp_json_shape document_shape = PP_JSON_OBJECT(
    {"nodes", 0, &pp_v8_nodes}, {"head", PP_V8_NODE, &pp_v8_node},
    {"samples", SAMPLES, &pp_v8_samples}, {"timeDeltas", 0, &pp_v8_deltas},
    {"timestamps", TIMESTAMPS, &pp_v8_deltas}, {"startTime", START, NULL}, {"endTime", END, NULL});

struct cpuprofile {
    struct pp_json_reader json;
    struct pp_v8_data data;
    struct pp_span start, end; /* as in the input: their unit depends on the rest */
    char start_text[32], end_text[32];
    bool has_samples, old;
};

static bool keep_number(struct cpuprofile *c, struct pp_span text, char *room, struct pp_span *out)
{
    if (pp_len(text) > sizeof c->start_text)
        return pp_json_fail(&c->json, "a number of %zu digits", pp_len(text));
    memcpy(room, text.p, pp_len(text));
    *out = (struct pp_span){room, room + pp_len(text)};
    return true;
}

static bool take(void *ctx, int id, enum pp_json_token token, struct pp_span text)
{
    struct cpuprofile *c = ctx;
    if (id < PP_V8_IDS)
        return pp_v8_take(&c->data, id, token, text);
    if (id == SAMPLES)
        c->has_samples = true;
    else if (id == TIMESTAMPS)
        c->old = true;
    else if (token == PP_JSON_A_NUMBER)
        return id == START ? keep_number(c, text, c->start_text, &c->start)
                           : keep_number(c, text, c->end_text, &c->end);
    return true;
}

static bool time_of(const struct cpuprofile *c, struct pp_span text, int64_t *ns)
{
    enum { MICROSECONDS = 3, SECONDS = 9 };
    return pp_empty(text) || pp_parse_decimal(text, c->old ? SECONDS : MICROSECONDS, ns) ||
           pp_json_fail(&c->json, "'%.*s' is not a time that fits 64 bits", PP_SHOW(text));
}

static bool add_hits(struct cpuprofile *c, struct pp_v8_profile *p)
{
    struct pp_profile *out = c->json.r->out;
    return pp_v8_add_values(p, &c->data, pp_column(out, pp_str("samples"), pp_str("count")));
}

static bool put_together(struct cpuprofile *c)
{
    static const struct pp_v8_extent nothing;
    struct pp_v8_profile p = {.from = &nothing, .to = &c->data.n, .nparts = 1, .end = INT64_MIN};
    p.absolute = c->old;
    if (!c->data.n.records)
        return pp_json_fail(&c->json, "there are no nodes in it");
    if (!time_of(c, c->start, &p.start) || !time_of(c, c->end, &p.end))
        return false;
    pp_v8_build(&p, &c->data);
    bool ok = c->has_samples ? pp_v8_add(&p, &c->data) : add_hits(c, &p);
    pp_v8_profile_release(&p);
    return ok;
}

static bool cpuprofile_read(struct pp_reader *r, struct pp_span in)
{
    struct cpuprofile *c = r->state;
    c->data.json = &c->json;
    pp_json_begin(&c->json, r, (struct pp_json_value){0, &document_shape}, take, c);
    return pp_json_read(&c->json, in) && (!c->json.whole || put_together(c));
}

static void cpuprofile_end(struct pp_reader *r)
{
    struct cpuprofile *c = r->state;
    pp_json_reader_release(&c->json);
    pp_v8_release(&c->data);
}

static unsigned cpuprofile_bid(struct pp_span head)
{
    enum { CALL_FRAME, HEAD_NAME, HEAD_HITS, SAMPLED, TIMED, STARTED, BITS_EACH = 40 };
    static const char *const paths[] = {"nodes[].callFrame.functionName",
                                        "head.functionName",
                                        "head.hitCount",
                                        "samples[]",
                                        "timeDeltas[]",
                                        "startTime"};
    uint32_t found = pp_json_paths(head, paths, sizeof paths / sizeof *paths);
    bool named = found >> CALL_FRAME & 1, old = found >> HEAD_NAME & found >> HEAD_HITS & 1;
    bool timed = found >> SAMPLED & found >> TIMED & 1;
    if (named || old)
        return BITS_EACH * (2u + (timed || found >> STARTED & 1));
    return timed ? BITS_EACH : 0;
}

const struct pp_format pp_format_cpuprofile = {
    .name = "cpuprofile",
    .title = "CPU profiles of V8: Chrome, node (.cpuprofile)",
    .suffixes = (const char *const[]){".cpuprofile", NULL},
    .holds = PP_HOLDS_COLUMNS | PP_HOLDS_LINES | PP_HOLDS_TIME,
    .binary = true,
    .bid = cpuprofile_bid,
    .read = cpuprofile_read,
    .split = pp_split_anywhere,
    .in_order = true,
    .state_size = sizeof(struct cpuprofile),
    .end = cpuprofile_end,
};
