/*
 * branches.h - a processor's branch records in a profile, for compilers, which need to know how
 * often code was executed.
 *
 * A record has the addresses from and to which the program jumped. Between two consecutive records
 * it executed everything from the target of the first to the source of the second: a range. In a
 * profile, a range is a sample with one frame, its first address, and a label with the distance in
 * bytes to its last instruction; a jump is a sample with its source as the frame, and a label with
 * its target. Both have columns of their own, which readers make only if PP_HOLDS_BRANCHES is
 * wanted.
 */
#ifndef PP_MODEL_BRANCHES_H
#define PP_MODEL_BRANCHES_H

#include "model/profile.h"

/* A record, and how often it occurred. */
struct pp_branch {
    uint64_t from, to;
};

/* Returns the frame of an address; without it, frames have only the address. */
struct pp_branch_frames {
    pp_id (*frame_at)(void *ctx, uint64_t address);
    void *ctx;
};

/*
 * Adds the records of one sample, newest first; `frames` may be NULL. False if the sum of a column
 * would exceed 64 bits, or there is no room for two more columns.
 */
bool pp_branches_add(struct pp_profile *p, const struct pp_branch *newest_first, size_t n,
                     const struct pp_branch_frames *frames);

/* A range from `from` to the beginning of its last instruction at `to`, or a jump. */
struct pp_branch_count {
    struct pp_branch branch;
    bool jump;
    pp_id mapping; /* the mapping of `from` */
    int64_t count;
};

/* Keys for looking up the branches of a profile; valid until a column or string is added. */
struct pp_branch_keys {
    pp_id range, jump; /* of labels; 0: none */
    int ranges, jumps; /* columns; -1: none */
};

struct pp_branch_keys pp_branch_keys(const struct pp_profile *p);

/* Whether a sample belongs to branches, and its kind. */
bool pp_branch_of(const struct pp_profile *p, const struct pp_branch_keys *keys, pp_id sample,
                  struct pp_branch_count *out);

/*
 * The columns that branches become once lines are known (symbols/branches.h): how often pieces of
 * code were executed, the same times their size in bytes, and calls of functions, where the frame
 * of the function is on top of the calling place.
 */
#define PP_EXECUTED_TYPE       "executed"
#define PP_EXECUTED_BYTES_TYPE "executed_bytes"
#define PP_CALLS_TYPE          "calls"

/* The labels that distinguish samples of pieces, executed or not, from others at the same place. */
pp_id pp_piece_labels(struct pp_profile *p);
bool pp_is_piece(const struct pp_profile *p, pp_id labels);

/* The column with such a type, in counts; -1 if there is none. */
int pp_branch_column(const struct pp_profile *p, const char *type);

#endif
