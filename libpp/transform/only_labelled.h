/* only_labelled.h - samples by one label. */
#ifndef PP_TRANSFORM_ONLY_LABELLED_H
#define PP_TRANSFORM_ONLY_LABELLED_H

#include "model/profile.h"

/* The label `key` with the value `value`: a text, or a number in decimal digits. */
struct pp_label_is {
    struct pp_span key, value;
};

/* For each sample whether it has the label; the caller frees it. */
bool *pp_labelled(const struct pp_profile *p, const struct pp_label_is *label);

/*
 * How many different values the label `key` has in the samples that have something in a column.
 */
size_t pp_label_values(const struct pp_profile *p, struct pp_span key, unsigned column);

#endif
