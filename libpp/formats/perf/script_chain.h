/* script_chain.h - reads the lines of call chains in `perf script`. */
#ifndef PP_FORMATS_PERF_SCRIPT_CHAIN_H
#define PP_FORMATS_PERF_SCRIPT_CHAIN_H

#include "base/span.h"

struct pp_reader;
struct pp_perf_state;

/*
 * Adds the frames of the lines at the start of `*in` that belong to a call chain to the open
 * sample, and moves `*in` past them.
 */
void pp_perf_add_chain_lines(struct pp_reader *r, struct pp_perf_state *s, struct pp_span *in);

#endif
