/*
 * script_line.h - one line of `perf script`: its kind and its parts. They do not depend on earlier
 * lines, so an input can be read from any header on.
 */
#ifndef PP_FORMATS_PERF_SCRIPT_LINE_H
#define PP_FORMATS_PERF_SCRIPT_LINE_H

#include "base/span.h"

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
    struct pp_span who; /* all of machine, comm, pid, tid and cpu, as printed */
    struct pp_span comm, pid, tid, cpu, time, period, event;
    struct pp_span payload; /* what follows the event */
};

struct pp_perf_frame {
    uint64_t address;
    const char *address_end; /* end of the address in the line */
    struct pp_span text;     /* everything after the blank behind the address */
};

/*
 * In a call chain, a tab and the address, padded to 16 bytes, come before the blank. This checks
 * only the tab and the blank.
 */
enum { PP_PERF_ADDRESS = 16, PP_PERF_CALL_TEXT = 1 + PP_PERF_ADDRESS + 1 };

static inline bool pp_perf_is_call(struct pp_span line)
{
    return pp_len(line) >= PP_PERF_CALL_TEXT && *line.p == '\t' &&
           line.p[PP_PERF_CALL_TEXT - 1] == ' ';
}

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

/* Blanks and a hexadecimal number; then the end, or a blank and more. */
bool pp_perf_frame(struct pp_span line, struct pp_perf_frame *frame);

/*
 * The frame in the payload of a header, without what -F prints before and after it; for a branch,
 * its source. Words of a tracepoint may look like numbers (script_payload.c).
 */
bool pp_perf_payload_frame(struct pp_span payload, struct pp_perf_frame *frame);

/*
 * The opening bracket that matches the last byte of `s`, if it is at the start or after a blank; or
 * NULL.
 */
const char *pp_perf_bracket(struct pp_span s);

/*
 * Cuts TAG, digits and blanks, such as "VM:13376 ", from the start of `*s`. False if it begins
 * otherwise.
 */
bool pp_perf_cut_tagged(struct pp_span *s, const char *tag, struct pp_span *digits);

/*
 * The kind of a line beside the frames of a sample, such as "registers"; NULL if it is unknown
 * (script_beside.c).
 */
const char *pp_perf_beside(struct pp_span line);

/* Whether a text is branch records, as -F brstack prints them: "FROM/TO/P/-/-/0 ..." (the same). */
bool pp_perf_are_branches(struct pp_span text);

/* A module as perf prints it, without surrounding blanks, offset and " (deleted)". */
struct pp_span pp_perf_module_name(struct pp_span module);

/* The offset in the module's file, which -F +dsoff prints: "main+0x12 (/bin/x+0x1139)". */
bool pp_perf_module_offset(struct pp_span text, uint64_t *offset);

/*
 * The parts of a frame's text. `*symbol` has no offset, and is NULL if none was printed; `*module`
 * is the name without brackets, and NULL if none was printed.
 */
void pp_perf_frame_parts(struct pp_span text, struct pp_span *symbol, struct pp_span *module);

#endif
