/* machine_code.h - the machine code of the heaviest functions of a profile. */
#ifndef PP_TOOLS_WORK_MACHINE_CODE_H
#define PP_TOOLS_WORK_MACHINE_CODE_H

#include "render/html.h"

/*
 * Disassembles up to 50 functions of `p` with objdump, up to 512 KiB of text. Functions without an
 * address in an existing file are skipped. Reports how many were found. The texts live until the
 * result is passed to pp_machine_code_release().
 */
struct pp_html_code *pp_machine_code_find(const struct pp_profile *p, unsigned column);
void pp_machine_code_release(struct pp_html_code *code);

#endif
