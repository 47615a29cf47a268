/*
 * perf_report_head.h - the comments before the entries of perf report: how many samples there are
 * of an event, and the columns of its entries, whose widths the dots show.
 *
 *     # Samples: 286  of event 'cpu-clock'
 *     # Event count (approx.): 286286286
 *     # Overhead  Command  Shared Object  Symbol
 *     # ........  .......  .............  .......
 */
#ifndef PP_PRINTED_PERF_REPORT_HEAD_H
#define PP_PRINTED_PERF_REPORT_HEAD_H

#include "formats/format.h"

enum pp_report_column { PP_REPORT_COMMAND, PP_REPORT_OBJECT, PP_REPORT_SYMBOL, PP_REPORT_COLUMNS };

/* Zero-initialise; its texts are in the reader's arena. */
struct pp_report_head {
    struct pp_span event;
    int64_t samples, events; /* their sum; 0: unknown */
    struct {
        size_t from, to; /* offsets in a line, from 1; 0: absent */
    } places[PP_REPORT_COLUMNS];
    struct pp_span heading; /* the line above the dots */
};

/* Takes a line that begins with '#'. True if it begins an event. */
bool pp_report_comment(struct pp_report_head *h, struct pp_reader *r, struct pp_span line);

/* Whether a line names the columns. */
bool pp_report_is_heading(struct pp_span line);

/* What is in a column of the entry `line`; empty if there is no such column. */
struct pp_span pp_report_field(const struct pp_report_head *h, struct pp_span line,
                               enum pp_report_column column);

#endif
