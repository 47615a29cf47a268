#include "formats/perf/script/stack.h"

#include "base/memory.h"
#include "base/swar.h"
#include "formats/perf/modules.h"
#include "formats/perf/script/maps.h"
#include "model/code.h"
#include "syntax/perf_symbol.h"

/* --- from text to rows --------------------------------------------------- */

/* What the frames of one line share besides the function. */
struct place {
    struct pp_span symbol;
    pp_id mapping;
    enum pp_kind kind;
    bool inlined, java;
};

/* The function, 0 for [unknown]. */
static pp_id function_of(struct pp_reader *r, struct pp_perf_state *s, struct pp_span symbol,
                         bool java)
{
    if (!symbol.p || pp_is(symbol, "[unknown]"))
        return 0;
    if (pp_empty(symbol))
        return pp_function_named(r->out, pp_str(" ")); /* as other tools write it */
    char *name = pp_alloc(&s->scratch, pp_len(symbol));
    size_t n = pp_perf_tidy(symbol, java, name);
    struct pp_span tidy = {name, name + n};
    struct pp_function f = {.name = pp_string(r->out, tidy)};
    if (!pp_same(symbol, tidy))
        f.system_name = pp_string(r->out, symbol);
    return pp_intern(&r->out->functions, &f);
}

/* Java's inlined methods are printed outermost first; frames are leaf first. */
static void turn_around(struct pp_frame *rows, size_t n)
{
    for (size_t i = 0; i < n / 2; i++) {
        struct pp_frame row = rows[i];
        rows[i] = rows[n - 1 - i];
        rows[n - 1 - i] = row;
    }
}

static void make_rows(struct pp_reader *r, struct pp_perf_state *s, const struct place *place,
                      struct pp_arena *a, struct pp_perf_known *known)
{
    struct pp_span symbol = place->symbol, part;
    size_t n = 0;
    for (struct pp_span rest = symbol; pp_perf_part(&rest, &part);)
        n++;
    known->rows = pp_alloc(a, (n ? n : 1) * sizeof *known->rows);
    known->rows[0] = (struct pp_frame){.mapping = place->mapping};
    for (n = 0; pp_perf_part(&symbol, &part); n++) {
        known->rows[n] = (struct pp_frame){.mapping = place->mapping};
        known->rows[n].function = function_of(r, s, part, place->java);
        known->rows[n].inlined = n > 0;
        known->rows[n].marked = n > 0; /* other tools mark these whatever their options */
    }
    known->count = (uint32_t)(n ? n : 1);
    for (n = 0; n < known->count; n++)
        known->rows[n].kind = (unsigned)place->kind & 0x1f;
    turn_around(known->rows, known->count);
}

/* Old versions of perf print the name of the process for some frames: "7f00 (bash) (/bin/bash)". */
static bool is_process_name(struct pp_span symbol)
{
    return pp_starts(symbol, "(") && pp_find(symbol, ')') == symbol.end - 1;
}

/* A copy of both parts of the text, joined. */
static struct pp_span join(struct pp_arena *a, const struct pp_perf_text *text)
{
    size_t before = pp_len(text->before), after = pp_len(text->after);
    char *copy = pp_alloc(a, before + after);
    memcpy(copy, text->before.p, before);
    if (after)
        memcpy(copy + before, text->after.p, after);
    return (struct pp_span){copy, copy + before + after};
}

static struct pp_perf_known *make_known(struct pp_reader *r, struct pp_perf_state *s,
                                        const struct pp_perf_text *text, bool keep)
{
    struct pp_arena *a = keep ? &r->arena : &s->scratch;
    struct pp_perf_known *known = pp_alloc(a, sizeof *known);
    *known = (struct pp_perf_known){.text = join(a, text), .before = pp_len(text->before)};

    struct pp_span module;
    struct place place = {.java = s->java};
    pp_perf_frame_parts(known->text, &place.symbol, &module);
    if (is_process_name(place.symbol))
        return known;
    known->inlined = pp_is(module, "inlined");
    if (!known->inlined && !pp_empty(module) && !pp_is(module, "[unknown]")) {
        pp_id file = pp_string(r->out, module);
        place.kind = pp_perf_kind(module);
        if (r->keep & PP_HOLDS_ADDRESSES && pp_perf_module_offset(known->text, &known->offset))
            known->module = file;
        else
            place.mapping = pp_perf_mapping(r->out, file, 0);
    }
    make_rows(r, s, &place, a, known);
    if (known->count == 1 && !known->inlined && !(r->keep & (PP_HOLDS_ADDRESSES | PP_HOLDS_LINES)))
        known->id = pp_frame_row(r->out, known->rows[0]);
    return known;
}

/* The number of hexadecimal digits that `text` ends with: those of an offset, without a loop. */
static inline size_t count_digits(struct pp_span text)
{
    const char *p = text.end;
    if (pp_len(text) >= 8) {
        uint64_t others = pp_not_hex(pp_load64_be(text.end - 8));
        if (others)
            return (size_t)__builtin_ctzll(others) / 8;
        p -= 8;
    }
    while (p > text.p && pp_hex_digit(p[-1]))
        p--;
    return (size_t)(text.end - p);
}

/* The start of the "+0x12" that ends at `end`, or NULL. */
static inline const char *offset_before(struct pp_span text, const char *end)
{
    const char *p = end - count_digits((struct pp_span){text.p, end});
    return p - text.p > 3 && memcmp(p - 3, "+0x", 3) == 0 ? p - 3 : NULL;
}

/*
 * "main+0x12 (/bin/x)" without its offset: one key for the whole function. A symbol with two
 * offsets stays as it is: the first is part of the name, and the second is cut off later.
 */
static void cut_offset(struct pp_span text, struct pp_span *before, struct pp_span *after)
{
    const char *bracket = pp_rfind(text, '('), *offset = NULL;
    if (bracket && bracket > text.p && bracket[-1] == ' ')
        offset = offset_before(text, bracket - 1);
    bool cut = offset && !offset_before(text, offset);
    *before = (struct pp_span){text.p, cut ? offset : text.end};
    *after = (struct pp_span){cut ? bracket - 1 : text.end, text.end};
}

struct pp_perf_text pp_perf_frame_text(const struct pp_perf_state *s,
                                       const struct pp_perf_frame *frame)
{
    struct pp_span before, after;
    cut_offset(frame->text, &before, &after);
    return pp_perf_text(&s->frames[s->java], before, after);
}

static struct pp_perf_known *look_up(struct pp_reader *r, struct pp_perf_state *s,
                                     const struct pp_perf_text *text)
{
    struct pp_perf_memo *memo = &s->frames[s->java];
    struct pp_perf_known *known = pp_perf_find(memo, text);
    if (!known) {
        bool keep = pp_perf_may_add(memo, text);
        known = make_known(r, s, text, keep);
        if (keep)
            pp_perf_remember(memo, text, known);
    }
    return known;
}

/* --- source lines -------------------------------------------------------- */

/*
 * FILE:LINE, with what perf appends to it. Other forms, such as libc.so.6[27b25], are not source
 * lines.
 */
static bool parse_source(struct pp_span source, struct pp_span *file, uint32_t *line)
{
    uint64_t n;
    const char *bracket = pp_find_text(source, " (");
    if (bracket)
        source.end = bracket;
    const char *colon = pp_rfind(source, ':');
    if (!colon || !pp_parse_u64((struct pp_span){colon + 1, source.end}, &n) || n > UINT32_MAX)
        return false;
    *file = (struct pp_span){source.p, colon};
    *line = (uint32_t)n;
    return !pp_is(*file, "??");
}

static void set_source(struct pp_reader *r, struct pp_span source, struct pp_frame *row)
{
    struct pp_span file;
    if (!parse_source(source, &file, &row->line))
        return;
    struct pp_function f = *pp_function(r->out, row->function);
    f.file = pp_string(r->out, file);
    row->function = pp_intern(&r->out->functions, &f);
}

bool pp_perf_add_source(struct pp_perf_state *s, struct pp_span line)
{
    if (!s->open || !pp_perf_has_frames(s) || !pp_starts(line, "  "))
        return false;
    if (s->npending)
        s->pending[s->npending - 1].source = pp_trim(line);
    return true;
}

/* --- the open sample ----------------------------------------------------- */

static void push(struct pp_perf_state *s, pp_id frame)
{
    if (s->count == s->cap)
        PP_GROW(s->ids, s->count + 1, s->cap);
    s->ids[s->count++] = frame;
}

static pp_id mapping_of(struct pp_reader *r, const struct pp_perf_pending *pending)
{
    const struct pp_perf_known *known = pending->known;
    if (!known->module)
        return known->rows[0].mapping;
    return pp_perf_mapping(r->out, known->module, pending->address - known->offset);
}

static void add_rows(struct pp_reader *r, struct pp_perf_state *s,
                     const struct pp_perf_pending *pending)
{
    const struct pp_perf_known *known = pending->known;
    pp_id mapping = mapping_of(r, pending);
    PP_GROW(s->rows, s->nrows + known->count, s->rows_cap);
    for (size_t i = 0; i < known->count; i++) {
        struct pp_frame row = known->rows[i];
        row.mapping = mapping;
        row.address = pending->address;
        if (known->inlined)
            row.inlined = 1;
        if (r->keep & PP_HOLDS_LINES && !pp_empty(pending->source))
            set_source(r, pending->source, &row);
        s->rows[s->nrows++] = row;
    }
}

/*
 * Some versions of perf also mark the function that contains inlined ones "(inlined)", so addresses
 * decide.
 */
static void push_pending(struct pp_reader *r, struct pp_perf_state *s)
{
    for (size_t i = 0; i < s->npending; i++)
        add_rows(r, s, &s->pending[i]);
    pp_mark_inlined(s->rows, s->nrows);
    for (size_t i = 0; i < s->nrows; i++) {
        if (!(r->keep & PP_HOLDS_ADDRESSES))
            s->rows[i].address = 0;
        push(s, pp_frame_row(r->out, s->rows[i]));
    }
    s->npending = s->nrows = 0;
}

void pp_perf_add_frame(struct pp_reader *r, struct pp_perf_state *s,
                       const struct pp_perf_frame *frame, const struct pp_perf_text *text)
{
    const struct pp_perf_known *known = look_up(r, s, text);
    if (s->npending && !s->pending[s->npending - 1].known->inlined)
        push_pending(r, s);
    if (known->id && !s->npending) {
        push(s, known->id);
        return;
    }
    if (!known->count) {
        pp_perf_leave_uncached(&s->callers);
        pp_warn(r, frame->text.p, "a process name where a frame is expected is left out");
        return;
    }
    PP_GROW(s->pending, s->npending + 1, s->pending_cap);
    s->pending[s->npending++] = (struct pp_perf_pending){.known = known, .address = frame->address};
}

/* The stack of the frames on top of cached callers. */
static pp_id stack_on_callers(struct pp_reader *r, const struct pp_perf_state *s)
{
    pp_id node = s->callers.known.node;
    bool fresh = false;
    for (size_t i = s->count; i--;)
        node = pp_intern_child(&r->out->nodes, node, s->ids[i], &fresh);
    return node;
}

pp_id pp_perf_take_stack(struct pp_reader *r, struct pp_perf_state *s)
{
    push_pending(r, s);
    pp_id node = s->callers.joined ? stack_on_callers(r, s)
                                   : pp_reader_stack(r, s->at, s->ids, s->count, PP_LEAF_FIRST);
    pp_perf_cache_callers(r, s, node);
    pp_perf_begin_callers(&s->callers);
    s->count = 0;
    if (s->scratch.blocks)
        pp_arena_clear(&s->scratch);
    return node;
}

/* --- lines of call chains ------------------------------------------------ */

/*
 * Lines of call chains are processed in batches, stage by stage: each stage prefetches what the
 * next one needs.
 */
enum { BATCH = 8 };

struct call {
    struct pp_span line;
    bool is_frame;
    struct pp_perf_frame frame; /* if it is one: its parts, and the key of its cache entry */
    struct pp_perf_text text;
};

/* Moves the next lines of `*in` that may be frames to `calls`. */
static size_t cut_calls(struct pp_span *in, struct call *calls, size_t most)
{
    size_t n = 0;
    while (n < most && pp_perf_is_call(*in) && pp_line(in, &calls[n].line))
        n++;
    return n;
}

static void take_apart(const struct pp_perf_state *s, struct call *c)
{
    c->is_frame = pp_perf_frame(c->line, &c->frame);
    if (!c->is_frame)
        return;
    c->text = pp_perf_frame_text(s, &c->frame);
    pp_perf_prefetch_slot(&s->frames[s->java], &c->text);
}

static void add(struct pp_reader *r, struct pp_perf_state *s, const struct call *c)
{
    if (c->line.p == s->callers.next)
        pp_perf_reach_mark(s);
    s->tabbed = true;
    pp_perf_add_frame(r, s, &c->frame, &c->text);
}

/* False, with `*in` moved back to it, at a line that turns out not to be a frame. */
static bool add_calls(struct pp_reader *r, struct pp_perf_state *s, struct call *calls, size_t n,
                      struct pp_span *in)
{
    for (size_t i = 0; i < n; i++)
        take_apart(s, &calls[i]);
    for (size_t i = 0; i < n; i++)
        if (calls[i].is_frame)
            pp_perf_prefetch_known(&s->frames[s->java], &calls[i].text);
    for (size_t i = 0; i < n; i++) {
        if (!calls[i].is_frame) {
            in->p = calls[i].line.p;
            return false;
        }
        add(r, s, &calls[i]);
    }
    return true;
}

void pp_perf_add_chain_lines(struct pp_reader *r, struct pp_perf_state *s, struct pp_span *in)
{
    struct call calls[BATCH];
    size_t n = 1;
    if (!pp_perf_has_frames(s))
        pp_perf_find_callers(r, s, *in);
    while (!pp_perf_join_callers(r, s, in) && n) {
        struct pp_span unknown = {in->p, s->callers.from ? s->callers.from : in->end};
        n = cut_calls(&unknown, calls, BATCH);
        bool all = add_calls(r, s, calls, n, &unknown);
        in->p = unknown.p;
        if (!all)
            return;
    }
}
