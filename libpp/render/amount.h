/*
 * amount.h - writes a number of nanoseconds or bytes for people, beside the exact one: "227.1 ms
 * (227,113,500 ns)".
 */
#ifndef PP_RENDER_AMOUNT_H
#define PP_RENDER_AMOUNT_H

#include "base/out.h"
#include "model/profile.h"

/* A unit, such as "ms", and its size in the column's own unit. */
struct pp_step {
    const char *name;
    double size;
};

/* The units for a column of times or bytes. */
struct pp_steps {
    const char *exact;          /* the column's own unit: "ns", "bytes" */
    const struct pp_step *step; /* in ascending order, starting with the column's own unit */
    size_t count;               /* 0 for columns of neither times nor bytes */
};

struct pp_steps pp_steps_of(const struct pp_profile *p, unsigned column);

/*
 * Writes `value`, which is in the column's own unit, with four digits in the largest unit in which
 * it is at least 1: "227.1 ms". False, and writes nothing, if that is the column's own.
 */
bool pp_put_short(struct pp_out *out, const struct pp_steps *steps, double value);

#endif
