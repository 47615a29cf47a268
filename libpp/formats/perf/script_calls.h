/*
 * perf_script_calls.h - lines of call chains that were seen before. Nearly all lines of an input
 * are such, address and all, and need not be taken apart again.
 */
#ifndef PP_FORMATS_PERF_SCRIPT_CALLS_H
#define PP_FORMATS_PERF_SCRIPT_CALLS_H

#include "base/hash.h"
#include "formats/perf/script_memo.h"
#include "formats/reader/worth.h"

struct pp_perf_call {
    struct pp_digest line;
    const struct pp_perf_known *known; /* NULL: free */
    pp_id frame;                       /* 0 if it depends on more */
};

/* Zero-initialise; release with free(places). */
struct pp_perf_calls {
    struct pp_perf_call *places;
    size_t count; /* of places: 0, or a power of two */
    struct pp_worth worth;
};

/* By this a line, without its newline, is looked up. */
static inline struct pp_digest pp_perf_call_digest(const struct pp_perf_calls *c,
                                                   struct pp_span line)
{
    return pp_digest(line.p, pp_len(line), (uintptr_t)c);
}

/* Where hardly a line is there again, looking for them takes longer than reading them. */
static inline bool pp_perf_calls_in_vain(const struct pp_perf_calls *c)
{
    return pp_in_vain(&c->worth, 1 << 17, 4);
}

/* To be asked for soon. */
static inline void pp_perf_prefetch_call(const struct pp_perf_calls *c, struct pp_digest line)
{
    if (c->count)
        pp_prefetch(&c->places[line.a & (c->count - 1)]);
}

/* What is known of the line, or NULL. */
const struct pp_perf_call *pp_perf_find_call(const struct pp_perf_calls *c, struct pp_digest line);

/* Remembers what is known of a line that was not found. */
void pp_perf_add_call(struct pp_perf_calls *c, struct pp_digest line,
                      const struct pp_perf_known *known);

#endif
