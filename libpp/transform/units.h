/* units.h - the units of pprof's labels. */
#ifndef PP_TRANSFORM_UNITS_H
#define PP_TRANSFORM_UNITS_H

#include "base/span.h"

enum pp_family {
    PP_FAMILY_OTHER, /* any other; not convertible */
    PP_FAMILY_BYTES,
    PP_FAMILY_TIME,
};

struct pp_unit {
    enum pp_family family;
    int64_t factor;     /* in bytes, or nanoseconds; 1 for others */
    const char *symbol; /* "kB"; NULL for others */
};

/* The unit that `name` stands for: "kb", "kilobytes", "ms", "seconds" ... in any case. */
struct pp_unit pp_unit(struct pp_span name);

/*
 * The unit of a number without one in a label with this key, as in pprof: "request" and "alignment"
 * are bytes, otherwise the key is the unit.
 */
struct pp_span pp_unit_of_key(struct pp_span key);

/* Whether numbers in both units can be compared. */
bool pp_units_compare(struct pp_span a, struct pp_span b);

#endif
