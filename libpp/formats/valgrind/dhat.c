/*
 * Files of valgrind's DHAT, and of dhat-rs for Rust: JSON with a point for each stack that
 * allocated.
 *
 *     {"dhatFileVersion":2,"mode":"heap","verb":"Allocated","bklt":true,"bkacc":true,...
 *      "pps":[{"tb":24000,"tbk":1000,"tl":35739,"mb":24,"mbk":1,"gb":0,"gbk":0,"eb":0,"ebk":0,
 *              "rb":0,"wb":1000,"acc":[1000,-23,0],"fs":[1,2]}],
 *      "ftbl":["[root]","0x109213: temporary (alloc.c:9)","0x1093A1: main (alloc.c:19)"]}
 *
 * "fs" is leaf first. Each count is a column; docs/heap-profiles.md describes them. Not kept are
 * the accesses to each byte of a block ("acc"), and valgrind's maximum of a point ("mb"), which it
 * sets only when the whole heap reaches a new peak; that of dhat-rs is kept.
 * https://valgrind.org/docs/manual/dh-manual.html, valgrind's dhat/dh_main.c,
 * https://docs.rs/dhat
 */
#include <stdlib.h>

#include "base/memory.h"
#include "formats/format.h"
#include "formats/valgrind/frame_text.h"
#include "model/allocators.h"
#include "syntax/json.h"

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

struct frame {
    struct pp_code code;
    pp_id id, inlined; /* 0: not made yet */
};

struct dhat {
    struct pp_reader *r;
    struct pp_json json;

    struct pp_span version, mode, verb, time_unit;
    bool lifetimes, accesses; /* "bklt", "bkacc" */
    bool knows_lifetimes, knows_accesses;

    struct frame *frames; /* "ftbl" */
    size_t nframes, frames_cap;
    const char *table; /* where it begins */

    int columns[NUMBERS]; /* -1: absent */
    int64_t time_factor;
    bool has_columns, dropped;
    struct pp_span points; /* "pps", if it came before what it depends on */

    pp_id *stack;
    uint32_t *indexes;
    size_t stack_cap, indexes_cap;
};

static bool has(struct pp_span s, const char *word)
{
    return pp_find_text(s, word) != NULL;
}

static void add_column(struct dhat *d, enum number n, const char *type, struct pp_span unit)
{
    d->columns[n] = pp_column(d->r->out, pp_str(type), unit);
}

static struct pp_span unit_of_time(struct dhat *d)
{
    d->time_factor = 1;
    if (pp_is(d->time_unit, "instrs") || pp_empty(d->time_unit))
        return pp_str("instructions");
    if (!pp_is(d->time_unit, "\xc2\xb5s") && !pp_is(d->time_unit, "us"))
        return d->time_unit;
    d->time_factor = 1000;
    return pp_str("nanoseconds");
}

static void add_columns(struct dhat *d)
{
    bool ad_hoc = has(d->mode, "ad-hoc"), copies = has(d->mode, "copy");
    bool rust = pp_starts(d->mode, "rust-");
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
    d->r->out->about.default_type = pp_cstring(d->r->out, main);
    if (!ad_hoc && !copies)
        d->r->out->about.drop_frames = pp_cstring(d->r->out, pp_allocator_frames);
    d->has_columns = true;
}

/* --- frames -------------------------------------------------------------- */

static void add_frame(struct dhat *d, struct pp_span text)
{
    struct frame f = {0};
    if (!pp_valgrind_frame(text, &f.code))
        f.code = (struct pp_code){.function = text};
    PP_GROW(d->frames, d->nframes + 1, d->frames_cap);
    d->frames[d->nframes++] = f;
}

static void read_table(struct dhat *d, struct pp_json *j)
{
    struct pp_span text;
    d->nframes = 0;
    if (!pp_json_array(j))
        return;
    while (pp_json_element(j))
        if (pp_json_string(j, &text))
            add_frame(d, text);
}

/* The table comes after all points, which need it. A string cannot contain `"ftbl":`. */
static void find_table(struct dhat *d, struct pp_span in)
{
    static const char key[] = "\"ftbl\"";
    for (const char *hit; (hit = pp_find_text(in, key)); in.p = hit + 1) {
        struct pp_span rest = {hit + strlen(key), in.end};
        while (rest.p < rest.end && memchr(" \t\r\n", *rest.p, 4))
            rest.p++;
        if (pp_empty(rest) || *rest.p != ':')
            continue;
        rest.p++;
        struct pp_json j = {.in = rest, .arena = &d->r->arena};
        read_table(d, &j);
        d->table = rest.p;
        return;
    }
}

static pp_id frame_id(struct dhat *d, size_t index, bool inlined)
{
    struct frame *f = &d->frames[index];
    pp_id *id = inlined ? &f->inlined : &f->id;
    if (!*id) {
        struct pp_code code = f->code;
        code.inlined = inlined;
        *id = pp_reader_frame(d->r, &code);
    }
    return *id;
}

/* Consecutive frames with one address are inlined in the last of them. */
static bool is_inlined(const struct dhat *d, size_t i, size_t n)
{
    if (i + 1 == n || d->indexes[i] == d->indexes[i + 1])
        return false;
    uint64_t address = d->frames[d->indexes[i]].code.address;
    return address && address == d->frames[d->indexes[i + 1]].code.address;
}

/* --- points -------------------------------------------------------------- */

/* A whole number from 0 to 63 bits; other numbers are reported. */
static int64_t read_number(struct dhat *d, const char *key)
{
    struct pp_span text = {NULL, NULL};
    uint64_t v = 0;
    if (!pp_json_number(&d->json, &text))
        return 0;
    if (pp_parse_u64(text, &v) && v <= INT64_MAX)
        return (int64_t)v;
    bool large = *text.p != '-';
    pp_warn(d->r, text.p, "'%s' is %.*s: %s", key, PP_SHOW(text),
            large ? "taken for 2^63 - 1" : "taken for 0");
    return large ? INT64_MAX : 0;
}

/* valgrind writes `"fs":]` if it left out every frame. */
static bool is_broken_array(struct pp_json *j)
{
    const char *p = j->in.p;
    while (p < j->in.end && memchr(" \t\r\n", *p, 4))
        p++;
    if (p == j->in.end || *p != ']')
        return false;
    j->in.p = p + 1;
    return true;
}

static size_t read_indexes(struct dhat *d)
{
    size_t n = 0;
    struct pp_span text;
    if (is_broken_array(&d->json) || !pp_json_array(&d->json))
        return 0;
    while (pp_json_element(&d->json)) {
        uint64_t index;
        if (!pp_json_number(&d->json, &text))
            break;
        if (!pp_parse_u64(text, &index) || index >= d->nframes || index == 0) {
            pp_warn(d->r, text.p, "there is no frame %.*s", PP_SHOW(text));
            continue;
        }
        PP_GROW(d->indexes, n + 1, d->indexes_cap);
        d->indexes[n++] = (uint32_t)index;
    }
    return n;
}

static pp_id make_stack(struct dhat *d, const char *at, size_t n)
{
    PP_GROW(d->stack, n + 1, d->stack_cap);
    for (size_t i = 0; i < n; i++)
        d->stack[i] = frame_id(d, d->indexes[i], is_inlined(d, i, n));
    if (n == 0)
        d->stack[n++] = pp_reader_frame(d->r, &(struct pp_code){0});
    return pp_reader_stack(d->r, at, d->stack, n, PP_LEAF_FIRST);
}

static bool add_point(struct dhat *d, const char *at, pp_id node, const int64_t *values)
{
    struct pp_sample sample = {.node = node};
    pp_id id = pp_sample_id(d->r->out, &sample);
    for (int n = 0; n < NUMBERS; n++) {
        int64_t v = values[n];
        if (d->columns[n] < 0)
            continue;
        if (n == TL && __builtin_mul_overflow(v, d->time_factor, &v))
            v = INT64_MAX;
        if (!pp_reader_add(d->r, at, id, d->columns[n], v))
            return false;
    }
    return true;
}

static int number_named(struct pp_span key)
{
    for (int n = 0; n < NUMBERS; n++)
        if (pp_is(key, numbers[n].key))
            return n;
    return -1;
}

/* Reads a point. False after failing. */
static bool read_point(struct dhat *d)
{
    const char *at = d->json.in.p;
    int64_t values[NUMBERS] = {0};
    bool known[NUMBERS] = {false}, has_stack = false;
    pp_id node = 0;
    if (!pp_json_object(&d->json))
        return true;
    for (struct pp_span key; pp_json_member(&d->json, &key);) {
        int n = number_named(key);
        if (n >= 0) {
            values[n] = read_number(d, numbers[n].key);
            known[n] = true;
        } else if (pp_is(key, "fs")) {
            node = make_stack(d, at, read_indexes(d));
            has_stack = true;
        } else {
            d->dropped = d->dropped || pp_is(key, "acc");
            pp_json_skip(&d->json);
        }
    }
    if (d->json.why)
        return true;
    if (!has_stack) {
        pp_warn(d->r, at, "a point without a stack, 'fs'");
        node = make_stack(d, at, 0);
    }
    for (int n = 0; n < NUMBERS; n++)
        if (d->columns[n] >= 0 && !known[n])
            pp_warn(d->r, at, "a point without '%s'", numbers[n].key);
    return add_point(d, at, node, values);
}

static bool read_points(struct dhat *d)
{
    if (!d->has_columns)
        add_columns(d);
    if (!pp_json_array(&d->json))
        return true;
    while (pp_json_element(&d->json))
        if (!read_point(d))
            return false;
    return true;
}

/* --- reading ------------------------------------------------------------- */

static bool read_version(struct dhat *d)
{
    if (!pp_json_number(&d->json, &d->version) || pp_is(d->version, "2"))
        return true;
    return pp_fail(d->r, d->version.p, "version %.*s of the format is not known",
                   PP_SHOW(d->version));
}

/* Points can be read once it is known what they contain. */
static bool read_or_keep_points(struct dhat *d)
{
    if (d->knows_lifetimes && d->knows_accesses && !pp_empty(d->mode))
        return read_points(d);
    const char *begin = d->json.in.p;
    pp_json_skip(&d->json);
    d->points = (struct pp_span){begin, d->json.in.p};
    return true;
}

static bool read_member(struct dhat *d, struct pp_span key)
{
    struct pp_json *j = &d->json;
    if (pp_is(key, "dhatFileVersion"))
        return read_version(d);
    if (pp_is(key, "pps"))
        return read_or_keep_points(d);
    if (pp_is(key, "mode"))
        pp_json_string(j, &d->mode);
    else if (pp_is(key, "tu"))
        pp_json_string(j, &d->time_unit);
    else if (pp_is(key, "bklt"))
        d->knows_lifetimes = pp_json_bool(j, &d->lifetimes);
    else if (pp_is(key, "bkacc"))
        d->knows_accesses = pp_json_bool(j, &d->accesses);
    else
        pp_json_skip(j);
    return true;
}

static bool check_end(struct dhat *d)
{
    if (!pp_json_end(&d->json))
        return pp_fail(d->r, d->json.at, "%s", d->json.why);
    if (pp_empty(d->version))
        return pp_fail(d->r, d->r->in.p, "it has no 'dhatFileVersion'");
    return true;
}

static bool read_all(struct dhat *d, struct pp_span in)
{
    find_table(d, in);
    if (!d->table)
        return pp_fail(d->r, in.end, "it has no table of frames, 'ftbl': it may be cut");
    pp_json_object(&d->json);
    for (struct pp_span key; pp_json_member(&d->json, &key);)
        if (!read_member(d, key))
            return false;
    if (!check_end(d))
        return false;
    if (!pp_empty(d->points)) {
        d->json = (struct pp_json){.in = d->points, .arena = &d->r->arena};
        if (!read_points(d))
            return false;
        if (d->json.why)
            return pp_fail(d->r, d->json.at, "%s", d->json.why);
    }
    if (!d->has_columns)
        add_columns(d);
    if (d->dropped)
        pp_remark(d->r, "how often each byte of a block was accessed ('acc') is left out");
    return true;
}

static bool dhat_read(struct pp_reader *r, struct pp_span in)
{
    struct dhat d = {.r = r, .json = {.in = in, .arena = &r->arena}};
    bool ok = read_all(&d, in);
    free(d.frames);
    free(d.stack);
    free(d.indexes);
    return ok;
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
    .bid = dhat_bid,
    .read = dhat_read,
    .write = pp_dhat_write,
};
