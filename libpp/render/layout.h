/*
 * layout.h - lays the stacks of a profile out as the rectangles of a flame graph.
 *
 * A rectangle stands for a frame with the same frames below it. Its width is the value of the
 * samples that contain it. It is on top of its caller's rectangle: the caller's self value is at
 * the left, then its callees, side by side. Widths and places are whole numbers, in units of the
 * column, so they add up exactly; render/svg.c converts them to pixels.
 */
#ifndef PP_RENDER_LAYOUT_H
#define PP_RENDER_LAYOUT_H

#include "model/profile.h"

struct pp_layout_options {
    unsigned column;     /* in a comparison that of either side, as the other one is found from it.
                            Ignored in a profile without columns: there is nothing to draw */
    enum pp_side widths; /* in a comparison: PP_BEFORE draws that side, otherwise PP_AFTER */
    bool reverse;        /* leaf first: callers are on top of a function */
    bool by_time;        /* a flame chart: samples in the order of time, and only neighbours share
                            a rectangle; otherwise all of one stack do, sorted by name */
    bool clock;          /* if by_time: times are those of a clock, so draw lanes in time, with
                            `pixels` parts at most; not in a comparison */
    int64_t total; /* the width of the whole graph, if it is more than the samples have; else 0 */
    double least;  /* narrower rectangles, and those on top of them, are left out: */
    bool least_percent; /* in percent of all, else in pixels of a picture `pixels` wide */
    double pixels;
    size_t most;  /* most rectangles to draw: the narrowest are left out; 0: no limit */
    bool others;  /* what is left out on top of a rectangle becomes one at its right end; not if
                     by_time */
    bool no_sort; /* in the order in which they were first seen, not by name */
};

struct pp_rect {
    int64_t start, width;
    int64_t other;                /* the width on the other side of a comparison */
    int64_t hidden, hidden_other; /* left out on top of it */
    pp_id frame;                  /* 0: of all, or of the others */
    uint32_t depth;               /* 0 for the rectangle of all, below the root frames */
    uint32_t row;                 /* only in lanes, which are on top of each other; else `depth` */
};

/*
 * A thread in a chart of times. There `start` and `width` of rectangles are in nanoseconds from the
 * first sample, `other` is the value, and `hidden` the part of it that is drawn as another stack.
 */
struct pp_lane {
    size_t rect; /* of the thread: it has depth 1, the frame 0, and the root frames on top */
    pp_id name;  /* in lane_names */
};

/* A function that is no longer called: it and its callees are only on the other side. */
struct pp_lost {
    pp_id frame;
    int64_t other;
};

enum { PP_LOST_SHOWN = 5 };

/* Rectangles in preorder, from left to right. */
struct pp_layout {
    struct pp_rect *rects; /* the first is that of all; its frame is 0 */
    size_t count, cap;
    uint32_t depth;      /* the maximum */
    int64_t sum;         /* of all samples; rects[0] is wider if there was a `total` */
    bool compared;       /* `other` is valid */
    enum pp_side widths; /* the side of `width`, if compared */
    int64_t most_change; /* the largest |width - other| of a frame, at most INT64_MAX */
    bool negative;       /* some values were negative; they are drawn by magnitude */
    unsigned column;     /* the column of `width` */
    int64_t hidden;      /* the width left out */
    int64_t narrow;      /* what was left out is narrower than this, or is one of the `dropped` */
    size_t dropped;      /* rectangles beyond the limit `most` */
    struct pp_lost lost[PP_LOST_SHOWN]; /* the widest first; none if stacks are reversed */
    size_t nlost;                       /* their total number */
    int64_t lost_sum;                   /* and their total width */
    struct pp_lane *lanes;              /* NULL, or a chart in time: the heaviest thread first */
    size_t nlanes, lanes_left_out;      /* drawn, and not */
    double lanes_hidden;                /* the value of those that are not */
    int64_t part; /* samples of a thread within as many nanoseconds are drawn as one */
    struct pp_strings lane_names;
};

/* Whether this stands for what was left out, unless it is that of a lane. */
static inline bool pp_rect_is_others(const struct pp_rect *r)
{
    return r->depth && !r->frame;
}

/*
 * Lays out a profile whose frames were joined by name (transform/naming.h). Samples of the same
 * stack are one unless `by_time`. Takes time and memory in proportion to the tree of stacks; of a
 * reversed one, only to the part that is wide enough to be drawn. Release the result.
 */
void pp_layout_make(struct pp_layout *l, const struct pp_profile *p,
                    const struct pp_layout_options *options);
void pp_layout_release(struct pp_layout *l);

#endif
