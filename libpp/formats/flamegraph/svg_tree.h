/*
 * svg_tree.h - finds the parent of each box in a flame graph from their places. Part of the svg
 * format.
 */
#ifndef PP_FORMATS_SVG_TREE_H
#define PP_FORMATS_SVG_TREE_H

#include "formats/format.h"

/* A box in the picture. */
struct pp_svg_box {
    /*
     * Its ends, in any common unit, and their error, as pixels are rounded; its width by its count,
     * or else by the ends.
     */
    long double start, end, slack, width;
    double y;
    int64_t count, other; /* with the boxes on top of it; `other`: on the other side of a diff */
    const char *at;       /* for messages */
    struct pp_span name;  /* equal names have the same address */
    pp_id frame;
    bool all;      /* the root, which is not a frame */
    size_t parent; /* set by pp_svg_build(): an index, which is smaller, or PP_SVG_NONE */
    int64_t self, other_self;
};

#define PP_SVG_NONE SIZE_MAX

/*
 * Sorts the boxes by row, starting with the root's, and finds the parent and the self count of
 * each. Rows go upwards, or downwards in an icicle graph. If rounding leaves a choice, it chooses
 * so that counts add up, with the self part of a box to the left of those on top of it, as flame
 * graphs are drawn. Warns if nothing fits.
 */
void pp_svg_build(struct pp_reader *r, struct pp_svg_box *boxes, size_t n);

#endif
