/* scale.h - values of nanoseconds and bytes in readable units. */
#ifndef PP_REPORT_SCALE_H
#define PP_REPORT_SCALE_H

#include "base/out.h"

/* A unit for values: `name` is "" if they are plain counts. */
struct pp_scale {
    const char *name;
    double factor;     /* the factor for values */
    unsigned decimals; /* to write: 0 if values are whole numbers */
};

/*
 * The scale for values of up to `largest` (of either sign) in `unit` (such as "nanoseconds" or
 * "bytes") of 10^-decimals. Time is in ns, us, ms or s; bytes are in B, kB, MB or GB, of 1024.
 */
struct pp_scale pp_scale_for(struct pp_span unit, unsigned decimals, int64_t largest);

/* Writes `v` in that scale, right-aligned in `width` columns; with `sign`, "+" before growth. */
void pp_put_scaled(struct pp_out *out, const struct pp_scale *s, int64_t v, int width, bool sign);

#endif
