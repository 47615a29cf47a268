/* otlp_read.c - reads the profiles of one message, and their samples. */
#include <stdlib.h>

#include "base/memory.h"
#include "formats/pprof/otlp.h"

/* --- samples ------------------------------------------------------------- */

/*
 * The field numbers of Sample. Version 1.10 changed them, and a file does not say which it has: a
 * profile is read with the current numbers if they fit all of its samples, else with the old ones.
 */
struct numbering {
    uint32_t attributes, link, values;
};

static const struct numbering numberings[] = {
    {.attributes = 2, .link = 3, .values = 4}, /* since 1.10 */
    {.values = 2, .attributes = 3, .link = 4}, /* 1.8 and 1.9 */
};

enum { STACK = 1, TIMES = 5, SAMPLE_FIELDS };

/* A sample as in the input. */
struct sample {
    const char *at;
    uint64_t stack;
    struct pp_otlp_numbers lists[SAMPLE_FIELDS];
    bool packed[SAMPLE_FIELDS]; /* the field is bytes, not a single number */
};

static bool take_times(const struct pp_otlp *s, const struct pp_wire *w,
                       struct pp_otlp_numbers *list)
{
    size_t n = w->type == PP_WIRE_BYTES ? pp_len(w->bytes) / 8 : 1;
    PP_GROW(list->v, list->n + n, list->cap);
    if (w->type != PP_WIRE_BYTES) {
        list->v[list->n++] = w->number;
        return true;
    }
    if (pp_len(w->bytes) % 8)
        return pp_otlp_fail(s, w->at, "a list of times is cut off");
    for (const char *p = w->bytes.p; p < w->bytes.end; p += 8) {
        struct pp_wire one = {.left = {p, p + 8}};
        uint64_t v = 0;
        for (unsigned i = 8; i-- > 0;)
            v = v << 8 | (unsigned char)one.left.p[i];
        list->v[list->n++] = v;
    }
    return true;
}

static bool take_sample_field(const struct pp_otlp *s, const struct pp_wire *w,
                              struct sample *sample)
{
    if (w->field == STACK)
        sample->stack = w->type == PP_WIRE_VARINT ? w->number : 0;
    if (w->field <= STACK || w->field > TIMES)
        return true;
    sample->packed[w->field] |= w->type == PP_WIRE_BYTES;
    struct pp_otlp_numbers *list = &sample->lists[w->field];
    return w->field == TIMES ? take_times(s, w, list) : pp_otlp_take_numbers(s, w, list);
}

static bool read_sample(const struct pp_otlp *s, const struct pp_wire *f, struct sample *sample)
{
    sample->at = f->at;
    sample->stack = 0;
    for (unsigned i = 0; i < SAMPLE_FIELDS; i++) {
        sample->lists[i].n = 0;
        sample->packed[i] = false;
    }
    struct pp_wire w = {.left = f->bytes};
    while (pp_wire_next(&w))
        if (!take_sample_field(s, &w, sample))
            return false;
    return pp_otlp_whole(s, &w, "sample");
}

static void release_sample(struct sample *sample)
{
    for (unsigned i = 0; i < SAMPLE_FIELDS; i++)
        free(sample->lists[i].v);
}

static bool all_below(const struct pp_otlp_numbers *list, uint64_t limit)
{
    for (size_t i = 0; i < list->n; i++)
        if (list->v[i] >= limit)
            return false;
    return true;
}

static bool fits(const struct pp_otlp *s, const struct sample *sample, const struct numbering *n)
{
    size_t links = s->tables[PP_OTLP_LINK].n;
    size_t values = sample->lists[n->values].n, times = sample->lists[TIMES].n;
    return !sample->packed[n->link] && all_below(&sample->lists[n->link], links ? links : 1) &&
           all_below(&sample->lists[n->attributes], s->tables[PP_OTLP_ATTRIBUTE].n) &&
           (values == times || !values || !times) && (values || times);
}

/* --- profiles ------------------------------------------------------------ */

enum profile_field {
    SAMPLE_TYPE = 1,
    SAMPLE,
    TIME,
    DURATION,
    PERIOD_TYPE,
    PERIOD,
    PROFILE_ATTRIBUTES = 11,
    PROFILE_FIELDS,
};

/* A Profile, which is a column. */
struct profile {
    struct pp_span message;
    struct pp_span types[PROFILE_FIELDS];
    uint64_t numbers[PROFILE_FIELDS];
    struct pp_otlp_numbers attributes;
    const struct numbering *numbering;
    int column;
    struct sample sample; /* the current sample */
    pp_id labels;         /* of the previous sample, with these attributes and this link: */
    struct pp_otlp_numbers attributes_before, link_before;
    bool labels_known;
};

static bool read_profile_fields(const struct pp_otlp *s, struct profile *q)
{
    struct pp_wire w = {.left = q->message};
    while (pp_wire_next(&w)) {
        if (w.field >= PROFILE_FIELDS)
            continue;
        if (w.field == PROFILE_ATTRIBUTES && !pp_otlp_take_numbers(s, &w, &q->attributes))
            return false;
        if (w.type == PP_WIRE_BYTES)
            q->types[w.field] = w.bytes;
        else
            q->numbers[w.field] = w.number;
    }
    return pp_otlp_whole(s, &w, "profile");
}

/* Calls `take` for each sample, until it returns false. */
static bool each_sample(struct pp_otlp *s, struct profile *q,
                        bool (*take)(struct pp_otlp *s, struct profile *q))
{
    struct pp_wire w = {.left = q->message};
    while (pp_wire_next(&w)) {
        if (w.field != SAMPLE)
            continue;
        if (w.type != PP_WIRE_BYTES)
            return pp_otlp_fail(s, w.at, "a sample is of the wrong type");
        if (!read_sample(s, &w, &q->sample) || !take(s, q))
            return false;
    }
    return true;
}

static bool fits_next(struct pp_otlp *s, struct profile *q)
{
    return fits(s, &q->sample, q->numbering);
}

static bool check_sample(struct pp_otlp *s, struct profile *q)
{
    (void)s;
    (void)q;
    return true;
}

static bool choose_numbering(struct pp_otlp *s, struct profile *q)
{
    if (!each_sample(s, q, check_sample))
        return false;
    for (size_t i = 0; i < sizeof numberings / sizeof *numberings; i++) {
        q->numbering = &numberings[i];
        if (each_sample(s, q, fits_next))
            return true;
    }
    q->numbering = &numberings[0];
    each_sample(s, q, fits_next);
    return pp_otlp_fail(s, q->sample.at,
                        "a sample is neither one of opentelemetry-proto 1.10 nor of 1.9: an index "
                        "is too large, or values and timestamps differ in number");
}

/* --- labels -------------------------------------------------------------- */

static bool same_numbers(const struct pp_otlp_numbers *a, const struct pp_otlp_numbers *b)
{
    return a->n == b->n && (!a->n || memcmp(a->v, b->v, a->n * sizeof *a->v) == 0);
}

static void remember_numbers(struct pp_otlp_numbers *to, const struct pp_otlp_numbers *from)
{
    PP_GROW(to->v, from->n, to->cap);
    if (from->n)
        memcpy(to->v, from->v, from->n * sizeof *from->v);
    to->n = from->n;
}

static void copy_labels(struct pp_otlp_labels *to, const struct pp_otlp_labels *from)
{
    PP_GROW(to->v, from->n, to->cap);
    if (from->n)
        memcpy(to->v, from->v, from->n * sizeof *from->v);
    to->n = from->n;
}

/* The labels of the current sample, which are mostly those of the previous one. */
static bool labels_of(struct pp_otlp *s, struct profile *q, pp_id *labels)
{
    const struct pp_otlp_numbers *attributes = &q->sample.lists[q->numbering->attributes];
    const struct pp_otlp_numbers *link = &q->sample.lists[q->numbering->link];
    if (!q->labels_known || !same_numbers(attributes, &q->attributes_before) ||
        !same_numbers(link, &q->link_before)) {
        copy_labels(&s->labels, &s->outer);
        for (size_t i = 0; i < attributes->n; i++)
            if (!pp_otlp_attribute(s, attributes->v[i], q->sample.at, &s->labels))
                return false;
        uint64_t last_link = link->n ? link->v[link->n - 1] : 0;
        if (!pp_otlp_link(s, last_link, q->sample.at, &s->labels))
            return false;
        bool wanted = s->r->keep & PP_HOLDS_LABELS;
        q->labels = wanted ? pp_label_set(s->r->out, s->labels.v, s->labels.n) : 0;
        q->labels_known = true;
        remember_numbers(&q->attributes_before, attributes);
        remember_numbers(&q->link_before, link);
    }
    *labels = q->labels;
    return true;
}

/* --- values -------------------------------------------------------------- */

/* Each value is an observation; without values, each time is one. */
static bool add_sample(struct pp_otlp *s, struct profile *q)
{
    const struct pp_otlp_numbers *values = &q->sample.lists[q->numbering->values];
    const struct pp_otlp_numbers *times = &q->sample.lists[TIMES];
    const char *at = s->place ? s->place : q->sample.at;
    struct pp_sample row = {0};
    size_t n = values->n ? values->n : times->n;
    if (!pp_otlp_stack(s, q->sample.stack, q->sample.at, &row.node) ||
        !labels_of(s, q, &row.labels))
        return false;
    for (size_t i = 0; i < n; i++) {
        if (s->r->keep & PP_HOLDS_TIME && i < times->n)
            row.time_ns = (int64_t)times->v[i];
        if (!pp_reader_add(s->r, at, pp_sample_id(s->r->out, &row), q->column,
                           values->n ? (int64_t)values->v[i] : 1))
            return false;
    }
    return true;
}

/* UCUM's units, and pp's names for them. */
static const struct {
    const char *ucum, *unit;
} units[] = {
    {"1", "count"},         {"ns", "nanoseconds"}, {"us", "microseconds"},
    {"ms", "milliseconds"}, {"s", "seconds"},      {"By", "bytes"},
};

static struct pp_span unit_of(struct pp_span unit)
{
    if (pp_starts(unit, "{") && pp_ends(unit, "}"))
        return pp_str("count");
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (pp_is(unit, units[i].ucum))
            return pp_str(units[i].unit);
    return unit;
}

/* A type and a unit. */
static bool value_type(struct pp_otlp *s, struct pp_span message, pp_id *type, pp_id *unit)
{
    struct pp_wire w = {.left = message};
    *type = *unit = 0;
    while (pp_wire_next(&w))
        if ((w.field == 1 || w.field == 2) && w.type == PP_WIRE_VARINT &&
            !pp_otlp_string(s, w.number, w.at, w.field == 1 ? type : unit))
            return false;
    return pp_otlp_whole(s, &w, "type of values");
}

static bool open_column(struct pp_otlp *s, struct profile *q)
{
    struct pp_profile *p = s->r->out;
    pp_id type, unit;
    if (!value_type(s, q->types[SAMPLE_TYPE], &type, &unit))
        return false;
    q->column = pp_column(p, type ? pp_text(p, type) : pp_str("samples"),
                          type ? unit_of(pp_text(p, unit)) : pp_str("count"));
    if (q->column < 0)
        return pp_otlp_fail(s, q->message.p, "more than %d types of values", PP_MAX_COLUMNS);
    if (!p->about.default_type)
        p->about.default_type = p->columns[q->column].type;
    return true;
}

/* Takes the facts about the recording from the first profile. */
static bool read_about(struct pp_otlp *s, const struct profile *q)
{
    struct pp_about *a = &s->r->out->about;
    if (!a->time_ns)
        a->time_ns = (int64_t)q->numbers[TIME];
    if (!a->duration_ns)
        a->duration_ns = (int64_t)q->numbers[DURATION];
    if (a->period || !q->numbers[PERIOD])
        return true;
    a->period = (int64_t)q->numbers[PERIOD];
    if (!value_type(s, q->types[PERIOD_TYPE], &a->period_type, &a->period_unit))
        return false;
    struct pp_span unit = unit_of(pp_text(s->r->out, a->period_unit));
    a->period_unit = pp_string(s->r->out, unit);
    return true;
}

static bool read_samples(struct pp_otlp *s, struct profile *q)
{
    size_t outside = s->outer.n;
    bool ok = true;
    for (size_t i = 0; ok && i < q->attributes.n; i++)
        ok = pp_otlp_attribute(s, q->attributes.v[i], q->message.p, &s->outer);
    ok = ok && choose_numbering(s, q) && each_sample(s, q, add_sample);
    s->outer.n = outside;
    return ok;
}

static bool read_profile(struct pp_otlp *s, struct pp_span message)
{
    struct profile q = {.message = message};
    bool ok = read_profile_fields(s, &q) && open_column(s, &q) && read_about(s, &q) &&
              read_samples(s, &q);
    release_sample(&q.sample);
    free(q.attributes.v);
    free(q.attributes_before.v);
    free(q.link_before.v);
    return ok;
}

/* --- the message --------------------------------------------------------- */

/* Calls `take` for each message in `field` of `message`, a `what`, until it returns false. */
static bool each(struct pp_otlp *s, struct pp_span message, uint32_t field, const char *what,
                 bool (*take)(struct pp_otlp *s, struct pp_span message))
{
    struct pp_wire w = {.left = message};
    while (pp_wire_next(&w))
        if (w.field == field && w.type == PP_WIRE_BYTES && !take(s, w.bytes))
            return false;
    return pp_otlp_whole(s, &w, what);
}

static bool read_scope(struct pp_otlp *s, struct pp_span scope)
{
    return each(s, scope, 2, "list of profiles", read_profile);
}

static bool take_resource_attribute(struct pp_otlp *s, struct pp_span attribute)
{
    return pp_otlp_key_value(s, attribute, &s->outer);
}

static bool read_resource(struct pp_otlp *s, struct pp_span resource)
{
    return each(s, resource, 1, "resource", take_resource_attribute);
}

static bool read_resource_profiles(struct pp_otlp *s, struct pp_span message)
{
    s->outer.n = 0;
    return each(s, message, 1, "list of profiles", read_resource) &&
           each(s, message, 2, "list of profiles", read_scope);
}

/*
 * Rejects older versions, which had a table in a field that no longer exists; what they lack shows
 * it.
 */
static bool check_version(const struct pp_otlp *s, struct pp_span message)
{
    if (!s->tables[PP_OTLP_STRING].n)
        return pp_otlp_fail(s, message.p,
                            "profiles without a dictionary of strings, as opentelemetry-proto had "
                            "them up to 1.6; pp reads those of 1.8 to 1.11");
    if (!s->tables[PP_OTLP_STACK].n)
        return pp_otlp_fail(s, message.p,
                            "profiles without a table of stacks, as in opentelemetry-proto 1.7; "
                            "pp reads those of 1.8 to 1.11");
    return true;
}

static bool read_message(struct pp_otlp *s, struct pp_span message)
{
    enum { RESOURCE_PROFILES = 1, DICTIONARY = 2 };
    bool any = false;
    struct pp_span dictionary = {message.p, message.p};
    struct pp_wire w = {.left = message};
    while (pp_wire_next(&w)) {
        if (w.field == DICTIONARY && w.type == PP_WIRE_BYTES)
            dictionary = w.bytes;
        any = any || (w.field == RESOURCE_PROFILES && w.type == PP_WIRE_BYTES);
    }
    if (!pp_otlp_whole(s, &w, "message"))
        return false;
    if (!any)
        return true;
    return pp_otlp_dictionary(s, dictionary) && check_version(s, message) &&
           each(s, message, RESOURCE_PROFILES, "message", read_resource_profiles);
}

bool pp_otlp_message(struct pp_reader *r, struct pp_span message, const char *place)
{
    struct pp_otlp s = {.r = r, .place = place};
    bool ok = read_message(&s, message);
    pp_otlp_release(&s);
    return ok;
}
