/*
 * layout.h - from the stacks of a profile to the rectangles of a flame graph.
 *
 * A rectangle stands for a frame with the same frames under it. It is as wide as the samples in
 * which it is weigh, and stands on the one it was called from: what it weighs by itself lies at
 * its left, then what it called, side by side. Widths and places are whole numbers, in units of
 * the column, so that they add up exactly; render/svg.c makes pixels of them.
 */
#ifndef PP_RENDER_LAYOUT_H
#define PP_RENDER_LAYOUT_H

#include "model/profile.h"

struct pp_layout_options {
    unsigned column;     /* of a compared profile: of either side, the other is found. In a
                            profile without columns, any: there is nothing to draw */
    enum pp_side widths; /* of a compared profile: PP_BEFORE draws that one, else PP_AFTER */
    bool reverse;        /* leaf first: who calls a function stands on top of it */
    bool by_time;        /* a flame chart: samples from left to right as they were taken, and only
                            neighbours share a rectangle; else one each, by name */
    int64_t total;       /* the width of all, if there is more than was seen; else 0 */
    double least;        /* narrower rectangles, with what stands on them, are left out: */
    bool least_percent;  /* by percent of all, else by pixels in a picture `pixels` wide */
    double pixels;
};

struct pp_rect {
    int64_t start, width;
    int64_t other; /* the width that it has on the other side of a comparison */
    pp_id frame;
    uint32_t depth; /* 0 for the rectangle of all, on which the outermost frames stand */
};

/* Rectangles in the order of a walk: each before those on top of it, from left to right. */
struct pp_layout {
    struct pp_rect *rects; /* the first is that of all; its frame is 0 */
    size_t count, cap;
    uint32_t depth;      /* the greatest */
    int64_t sum;         /* of all samples; rects[0] is wider where a `total` said so */
    bool compared;       /* `other` means something */
    enum pp_side widths; /* the side that `width` is of, if compared */
    int64_t most_change; /* the greatest |width - other| of a frame, at most INT64_MAX */
    bool negative;       /* values below 0 were seen; they are drawn by their size */
    unsigned column;     /* that `width` is of */
};

/*
 * Lays out a profile whose frames were made one by name (transform/naming.h). Samples of the
 * same stack are one unless `by_time`. Takes time and memory in proportion to the stacks'
 * tree, and of a reversed one only of what is wide enough to be drawn. Release what it makes.
 */
void pp_layout_make(struct pp_layout *l, const struct pp_profile *p,
                    const struct pp_layout_options *options);
void pp_layout_release(struct pp_layout *l);

#endif
