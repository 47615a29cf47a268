/* parts.h - output that several threads make at once, and that comes out in order. */
#ifndef PP_BASE_PARTS_H
#define PP_BASE_PARTS_H

#include "base/out.h"

/*
 * Calls put(ctx, i, to) once for each i below `n`, from up to out->jobs threads, of 8 at most; what
 * it writes to `to` goes to `out` as if there had been one call after the other. Calls must share
 * nothing that either writes, and report nothing. When `out` fails, so does `to`, and a call may
 * end early.
 *
 * A thread that has 4 MiB ready waits until it is their turn.
 */
void pp_out_parts(struct pp_out *out, size_t n, void (*put)(void *ctx, size_t i, struct pp_out *to),
                  void *ctx);

#endif
