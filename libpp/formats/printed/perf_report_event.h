/*
 * perf_report_event.h - an event in the output of perf report: a column, and its entries with their
 * stacks.
 */
#ifndef PP_PRINTED_PERF_REPORT_EVENT_H
#define PP_PRINTED_PERF_REPORT_EVENT_H

#include "formats/printed/perf_report_head.h"
#include "formats/printed/stack_lines.h"

struct pp_report_entry {
    pp_id comm, symbol, module; /* strings */
    int64_t share;              /* in hundredths of a percent; 0: it has stacks */
};

struct pp_report_stack {
    pp_id sample;
    int64_t value;
    bool share; /* the value is a share */
};

struct pp_report {
    struct pp_stack_lines s;
    struct pp_report_head head;
    struct pp_span first; /* the first event; counts of its samples are a column "samples" */
    bool event, percent;  /* an event was begun; its numbers are percentages */
    int64_t sum;          /* of its numbers */
    bool ordered;         /* s.order is known */
    bool in_entry;
    struct pp_report_entry entry;
    struct pp_report_stack *stacks; /* of the event */
    size_t nstacks, cap;
};

/* Finds the order of stacks from one whose ends differ; one of them is `symbol`. */
void pp_report_find_order(struct pp_report *p, struct pp_span stack, struct pp_span symbol);

/* The event, and lines of entries and stacks. False after failing. */
void pp_report_begin_event(struct pp_report *p);
bool pp_report_entry(struct pp_report *p, struct pp_span line);
bool pp_report_stack(struct pp_report *p, struct pp_span line);
bool pp_report_end_event(struct pp_report *p);

#endif
