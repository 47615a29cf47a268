/* units.h - the units that pprof's labels come in. */
#ifndef PP_TRANSFORM_UNITS_H
#define PP_TRANSFORM_UNITS_H

#include "base/span.h"

enum pp_family {
    PP_FAMILY_OTHER, /* anything; converts to nothing else */
    PP_FAMILY_BYTES,
    PP_FAMILY_TIME,
};

struct pp_unit {
    enum pp_family family;
    int64_t factor;     /* in bytes, or nanoseconds; 1 for others */
    const char *symbol; /* "kB"; NULL for others */
};

/* What `name` stands for: "kb", "kilobytes", "ms", "seconds" ... in any case. */
struct pp_unit pp_unit(struct pp_span name);

/*
 * The unit of a number that a label of this key says without one, as pprof has it: "request" and
 * "alignment" are bytes, else the key is the unit.
 */
struct pp_span pp_unit_of_key(struct pp_span key);

/* Whether numbers in both units can be compared. */
bool pp_units_compare(struct pp_span a, struct pp_span b);

#endif
