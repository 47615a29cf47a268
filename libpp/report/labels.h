/* labels.h - the labels of samples, as reports show them. */
#ifndef PP_REPORT_LABELS_H
#define PP_REPORT_LABELS_H

#include "model/profile.h"
#include "report/measure.h"

/* The label of the samples of BEFORE in a comparison; not for display. */
#define PP_BASE_LABEL "pprof::base"

/* Whether the label says anything: a 0 without a unit may stand for an empty text. */
static inline bool pp_label_says(const struct pp_label *l)
{
    return l->text || l->number || l->unit;
}

/*
 * The units of numeric labels, by the string id of their key: the first one given, else the known
 * unit of the key, else the key itself. The caller frees it.
 */
struct pp_span *pp_label_units(const struct pp_profile *p);

#endif
