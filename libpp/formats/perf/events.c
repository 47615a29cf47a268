#include "formats/perf/events.h"

#include <stdlib.h>

#include "base/memory.h"
#include "formats/perf/off_cpu.h"

/*
 * While reading, an event has up to three columns of its name, distinguished by their units: these
 * two, which finish() joins, and that of its periods. Only the whole input shows whether samples
 * without a period are the rule, and how to name the columns.
 */
static const char counted[] = "samples without a period";
static const char timed[] = "samples with a period";

/* --- while reading ------------------------------------------------------- */

struct pp_span pp_perf_unit(struct pp_span event)
{
    struct pp_span base = {event.p, event.p};
    while (base.end < event.end && *base.end != ':' && *base.end != '/') /* modifiers, terms */
        base.end++;
    bool time = pp_is(base, "cpu-clock") || pp_is(base, "task-clock");
    return pp_str(time ? "nanoseconds" : "count");
}

struct pp_perf_event *pp_perf_event(struct pp_reader *r, struct pp_perf_events *list,
                                    struct pp_span name, const char *at)
{
    if (pp_empty(name))
        name = pp_str("event");
    if (list->last && pp_same(list->last->name, name))
        return list->last;
    for (unsigned i = 0; i < list->count; i++)
        if (pp_same(list->events[i].name, name))
            return list->last = &list->events[i];
    if (list->count == PP_MAX_COLUMNS) {
        pp_fail(r, at, "more than %d events", PP_MAX_COLUMNS);
        return NULL;
    }
    const char *copy = pp_copy(&r->arena, name);
    list->last = &list->events[list->count++];
    *list->last = (struct pp_perf_event){{copy, copy + pp_len(name)}, -1, -1, -1};
    return list->last;
}

/* A column of periods has the unit of the event, so `unit` is empty. */
static bool add(struct pp_reader *r, struct pp_perf_event *event, pp_id sample, const char *at,
                int *column, const char *unit, int64_t value)
{
    if (*column < 0)
        *column = pp_column(r->out, event->name, unit ? pp_str(unit) : pp_perf_unit(event->name));
    if (*column < 0)
        return pp_fail(r, at, "more than %d columns", PP_MAX_COLUMNS);
    return pp_reader_add(r, at, sample, *column, value);
}

bool pp_perf_count(struct pp_reader *r, struct pp_perf_event *event, pp_id sample, const char *at,
                   const int64_t *period)
{
    if (!period)
        return add(r, event, sample, at, &event->counted, counted, 1);
    return add(r, event, sample, at, &event->timed, timed, 1) &&
           add(r, event, sample, at, &event->period, NULL, *period);
}

void pp_perf_rename_event(struct pp_profile *p, const struct pp_perf_event *event,
                          struct pp_span name)
{
    const int columns[] = {event->counted, event->timed, event->period};
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        if (columns[i] >= 0)
            p->columns[columns[i]].type = pp_string(p, name);
    if (event->period >= 0)
        p->columns[event->period].unit = pp_string(p, pp_perf_unit(name));
}

/* --- at the end ---------------------------------------------------------- */

/* An event with its columns, taken out of the profile. */
struct event {
    pp_id name;
    struct pp_column samples, period; /* without values if there is no such column */
    int64_t untimed;                  /* samples without a period */
};

/* Adds the column `from` to `into`, which may be empty, and frees it. False on overflow. */
static bool absorb(const struct pp_profile *p, struct pp_column *into, struct pp_column from)
{
    if (!from.values)
        return true;
    if (!into->values) {
        *into = from;
        return true;
    }
    bool fits = !__builtin_add_overflow(into->weight, from.weight, &into->weight);
    for (size_t i = 0; fits && i < p->samples.count; i++)
        into->values[i] += from.values[i];
    free(from.values);
    return fits;
}

static bool absorb_event(const struct pp_profile *p, struct event *into, struct event *from)
{
    into->untimed += from->untimed;
    bool ok = absorb(p, &into->samples, from->samples);
    ok = absorb(p, &into->period, from->period) && ok;
    *from = (struct event){0};
    return ok;
}

/* Takes all columns out of the profile, by event. Returns the number of events. */
static size_t take_events(struct pp_profile *p, struct event *events, bool *ok)
{
    size_t n = 0, e;
    for (unsigned c = 0; c < p->ncolumns; c++) {
        struct pp_column column = p->columns[c];
        for (e = 0; e < n && events[e].name != column.type; e++)
            ;
        if (e == n)
            events[n++] = (struct event){.name = column.type};
        bool untimed = pp_is(pp_text(p, column.unit), counted);
        if (untimed)
            events[e].untimed = column.weight;
        if (untimed || pp_is(pp_text(p, column.unit), timed))
            *ok = absorb(p, &events[e].samples, column) && *ok;
        else
            *ok = absorb(p, &events[e].period, column) && *ok;
    }
    p->ncolumns = 0;
    return n;
}

/* True for "cycles:u" and "cycles": the same event, but not at all privilege levels. */
static bool is_modified(struct pp_span name, struct pp_span base)
{
    if (pp_len(name) < pp_len(base) + 2 || memcmp(name.p, base.p, pp_len(base)) != 0)
        return false;
    struct pp_span modifiers = {name.p + pp_len(base), name.end};
    if (*modifiers.p++ != ':')
        return false;
    for (; modifiers.p < modifiers.end; modifiers.p++)
        if (!strchr("ukhGHIpPSDWeb", *modifiers.p) || !*modifiers.p)
            return false;
    return true;
}

/*
 * If perf may not see the kernel, it falls back from "cycles" to "cycles:u", and may then print
 * both names for one event. If there are two modifiers, the user asked for two events.
 */
static bool join_modified(const struct pp_profile *p, struct event *events, size_t n)
{
    bool ok = true;
    for (size_t plain = 0; plain < n; plain++) {
        size_t found = 0, other = 0;
        for (size_t e = 0; e < n; e++)
            if (events[e].name &&
                is_modified(pp_text(p, events[e].name), pp_text(p, events[plain].name))) {
                other = e;
                found++;
            }
        if (found != 1 || !events[plain].name)
            continue;
        size_t first = plain < other ? plain : other, second = plain < other ? other : plain;
        ok = absorb_event(p, &events[first], &events[second]) && ok;
    }
    return ok;
}

/* "cycles/" of "cpu_core/cycles/"; empty if it is not an event of this unit. */
static struct pp_span of_unit(struct pp_span name, const char *unit)
{
    return pp_starts(name, unit) ? (struct pp_span){name.p + strlen(unit), name.end} : pp_str("");
}

/* "cycles:P" of "cycles/P"; terms, such as "event=0x3c/", need the unit: "cpu/event=0x3c/". */
static pp_id name_of_both(struct pp_profile *p, struct pp_span rest)
{
    struct pp_out text;
    const char *slash = pp_find(rest, '/');
    bool plain = slash && !pp_find(rest, '=') && !pp_find(rest, ',');
    struct pp_span modifiers = {plain ? slash + 1 : rest.end, rest.end};
    pp_out_memory(&text, NULL);
    if (!plain)
        pp_puts(&text, "cpu/");
    pp_put(&text, plain ? (struct pp_span){rest.p, slash} : rest);
    if (!pp_empty(modifiers))
        pp_puts(&text, ":");
    pp_put(&text, modifiers);
    pp_id id = pp_string(p, pp_out_bytes(&text));
    pp_out_release(&text);
    return id;
}

/* On a processor with two kinds of cores, perf counts one event as two. */
static bool join_hybrid(struct pp_profile *p, struct event *events, size_t n)
{
    bool ok = true;
    for (size_t core = 0; core < n; core++)
        for (size_t atom = 0; atom < n && events[core].name; atom++) {
            struct pp_span rest = of_unit(pp_text(p, events[core].name), "cpu_core/");
            if (!events[atom].name || pp_empty(rest) ||
                !pp_same(rest, of_unit(pp_text(p, events[atom].name), "cpu_atom/")))
                continue;
            struct event *first = &events[core < atom ? core : atom];
            ok = absorb_event(p, first, &events[core < atom ? atom : core]) && ok;
            first->name = name_of_both(p, rest);
        }
    return ok;
}

static void put_column(struct pp_profile *p, struct pp_column column, pp_id type, const char *unit)
{
    if (!column.values)
        return;
    column.type = type;
    column.unit = pp_cstring(p, unit);
    p->columns[p->ncolumns++] = column;
}

/* EVENT.samples, or samples if it is the only event. */
static pp_id samples_name(struct pp_profile *p, const struct event *event, bool only)
{
    static const char suffix[] = ".samples";
    if (only)
        return pp_cstring(p, "samples");
    struct pp_span name = pp_text(p, event->name);
    struct pp_arena a = {0};
    char *text = pp_alloc(&a, pp_len(name) + sizeof suffix);
    memcpy(text, name.p, pp_len(name));
    memcpy(text + pp_len(name), suffix, sizeof suffix);
    pp_id id = pp_string(p, (struct pp_span){text, text + pp_len(name) + sizeof suffix - 1});
    pp_arena_release(&a);
    return id;
}

static void put_events(struct pp_profile *p, const struct event *events, size_t n, const char *file,
                       struct pp_diag *diag)
{
    size_t distinct = 0;
    for (size_t e = 0; e < n; e++)
        distinct += events[e].name != 0;
    for (size_t e = 0; e < n; e++) {
        if (!events[e].name)
            continue;
        struct pp_span name = pp_text(p, events[e].name), unit = pp_perf_unit(name);
        if (events[e].untimed && events[e].period.values)
            pp_warning(diag, file, "samples of '%.*s' without a period, counted as 1 each: %lld",
                       PP_SHOW(name), (long long)events[e].untimed);
        put_column(p, events[e].samples, samples_name(p, &events[e], distinct == 1), "count");
        put_column(p, events[e].period, events[e].name, unit.p);
    }
}

/* Takes the off-CPU columns out of the profile: they belong to no event, and stay last. */
static unsigned take_off_cpu(struct pp_profile *p, struct pp_column *out)
{
    unsigned kept = 0, taken = 0;
    for (unsigned c = 0; c < p->ncolumns; c++)
        if (pp_is_off_cpu(p, c))
            out[taken++] = p->columns[c];
        else
            p->columns[kept++] = p->columns[c];
    p->ncolumns = kept;
    return taken;
}

bool pp_perf_finish_events(struct pp_profile *p, const char *file, struct pp_diag *diag)
{
    struct event *events = pp_calloc(PP_MAX_COLUMNS, sizeof *events);
    struct pp_column *off_cpu = pp_calloc(PP_MAX_COLUMNS, sizeof *off_cpu);
    unsigned noff_cpu = take_off_cpu(p, off_cpu);
    bool ok = true;
    size_t n = take_events(p, events, &ok);
    ok = join_hybrid(p, events, n) && ok;
    ok = join_modified(p, events, n) && ok;
    put_events(p, events, n, file, diag);
    if (!n)
        pp_column(p, pp_str("samples"), pp_str("count"));
    bool period = n && events[0].period.values;
    p->about.default_type = period ? p->columns[1].type : p->columns[0].type;
    for (unsigned i = 0; i < noff_cpu; i++)
        p->columns[p->ncolumns++] = off_cpu[i];
    free(off_cpu);
    free(events);
    return ok || pp_error(diag, file, "the sum of a column exceeds 64 bits");
}
