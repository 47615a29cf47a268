/* processes.h - code that JIT compilers made in several processes at once. */
#ifndef PP_SYMBOLS_PROCESSES_H
#define PP_SYMBOLS_PROCESSES_H

#include "model/profile.h"

/*
 * The same address is other code in another process. Where samples are of several processes, by the
 * label "pid", gives the JIT code of each of them that has a list, /tmp/perf-PID.map, a mapping of
 * its own, which is called like the list, as some versions of perf do. Changes nothing else.
 */
void pp_split_jit_code(struct pp_profile **p);

#endif
