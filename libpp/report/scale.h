/* scale.h - values of nanoseconds and bytes in units that people read. */
#ifndef PP_REPORT_SCALE_H
#define PP_REPORT_SCALE_H

#include "base/out.h"

/* A unit to show values in: `name` is "" where the values are plain counts. */
struct pp_scale {
    const char *name;
    double factor;     /* what to multiply by */
    unsigned decimals; /* to show: 0 where values are whole */
};

/*
 * The scale for values of up to `largest` (of either sign) in `unit` (such as "nanoseconds" or
 * "bytes") of 10^-decimals. Time is shown in ns, us, ms or s, bytes in B, kB, MB or GB of 1024.
 */
struct pp_scale pp_scale_for(struct pp_span unit, unsigned decimals, int64_t largest);

/* Writes `v` in that scale, right-aligned in `width` columns; with `sign`, "+" before growth. */
void pp_put_scaled(struct pp_out *out, const struct pp_scale *s, int64_t v, int width, bool sign);

#endif
