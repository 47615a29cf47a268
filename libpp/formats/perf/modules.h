/* modules.h - the kind of the code in a module, by the name that perf gives it. */
#ifndef PP_FORMATS_PERF_MODULES_H
#define PP_FORMATS_PERF_MODULES_H

#include "model/profile.h"

/*
 * "[kernel.kallsyms]" and "x.ko" are the kernel's; "/tmp/perf-12.map" lists code compiled at run
 * time.
 */
enum pp_kind pp_perf_kind(struct pp_span module);

#endif
