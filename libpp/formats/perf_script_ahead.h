/*
 * perf_script_ahead.h - samples further on in the input. What they will need of memory is asked for
 * while those before them are read, as to wait for it takes longer than all else.
 */
#ifndef PP_FORMATS_PERF_SCRIPT_AHEAD_H
#define PP_FORMATS_PERF_SCRIPT_AHEAD_H

#include "base/hash.h"
#include "base/table.h"

/* In the text of callers there is a mark every so many bytes, counted from its end. */
enum { PP_PERF_MARK_STEP = 4 * PP_DIGEST_BLOCK, PP_PERF_MARKS = 64, PP_PERF_AHEAD = 8 };

/* A sample: a header, a call, and its callers, each in a line, and a blank line. */
struct pp_perf_coming {
    struct pp_digest call;                     /* of its line */
    struct pp_span callers;                    /* their lines */
    struct pp_digest marks[PP_PERF_MARKS + 1]; /* of the text from each mark on; the last of all */
    size_t count;                              /* of marks, at least one */
    pp_id node, frame; /* of the callers, and the call on them; 0: these are not both known */
};

/* Those at hand, in a ring. Zero-initialise. */
struct pp_perf_ahead {
    struct pp_perf_coming coming[PP_PERF_AHEAD];
    size_t first, count;
};

#endif
