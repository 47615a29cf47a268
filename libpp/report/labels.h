/* labels.h - the labels of samples, as reports show them. */
#ifndef PP_REPORT_LABELS_H
#define PP_REPORT_LABELS_H

#include "model/profile.h"
#include "report/measure.h"

/* The label that marks the samples of what a comparison compares with: not for people. */
#define PP_BASE_LABEL "pprof::base"

/* Whether the label says anything: 0 without a unit may be any text that is empty. */
static inline bool pp_label_says(const struct pp_label *l)
{
    return l->text || l->number || l->unit;
}

/*
 * The units of numeric labels, by the string id of their key: the first that is said, else what
 * the key is known to be in, else the key itself. Release with free().
 */
struct pp_span *pp_label_units(const struct pp_profile *p);

#endif
