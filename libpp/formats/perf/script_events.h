/*
 * script_events.h - the events of perf, and their columns: of the text of `perf script`, and of
 * recordings alike.
 *
 * An event is two columns: its samples, and their periods where those are known. While reading it
 * has up to three of its name, told apart by their units; pp_perf_finish_events() makes two of them
 * and gives these their names.
 */
#ifndef PP_FORMATS_PERF_SCRIPT_EVENTS_H
#define PP_FORMATS_PERF_SCRIPT_EVENTS_H

#include "formats/format.h"

/* An event and its columns, which are added when there is something to put in: -1 before. */
struct pp_perf_event {
    struct pp_span name;
    int counted; /* samples without a period */
    int timed;   /* samples with one */
    int period;
};

/*
 * Adds a sample of `event` to its columns, with a period, or without one (NULL). False after
 * failing at `at`.
 */
bool pp_perf_count(struct pp_reader *r, struct pp_perf_event *event, pp_id sample, const char *at,
                   const int64_t *period);

/* Gives the columns that `event` has so far the name `name`. */
void pp_perf_rename_event(struct pp_profile *p, const struct pp_perf_event *event,
                          struct pp_span name);

/* At the end: gives the columns their names. */
bool pp_perf_finish_events(struct pp_profile *p, const char *file, struct pp_diag *diag);

/* The unit of an event's periods. */
struct pp_span pp_perf_unit(struct pp_span event);

#endif
