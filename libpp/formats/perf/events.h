/*
 * events.h - the events of perf, and their columns, for the text of `perf script` and for
 * recordings.
 *
 * An event is two columns: its samples, and their periods where those are known. While reading it
 * has up to three of the same name, with different units; pp_perf_finish_events() makes these two,
 * and names them.
 */
#ifndef PP_FORMATS_PERF_EVENTS_H
#define PP_FORMATS_PERF_EVENTS_H

#include "formats/format.h"

/* An event and its columns, which are added when they get their first value: -1 before. */
struct pp_perf_event {
    struct pp_span name;
    int counted; /* of samples without a period */
    int timed;   /* of samples with one */
    int period;
};

/* Events found by name, for text. Zero-initialise. */
struct pp_perf_events {
    struct pp_perf_event events[PP_MAX_COLUMNS];
    unsigned count;
    struct pp_perf_event *last; /* the one found last, which most samples share */
};

/* The event of this name; an empty name stands for "event". NULL after failing at `at`. */
struct pp_perf_event *pp_perf_event(struct pp_reader *r, struct pp_perf_events *list,
                                    struct pp_span name, const char *at);

/*
 * Adds a sample of `event` to its columns, with a period, or without one (NULL). False after
 * failing at `at`.
 */
bool pp_perf_count(struct pp_reader *r, struct pp_perf_event *event, pp_id sample, const char *at,
                   const int64_t *period);

/* Renames the columns that `event` has so far to `name`. */
void pp_perf_rename_event(struct pp_profile *p, const struct pp_perf_event *event,
                          struct pp_span name);

/* At the end: gives the columns their names. */
bool pp_perf_finish_events(struct pp_profile *p, const char *file, struct pp_diag *diag);

/* The unit of an event's periods. */
struct pp_span pp_perf_unit(struct pp_span event);

#endif
