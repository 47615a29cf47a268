/* branch_pieces.h - runs in a child process: finds the pieces of code between branches. */
#ifndef PP_SYMBOLS_BRANCH_PIECES_H
#define PP_SYMBOLS_BRANCH_PIECES_H

#include "model/branches.h"
#include "symbols/answer.h"
#include "symbols/symbolize.h"

/* The branches that lie in one file. */
struct pp_piece_search {
    const struct pp_profile *profile;
    const struct pp_symbolize_options *options;
    const char *binary; /* the file that --binary names, or NULL */
    const struct pp_branch_count *counts;
    size_t n; /* at least 1 */
};

/*
 * Sends a location and a count for each piece of each function that was executed; a location and a
 * call for each jump to the start of a function; and the number of ranges that were placed, as the
 * text of the build id.
 */
void pp_find_pieces(const struct pp_piece_search *search, struct pp_answer *answer);

#endif
