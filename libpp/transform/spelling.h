/*
 * spelling.h - columns with several names for one meaning. perf's default event was cycles:ppp, is
 * cycles:P, and is cycles:u if perf may not see the kernel; on machines with two kinds of cores it
 * is cpu_core/cycles/ and cpu_atom/cycles/. Heap memory in use is "inuse_space", or "space" if
 * nothing else was recorded.
 */
#ifndef PP_TRANSFORM_SPELLING_H
#define PP_TRANSFORM_SPELLING_H

#include "model/profile.h"

/*
 * An event that perf knows under two names, of which it prints the one that was typed: "cycles" for
 * "cpu-cycles". Other names stay as they are.
 */
struct pp_span pp_event_usual(struct pp_span event);

/* The event in such a name, by its usual name: "cycles". Other names stay as they are. */
struct pp_span pp_event_base(struct pp_span name);

/* Whether two types of columns mean the same, including those of samples: "cycles:u.samples". */
bool pp_types_alike(struct pp_span a, struct pp_span b);

/*
 * Renames columns of the two profiles that mean the same to one name, if each profile has only one
 * of them: to what both are spellings of. The names of their periods and default columns follow.
 */
void pp_agree_on_types(struct pp_profile *a, struct pp_profile *b);

/*
 * Adds up the columns of the event `name`, in any spelling, under that name. Does nothing if a
 * column already has it. False if the sum exceeds 64 bits.
 */
bool pp_join_event(struct pp_profile *p, struct pp_span name);

#endif
