/*
 * unwind.h - from copies of stacks to the calls that were going on, by what programs say of how they
 * use the stack: the call frame information in .eh_frame.
 * https://refspecs.linuxfoundation.org/LSB_5.0.0/LSB-Core-generic/LSB-Core-generic/ehframechpt.html
 *
 * The rules are read by libdw; those of an address are kept, as most of a recording is a few
 * thousand addresses again and again. All of this is done in child processes (base/child.h), each of
 * which walks a part of the stacks, as programs are no more to be trusted than other input.
 */
#ifndef PP_SYMBOLS_UNWIND_H
#define PP_SYMBOLS_UNWIND_H

#include "model/stack_dump.h"
#include "symbols/symbolize.h"

/*
 * Walks up all of the stacks; `options`, a struct pp_symbolize_options, says where programs are and
 * what limits there are. For pp_unwinder.unwind.
 */
void pp_unwind(void *options, struct pp_stack_dumps *dumps);

#endif
