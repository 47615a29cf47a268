/* machine_code.h - the machine code of the functions that a profile has most samples in. */
#ifndef PP_TOOLS_WORK_MACHINE_CODE_H
#define PP_TOOLS_WORK_MACHINE_CODE_H

#include "render/html.h"

/*
 * Finds the code of up to 50 functions of `p`, as long as there is room for it (512 KiB), with
 * objdump. Of what has no address in a file that is there, nothing is found. Says how much was. The
 * texts live until pp_machine_code_release(), which takes what this made.
 */
struct pp_html_code *pp_machine_code_find(const struct pp_profile *p, unsigned column);
void pp_machine_code_release(struct pp_html_code *code);

#endif
