/*
 * perf_script_shapes.h - headers that differ from one before in digits only. In both, the same
 * bytes are the same field, as no more matters of a digit than that it is one: so only the first
 * of them is taken apart.
 */
#ifndef PP_FORMATS_PERF_SCRIPT_SHAPES_H
#define PP_FORMATS_PERF_SCRIPT_SHAPES_H

#include "base/cache.h"
#include "base/hash.h"
#include "formats/perf/script_line.h"

/* Of these lengths are headers that are remembered. */
enum { PP_PERF_SHAPE_MIN = 16, PP_PERF_SHAPE_MAX = 128, PP_PERF_SHAPES = 256 };

struct pp_perf_shape {
    struct pp_digest text; /* of the line, with a 0 for each digit */
    unsigned char length;  /* of the line; 0: nothing is known */
    unsigned char ends[sizeof(struct pp_perf_header) / sizeof(const char *)]; /* in the line */
};

/* Each is at its digest, until another takes the place. Zero-initialise. */
struct pp_perf_shapes {
    struct pp_perf_shape slots[PP_PERF_SHAPES];
    struct pp_hit_rate rate;
};

/* Fills `*header` if the line is one of a known shape. If not, `*shape` is to remember it by. */
bool pp_perf_find_shape(struct pp_perf_shapes *s, struct pp_span line, struct pp_digest *shape,
                        struct pp_perf_header *header);

/* Remembers the header that a line, in which none was found, was by itself: it has a time. */
void pp_perf_add_shape(struct pp_perf_shapes *s, struct pp_span line, struct pp_digest shape,
                       const struct pp_perf_header *header);

#endif
