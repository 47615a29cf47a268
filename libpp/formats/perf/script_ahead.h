/*
 * perf_script_ahead.h - samples further on in the input. What they will need of memory is asked for
 * while those before them are read, as to wait for it takes longer than all else.
 */
#ifndef PP_FORMATS_PERF_SCRIPT_AHEAD_H
#define PP_FORMATS_PERF_SCRIPT_AHEAD_H

#include "base/hash.h"
#include "base/table.h"

/*
 * In the text of a call chain there is a mark every so many bytes, counted from its end, and at the
 * first two lines.
 */
enum { PP_PERF_MARK_STEP = 4 * PP_DIGEST_BLOCK, PP_PERF_MARKS = 64, PP_PERF_AHEAD = 8 };

/* The call chain of a sample: a line for each of its calls, leaf first. */
struct pp_perf_coming {
    struct pp_span chain;
    const char *callers;                       /* in it: where the second line begins */
    struct pp_digest marks[PP_PERF_MARKS + 2]; /* of the text from each mark to the end */
    size_t count;                              /* of marks: the last two are at the first lines */
    pp_id node;                                /* of the chain, 0 if it is not known */
};

/* Those at hand, in a ring. Zero-initialise. */
struct pp_perf_ahead {
    struct pp_perf_coming coming[PP_PERF_AHEAD];
    size_t first, count;
};

#endif
