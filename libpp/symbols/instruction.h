/*
 * instruction.h - the length of the instruction at the end of a range: a jump, a call or a return.
 */
#ifndef PP_SYMBOLS_INSTRUCTION_H
#define PP_SYMBOLS_INSTRUCTION_H

#include "base/span.h"

/* ELF's numbers of machines (e_machine). */
enum { PP_MACHINE_X86_64 = 62, PP_MACHINE_ARM64 = 183, PP_MACHINE_RISCV = 243 };

/*
 * The length in bytes of the instruction at the start of `code`; 1, the minimum, if it is unknown.
 * Knows every branch of x86: Intel's Software Developer's Manual, volume 2, appendix A.
 */
unsigned pp_branch_length(struct pp_span code, unsigned machine);

#endif
