/* modules.h - what kind of code is in a module, by the name that perf has of it. */
#ifndef PP_FORMATS_PERF_MODULES_H
#define PP_FORMATS_PERF_MODULES_H

#include "model/profile.h"

/* "[kernel.kallsyms]" and "x.ko" are the kernel's, "/tmp/perf-12.map" was compiled at run time. */
enum pp_kind pp_perf_kind(struct pp_span module);

#endif
