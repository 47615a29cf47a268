/* vdso.h - the code that the kernel maps into every process, which is in no file. */
#ifndef PP_SYMBOLS_VDSO_H
#define PP_SYMBOLS_VDSO_H

#include "symbols/image.h"

/* What perf calls it, as /proc/PID/maps does. */
#define PP_VDSO "[vdso]"

/*
 * Opens a copy of the one that this process has, if it has this build id. It differs only with the
 * kernel.
 */
bool pp_vdso_open(const char *build_id, struct pp_image *image);

#endif
