/*
 * chain_cache.h - caches ends of call chains by the digest of their text. A chain that
 * recurs is not parsed at all; if only its leaf differs, just the first line is parsed; and if it
 * shares only its outermost frames with an earlier one, just the lines above these.
 *
 * It looks at samples further on in the input, and prefetches what they need while the current
 * sample is read: waiting for memory would take longer than all the rest.
 */
#ifndef PP_FORMATS_PERF_SCRIPT_CHAIN_CACHE_H
#define PP_FORMATS_PERF_SCRIPT_CHAIN_CACHE_H

#include "base/cache.h"
#include "formats/format.h"

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

struct pp_perf_state;

/* Looks up how much of the coming chain is cached. */
void pp_perf_find_callers(const struct pp_reader *r, struct pp_perf_state *s, struct pp_span in);

/* At the line `s->callers.next`: records that it was reached. */
void pp_perf_reach_mark(struct pp_perf_state *s);

/*
 * If `*in` is where the cached callers begin: adds them to the open sample's frames, if possible.
 */
bool pp_perf_join_callers(const struct pp_reader *r, struct pp_perf_state *s, struct pp_span *in);

/* Caches the callers of the stack `node`, that of the open sample, which were not cached yet. */
void pp_perf_cache_callers(const struct pp_reader *r, struct pp_perf_state *s, pp_id node);

/* Before the next block, which may be at the same address as the last one. */
static inline void pp_perf_forget_ahead(struct pp_perf_ahead *a)
{
    a->count = 0;
}

/* A warning was given for this chain and must be given again when it recurs: do not cache it. */
static inline void pp_perf_leave_uncached(struct pp_perf_known_callers *c)
{
    c->count = c->unreached = 0;
    c->next = NULL;
}

/* Before the frames of a sample. */
static inline void pp_perf_begin_callers(struct pp_perf_known_callers *c)
{
    pp_perf_leave_uncached(c);
    c->from = NULL;
    c->joined = false;
}

#endif
