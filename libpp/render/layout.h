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
    size_t most;  /* rectangles to draw: the narrowest are left out, too; 0: any number */
    bool others;  /* what is left out on top of a rectangle is one at its right end; not by_time */
    bool no_sort; /* side by side as they were first seen, not by name */
};

struct pp_rect {
    int64_t start, width;
    int64_t other;                /* the width that it has on the other side of a comparison */
    int64_t hidden, hidden_other; /* of what stands on it and is left out */
    pp_id frame;                  /* 0: of all, or of the others */
    uint32_t depth; /* 0 for the rectangle of all, on which the outermost frames stand */
};

/* A function that is called no more: it and all that it called are only on the other side. */
struct pp_lost {
    pp_id frame;
    int64_t other;
};

enum { PP_LOST_SHOWN = 5 };

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
    int64_t hidden;      /* the width of what is left out */
    int64_t narrow;      /* what is left out was narrower than this, or one of the `dropped` */
    size_t dropped;      /* rectangles that were more than the most */
    struct pp_lost lost[PP_LOST_SHOWN]; /* the widest first; not where stacks are reversed */
    size_t nlost;                       /* how many there are in all */
    int64_t lost_sum;                   /* and how wide */
};

/* Whether this stands for what is left out. */
static inline bool pp_rect_is_others(const struct pp_rect *r)
{
    return r->depth && !r->frame;
}

/*
 * Lays out a profile whose frames were made one by name (transform/naming.h). Samples of the
 * same stack are one unless `by_time`. Takes time and memory in proportion to the stacks'
 * tree, and of a reversed one only of what is wide enough to be drawn. Release what it makes.
 */
void pp_layout_make(struct pp_layout *l, const struct pp_profile *p,
                    const struct pp_layout_options *options);
void pp_layout_release(struct pp_layout *l);

#endif
