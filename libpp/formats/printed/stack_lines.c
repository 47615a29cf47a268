#include "formats/printed/stack_lines.h"

#include <stdlib.h>

#include "base/memory.h"

static const char byte_order_mark[] = "\xef\xbb\xbf";

/* --- lines --------------------------------------------------------------- */

/*
 * Copies `line` without "ESC [ ... letter" to `plain`, which is large enough. Returns the length.
 */
static size_t without_colours(struct pp_span line, char *plain)
{
    size_t n = 0;
    for (const char *p = line.p; p < line.end;) {
        if (*p != '\033') {
            plain[n++] = *p++;
            continue;
        }
        const char *end = p + 1;
        if (end < line.end && *end == '[')
            for (end++; end < line.end && !((*end | 0x20) >= 'a' && (*end | 0x20) <= 'z'); end++)
                ;
        p = end < line.end ? end + 1 : end;
    }
    return n;
}

static void take_colours(struct pp_stack_lines *s)
{
    if (!pp_find(s->line, '\033'))
        return;
    PP_GROW(s->plain, pp_len(s->line), s->plain_cap);
    size_t n = without_colours(s->line, s->plain);
    s->line = (struct pp_span){s->plain, s->plain + n};
}

static bool next_line(struct pp_stack_lines *s, struct pp_span *in)
{
    if (!s->begun && pp_starts(*in, byte_order_mark))
        in->p += strlen(byte_order_mark);
    s->begun = true;
    s->at = in->p;
    if (!pp_line(in, &s->line))
        return false;
    s->cut = s->r->last && pp_empty(*in) && in->end[-1] != '\n';
    if (s->colours)
        take_colours(s);
    return true;
}

static int default_column(struct pp_profile *p)
{
    return p->ncolumns ? 0 : pp_column(p, pp_str("samples"), pp_str("count"));
}

bool pp_stack_read(struct pp_reader *r, struct pp_span in,
                   bool (*parse)(struct pp_reader *r, struct pp_span text, struct pp_code *frame),
                   bool (*on_line)(struct pp_stack_lines *s))
{
    struct pp_stack_lines *s = r->state;
    s->r = r;
    s->parse = parse;
    s->bytes += pp_len(in);
    s->colours = pp_find(in, '\033') != NULL;
    while (next_line(s, &in))
        if (!on_line(s))
            return false;
    s->line = pp_str("");
    s->cut = false;
    s->ended = r->last;
    if (!r->last)
        return true;
    bool ok = on_line(s) && pp_stack_end(s, 1);
    if (ok && !r->out->columns[default_column(r->out)].weight)
        pp_warn(r, in.p, "no stack was found");
    return ok;
}

/* --- the open stack ------------------------------------------------------ */

void pp_stack_begin(struct pp_stack_lines *s)
{
    s->open = true;
    s->count = s->nlabels = 0;
    s->held_len = 0;
}

static void add_label(struct pp_stack_lines *s, struct pp_label label)
{
    if (s->nlabels < PP_STACK_LABELS)
        s->labels[s->nlabels++] = label;
}

void pp_stack_label(struct pp_stack_lines *s, const char *key, struct pp_span text)
{
    struct pp_profile *p = s->r->out;
    if (!pp_empty(text) && s->r->keep & PP_HOLDS_LABELS)
        add_label(s, (struct pp_label){.key = pp_cstring(p, key), .text = pp_string(p, text)});
}

void pp_stack_number(struct pp_stack_lines *s, const char *key, uint64_t number, const char *unit)
{
    struct pp_profile *p = s->r->out;
    if (s->r->keep & PP_HOLDS_LABELS && number <= INT64_MAX)
        add_label(s, (struct pp_label){.key = pp_cstring(p, key),
                                       .number = (int64_t)number,
                                       .unit = pp_cstring(p, unit)});
}

void pp_stack_push(struct pp_stack_lines *s, pp_id frame)
{
    PP_GROW(s->frames, s->count + 1, s->cap);
    s->frames[s->count++] = frame;
}

bool pp_stack_frame(struct pp_stack_lines *s, struct pp_span text)
{
    struct pp_digest digest = pp_digest(text.p, pp_len(text), (uintptr_t)s);
    struct pp_code frame = {.line = 0};
    if (!s->texts.width)
        pp_table_init(&s->texts, sizeof digest);
    size_t before = s->texts.count;
    pp_id row = pp_intern(&s->texts, &digest);
    if (s->texts.count > before) {
        PP_GROW(s->frame_of, (size_t)row + 1, s->frame_of_cap);
        s->frame_of[row] = s->parse(s->r, text, &frame) ? pp_frame_at(s->r->out, &frame) : 0;
    }
    if (s->frame_of[row])
        pp_stack_push(s, s->frame_of[row]);
    return s->frame_of[row] != 0;
}

/* --- frames of several lines --------------------------------------------- */

bool pp_stack_release(struct pp_stack_lines *s)
{
    struct pp_span text = pp_stack_held(s);
    if (!s->held_len)
        return true;
    s->held_len = 0;
    if (pp_stack_frame(s, text))
        return true;
    pp_warn(s->r, s->at, "a frame that is not whole is left out: '%.*s'", PP_SHOW(text));
    return false;
}

bool pp_stack_hold(struct pp_stack_lines *s, struct pp_span text)
{
    bool ok = pp_stack_release(s);
    PP_GROW(s->held, pp_len(text) + 1, s->held_cap);
    if (!pp_empty(text))
        memcpy(s->held, text.p, pp_len(text));
    s->held_len = pp_len(text);
    return ok;
}

void pp_stack_hold_more(struct pp_stack_lines *s, char between, struct pp_span text)
{
    if (!s->held_len || pp_empty(text))
        return;
    PP_GROW(s->held, s->held_len + 1 + pp_len(text), s->held_cap);
    s->held[s->held_len++] = between;
    memcpy(s->held + s->held_len, text.p, pp_len(text));
    s->held_len += pp_len(text);
}

void pp_stack_inlined(struct pp_stack_lines *s)
{
    struct pp_table *frames = &s->r->out->frames;
    if (s->count < 2)
        return;
    pp_id *last = &s->frames[s->count - 1];
    struct pp_frame inner = *pp_frame(s->r->out, last[-1]), outer = *pp_frame(s->r->out, last[0]);
    inner.inlined = 1;
    outer.address = inner.address;
    last[-1] = pp_intern(frames, &inner);
    last[0] = pp_intern(frames, &outer);
}

void pp_stack_repeat(struct pp_stack_lines *s, const pp_id *frames, size_t n, uint64_t times)
{
    uint64_t budget = (1 << 20) + 4 * s->bytes - s->repeated;
    if (n && times > budget / n) {
        pp_warn(s->r, s->at, "%zu frames that repeat %llu times are implausibly many", n,
                (unsigned long long)times);
        return;
    }
    s->repeated += n * times;
    for (uint64_t i = 0; i < n * times; i++)
        pp_stack_push(s, frames[i % n]);
}

/* --- the end ------------------------------------------------------------- */

bool pp_stack_end_in(struct pp_stack_lines *s, int column, int64_t value)
{
    struct pp_reader *r = s->r;
    if (!s->open)
        return true;
    pp_stack_release(s);
    s->open = false;
    struct pp_sample sample = {
        .node = pp_reader_stack(r, s->at, s->frames, s->count, s->order),
        .labels = pp_label_set(r->out, s->labels, s->nlabels),
    };
    return pp_reader_add(r, s->at, pp_sample_id(r->out, &sample), column, value);
}

bool pp_stack_end(struct pp_stack_lines *s, int64_t value)
{
    if (s->open)
        pp_stack_release(s);
    s->open = s->open && s->count;
    return !s->open || pp_stack_end_in(s, default_column(s->r->out), value);
}

void pp_stack_warn_cut(struct pp_stack_lines *s)
{
    if (s->cut && s->open)
        pp_warn(s->r, s->at, "the input ends within a line");
}

void pp_stack_release_state(struct pp_reader *r)
{
    struct pp_stack_lines *s = r->state;
    free(s->frames);
    free(s->held);
    free(s->plain);
    free(s->frame_of);
    if (s->texts.width)
        pp_table_release(&s->texts);
}

/* --- bids ---------------------------------------------------------------- */

bool pp_stack_heads(struct pp_span head, bool (*is_head)(struct pp_span),
                    bool (*is_frame)(struct pp_span), unsigned within)
{
    char plain[512];
    unsigned left = 0;
    if (pp_starts(head, byte_order_mark))
        head.p += strlen(byte_order_mark);
    for (struct pp_span line; pp_line(&head, &line);) {
        if (pp_len(line) <= sizeof plain && pp_find(line, '\033')) {
            size_t n = without_colours(line, plain);
            line = (struct pp_span){plain, plain + n};
        }
        if (left && is_frame(line))
            return true;
        left -= left > 0;
        if (is_head(line)) {
            if (!is_frame)
                return true;
            left = within;
        }
    }
    return false;
}

/* --- places -------------------------------------------------------------- */

const char *pp_stack_bracket(struct pp_span s)
{
    size_t depth = 0;
    for (const char *p = s.end; p-- > s.p;) {
        depth += *p == ')';
        if (*p == '(' && depth && --depth == 0)
            return p;
    }
    return NULL;
}

/* Cuts ":NUMBER" off the end of `*s`. */
static bool take_end(struct pp_span *s, uint32_t *number)
{
    uint64_t value;
    const char *colon = pp_rfind(*s, ':');
    if (!colon || colon == s->p || !pp_parse_u64((struct pp_span){colon + 1, s->end}, &value) ||
        value > UINT32_MAX)
        return false;
    *number = (uint32_t)value;
    s->end = colon;
    return true;
}

void pp_stack_place(struct pp_span s, struct pp_code *frame)
{
    uint32_t last = 0, before = 0;
    if (take_end(&s, &last)) {
        bool two = take_end(&s, &before);
        frame->line = two ? before : last;
        frame->column = two ? last : 0;
    }
    frame->file = s;
}
