/*
 * script_ahead.h - looks at samples further on in the input, and prefetches what they need while
 * the current sample is read: waiting for memory would take longer than all the rest.
 */
#ifndef PP_FORMATS_PERF_SCRIPT_AHEAD_H
#define PP_FORMATS_PERF_SCRIPT_AHEAD_H

#include "base/hash.h"
#include "base/table.h"

/*
 * The text of a call chain has marks at fixed distances from its end, and one at each of its first
 * two lines.
 */
enum { PP_PERF_MARK_STEP = 4 * PP_DIGEST_BLOCK, PP_PERF_MARKS = 64, PP_PERF_AHEAD = 8 };

/* The call chain of a sample: one line a frame, leaf first. */
struct pp_perf_coming {
    struct pp_span chain;
    const char *callers;                       /* where the second line begins */
    struct pp_digest marks[PP_PERF_MARKS + 2]; /* digests of the text from each mark to the end */
    size_t count; /* of marks; the last two are those of the first lines */
    pp_id node;   /* of the chain; 0 if it is not cached */
};

/* The chains ahead, in a ring. Zero-initialise. */
struct pp_perf_ahead {
    struct pp_perf_coming coming[PP_PERF_AHEAD];
    size_t first, count;
};

#endif
