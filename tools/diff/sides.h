/* sides.h - two profiles to be compared: which files, which columns, and both in one. */
#ifndef PP_TOOLS_DIFF_SIDES_H
#define PP_TOOLS_DIFF_SIDES_H

#include "cli/cli.h"
#include "model/ratio.h"
#include "model/sampling.h"
#include "transform/compare.h"
#include "transform/only_labelled.h"
#include "transform/regex.h"

/* The files of each side, which are runs of it; what no option took is one file each. */
struct pp_side_files {
    struct pp_list before, after;
};

/* False if that leaves a side without files, or files without a side. */
bool pp_sides_share_out(struct pp_side_files *sides, char **files);

/* Puts the profiles of a directory, as runs, in its place. False after telling the user. */
bool pp_sides_expand(struct pp_side_files *sides);

/*
 * Reads both sides, at the same time if they are a file each, with the rules applied. With `runs`,
 * several runs of a side are marked (model/runs.h), so that pp_sides_compare() can tell them apart.
 * False after telling the user; what was read is the caller's to free all the same.
 */
bool pp_sides_read(const struct pp_side_files *files, unsigned keep, bool raw, bool runs,
                   struct pp_profile **before, struct pp_profile **after);

struct pp_baseline;

/* What of two profiles is compared. */
struct pp_view {
    const char *column;              /* NULL: the chosen one */
    const struct pp_label_is *label; /* only samples with this label; NULL: all */
};

/* What amounts are divided by before they are compared. */
struct pp_dividing {
    enum { PP_DIVIDE_NOT, PP_DIVIDE_BY_TOTAL, PP_DIVIDE_BY_FUNCTION, PP_DIVIDE_BY_LABEL } by;
    enum pp_normalizing how; /* by the total */
    struct pp_regex *regex;  /* by what functions take that match, with all that they call */
    struct pp_span label;    /* by the number of different values of this label */
};

/*
 * What --normalize and --per say: `per` is a pattern of functions, "[KEY]", or NULL. An exit
 * status, after a usage error; free d->regex in any case. `apart`: the sides will not be merged, so
 * amounts cannot be divided by anything but the total.
 */
int pp_dividing_parse(struct pp_dividing *d, const char *per, bool normalize, bool apart);

/*
 * Both sides in one profile of stacks by name: the column 0 and its other side are what is
 * compared. Tables and conditions also use the variances beside them (model/sampling.h).
 */
struct pp_sides {
    struct pp_view view;                /* to be set beforehand */
    const struct pp_baseline *baseline; /* in place of BEFORE; then `both` has AFTER alone */
    struct pp_profile *both;
    struct pp_sampling before, after;
    unsigned nbefore, nafter;     /* runs of each side that are kept apart; 0: none */
    bool divided;                 /* whether amounts are divided */
    struct pp_denominator per[2]; /* by these, of BEFORE and AFTER */
};

/*
 * Makes it of the chosen columns of the two: of BEFORE itself, which stays the caller's; AFTER is
 * gone. BEFORE is scaled to the denominator of AFTER: to its total, say, or to as many requests.
 * Without `variances` there are none, and how either side was sampled is not known. False after
 * telling the user.
 */
bool pp_sides_compare(struct pp_sides *sides, struct pp_profile **before, struct pp_profile **after,
                      const struct pp_dividing *dividing, bool variances);

/* Scales each column of BEFORE to the sum of that of AFTER. False if a value exceeds 64 bits. */
bool pp_sides_scale_all(struct pp_profile *before, const struct pp_profile *after);

/*
 * The column of `p` of the type of `column` of `other`; -1 if there is none. "space" is the same as
 * "inuse_space": tcmalloc's dumps have it until the first block is freed.
 */
int pp_column_like(const struct pp_profile *p, const struct pp_profile *other, int column);

/* Calls "space" and "objects" inuse_space and inuse_objects. */
void pp_name_columns_in_full(struct pp_profile *p);

#endif
