/*
 * unwind.h - finds the callers in copies of stacks, by the call frame information of programs in
 * .eh_frame.
 * https://refspecs.linuxfoundation.org/LSB_5.0.0/LSB-Core-generic/LSB-Core-generic/ehframechpt.html
 *
 * libdw reads the rules; they are cached by address, as most of a recording is the same few
 * thousand addresses. Child processes (base/child.h) do this, each for a part of the stacks, as
 * programs cannot be trusted any more than other input.
 */
#ifndef PP_SYMBOLS_UNWIND_H
#define PP_SYMBOLS_UNWIND_H

#include "model/stack_dump.h"
#include "symbols/symbolize.h"

/*
 * Unwinds all the stacks; `options`, a struct pp_symbolize_options, says where programs are, and
 * sets limits. For pp_unwinder.unwind.
 */
void pp_unwind(void *options, struct pp_stack_dumps *dumps);

#endif
