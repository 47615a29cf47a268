/*
 * amount.h - a number of nanoseconds or bytes as people read it, beside the exact one:
 * "227.1 ms (227,113,500 ns)".
 */
#ifndef PP_RENDER_AMOUNT_H
#define PP_RENDER_AMOUNT_H

#include "base/out.h"
#include "model/profile.h"

/* A unit, "ms", and how many of the column's own unit are one of it. */
struct pp_step {
    const char *name;
    double size;
};

/* The units of times, or of bytes, that numbers of a column are written in. */
struct pp_steps {
    const char *exact;          /* what to call the column's own unit: "ns", "bytes" */
    const struct pp_step *step; /* from the column's own unit upwards */
    size_t count;               /* 0 for all columns but times and bytes */
};

struct pp_steps pp_steps_of(const struct pp_profile *p, unsigned column);

/*
 * Writes `value`, which is in the column's own unit, with four digits in the largest unit of which
 * it is one or more: "227.1 ms". False, and nothing is written, where that is the column's own.
 */
bool pp_put_short(struct pp_out *out, const struct pp_steps *steps, double value);

#endif
