/* sides.h - two profiles to be compared: which files, which columns, and both in one. */
#ifndef PP_TOOLS_DIFF_SIDES_H
#define PP_TOOLS_DIFF_SIDES_H

#include "cli/cli.h"
#include "model/sampling.h"
#include "transform/compare.h"

/* The files of each side, which are runs of it; what no option took is one file each. */
struct pp_side_files {
    struct pp_list before, after;
};

/* False if that leaves a side without files, or files without a side. */
bool pp_sides_share_out(struct pp_side_files *sides, char **files);

/*
 * Reads both sides, at the same time if they are a file each, with the rules applied. With `runs`,
 * several runs of a side are marked (model/runs.h), so that pp_sides_compare() can tell them apart.
 * False after telling the user; what was read is the caller's to free all the same.
 */
bool pp_sides_read(const struct pp_side_files *files, unsigned keep, bool raw, bool runs,
                   struct pp_profile **before, struct pp_profile **after);

/*
 * Both sides in one profile of stacks by name: the column 0 and its other side are what is
 * compared, and beside them may be variances (model/sampling.h): only tables and conditions have
 * a use for these.
 */
struct pp_sides {
    const char *column; /* which to compare, to be set beforehand; NULL: the chosen one */
    struct pp_profile *both;
    struct pp_sampling before, after;
    unsigned nbefore, nafter; /* runs of each side that are kept apart; 0: none */
    bool shares;              /* these are compared by the shares of their totals */
};

/*
 * Makes it of the chosen columns of the two: of BEFORE itself, which stays the caller's; AFTER is
 * gone. Unless `normalize` is NULL the column of BEFORE is scaled to the sum of that of AFTER;
 * without `variances` there are none, and how either was sampled is not known. False after telling
 * the user.
 */
bool pp_sides_compare(struct pp_sides *sides, struct pp_profile **before, struct pp_profile **after,
                      const enum pp_normalizing *normalize, bool variances);

/*
 * The column of `p` of the type of `column` of `other`; -1 if there is none. "space" is the same as
 * "inuse_space": tcmalloc's dumps have it until the first block is freed.
 */
int pp_column_like(const struct pp_profile *p, const struct pp_profile *other, int column);

/* Calls "space" and "objects" inuse_space and inuse_objects. */
void pp_name_columns_in_full(struct pp_profile *p);

#endif
