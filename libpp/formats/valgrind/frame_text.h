/*
 * frame_text.h - a frame as valgrind's heap profilers write it:
 *
 *     0x109267: leaky (alloc.c:8)
 *     0x4A2B1C: f(int) (dir/f.cc:12:5)              rust's dhat, with a column
 *     0x48487B4: malloc (in /usr/libexec/valgrind/vgpreload_dhat-amd64-linux.so)
 *     0x10FF: ???
 *
 * The addresses are those of the process, within the call.
 */
#ifndef PP_VALGRIND_FRAME_TEXT_H
#define PP_VALGRIND_FRAME_TEXT_H

#include "model/code.h"

/* What such a text says; spans point into it. False if it does not begin with an address. */
bool pp_valgrind_frame(struct pp_span text, struct pp_code *code);

#endif
