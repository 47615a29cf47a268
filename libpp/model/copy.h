/* copy.h - rows of one profile interned in another. What merging and compacting share. */
#ifndef PP_MODEL_COPY_H
#define PP_MODEL_COPY_H

#include "model/profile.h"

/* For each row of a source table: where it went, new id = ids[old id], and whether to take it. */
struct pp_row_map {
    pp_id *ids;
    bool *wanted; /* NULL: all */
};

/* Where a column's values go. */
struct pp_column_target {
    unsigned column;
    int64_t factor; /* what to multiply them by, to get the decimals of the target */
};

/* Which mapping of the target to take for one of the source, and how far its addresses move. */
struct pp_alignment {
    pp_id mapping;
    uint64_t shift; /* modulo 2^64 */
};

struct pp_copy {
    struct pp_profile *dst;
    const struct pp_profile *src;
    struct pp_row_map strings, mappings, functions, frames, labels;
    struct pp_column_target columns[PP_MAX_COLUMNS];
    const struct pp_alignment
        *align;     /* by mapping of the source; NULL: copy mappings as they are */
    pp_id *samples; /* by sample of the source: set to where it went; NULL: nobody asks */
};

/* Release in any case. */
void pp_copy_init(struct pp_copy *c, struct pp_profile *dst, const struct pp_profile *src);
void pp_copy_release(struct pp_copy *c);

/*
 * Finds or adds the columns to add to, of the type, unit and side (`*side`, or with NULL its own)
 * of each of the source. NULL, or why that fails.
 */
const char *pp_copy_columns(struct pp_copy *c, const enum pp_side *side);

/* Copies the wanted rows of all tables but those of nodes and samples. */
void pp_copy_tables(struct pp_copy *c);

/* Joins what both say of themselves, as pp_merge() documents. */
void pp_copy_about(struct pp_copy *c);

/* Adds sample `id` of the source, on top of `node` of the target. False if a sum overflows. */
bool pp_copy_sample(struct pp_copy *c, pp_id id, pp_id node);

/*
 * Whether no two frames of the source became one: of all, or of those in `used`. `images` are
 * frames of the source that stand for others (model/compact.h), or NULL. Then a node on one that is
 * new is new itself.
 */
bool pp_copy_keeps_apart(const struct pp_copy *c, const pp_id *images, const bool *used);

#endif
