/*
 * Sampled heap profiles of V8, as node --heap-prof and Chrome's developer tools write them: the
 * memory in use by the stack that allocated it. V8 has scaled it to include what was not sampled.
 *
 *     {"head": {"callFrame": {"functionName": "(root)", "url": "", "lineNumber": -1}, "selfSize":
 * 0, "id": 1, "children": [
 *        {"callFrame": {"functionName": "main", "url": "file:///a.js", "lineNumber": 3},
 *         "selfSize": 131128, "id": 2, "children": []}]},
 *      "samples": [{"size": 131128, "nodeId": 2, "ordinal": 1}]}
 *
 * https://chromedevtools.github.io/devtools-protocol/tot/HeapProfiler/#type-SamplingHeapProfile
 */
#include "formats/viewers/v8.h"

static const struct pp_json_shape document_shape =
    PP_JSON_OBJECT({"head", PP_V8_NODE, &pp_v8_node});

struct heapprofile {
    struct pp_json_reader json;
    struct pp_v8_data data;
};

static bool take(void *ctx, int id, enum pp_json_token token, struct pp_span text)
{
    struct heapprofile *h = ctx;
    return pp_v8_take(&h->data, id, token, text);
}

static bool put_together(struct heapprofile *h)
{
    static const struct pp_v8_extent nothing;
    struct pp_v8_profile p = {.from = &nothing, .to = &h->data.n, .nparts = 1};
    if (!h->data.n.records)
        return pp_json_fail(&h->json, "there are no nodes in it");
    struct pp_profile *out = h->json.r->out;
    pp_v8_build(&p, &h->data);
    bool ok =
        pp_v8_add_values(&p, &h->data, pp_column(out, pp_str("inuse_space"), pp_str("bytes")));
    pp_v8_profile_release(&p);
    return ok;
}

static bool heapprofile_read(struct pp_reader *r, struct pp_span in)
{
    struct heapprofile *h = r->state;
    h->data.json = &h->json;
    pp_json_begin(&h->json, r, (struct pp_json_value){0, &document_shape}, take, h);
    return pp_json_read(&h->json, in) && (!h->json.whole || put_together(h));
}

static void heapprofile_end(struct pp_reader *r)
{
    struct heapprofile *h = r->state;
    pp_json_reader_release(&h->json);
    pp_v8_release(&h->data);
}

static unsigned heapprofile_bid(struct pp_span head)
{
    enum { NAME, SIZE, CHILD_SIZE, BITS_EACH = 40 };
    static const char *const paths[] = {"head.callFrame.functionName", "head.selfSize",
                                        "head.children[].selfSize"};
    uint32_t found = pp_json_paths(head, paths, sizeof paths / sizeof *paths);
    bool sized = (found >> SIZE | found >> CHILD_SIZE) & 1;
    return sized ? BITS_EACH * (2 + (found >> NAME & 1)) : found >> NAME & 1 ? BITS_EACH : 0;
}

const struct pp_format pp_format_heapprofile = {
    .name = "heapprofile",
    .title = "sampled heap of V8: Chrome, node (.heapprofile)",
    .suffixes = (const char *const[]){".heapprofile", NULL},
    .holds = PP_HOLDS_LINES,
    .binary = true,
    .bid = heapprofile_bid,
    .read = heapprofile_read,
    .split = pp_split_anywhere,
    .in_order = true,
    .state_size = sizeof(struct heapprofile),
    .end = heapprofile_end,
};
