/*
 * line.h - one line of `perf script`: its kind and its parts. They do not depend on earlier
 * lines, so an input can be read from any header on.
 */
#ifndef PP_FORMATS_PERF_SCRIPT_LINE_H
#define PP_FORMATS_PERF_SCRIPT_LINE_H

#include "formats/perf/script/frame.h"

enum pp_perf_kind {
    PP_PERF_BLANK,
    PP_PERF_COMMENT, /* begins with # */
    PP_PERF_HEADER,  /* begins a sample */
    PP_PERF_RECORD,  /* another record: PERF_RECORD_COMM and the like */
    PP_PERF_FRAME,
    PP_PERF_OTHER,
};

/* The fields of a header, empty (or NULL) if perf did not print them. */
struct pp_perf_header {
    struct pp_span origin; /* all of machine, comm, pid, tid and cpu, as printed */
    struct pp_span comm, pid, tid, cpu, time, period, event;
    struct pp_span payload; /* what follows the event */
};

/*
 * The kind of `line`, which has no newline. `after` is the input after it: if a header is only a
 * name and a number, the frame below it decides. Fills `header` or `frame`; the payload of a
 * PP_PERF_RECORD is what follows the time.
 */
enum pp_perf_kind pp_perf_line(struct pp_span line, struct pp_span after,
                               struct pp_perf_header *header, struct pp_perf_frame *frame);

/* True if `line` is a header whatever the lines around it. */
bool pp_perf_is_header(struct pp_span line);

/* True if the first line of `after` is certainly a frame. */
bool pp_perf_frame_follows(struct pp_span after);

/*
 * Cuts TAG, digits and blanks, such as "VM:13376 ", from the start of `*s`. False if it begins
 * otherwise.
 */
bool pp_perf_cut_tagged(struct pp_span *s, const char *tag, struct pp_span *digits);

#endif
