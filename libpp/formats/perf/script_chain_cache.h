/*
 * script_chain_cache.h - caches ends of call chains by the digest of their text. A chain that
 * recurs is not parsed at all; if only its leaf differs, just the first line is parsed; and if it
 * shares only its outermost frames with an earlier one, just the lines above these.
 */
#ifndef PP_FORMATS_PERF_SCRIPT_CHAIN_CACHE_H
#define PP_FORMATS_PERF_SCRIPT_CHAIN_CACHE_H

#include "base/cache.h"
#include "formats/perf/script_ahead.h"

/* A mark that will be cached, with the callers on the whole lines after it. */
struct pp_perf_mark {
    struct pp_digest text; /* digest of the text from the mark to the end */
    const char *line;      /* the first of these lines */
    size_t above;          /* how many of the sample's frames come before them */
};

/* What is cached of the open sample's chain. */
struct pp_perf_known_callers {
    const char *end;        /* of the chain's text */
    const char *from;       /* where the cached callers begin; NULL if none are cached */
    struct pp_cached known; /* their entry; its `end` is counted from the end of the text */
    bool joined;            /* they have been added to the sample's frames, so no more will come */
    const char *next;       /* the line of the next mark, or NULL */
    size_t unreached;       /* marks whose line is still to come, at the end of `marks` */
    size_t count;
    struct pp_perf_mark marks[PP_PERF_MARKS + 2]; /* outermost first */
};

#endif
