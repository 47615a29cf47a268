/*
 * sides.h - reads the two profiles to be compared, chooses their columns, and joins them in one
 * profile.
 */
#ifndef PP_TOOLS_DIFF_SIDES_H
#define PP_TOOLS_DIFF_SIDES_H

#include "cli/cli.h"
#include "model/ratio.h"
#include "model/sampling.h"
#include "transform/compare.h"
#include "transform/only_labelled.h"
#include "transform/regex.h"

/* The files of each side; several files are several runs. */
struct pp_side_files {
    struct pp_list before, after;
};

/*
 * Gives the two arguments to the sides unless options did. False if a side has no files, or an
 * argument no side.
 */
bool pp_sides_share_out(struct pp_side_files *sides, char **files);

/* Replaces each directory by the profiles in it, as runs. False after an error message. */
bool pp_sides_expand(struct pp_side_files *sides);

/* The names of the files of both sides, a line each, as a page shows them. The caller frees it. */
char *pp_sides_about(const struct pp_side_files *sides);

/*
 * Reads both sides and applies the rules; two single files are read in parallel. With `runs`,
 * several runs of a side are marked (model/runs.h), so that pp_sides_compare() can distinguish
 * them. False after an error message; the caller frees both profiles in any case.
 */
bool pp_sides_read(const struct pp_side_files *files, unsigned keep, bool raw, bool runs,
                   struct pp_profile **before, struct pp_profile **after);

struct pp_baseline;

/* The part of two profiles that is compared. */
struct pp_view {
    const char *column;              /* NULL: the column that the options choose */
    const struct pp_label_is *label; /* compare only samples with this label; NULL: all */
};

/* The denominator of values before they are compared. */
struct pp_dividing {
    enum { PP_DIVIDE_NOT, PP_DIVIDE_BY_TOTAL, PP_DIVIDE_BY_FUNCTION, PP_DIVIDE_BY_LABEL } by;
    enum pp_normalizing how; /* for PP_DIVIDE_BY_TOTAL */
    struct pp_regex *regex;  /* by the total of the functions that match */
    struct pp_span label;    /* by the number of distinct values of this label */
};

/*
 * Parses --normalize and --per: `per` is a pattern of functions, "[KEY]", or NULL. With `apart` the
 * sides will not be merged, so values can only be divided by the total. Returns an exit status,
 * after a usage error; free d->regex in any case.
 */
int pp_dividing_parse(struct pp_dividing *d, const char *per, bool normalize, bool apart);

/*
 * Both sides in one profile, with frames joined by name. Column 0 and its other side are compared;
 * tables and conditions also use the variances beside them (model/sampling.h).
 */
struct pp_sides {
    struct pp_view view;                /* set by the caller */
    bool labels;                        /* set by the caller: samples keep labels that last */
    const struct pp_baseline *baseline; /* instead of BEFORE; `both` then has AFTER only */
    struct pp_profile *both;
    struct pp_sampling before, after;
    unsigned files[2];            /* set by the caller: how many runs each side is the sum of */
    unsigned nbefore, nafter;     /* the same, if they are kept in columns of their own; else 0 */
    bool divided;                 /* whether values are divided */
    struct pp_denominator per[2]; /* the denominators of BEFORE and AFTER */
};

/*
 * Joins the chosen columns of the two profiles. BEFORE itself becomes `both` and stays the caller's
 * to free; AFTER is freed. BEFORE is scaled to the denominator of AFTER, such as its total or its
 * number of requests. Without `variances` no variances are computed, and it is not known how the
 * sides were sampled. False after an error message.
 */
bool pp_sides_compare(struct pp_sides *sides, struct pp_profile **before, struct pp_profile **after,
                      const struct pp_dividing *dividing, bool variances);

/* Scales each column of BEFORE to the sum of that of AFTER. False if a value exceeds 64 bits. */
bool pp_sides_scale_all(struct pp_profile *before, const struct pp_profile *after);

/*
 * The column of `p` with the type of `column` of `other`; -1 if there is none. "space" equals
 * "inuse_space": tcmalloc's dumps call it so until the first block is freed.
 */
int pp_column_like(const struct pp_profile *p, const struct pp_profile *other, int column);

/* Renames the columns "space" and "objects" to inuse_space and inuse_objects. */
void pp_name_columns_in_full(struct pp_profile *p);

#endif
