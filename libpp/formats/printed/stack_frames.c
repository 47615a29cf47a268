/* The open stack: its frames and labels, until it is counted. */
#include <stdlib.h>

#include "base/memory.h"
#include "formats/printed/stack_lines.h"

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

bool pp_stack_number_after(struct pp_stack_lines *s, const char *key, struct pp_span text,
                           const char *before)
{
    struct pp_span digits = pp_after(text, before);
    uint64_t number = 0;
    if (pp_take(&digits, "0x"))
        number = pp_take_hex(&digits);
    else if (!pp_take_u64(&digits, &number))
        return false;
    if (number)
        pp_stack_number(s, key, number, "");
    return true;
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

static int default_column(struct pp_profile *p)
{
    return p->ncolumns ? 0 : pp_column(p, pp_str("samples"), pp_str("count"));
}

pp_id pp_stack_sample(struct pp_stack_lines *s)
{
    pp_stack_release(s);
    s->open = false;
    struct pp_sample sample = {
        .node = pp_reader_stack(s->r, s->at, s->frames, s->count, s->order),
        .labels = pp_label_set(s->r->out, s->labels, s->nlabels),
    };
    return pp_sample_id(s->r->out, &sample);
}

bool pp_stack_end_in(struct pp_stack_lines *s, int column, int64_t value)
{
    return !s->open || pp_reader_add(s->r, s->at, pp_stack_sample(s), column, value);
}

bool pp_stack_end(struct pp_stack_lines *s, int64_t value)
{
    if (s->open)
        pp_stack_release(s);
    s->open = s->open && s->count;
    return !s->open || pp_stack_end_in(s, default_column(s->r->out), value);
}

int pp_stack_column(struct pp_stack_lines *s, struct pp_span type, const char *unit)
{
    struct pp_profile *p = s->r->out;
    int column = pp_column(p, type, pp_str(unit));
    if (column < 0)
        pp_fail(s->r, s->at, "more than %d columns", PP_MAX_COLUMNS);
    else if (!p->about.default_type)
        p->about.default_type = p->columns[column].type;
    return column;
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
