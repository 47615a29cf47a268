/* instruction.h - how long the instruction is that ends a range: a jump, a call or a return. */
#ifndef PP_SYMBOLS_INSTRUCTION_H
#define PP_SYMBOLS_INSTRUCTION_H

#include "base/span.h"

/* As ELF numbers them (e_machine). */
enum { PP_MACHINE_X86_64 = 62, PP_MACHINE_ARM64 = 183, PP_MACHINE_RISCV = 243 };

/*
 * Its bytes, of those that `code` begins with; 1 where that cannot be told, which is the least that
 * it can be. Of x86, every branch: Intel's Software Developer's Manual, volume 2, appendix A.
 */
unsigned pp_branch_length(struct pp_span code, unsigned machine);

#endif
