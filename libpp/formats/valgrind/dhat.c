/*
 * Files of valgrind's DHAT, and of dhat-rs for Rust: JSON with a point for each stack that
 * allocated.
 *
 *     {"dhatFileVersion":2,"mode":"heap","verb":"Allocated","bklt":true,"bkacc":true,...
 *      "pps":[{"tb":24000,"tbk":1000,"tl":35739,"mb":24,"mbk":1,"gb":0,"gbk":0,"eb":0,"ebk":0,
 *              "rb":0,"wb":1000,"acc":[1000,-23,0],"fs":[1,2]}],
 *      "ftbl":["[root]","0x109213: temporary (alloc.c:9)","0x1093A1: main (alloc.c:19)"]}
 *
 * The points come before the frames, so they wait, packed, for the end of the file.
 *
 * "fs" is leaf first. Each count is a column; docs/heap-profiles.md describes them. Not kept are
 * the accesses to each byte of a block ("acc"), and valgrind's maximum of a point ("mb"), which it
 * sets only when the whole heap reaches a new peak; that of dhat-rs is kept.
 * https://valgrind.org/docs/manual/dh-manual.html, valgrind's dhat/dh_main.c,
 * https://docs.rs/dhat
 */
#include <stdlib.h>

#include "base/memory.h"
#include "formats/reader/json_reader.h"
#include "formats/valgrind/frame_text.h"
#include "formats/valgrind/packed.h"
#include "model/allocators.h"

/* --- columns ------------------------------------------------------------- */

/* The numbers of a point, in the order of their columns. */
enum number { TBK, TB, GBK, GB, EBK, EB, TL, RB, WB, MBK, MB, NUMBERS };

static const struct {
    const char *key, *type, *unit;
} numbers[NUMBERS] = {
    [TBK] = {"tbk", "alloc_objects", "count"}, [TB] = {"tb", "alloc_space", "bytes"},
    [GBK] = {"gbk", "peak_objects", "count"},  [GB] = {"gb", "peak_space", "bytes"},
    [EBK] = {"ebk", "inuse_objects", "count"}, [EB] = {"eb", "inuse_space", "bytes"},
    [TL] = {"tl", "lifetime", "instructions"}, [RB] = {"rb", "read", "bytes"},
    [WB] = {"wb", "written", "bytes"},         [MBK] = {"mbk", "max_objects", "count"},
    [MB] = {"mb", "max_space", "bytes"},
};

/* --- what the file has --------------------------------------------------- */

/* Ids of values; those of a point's numbers are the numbers plus one. */
enum {
    VERSION = NUMBERS + 1,
    MODE,
    TIME_UNIT,
    LIFETIMES,
    ACCESSES,
    POINT,
    STACK,
    INDEX,
    DROPPED,
    TABLE,
    FRAME,
};

static const struct pp_json_shape indexes = PP_JSON_ARRAY(INDEX, NULL);
static const struct pp_json_shape point = PP_JSON_OBJECT(
    {"tb", TB + 1, NULL}, {"tbk", TBK + 1, NULL}, {"tl", TL + 1, NULL}, {"mb", MB + 1, NULL},
    {"mbk", MBK + 1, NULL}, {"gb", GB + 1, NULL}, {"gbk", GBK + 1, NULL}, {"eb", EB + 1, NULL},
    {"ebk", EBK + 1, NULL}, {"rb", RB + 1, NULL}, {"wb", WB + 1, NULL}, {"acc", DROPPED, NULL},
    {"fs", STACK, &indexes});
static const struct pp_json_shape points = PP_JSON_ARRAY(POINT, &point);
static const struct pp_json_shape texts = PP_JSON_ARRAY(FRAME, NULL);
static const struct pp_json_shape document =
    PP_JSON_OBJECT({"dhatFileVersion", VERSION, NULL}, {"mode", MODE, NULL},
                   {"bklt", LIFETIMES, NULL}, {"bkacc", ACCESSES, NULL}, {"tu", TIME_UNIT, NULL},
                   {"pps", 0, &points}, {"ftbl", TABLE, &texts});

/* A frame of the table. */
struct frame {
    uint64_t address;
    pp_id id, inlined; /* frames of the profile; `inlined`: 0 until it is made */
};

struct point {
    uint64_t at; /* its byte in the file */
    uint64_t values[NUMBERS];
    bool known[NUMBERS], has_stack;
    uint32_t *indexes; /* of its frames, leaf first */
    size_t depth, cap;
};

struct dhat {
    struct pp_json_reader json;
    struct pp_strings texts;
    pp_id mode, time_unit; /* of `texts` */
    bool begun, versioned, lifetimes, accesses, dropped, has_table;
    struct frame *frames;
    size_t nframes, frames_cap;
    struct point now;
    struct pp_packed points;
    size_t npoints;

    int columns[NUMBERS]; /* -1: absent */
    int64_t time_factor;
    pp_id *stack;
    size_t stack_cap;
};

/* --- reading ------------------------------------------------------------- */

static bool take_version(struct dhat *d, enum pp_json_token token, struct pp_span text)
{
    d->versioned = token == PP_JSON_A_NUMBER;
    return (d->versioned && pp_is(text, "2")) ||
           pp_json_fail(&d->json, "version %.*s of the format is not known", PP_SHOW(text));
}

/* A whole number from 0 to 63 bits; other numbers are reported. */
static void take_number(struct dhat *d, enum number n, enum pp_json_token token,
                        struct pp_span text)
{
    uint64_t v = 0;
    if (token != PP_JSON_A_NUMBER)
        return;
    if (!pp_parse_u64(text, &v) || v > INT64_MAX) {
        bool large = *text.p != '-';
        pp_json_warn(&d->json, "'%s' is %.*s: %s", numbers[n].key, PP_SHOW(text),
                     large ? "taken for 2^63 - 1" : "taken for 0");
        v = large ? INT64_MAX : 0;
    }
    d->now.values[n] = v;
    d->now.known[n] = true;
}

static void take_index(struct dhat *d, enum pp_json_token token, struct pp_span text)
{
    uint64_t index;
    if (token != PP_JSON_A_NUMBER || !pp_parse_u64(text, &index) || index > UINT32_MAX) {
        pp_json_warn(&d->json, "there is no frame %.*s", PP_SHOW(text));
        return;
    }
    PP_GROW(d->now.indexes, d->now.depth + 1, d->now.cap);
    d->now.indexes[d->now.depth++] = (uint32_t)index;
}

static void take_stack(struct dhat *d, enum pp_json_token token)
{
    d->now.has_stack |= token == PP_JSON_IN_ARRAY || token == PP_JSON_A_NULL;
    if (token == PP_JSON_IN_ARRAY)
        d->now.depth = 0;
}

static void pack_point(struct dhat *d)
{
    unsigned known = 0;
    for (int n = 0; n < NUMBERS; n++)
        known |= (unsigned)d->now.known[n] << n;
    pp_packed_put(&d->points, d->now.at);
    pp_packed_put(&d->points, known);
    for (int n = 0; n < NUMBERS; n++)
        if (d->now.known[n])
            pp_packed_put(&d->points, d->now.values[n]);
    pp_packed_put(&d->points, d->now.has_stack ? d->now.depth + 1 : 0);
    for (size_t i = 0; d->now.has_stack && i < d->now.depth; i++)
        pp_packed_put(&d->points, d->now.indexes[i]);
    d->npoints++;
}

static bool take_point(struct dhat *d, enum pp_json_token token)
{
    if (token == PP_JSON_OUT) {
        pack_point(d);
        return true;
    }
    if (token != PP_JSON_IN_OBJECT)
        return pp_json_fail(&d->json, "expected an object");
    d->now = (struct point){
        .at = pp_json_at(&d->json.stream), .indexes = d->now.indexes, .cap = d->now.cap};
    return true;
}

static void set_drop_frames(struct pp_profile *p, bool heap)
{
    p->about.drop_frames = heap ? pp_cstring(p, pp_allocator_frames) : 0;
}

static void take_frame(struct dhat *d, enum pp_json_token token, struct pp_span text)
{
    struct pp_code code = {0};
    if (token != PP_JSON_A_STRING)
        return;
    PP_GROW(d->frames, d->nframes + 1, d->frames_cap);
    if (!d->nframes) /* for pp_reader_frame(), even if the mode is not known yet */
        set_drop_frames(d->json.r->out, true);
    if (d->nframes && !pp_valgrind_frame(text, &code)) /* the first one is "[root]" */
        code = (struct pp_code){.function = text};
    pp_id id = d->nframes ? pp_reader_frame(d->json.r, &code) : 0;
    d->frames[d->nframes++] = (struct frame){code.address, id, 0};
}

static bool take(void *ctx, int id, enum pp_json_token token, struct pp_span text)
{
    struct dhat *d = ctx;
    if (id <= NUMBERS) {
        take_number(d, (enum number)(id - 1), token, text);
        return true;
    }
    switch (id) {
    case VERSION:
        return take_version(d, token, text);
    case POINT:
        return take_point(d, token);
    case STACK:
        take_stack(d, token);
        return true;
    case INDEX:
        take_index(d, token, text);
        return true;
    case FRAME:
        take_frame(d, token, text);
        return true;
    case TABLE:
        d->nframes = token == PP_JSON_IN_ARRAY ? 0 : d->nframes;
        d->has_table = true;
        return true;
    case MODE:
        d->mode = pp_intern_string(&d->texts, text);
        return true;
    case TIME_UNIT:
        d->time_unit = pp_intern_string(&d->texts, text);
        return true;
    case LIFETIMES:
        d->lifetimes = token == PP_JSON_TRUE;
        return true;
    case ACCESSES:
        d->accesses = token == PP_JSON_TRUE;
        return true;
    default:
        d->dropped = true;
        return true;
    }
}

/* --- columns of the profile ---------------------------------------------- */

static void add_column(struct dhat *d, enum number n, const char *type, struct pp_span unit)
{
    d->columns[n] = pp_column(d->json.r->out, pp_str(type), unit);
}

static struct pp_span unit_of_time(struct dhat *d)
{
    struct pp_span unit = pp_string_at(&d->texts, d->time_unit);
    d->time_factor = 1;
    if (pp_is(unit, "instrs") || pp_empty(unit))
        return pp_str("instructions");
    if (!pp_is(unit, "\xc2\xb5s") && !pp_is(unit, "us"))
        return unit;
    d->time_factor = 1000;
    return pp_str("nanoseconds");
}

static void add_columns(struct dhat *d)
{
    struct pp_span mode = pp_string_at(&d->texts, d->mode);
    bool ad_hoc = pp_find_text(mode, "ad-hoc"), copies = pp_find_text(mode, "copy");
    bool rust = pp_starts(mode, "rust-");
    for (int n = 0; n < NUMBERS; n++)
        d->columns[n] = -1;
    add_column(d, TBK, ad_hoc ? "events" : copies ? "copies" : "alloc_objects", pp_str("count"));
    const char *main = ad_hoc ? "units" : copies ? "copied_space" : "alloc_space";
    add_column(d, TB, main, pp_str(ad_hoc ? "count" : "bytes"));
    for (enum number n = GBK; n < NUMBERS; n++) {
        bool there = n < RB ? d->lifetimes : n < MBK ? d->accesses : d->lifetimes && rust;
        if (there)
            add_column(d, n, numbers[n].type, n == TL ? unit_of_time(d) : pp_str(numbers[n].unit));
    }
    d->json.r->out->about.default_type = pp_cstring(d->json.r->out, main);
    set_drop_frames(d->json.r->out, !ad_hoc && !copies);
}

/* --- points -------------------------------------------------------------- */

static void unpack_point(struct dhat *d)
{
    struct point *now = &d->now;
    now->at = pp_packed_take(&d->points);
    uint64_t known = pp_packed_take(&d->points);
    for (int n = 0; n < NUMBERS; n++) {
        now->known[n] = known >> n & 1;
        now->values[n] = now->known[n] ? pp_packed_take(&d->points) : 0;
    }
    uint64_t frames = pp_packed_take(&d->points);
    now->has_stack = frames;
    now->depth = 0;
    for (uint64_t i = 1; i < frames; i++) {
        uint64_t index = pp_packed_take(&d->points);
        if (index && index < d->nframes)
            now->indexes[now->depth++] = (uint32_t)index; /* the array once held them all */
        else
            pp_warn_byte(d->json.r, now->at, "there is no frame %llu", (unsigned long long)index);
    }
}

/* Consecutive frames with one address are inlined in the last of them. */
static bool is_inlined(const struct dhat *d, size_t i)
{
    const uint32_t *at = d->now.indexes + i;
    if (i + 1 == d->now.depth || at[0] == at[1])
        return false;
    return d->frames[at[0]].address && d->frames[at[0]].address == d->frames[at[1]].address;
}

static pp_id frame_id(struct dhat *d, size_t i)
{
    struct frame *f = &d->frames[d->now.indexes[i]];
    if (!is_inlined(d, i))
        return f->id;
    if (!f->inlined) {
        struct pp_frame row = *pp_frame(d->json.r->out, f->id);
        row.inlined = true;
        f->inlined = pp_frame_row(d->json.r->out, row);
    }
    return f->inlined;
}

static pp_id make_stack(struct dhat *d)
{
    size_t n = d->now.depth;
    PP_GROW(d->stack, n + 1, d->stack_cap);
    for (size_t i = 0; i < n; i++)
        d->stack[i] = frame_id(d, i);
    if (n == 0)
        d->stack[n++] = pp_reader_frame(d->json.r, &(struct pp_code){0});
    return pp_reader_stack(d->json.r, d->json.r->in.end, d->stack, n, PP_LEAF_FIRST);
}

static bool add_point(struct dhat *d)
{
    struct pp_profile *p = d->json.r->out;
    struct pp_sample sample = {.node = make_stack(d)};
    pp_id id = pp_sample_id(p, &sample);
    for (int n = 0; n < NUMBERS; n++) {
        int64_t v = (int64_t)d->now.values[n];
        if (d->columns[n] < 0)
            continue;
        if (!d->now.known[n])
            pp_warn_byte(d->json.r, d->now.at, "a point without '%s'", numbers[n].key);
        if (n == TL && __builtin_mul_overflow(v, d->time_factor, &v))
            v = INT64_MAX;
        if (!pp_add(p, id, (unsigned)d->columns[n], v))
            return pp_fail_byte(d->json.r, d->now.at, "the sum of column '%.*s' exceeds 64 bits",
                                PP_SHOW(pp_text(p, p->columns[d->columns[n]].type)));
    }
    return true;
}

static bool put_together(struct dhat *d)
{
    struct pp_reader *r = d->json.r;
    if (!d->versioned)
        return pp_fail_byte(r, 0, "it has no 'dhatFileVersion'");
    if (!d->has_table)
        return pp_fail(r, r->in.end, "it has no table of frames, 'ftbl'");
    add_columns(d);
    for (; d->npoints; d->npoints--) {
        unpack_point(d);
        if (!d->now.has_stack)
            pp_warn_byte(r, d->now.at, "a point without a stack, 'fs'");
        if (!add_point(d))
            return false;
    }
    if (d->dropped)
        pp_remark(r, "how often each byte of a block was accessed ('acc') is left out");
    return true;
}

/* --- entry points -------------------------------------------------------- */

static bool dhat_read(struct pp_reader *r, struct pp_span in)
{
    struct dhat *d = r->state;
    if (!d->begun)
        pp_strings_init(&d->texts);
    d->begun = true;
    d->json.stream.gaps = true;
    pp_json_begin(&d->json, r, (struct pp_json_value){0, &document}, take, d);
    return pp_json_read(&d->json, in) && (!d->json.whole || put_together(d));
}

static void dhat_end(struct pp_reader *r)
{
    struct dhat *d = r->state;
    pp_json_reader_release(&d->json);
    pp_strings_release(&d->texts);
    pp_packed_release(&d->points);
    free(d->frames);
    free(d->now.indexes);
    free(d->stack);
}

/* Both writers put the version first, but it is searched for elsewhere, too. */
static unsigned dhat_bid(struct pp_span head)
{
    if (pp_empty(head) || !memchr("{ \t\r\n", *head.p, 5))
        return 0;
    return pp_find_text(head, "\"dhatFileVersion\"") ? 8 * 17 : 0;
}

bool pp_dhat_write(const struct pp_profile *p, struct pp_out *out);

const struct pp_format pp_format_dhat = {
    .name = "dhat",
    .title = "heap profiles of valgrind's DHAT and of dhat-rs",
    .suffixes = (const char *const[]){".dhat", ".dhat.json", NULL},
    .holds = PP_HOLDS_COLUMNS | PP_HOLDS_LINES | PP_HOLDS_ADDRESSES,
    .binary = true,
    .bid = dhat_bid,
    .read = dhat_read,
    .split = pp_split_anywhere,
    .in_order = true,
    .state_size = sizeof(struct dhat),
    .end = dhat_end,
    .write = pp_dhat_write,
};
