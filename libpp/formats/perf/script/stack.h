/*
 * stack.h - the frames of the open sample: from lines of `perf script` to frames of the profile,
 * and to the stack of the sample.
 */
#ifndef PP_FORMATS_PERF_SCRIPT_STACK_H
#define PP_FORMATS_PERF_SCRIPT_STACK_H

#include "formats/format.h"
#include "formats/perf/script/caches.h"
#include "formats/perf/script/frame.h"
#include "formats/perf/script/state.h"

/* Whether the open sample has frames so far. */
static inline bool pp_perf_has_frames(const struct pp_perf_state *s)
{
    return s->count || s->npending || s->callers.joined;
}

/* The key of a frame in the cache. */
struct pp_perf_text pp_perf_frame_text(const struct pp_perf_state *s,
                                       const struct pp_perf_frame *frame);

/* Adds the frame on a line to the open sample; `text` is its key. */
void pp_perf_add_frame(struct pp_reader *r, struct pp_perf_state *s,
                       const struct pp_perf_frame *frame, const struct pp_perf_text *text);

/* Takes a source line, which -F +srcline prints below a frame. False if none is expected. */
bool pp_perf_add_source(struct pp_perf_state *s, struct pp_span line);

/*
 * Adds the frames of the lines at the start of `*in` that belong to a call chain to the open
 * sample, and moves `*in` past them.
 */
void pp_perf_add_chain_lines(struct pp_reader *r, struct pp_perf_state *s, struct pp_span *in);

/* The stack of the open sample, when it has all its frames. */
pp_id pp_perf_take_stack(struct pp_reader *r, struct pp_perf_state *s);

#endif
