/*
 * known.h - files that are no profiles, or none that pp reads, and that their first bytes tell. It
 * is asked when no format has bid: to say what a file is, and what to do with it.
 */
#ifndef PP_LOAD_KNOWN_H
#define PP_LOAD_KNOWN_H

#include "base/span.h"

/* What begins with `head`, as in "this is a tar archive; unpack it first". Never NULL. */
const char *pp_known_file(struct pp_span head);

#endif
