/*
 * spelling.h - columns that mean the same under several names. perf's default event was called
 * cycles:ppp, is called cycles:P, and cycles:u where the kernel may not be seen; on machines with
 * two kinds of cores it is cpu_core/cycles/ and cpu_atom/cycles/. What is in use of a heap is
 * "inuse_space", or "space" where nothing else is known.
 */
#ifndef PP_TRANSFORM_SPELLING_H
#define PP_TRANSFORM_SPELLING_H

#include "model/profile.h"

/* The event that such a name stands for: "cycles". What is no event stays as it is. */
struct pp_span pp_event_base(struct pp_span name);

/* Whether two types of columns mean the same: also those of samples, "cycles:u.samples". */
bool pp_types_alike(struct pp_span a, struct pp_span b);

/*
 * Gives one name to columns of the two profiles that mean the same, if that is one column in each
 * of them: what both are spellings of. What a profile says of its period and its default follows.
 */
void pp_agree_on_types(struct pp_profile *a, struct pp_profile *b);

/*
 * Adds up the columns of the event `name`, whatever their spelling, and calls the sum that. Does
 * nothing where a column is spelt so. False if the sum exceeds 64 bits.
 */
bool pp_join_event(struct pp_profile *p, struct pp_span name);

#endif
