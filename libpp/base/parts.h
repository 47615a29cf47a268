/* parts.h - output that several threads make at once, and that is written in order. */
#ifndef PP_BASE_PARTS_H
#define PP_BASE_PARTS_H

#include "base/out.h"

/*
 * Calls put(ctx, i, to) once for each i below `n`, from up to out->jobs threads, 8 at most. What it
 * writes to `to` goes to `out` as if the calls had been made in order. Calls must not share
 * anything that one of them writes, and must not report messages. When `out` fails, so does `to`,
 * and a call may return early.
 *
 * A thread with 4 MiB of output waits for its turn.
 */
void pp_out_parts(struct pp_out *out, size_t n, void (*put)(void *ctx, size_t i, struct pp_out *to),
                  void *ctx);

#endif
