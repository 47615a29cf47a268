/*
 * known.h - recognizes files that pp does not read, by their first bytes: if no format bids, a
 * message can say what the file is, and what to do with it.
 */
#ifndef PP_LOAD_KNOWN_H
#define PP_LOAD_KNOWN_H

#include "base/span.h"

/*
 * What the file that begins with `head` is, as in "this is a tar archive; unpack it first". Never
 * NULL.
 */
const char *pp_known_file(struct pp_span head);

#endif
