/* speedscope_values.c - reads what profiles contain: units, frames, samples and events. */
#include "base/memory.h"
#include "formats/viewers/speedscope.h"
#include "syntax/decimal.h"

/* Units of time, with the decimals that make them nanoseconds; and others. */
static const struct pp_speedscope_unit units[] = {
    {"none", -1, "samples", "count"},           {"nanoseconds", 0, "time", "nanoseconds"},
    {"microseconds", 3, "time", "nanoseconds"}, {"milliseconds", 6, "time", "nanoseconds"},
    {"seconds", 9, "time", "nanoseconds"},      {"bytes", 0, "space", "bytes"},
};

const struct pp_speedscope_unit *pp_speedscope_unit_named(struct pp_span name)
{
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (pp_is(name, units[i].name))
            return &units[i];
    return NULL;
}

/* --- numbers ------------------------------------------------------------- */

bool pp_speedscope_too_large(struct pp_speedscope *s, struct pp_span text)
{
    return pp_json_fail(&s->json, "'%.*s' does not fit 64 bits", PP_SHOW(text));
}

static bool times_ten(int64_t *v)
{
    return !__builtin_mul_overflow(*v, 10, v);
}

/* Gives all numbers of the profile one more decimal. */
static bool grow_decimals(struct pp_speedscope *s)
{
    struct pp_speedscope_profile *q = &s->profile;
    bool ok = times_ten(&q->start) && times_ten(&q->end) && times_ten(&q->last);
    for (size_t i = 0; ok && i < q->nweights; i++)
        ok = times_ten(&s->values[i]);
    q->decimals++;
    return ok;
}

/* The decimals that the number needs, at most as many as a column can have. */
static unsigned decimals_of(struct pp_span text)
{
    const char *point = pp_find(text, '.');
    unsigned least = 0;
    int64_t all, some, again;
    if (!point && !pp_find(text, 'e') && !pp_find(text, 'E'))
        return 0;
    if (!pp_parse_decimal(text, PP_MAX_DECIMALS, &all))
        return 0;
    for (int64_t power = 1000000000; least < PP_MAX_DECIMALS; least++, power /= 10)
        if (pp_parse_decimal(text, least, &some) && !__builtin_mul_overflow(some, power, &again) &&
            again == all)
            break;
    return least;
}

/*
 * A number of the profile. With a unit of time or bytes, it becomes a whole number in pp's unit;
 * without a unit, or while that is unknown, it keeps up to nine decimals.
 */
bool pp_speedscope_number(struct pp_speedscope *s, struct pp_span text, int64_t *out)
{
    struct pp_speedscope_profile *q = &s->profile;
    bool plain = !q->unit || q->unit->places < 0;
    unsigned wanted = plain ? decimals_of(text) : 0;
    while (plain && q->decimals < wanted)
        if (!grow_decimals(s))
            return pp_speedscope_too_large(s, text);
    int places = plain ? (int)q->decimals : q->unit->places;
    return pp_parse_decimal(text, (unsigned)places, out) || pp_speedscope_too_large(s, text);
}

/* The unit came after some numbers: converts these. */
static bool convert(struct pp_speedscope *s, int64_t *v)
{
    const struct pp_speedscope_profile *q = &s->profile;
    int64_t up = 1, down = 1;
    for (int i = 0; i < q->unit->places; i++)
        up *= 10;
    for (unsigned i = 0; i < q->decimals; i++)
        down *= 10;
    return pp_mul_div(*v, up, down, true, v) || pp_speedscope_too_large(s, pp_str("a number"));
}

bool pp_speedscope_set_unit(struct pp_speedscope *s, struct pp_span text)
{
    struct pp_speedscope_profile *q = &s->profile;
    q->unit = pp_speedscope_unit_named(text);
    if (!q->unit) {
        pp_json_warn(&s->json, "'%.*s' is not a unit of speedscope; taken as none", PP_SHOW(text));
        q->unit = &units[0];
    }
    if (q->unit->places < 0)
        return true;
    bool ok = convert(s, &q->start) && convert(s, &q->end) && convert(s, &q->last);
    for (size_t i = 0; ok && i < q->nweights; i++)
        ok = convert(s, &s->values[i]);
    q->decimals = 0;
    return ok;
}

static bool push_value(struct pp_speedscope *s, int64_t value)
{
    PP_GROW(s->values, s->profile.nweights + 1, s->values_cap);
    s->values[s->profile.nweights++] = value;
    return true;
}

static bool push_node(struct pp_speedscope *s, pp_id node)
{
    PP_GROW(s->nodes, s->profile.nsamples + 1, s->nodes_cap);
    s->nodes[s->profile.nsamples++] = node;
    return true;
}

/* --- frames by number ---------------------------------------------------- */

/* Until the list has been read, its frames are placeholders: unique rows. */
static pp_id placeholder(struct pp_speedscope *s, size_t index)
{
    struct pp_frame row = {.address = index, .folded = 1, .kind = PP_KINDS};
    s->replaced = true;
    return pp_intern(&s->r->out->frames, &row);
}

bool pp_speedscope_frame(struct pp_speedscope *s, int64_t index, pp_id *frame)
{
    size_t limit = s->frames_done ? s->known : PP_MAX_ROWS;
    if (index < 0 || (uint64_t)index >= limit)
        return pp_json_fail(&s->json, "frame %lld does not exist", (long long)index);
    *frame = (size_t)index < s->known ? s->frames[index] : placeholder(s, (size_t)index);
    return true;
}

/* --- sampled ------------------------------------------------------------- */

bool pp_speedscope_sample_frame(struct pp_speedscope *s, enum pp_json_token token,
                                struct pp_span text)
{
    int64_t index = -1;
    pp_id frame = 0;
    if (token != PP_JSON_A_NUMBER || !pp_parse_decimal(text, 0, &index))
        return pp_json_fail(&s->json, "expected the number of a frame");
    if (!pp_speedscope_frame(s, index, &frame))
        return false;
    PP_GROW(s->stack, s->nstack + 1, s->stack_cap);
    s->stack[s->nstack++] = frame;
    return true;
}

bool pp_speedscope_sample(struct pp_speedscope *s, enum pp_json_token token)
{
    const char *at = pp_json_place(&s->json);
    if (token == PP_JSON_IN_ARRAY)
        s->nstack = 0;
    else if (token == PP_JSON_OUT)
        return push_node(s, pp_reader_stack(s->r, at, s->stack, s->nstack, PP_ROOT_FIRST));
    else
        return pp_json_fail(&s->json, "a sample is not a list of frames");
    return true;
}

bool pp_speedscope_weight(struct pp_speedscope *s, enum pp_json_token token, struct pp_span text)
{
    int64_t value;
    if (token != PP_JSON_A_NUMBER)
        return pp_json_fail(&s->json, "a weight is not a number");
    return pp_speedscope_number(s, text, &value) && push_value(s, value);
}

/* --- evented ------------------------------------------------------------- */

/* Adds the time that has passed to the open stack, if there is one. */
static bool pass_time(struct pp_speedscope *s, int64_t at)
{
    struct pp_speedscope_profile *q = &s->profile;
    int64_t value;
    if (at < q->last)
        return pp_json_fail(&s->json, "the time goes backwards");
    if (__builtin_sub_overflow(at, q->last, &value))
        return pp_speedscope_too_large(s, pp_str("a span of time"));
    bool ok = true;
    if (value && q->depth)
        ok = push_node(s, s->stack[q->depth - 1]) && push_value(s, value);
    q->last = at;
    return ok;
}

static bool open_frame(struct pp_speedscope *s, pp_id frame)
{
    struct pp_speedscope_profile *q = &s->profile;
    pp_id parent = q->depth ? s->stack[q->depth - 1] : 0;
    bool cut = q->depth >= s->r->max_depth;
    if (cut)
        pp_reader_cut(s->r, pp_json_place(&s->json), q->depth + 1);
    PP_GROW(s->stack, q->depth + 1, s->stack_cap);
    PP_GROW(s->open_frames, q->depth + 1, s->open_cap);
    s->stack[q->depth] = cut ? parent : pp_child(s->r->out, parent, frame);
    s->open_frames[q->depth++] = frame;
    return true;
}

/* Closes the frame; others above it, which should have closed earlier, close with it. */
static bool close_frame(struct pp_speedscope *s, pp_id frame, int64_t index)
{
    struct pp_speedscope_profile *q = &s->profile;
    size_t depth = q->depth;
    while (depth && s->open_frames[depth - 1] != frame)
        depth--;
    if (!depth)
        pp_json_warn(&s->json, "frame %lld ends, and is not open", (long long)index);
    else if (depth < q->depth)
        pp_json_warn(&s->json, "frame %lld ends before those that it has called", (long long)index);
    if (depth)
        q->depth = depth - 1;
    return true;
}

static bool end_event(struct pp_speedscope *s)
{
    const struct pp_speedscope_event *e = &s->event;
    struct pp_speedscope_profile *q = &s->profile;
    pp_id frame = 0;
    if ((e->type != 'O' && e->type != 'C') || !e->has_at)
        return pp_json_fail(&s->json, "an event is neither the begin nor the end of a frame");
    if (!pp_speedscope_frame(s, e->frame, &frame))
        return false;
    if (!q->any_event)
        q->last = e->at;
    q->any_event = true;
    if (!pass_time(s, e->at))
        return false;
    return e->type == 'O' ? open_frame(s, frame) : close_frame(s, frame, e->frame);
}

bool pp_speedscope_event(struct pp_speedscope *s, int id, enum pp_json_token token,
                         struct pp_span text)
{
    if (id == PP_SPEEDSCOPE_EVENT && token == PP_JSON_IN_OBJECT)
        s->event = (struct pp_speedscope_event){.frame = -1};
    else if (id == PP_SPEEDSCOPE_EVENT && token == PP_JSON_OUT)
        return end_event(s);
    else if (id == PP_SPEEDSCOPE_EVENT_TYPE && token == PP_JSON_A_STRING)
        s->event.type = pp_len(text) == 1 ? *text.p : '?';
    else if (id == PP_SPEEDSCOPE_EVENT_FRAME && token == PP_JSON_A_NUMBER)
        return pp_parse_decimal(text, 0, &s->event.frame) || pp_speedscope_too_large(s, text);
    else if (id == PP_SPEEDSCOPE_EVENT_AT && token == PP_JSON_A_NUMBER) {
        s->event.has_at = true;
        return pp_speedscope_number(s, text, &s->event.at);
    }
    return true;
}

/* Frames that are open at the end last until then. */
bool pp_speedscope_close_all(struct pp_speedscope *s)
{
    struct pp_speedscope_profile *q = &s->profile;
    if (q->type != PP_SPEEDSCOPE_EVENTED || !q->depth)
        return true;
    pp_json_warn(&s->json, "frames that are open at the end of a profile: %zu", q->depth);
    if (q->has_end && q->end > q->last)
        return pass_time(s, q->end);
    return true;
}
