/* change_private.h - what finding changes and writing them share. Not for others. */
#ifndef PP_REPORT_CHANGE_PRIVATE_H
#define PP_REPORT_CHANGE_PRIVATE_H

#include "report/change.h"

enum { PP_BEFORE_SIDE, PP_AFTER_SIDE, PP_SIDES };

/* The values of both sides as they are stored, and the variance of their difference. */
struct pp_change_cell {
    int64_t sides[PP_SIDES];
    double variance;
};

struct pp_change_row {
    struct pp_span name;
    struct pp_change_cell self, total;
    bool noise; /* neither changed by more than chance makes */
};

struct pp_changes {
    const struct pp_profile *p;
    const struct pp_changes_options *o;
    int columns[PP_SIDES];
    bool known;                /* how both sides were sampled, so that variances mean something */
    bool sampled;              /* and one of them was at all */
    struct pp_change_cell sum; /* of everything */
    struct pp_change_row *rows;
    size_t nrows, unchanged;
    size_t noise, left_out; /* how many rows are noise; and were left out for it */
};

/*
 * change_find.c: what changed; c->rows is the caller's to free(). False, with nothing to free, if
 * options->column has no other side.
 */
bool pp_changes_find(struct pp_changes *c, const struct pp_profile *p,
                     const struct pp_changes_options *options);

/* change_find.c: the cell in the unit of the column. */
struct pp_delta pp_change_delta(const struct pp_changes *c, const struct pp_change_cell *cell);

/* change_text.c: for people */
void pp_put_changes(struct pp_out *out, const struct pp_changes *c);

/* change_data.c: for scripts */
void pp_put_changes_csv(struct pp_out *out, const struct pp_changes *c);
void pp_put_changes_json(struct pp_out *out, const struct pp_changes *c);

#endif
