/*
 * svg.h - a flame graph as an SVG that stands alone: with its own style, and a script to search
 * and zoom. docs/flamegraph.md describes what is in it.
 */
#ifndef PP_RENDER_SVG_H
#define PP_RENDER_SVG_H

#include "base/out.h"
#include "render/layout.h"
#include "render/palette.h"

/* Everything is text: nothing in it can become markup, style or script. */
struct pp_svg_options {
    const char *title, *subtitle; /* NULL: none */
    const char *notes;            /* a comment in the file; NULL: none */
    const char *count_name;       /* what is counted: "samples" */
    const char *name_type;        /* stands before the name in the details: "Function:" */
    const char *font;
    double font_size, font_width; /* in pixels; of a letter, as a part of the size */
    unsigned width, height;       /* of the picture, and of a frame */
    double factor;                /* printed counts are multiplied by it */
    const struct pp_palette *palette;
    enum pp_pick pick;
    struct pp_background background;
    struct pp_rgb search; /* of what was found */
    bool inverted;        /* an icicle graph: the root at the top */
    bool negate;          /* show changes as their opposites */
    bool script;          /* false: a picture with tooltips only */
};

/* Between the frames and the edges of the picture, at the left and at the right. */
enum { PP_SVG_PAD = 10, PP_SVG_LEAST_WIDTH = 100 };

/* The defaults of flamegraph.pl. */
extern const struct pp_svg_options pp_svg_defaults;

/*
 * Writes the picture of `l`, which was laid out from `p`. Where nothing was counted it is one
 * that says so.
 */
void pp_svg_write(const struct pp_profile *p, const struct pp_layout *l,
                  const struct pp_svg_options *options, struct pp_out *out);

#endif
