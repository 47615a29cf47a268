/*
 * perf_script_calls.h - lines of call chains that were seen before, by the address that they begin
 * with. Nearly all lines of an input are such, and are found with little more than a comparison.
 */
#ifndef PP_FORMATS_PERF_SCRIPT_CALLS_H
#define PP_FORMATS_PERF_SCRIPT_CALLS_H

#include "formats/perf_script_memo.h"
#include "formats/worth.h"

/* Zero-initialise; release with free(places). */
struct pp_perf_calls {
    struct pp_perf_call *places;
    size_t count; /* of places: 0, or a power of two */
    struct pp_worth worth;
};

/* Notes what is known of the frame in `line`, for which pp_perf_is_call() is true. */
void pp_perf_note_call(struct pp_perf_calls *c, const char *line, uint64_t address,
                       const struct pp_perf_known *known);

#endif
