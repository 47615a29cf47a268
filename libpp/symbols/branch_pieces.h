/* branch_pieces.h - what a child process does: find the pieces of code between branches. */
#ifndef PP_SYMBOLS_BRANCH_PIECES_H
#define PP_SYMBOLS_BRANCH_PIECES_H

#include "model/branches.h"
#include "symbols/answer.h"
#include "symbols/symbolize.h"

/* The branches that lie in one file. */
struct pp_piece_search {
    const struct pp_profile *profile;
    const struct pp_symbolize_options *options;
    const char *binary; /* what --binary says of the file, or NULL */
    const struct pp_branch_count *counts;
    size_t n; /* 1 at least */
};

/*
 * Sends a location and a count for each piece of each function that was touched; a location and a
 * call for each jump to the beginning of a function; and the number of ranges that were placed, as
 * text in the place of the build id.
 */
void pp_find_pieces(const struct pp_piece_search *search, struct pp_answer *answer);

#endif
