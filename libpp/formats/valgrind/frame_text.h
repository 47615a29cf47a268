/*
 * frame_text.h - parses a frame of valgrind's heap profilers:
 *
 *     0x109267: leaky (alloc.c:8)
 *     0x4A2B1C: f(int) (dir/f.cc:12:5)              rust's dhat, with a column
 *     0x48487B4: malloc (in /usr/libexec/valgrind/vgpreload_dhat-amd64-linux.so)
 *     0x10FF: ???
 *
 * Addresses are those in the process, within the call instruction.
 */
#ifndef PP_VALGRIND_FRAME_TEXT_H
#define PP_VALGRIND_FRAME_TEXT_H

#include "model/code.h"

/* Parses such a text; spans point into it. False if it does not begin with an address. */
bool pp_valgrind_frame(struct pp_span text, struct pp_code *code);

#endif
