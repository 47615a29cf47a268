/*
 * perf_script_callers.h - callers that were seen before, by the text that perf prints of them. A
 * call chain that was there before is not taken apart; of one of which all but the first line was,
 * only that line is; and of another, only what stands above the outermost frames that it shares
 * with one before.
 */
#ifndef PP_FORMATS_PERF_SCRIPT_CHAIN_CACHE_H
#define PP_FORMATS_PERF_SCRIPT_CHAIN_CACHE_H

#include "base/cache.h"
#include "formats/perf/script_ahead.h"

/* A mark that is to be remembered, with the callers that stand in whole lines after it. */
struct pp_perf_mark {
    struct pp_digest text; /* from the mark to the end */
    const char *line;      /* the first of these lines */
    size_t above;          /* how many of the sample's frames come before them */
};

/* Of the open sample. */
struct pp_perf_known_callers {
    const char *end;        /* of their text */
    const char *from;       /* from here on they are known, as these; NULL if none are */
    struct pp_cached known; /* its end is counted from the end of the text */
    bool joined;            /* and follow the sample's frames, of which no more will come */
    const char *next;       /* the line of the next mark, or NULL: that of */
    size_t unreached;       /* the last of so many that are still to come, of */
    size_t count;
    struct pp_perf_mark marks[PP_PERF_MARKS + 2]; /* outermost first */
};

#endif
