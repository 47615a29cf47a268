/*
 * callgrind_blocks.h - two formats that use callgrind's syntax for more than a call graph. Both are
 * also read as callgrind on request: the header shows what they are.
 */
#ifndef PP_VALGRIND_CALLGRIND_BLOCKS_H
#define PP_VALGRIND_CALLGRIND_BLOCKS_H

#include "formats/valgrind/costs.h"

bool pp_xtree_read(struct pp_reader *r, struct pp_span in);
bool pp_xdebug_read(struct pp_reader *r, struct pp_span in);

/* Whether `head` is in callgrind's syntax, with a creator that begins with `creator`. */
static inline bool pp_cost_creator(struct pp_span head, const char *creator)
{
    return pp_starts(pp_costs_header(head, "creator"), creator);
}

#endif
