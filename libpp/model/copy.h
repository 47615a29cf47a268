/* copy.h - copies rows of one profile into another, for merging, compacting and sorting. */
#ifndef PP_MODEL_COPY_H
#define PP_MODEL_COPY_H

#include "model/profile.h"

/* For each row of a source table, its new id: ids[old id]; and whether to copy it. */
struct pp_row_map {
    pp_id *ids;
    bool *wanted; /* NULL: all */
};

/* The target of a column's values. */
struct pp_column_target {
    unsigned column;
    int64_t factor; /* a multiplier for the decimals of the target */
};

/* The mapping of the target for one of the source, and the difference of their addresses. */
struct pp_alignment {
    pp_id mapping;
    uint64_t shift; /* modulo 2^64 */
};

struct pp_copy {
    struct pp_profile *dst;
    const struct pp_profile *src;
    struct pp_row_map strings, mappings, functions, frames, labels;
    struct pp_column_target columns[PP_MAX_COLUMNS];
    const struct pp_alignment *align; /* by mapping of the source; NULL: copy mappings unchanged */
    pp_id *samples; /* by sample of the source: set to its new id; NULL: not needed */
};

/* Release in any case. */
void pp_copy_init(struct pp_copy *c, struct pp_profile *dst, const struct pp_profile *src);
void pp_copy_release(struct pp_copy *c);

/*
 * Finds or adds the target of each column of the source, with its type, unit and side (or `*side`
 * if that is not NULL). Returns NULL, or why that fails.
 */
const char *pp_copy_columns(struct pp_copy *c, const enum pp_side *side);

/*
 * Copy a row and the rows that it refers to, unless that was done before. They return its new id, 0
 * for 0.
 */
pp_id pp_copy_string(struct pp_copy *c, pp_id id);
pp_id pp_copy_mapping(struct pp_copy *c, pp_id id);
pp_id pp_copy_function(struct pp_copy *c, pp_id id);
pp_id pp_copy_frame(struct pp_copy *c, pp_id id);

/* Copies the wanted rows of all tables except nodes and samples. */
void pp_copy_tables(struct pp_copy *c);

/* Joins the descriptions of both profiles, as pp_merge() documents. */
void pp_copy_about(struct pp_copy *c);

/* Adds sample `id` of the source, with the stack `node` of the target. False if a sum overflows. */
bool pp_copy_sample(struct pp_copy *c, pp_id id, pp_id node);

/*
 * Whether no two frames of the source became one: of all, or of those in `used`. `images` are
 * replacements of frames of the source (model/compact.h), or NULL. If so, the child of a new node
 * is new, too.
 */
bool pp_copy_keeps_apart(const struct pp_copy *c, const pp_id *images, const bool *used);

#endif
