/* layout_private.h - shared by the three ways to grow a flame graph. */
#ifndef PP_RENDER_LAYOUT_PRIVATE_H
#define PP_RENDER_LAYOUT_PRIVATE_H

#include "render/layout.h"

struct pp_layout_grower {
    struct pp_layout *out;
    const struct pp_profile *p;
    const struct pp_layout_options *options;
    int other;       /* the column of the other side, or -1 */
    int64_t narrow;  /* the minimum width to draw; at least 1 */
    uint32_t *ranks; /* for each frame: its rank by name, from 1 */
    pp_id *by_rank;  /* the frame with the rank i + 1 */
};

/* layout_grow.c: adds a rectangle, whose widths may still grow. */
struct pp_rect *pp_layout_rect(struct pp_layout_grower *g, pp_id frame, uint32_t depth,
                               int64_t start);

/* layout_grow.c: the size of sample `s` in `column`, or 0. Records if it was negative. */
int64_t pp_layout_size(struct pp_layout_grower *g, pp_id s, int column);

/* layout_grow.c: adds to what is left out on top of the rectangle `parent`. */
void pp_layout_hide(struct pp_layout_grower *g, size_t parent, int64_t width, int64_t other);

void pp_layout_grow_tree(struct pp_layout_grower *g); /* layout.c: by name, from the root */
/* layout_reversed.c: by name, from the leaves */
void pp_layout_grow_reversed(struct pp_layout_grower *g);
void pp_layout_grow_chart(struct pp_layout_grower *g); /* layout_chart.c: by time */
void pp_layout_grow_lanes(struct pp_layout_grower *g); /* layout_lanes.c: in time, by thread */

/* layout_less.c: leaves out the narrowest rectangles, so that `most` remain. */
void pp_layout_limit(struct pp_layout *l, size_t most);

/* layout_less.c: adds the rectangles of the others, and moves their siblings to the left. */
void pp_layout_add_others(struct pp_layout *l);

#endif
