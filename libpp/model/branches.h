/*
 * branches.h - the branch records of a processor in a profile: for compilers, which want to know
 * how often code was executed.
 *
 * A record says that the program went from one address to another. Between two records that follow
 * each other it executed everything from where the first led to where the second began: a range. In
 * a profile a range is a sample of one frame, its first address, with a label that says how many
 * bytes further the last instruction of it begins; a jump is one of the address that it was made
 * from, with a label of where it led to. Both have columns of their own, so that nobody who has no
 * use for them is disturbed: readers make them only if PP_HOLDS_BRANCHES is wanted.
 */
#ifndef PP_MODEL_BRANCHES_H
#define PP_MODEL_BRANCHES_H

#include "model/profile.h"

/* One record, and how many of them. */
struct pp_branch {
    uint64_t from, to;
};

/* What gives the frame of an address; without it, frames say no more than the address. */
struct pp_branch_frames {
    pp_id (*frame_at)(void *ctx, uint64_t address);
    void *ctx;
};

/*
 * Adds what the records of one sample say, newest first; `frames` may be NULL. False if the sum of
 * a column would exceed 64 bits, or there is no room for two columns more.
 */
bool pp_branches_add(struct pp_profile *p, const struct pp_branch *newest_first, size_t n,
                     const struct pp_branch_frames *frames);

/* A range from `from` to the beginning of its last instruction at `to`, or a jump. */
struct pp_branch_count {
    struct pp_branch branch;
    bool jump;
    pp_id mapping; /* that `from` lies in */
    int64_t count;
};

/* What to look by in one profile, as long as no column or string is added. */
struct pp_branch_keys {
    pp_id range, jump; /* of labels; 0: there is none */
    int ranges, jumps; /* columns; -1: there is none */
};

struct pp_branch_keys pp_branch_keys(const struct pp_profile *p);

/* Whether a sample is of branches, and of which kind. */
bool pp_branch_of(const struct pp_profile *p, const struct pp_branch_keys *keys, pp_id sample,
                  struct pp_branch_count *out);

/*
 * What becomes of branches once lines are known (symbols/branches.h): how often pieces of code were
 * executed, the same times their bytes, and calls of functions, whose frame stands on that of the
 * place that they were called from.
 */
#define PP_EXECUTED_TYPE       "executed"
#define PP_EXECUTED_BYTES_TYPE "executed_bytes"
#define PP_CALLS_TYPE          "calls"

/* The labels of samples of pieces, executed or not, which tell them from samples at the same place.
 */
pp_id pp_piece_labels(struct pp_profile *p);
bool pp_is_piece(const struct pp_profile *p, pp_id labels);

/* The column of such a type, in counts; -1 if there is none. */
int pp_branch_column(const struct pp_profile *p, const char *type);

#endif
