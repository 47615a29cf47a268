/*
 * svg_tree.h - which box of a flame graph stands on which, from where they are drawn. Part of
 * the svg format.
 */
#ifndef PP_FORMATS_SVG_TREE_H
#define PP_FORMATS_SVG_TREE_H

#include "formats/format.h"

/* A box, as it was found in the picture. */
struct pp_svg_box {
    /*
     * Its ends, in any unit that is the same for all, and by how much these may be off, as
     * pixels are rounded; its width as its count tells it, or as the ends do.
     */
    long double start, end, slack, width;
    double y;
    int64_t count, other; /* with what stands on it; `other` of the other side of a diff */
    const char *at;       /* for messages */
    struct pp_span name;  /* equal ones are at the same place in memory */
    pp_id frame;
    bool all;      /* the root, which is no frame */
    size_t parent; /* set by pp_svg_build(): an index, which is smaller, or PP_SVG_NONE */
    int64_t self, other_self;
};

#define PP_SVG_NONE SIZE_MAX

/*
 * Sorts the boxes by row, the root's first, and finds the parent of each and what is its own.
 * Rows follow each other upwards, or downwards in an icicle graph. Where rounding leaves a
 * choice, the one is made that lets the counts add up, with a box's own part to the left of what
 * stands on it, as flame graphs are drawn. Warns where nothing does.
 */
void pp_svg_build(struct pp_reader *r, struct pp_svg_box *boxes, size_t n);

#endif
