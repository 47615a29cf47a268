/*
 * Profiles for the viewer speedscope, as py-spy, pyinstrument, dotnet-trace, ruby-prof and others
 * write them.
 *
 *     {"$schema": "https://www.speedscope.app/file-format-schema.json",
 *      "shared": {"frames": [{"name": "main", "file": "app.c", "line": 3}, {"name": "parse"}]},
 *      "profiles": [
 *        {"type": "sampled", "name": "thread 1", "unit": "milliseconds", "startValue": 0,
 *         "endValue": 3, "samples": [[0], [0, 1]], "weights": [1, 2]},
 *        {"type": "evented", "name": "thread 2", "unit": "bytes", "startValue": 0, "endValue": 3,
 *         "events": [{"type": "O", "frame": 0, "at": 0}, {"type": "C", "frame": 0, "at": 3}]}]}
 *
 * Stacks are root first. Profiles of the same unit are threads, those of different units are
 * columns. pp's writer says which with a member "pp" of a profile, which speedscope ignores.
 * https://github.com/jlfwong/speedscope/wiki/Importing-from-custom-sources
 */

#include "formats/viewers/speedscope.h"

#include <stdlib.h>

#include "base/memory.h"
#include "model/compact.h"
#include "syntax/decimal.h"

/* --- the document -------------------------------------------------------- */

static const struct pp_json_shape frame_shape = PP_JSON_OBJECT(
    {"name", PP_SPEEDSCOPE_FRAME_NAME, NULL}, {"file", PP_SPEEDSCOPE_FRAME_FILE, NULL},
    {"line", PP_SPEEDSCOPE_FRAME_LINE, NULL}, {"col", PP_SPEEDSCOPE_FRAME_COLUMN, NULL});
static const struct pp_json_shape frames_shape = PP_JSON_ARRAY(PP_SPEEDSCOPE_FRAME, &frame_shape);
static const struct pp_json_shape shared_shape =
    PP_JSON_OBJECT({"frames", PP_SPEEDSCOPE_FRAMES, &frames_shape});
static const struct pp_json_shape sample_shape = PP_JSON_ARRAY(PP_SPEEDSCOPE_SAMPLE_FRAME, NULL);
static const struct pp_json_shape samples_shape =
    PP_JSON_ARRAY(PP_SPEEDSCOPE_SAMPLE, &sample_shape);
static const struct pp_json_shape weights_shape = PP_JSON_ARRAY(PP_SPEEDSCOPE_WEIGHT, NULL);
static const struct pp_json_shape event_shape = PP_JSON_OBJECT(
    {"type", PP_SPEEDSCOPE_EVENT_TYPE, NULL}, {"frame", PP_SPEEDSCOPE_EVENT_FRAME, NULL},
    {"at", PP_SPEEDSCOPE_EVENT_AT, NULL});
static const struct pp_json_shape events_shape = PP_JSON_ARRAY(PP_SPEEDSCOPE_EVENT, &event_shape);
static const struct pp_json_shape own_shape = PP_JSON_OBJECT(
    {"column", PP_SPEEDSCOPE_OWN_COLUMN, NULL}, {"unit", PP_SPEEDSCOPE_OWN_UNIT, NULL},
    {"thread", PP_SPEEDSCOPE_OWN_THREAD, NULL});
static const struct pp_json_shape profile_shape =
    PP_JSON_OBJECT({"type", PP_SPEEDSCOPE_TYPE, NULL}, {"name", PP_SPEEDSCOPE_NAME, NULL},
                   {"unit", PP_SPEEDSCOPE_UNIT, NULL}, {"startValue", PP_SPEEDSCOPE_START, NULL},
                   {"endValue", PP_SPEEDSCOPE_END, NULL}, {"samples", 0, &samples_shape},
                   {"weights", 0, &weights_shape}, {"events", 0, &events_shape},
                   {"pp", PP_SPEEDSCOPE_OWN, &own_shape});
static const struct pp_json_shape profiles_shape =
    PP_JSON_ARRAY(PP_SPEEDSCOPE_PROFILE, &profile_shape);
static const struct pp_json_shape document_shape = PP_JSON_OBJECT(
    {"shared", 0, &shared_shape}, {"profiles", PP_SPEEDSCOPE_PROFILES, &profiles_shape});

/* --- frames -------------------------------------------------------------- */

static bool end_frame(struct pp_speedscope *s)
{
    PP_GROW(s->frames, s->known + 1, s->frames_cap);
    s->frames[s->known++] = pp_reader_frame(s->r, &s->frame);
    s->frame = (struct pp_code){0};
    pp_arena_clear(&s->texts);
    return true;
}

static struct pp_span keep(struct pp_speedscope *s, struct pp_span text)
{
    const char *p = pp_copy(&s->texts, text);
    return (struct pp_span){p, p + pp_len(text)};
}

static uint32_t small_number(struct pp_span text)
{
    int64_t v;
    return pp_parse_decimal(text, 0, &v) && v > 0 && v <= UINT32_MAX ? (uint32_t)v : 0;
}

static bool take_frame(struct pp_speedscope *s, int id, enum pp_json_token token,
                       struct pp_span text)
{
    if (id == PP_SPEEDSCOPE_FRAME)
        return token != PP_JSON_OUT || end_frame(s);
    if (id == PP_SPEEDSCOPE_FRAME_NAME && token == PP_JSON_A_STRING)
        s->frame.function = keep(s, text);
    else if (id == PP_SPEEDSCOPE_FRAME_FILE && token == PP_JSON_A_STRING)
        s->frame.file = keep(s, text);
    else if (id == PP_SPEEDSCOPE_FRAME_LINE && token == PP_JSON_A_NUMBER)
        s->frame.line = small_number(text);
    else if (id == PP_SPEEDSCOPE_FRAME_COLUMN && token == PP_JSON_A_NUMBER)
        s->frame.column = small_number(text);
    else if (id == PP_SPEEDSCOPE_FRAMES && token == PP_JSON_OUT)
        s->frames_done = true;
    return true;
}

/* --- the end of a profile ------------------------------------------------ */

static pp_id column_type(const struct pp_speedscope *s)
{
    const struct pp_speedscope_profile *q = &s->profile;
    return q->column ? q->column : pp_cstring(s->r->out, q->unit->column);
}

static int open_column(struct pp_speedscope *s)
{
    struct pp_profile *p = s->r->out;
    const struct pp_speedscope_profile *q = &s->profile;
    pp_id type = column_type(s);
    bool other_unit = q->column_unit && q->unit->places < 0;
    pp_id unit = other_unit ? q->column_unit : pp_cstring(p, q->unit->unit);
    int column = pp_column(p, pp_text(p, type), pp_text(p, unit));
    if (column < 0)
        return pp_json_fail(&s->json, "more than %d columns", PP_MAX_COLUMNS), -1;
    if (!p->about.default_type)
        p->about.default_type = type;
    if (!pp_column_scale(p, (unsigned)column, q->decimals))
        return pp_speedscope_too_large(s, pp_str("a weight")), -1;
    return column;
}

/* The factor between the numbers of a profile and those of its column. */
static int64_t factor_of(const struct pp_speedscope *s, int column)
{
    int64_t factor = 1;
    for (unsigned d = s->profile.decimals; d < s->r->out->columns[column].decimals; d++)
        factor *= 10;
    return factor;
}

static pp_id thread_label(struct pp_speedscope *s, pp_id thread)
{
    struct pp_label label = {.key = pp_cstring(s->r->out, "thread"), .text = thread};
    bool wanted = s->r->keep & PP_HOLDS_LABELS;
    return thread && wanted ? pp_label_set(s->r->out, &label, 1) : 0;
}

static bool add_samples(struct pp_speedscope *s, int column, pp_id labels)
{
    const struct pp_speedscope_profile *q = &s->profile;
    const char *at = pp_json_place(&s->json);
    bool timed =
        s->r->keep & PP_HOLDS_TIME && q->unit->places >= 0 && strcmp(q->unit->column, "time") == 0;
    int64_t factor = factor_of(s, column), time = q->start;
    for (size_t i = 0; i < q->nsamples; i++) {
        int64_t value;
        struct pp_sample row = {.node = s->nodes[i], .labels = labels};
        if (__builtin_mul_overflow(s->values[i], factor, &value))
            return pp_speedscope_too_large(s, pp_str("a weight"));
        if (timed)
            row.time_ns = time;
        if (timed && __builtin_add_overflow(time, s->values[i], &time))
            return pp_speedscope_too_large(s, pp_str("the time of a sample"));
        if (!pp_reader_add(s->r, at, pp_sample_id(s->r->out, &row), column, value))
            return false;
    }
    return true;
}

static bool end_profile(struct pp_speedscope *s)
{
    struct pp_speedscope_profile *q = &s->profile;
    s->nprofiles++;
    if (q->type != PP_SPEEDSCOPE_SAMPLED && q->type != PP_SPEEDSCOPE_EVENTED) {
        pp_json_warn(&s->json, "a profile that is neither sampled nor evented is left out");
        return true;
    }
    if (!q->unit)
        q->unit = pp_speedscope_unit_named(pp_str("none"));
    q->ended = true;
    return pp_speedscope_close_all(s) &&
           (q->nsamples == q->nweights ||
            pp_json_fail(&s->json, "%zu samples, but %zu weights", q->nsamples, q->nweights));
}

/*
 * Adds the last profile, once it is known whether there are others: then each is a thread, while an
 * only one is the whole program.
 */
static bool settle_profile(struct pp_speedscope *s, bool others)
{
    const struct pp_speedscope_profile *q = &s->profile;
    if (!q->ended)
        return true;
    pp_id thread = q->own ? q->thread : others ? q->name : 0;
    int column = open_column(s);
    return column >= 0 && add_samples(s, column, thread_label(s, thread));
}

static bool begin_profile(struct pp_speedscope *s)
{
    if (!settle_profile(s, true))
        return false;
    s->profile = (struct pp_speedscope_profile){0};
    return true;
}

static enum pp_speedscope_type type_named(struct pp_span text)
{
    return pp_is(text, "sampled")   ? PP_SPEEDSCOPE_SAMPLED
           : pp_is(text, "evented") ? PP_SPEEDSCOPE_EVENTED
                                    : PP_SPEEDSCOPE_OTHER_TYPE;
}

static bool take_profile(struct pp_speedscope *s, int id, enum pp_json_token token,
                         struct pp_span text)
{
    struct pp_speedscope_profile *q = &s->profile;
    struct pp_profile *p = s->r->out;
    if (id == PP_SPEEDSCOPE_PROFILE && token == PP_JSON_IN_OBJECT)
        return begin_profile(s);
    if (id == PP_SPEEDSCOPE_PROFILE)
        return token != PP_JSON_OUT || end_profile(s);
    if (id == PP_SPEEDSCOPE_START && token == PP_JSON_A_NUMBER)
        return pp_speedscope_number(s, text, &q->start);
    else if (id == PP_SPEEDSCOPE_END && token == PP_JSON_A_NUMBER) {
        q->has_end = true;
        return pp_speedscope_number(s, text, &q->end);
    } else if (id == PP_SPEEDSCOPE_OWN)
        q->own = true;
    else if (token != PP_JSON_A_STRING)
        return true;
    else if (id == PP_SPEEDSCOPE_TYPE)
        q->type = type_named(text);
    else if (id == PP_SPEEDSCOPE_UNIT)
        return pp_speedscope_set_unit(s, text);
    else
        *(id == PP_SPEEDSCOPE_NAME         ? &q->name
          : id == PP_SPEEDSCOPE_OWN_COLUMN ? &q->column
          : id == PP_SPEEDSCOPE_OWN_UNIT   ? &q->column_unit
                                           : &q->thread) = pp_string(p, text);
    return true;
}

/* --- entry point --------------------------------------------------------- */

static bool take(void *ctx, int id, enum pp_json_token token, struct pp_span text)
{
    struct pp_speedscope *s = ctx;
    if (id == PP_SPEEDSCOPE_SAMPLE_FRAME)
        return pp_speedscope_sample_frame(s, token, text);
    if (id == PP_SPEEDSCOPE_SAMPLE)
        return pp_speedscope_sample(s, token);
    if (id == PP_SPEEDSCOPE_WEIGHT)
        return pp_speedscope_weight(s, token, text);
    if (id >= PP_SPEEDSCOPE_EVENT && id <= PP_SPEEDSCOPE_EVENT_AT)
        return pp_speedscope_event(s, id, token, text);
    if (id <= PP_SPEEDSCOPE_FRAME_COLUMN)
        return take_frame(s, id, token, text);
    return id == PP_SPEEDSCOPE_PROFILES || take_profile(s, id, token, text);
}

/* Replaces the placeholders of frames that came after the stacks. */
static bool replace_frames(struct pp_speedscope *s)
{
    struct pp_profile *p = s->r->out;
    size_t count = p->frames.count;
    pp_id *frames = pp_calloc(count, sizeof *frames);
    bool ok = true;
    for (size_t f = 0; ok && f < count; f++) {
        const struct pp_frame *row = pp_frame(p, (pp_id)f);
        bool is_placeholder = row->kind == PP_KINDS;
        if (is_placeholder && row->address >= s->known)
            ok = pp_json_fail(&s->json, "frame %llu does not exist",
                              (unsigned long long)row->address);
        else
            frames[f] = is_placeholder ? s->frames[row->address] : (pp_id)f;
    }
    if (ok)
        pp_reshape(&s->r->out, &(struct pp_reshape){.frames = frames});
    free(frames);
    return ok;
}

static bool speedscope_read(struct pp_reader *r, struct pp_span in)
{
    struct pp_speedscope *s = r->state;
    s->r = r;
    pp_json_begin(&s->json, r, (struct pp_json_value){0, &document_shape}, take, s);
    if (!pp_json_read(&s->json, in))
        return false;
    if (!s->json.whole)
        return true;
    if (!settle_profile(s, s->nprofiles > 1))
        return false;
    if (!r->out->ncolumns)
        return pp_json_fail(&s->json, "there is no profile in it");
    return !s->replaced || replace_frames(s);
}

static void speedscope_end(struct pp_reader *r)
{
    struct pp_speedscope *s = r->state;
    pp_json_reader_release(&s->json);
    pp_arena_release(&s->texts);
    free(s->frames);
    free(s->nodes);
    free(s->values);
    free(s->stack);
    free(s->open_frames);
}

/* --- detection ----------------------------------------------------------- */

/* Most writers leave out the schema. If frames fill the head, they have to suffice. */
static unsigned speedscope_bid(struct pp_span head)
{
    enum { FRAMES_LIST, PROFILE_TYPE, SCHEMA, FRAME_NAMED, BITS_EACH = 64 };
    static const char *const paths[] = {"shared.frames[]", "profiles[].type", "$schema",
                                        "shared.frames[].name"};
    uint32_t found = pp_json_paths(head, paths, sizeof paths / sizeof *paths);
    bool frames = found >> FRAMES_LIST & 1, profiles = found >> PROFILE_TYPE & 1;
    bool schema = found >> SCHEMA & 1, named = found >> FRAME_NAMED & 1;
    if (frames && profiles)
        return 3 * BITS_EACH;
    if ((named && pp_len(head) >= 64 << 10) || (profiles && schema))
        return BITS_EACH;
    return 0;
}

const struct pp_format pp_format_speedscope = {
    .name = "speedscope",
    .title = "profiles for speedscope",
    .suffixes = (const char *const[]){".speedscope.json", ".speedscope", NULL},
    .holds = PP_HOLDS_COLUMNS | PP_HOLDS_LINES | PP_HOLDS_LABELS | PP_HOLDS_TIME,
    .binary = true,
    .bid = speedscope_bid,
    .read = speedscope_read,
    .split = pp_split_anywhere,
    .in_order = true,
    .state_size = sizeof(struct pp_speedscope),
    .end = speedscope_end,
    .write = pp_speedscope_write,
};
