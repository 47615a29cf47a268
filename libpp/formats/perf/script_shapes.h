/*
 * script_shapes.h - a cache of header layouts: headers that differ only in their digits have their
 * fields at the same offsets, so only the first of them is parsed.
 */
#ifndef PP_FORMATS_PERF_SCRIPT_SHAPES_H
#define PP_FORMATS_PERF_SCRIPT_SHAPES_H

#include "base/cache.h"
#include "base/hash.h"
#include "formats/perf/script_line.h"

/* The lengths of headers that are cached. */
enum { PP_PERF_SHAPE_MIN = 16, PP_PERF_SHAPE_MAX = 128, PP_PERF_SHAPES = 256 };

struct pp_perf_shape {
    struct pp_digest text; /* of the line, with a 0 for each digit */
    unsigned char length;  /* of the line; 0: a free slot */
    unsigned char ends[sizeof(struct pp_perf_header) /
                       sizeof(const char *)]; /* offsets of the fields' ends */
};

/* An entry is in the slot of its digest, until another replaces it. Zero-initialise. */
struct pp_perf_shapes {
    struct pp_perf_shape slots[PP_PERF_SHAPES];
    struct pp_hit_rate rate;
};

/*
 * Fills `*header` if the layout of the line is cached. Otherwise `*shape` is its key for adding it.
 */
bool pp_perf_find_shape(struct pp_perf_shapes *s, struct pp_span line, struct pp_digest *shape,
                        struct pp_perf_header *header);

/* Adds the layout of a header that was not found; it has a time, so its context did not matter. */
void pp_perf_add_shape(struct pp_perf_shapes *s, struct pp_span line, struct pp_digest shape,
                       const struct pp_perf_header *header);

#endif
