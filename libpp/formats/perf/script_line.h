/*
 * perf_script_line.h - one line of `perf script`: of what kind it is, and its parts. What a line
 * is depends on nothing before it, so that an input can be read from any header on.
 */
#ifndef PP_FORMATS_PERF_SCRIPT_LINE_H
#define PP_FORMATS_PERF_SCRIPT_LINE_H

#include "base/span.h"

enum pp_perf_kind {
    PP_PERF_BLANK,
    PP_PERF_COMMENT, /* begins with # */
    PP_PERF_HEADER,  /* begins a sample */
    PP_PERF_RECORD,  /* tells of something else: PERF_RECORD_COMM and the like */
    PP_PERF_FRAME,
    PP_PERF_OTHER,
};

/* The fields of a header, each empty (or NULL) where perf was not asked for it. */
struct pp_perf_header {
    struct pp_span who; /* all of machine, comm, pid, tid and cpu, as printed */
    struct pp_span comm, pid, tid, cpu, time, period, event;
    struct pp_span payload; /* what follows the event */
};

struct pp_perf_frame {
    uint64_t address;
    const char *address_end; /* in the line */
    struct pp_span text;     /* all after the blank there */
};

/*
 * In a call chain, a tab and the address, padded to 16 bytes, stand before the blank. Here only tab
 * and blank are looked at.
 */
enum { PP_PERF_ADDRESS = 16, PP_PERF_CALL_TEXT = 1 + PP_PERF_ADDRESS + 1 };

static inline bool pp_perf_is_call(struct pp_span line)
{
    return pp_len(line) >= PP_PERF_CALL_TEXT && *line.p == '\t' &&
           line.p[PP_PERF_CALL_TEXT - 1] == ' ';
}

/*
 * The kind of `line`, which has no newline. `after` is what follows it: where a header is no more
 * than a name and a number, only the frame under it tells. Fills `header` or `frame`; of a
 * PP_PERF_RECORD, the payload is what follows the time.
 */
enum pp_perf_kind pp_perf_line(struct pp_span line, struct pp_span after,
                               struct pp_perf_header *header, struct pp_perf_frame *frame);

/* True if `line` is a header whatever stands before and after it. */
bool pp_perf_is_header(struct pp_span line);

/* True if the first line of `after` is surely a frame. */
bool pp_perf_frame_follows(struct pp_span after);

/* Blanks, a hexadecimal number, and a blank and more, or nothing. */
bool pp_perf_frame(struct pp_span line, struct pp_perf_frame *frame);

/*
 * The frame in the payload of a header, without what -F prints before and behind it; of a branch
 * where it comes from. Words of a tracepoint may look like numbers (script_payload.c).
 */
bool pp_perf_payload_frame(struct pp_span payload, struct pp_perf_frame *frame);

/* The bracket that the last byte of `s` closes, if a blank or nothing stands before it; or NULL. */
const char *pp_perf_bracket(struct pp_span s);

/* Cuts "VM:13376 ", TAG and digits, off the beginning of `*s`. False if it begins otherwise. */
bool pp_perf_cut_tagged(struct pp_span *s, const char *tag, struct pp_span *digits);

/*
 * What a line is that stands beside a sample's frames: NULL if it is not known, else what -F asked
 * for, such as "registers" (script_beside.c).
 */
const char *pp_perf_beside(struct pp_span line);

/* Whether a text is branch records, as -F brstack prints them: "FROM/TO/P/-/-/0 ..." (the same). */
bool pp_perf_are_branches(struct pp_span text);

/* A module as perf prints it, without blanks around it, offset and " (deleted)". */
struct pp_span pp_perf_module_name(struct pp_span module);

/* The offset in the module's file, which -F +dsoff prints: "main+0x12 (/bin/x+0x1139)". */
bool pp_perf_module_offset(struct pp_span text, uint64_t *offset);

/*
 * Parts of a frame's text. `*symbol` is without its offset, and NULL where none was printed;
 * `*module` is the name without brackets, and NULL where none was printed.
 */
void pp_perf_frame_parts(struct pp_span text, struct pp_span *symbol, struct pp_span *module);

#endif
