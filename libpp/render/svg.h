/*
 * svg.h - a flame graph as an SVG that stands alone: with its own style, and a script to search
 * and zoom. docs/flamegraph.md describes what is in it.
 */
#ifndef PP_RENDER_SVG_H
#define PP_RENDER_SVG_H

#include "base/out.h"
#include "render/color_map.h"
#include "render/frame_attrs.h"
#include "render/layout.h"

/* What is around the frames: as the viewer prefers, or always one. */
enum pp_svg_theme { PP_THEME_AUTO, PP_THEME_LIGHT, PP_THEME_DARK };

/* Everything is text: nothing in it can become markup, style or script. */
struct pp_svg_options {
    const char *title, *subtitle; /* NULL: none */
    const char *notes;            /* a comment in the file; NULL: none */
    const char *count_name;       /* what is counted; NULL: see pp_count_name() */
    const char *name_type;        /* stands before the name in the details: "Function:" */
    const char *font;
    double font_size, font_width; /* in pixels; of a letter, as a part of the size */
    unsigned width, height;       /* of the picture, and of a frame */
    double factor;                /* printed counts are multiplied by it */
    const struct pp_palette *palette;
    enum pp_pick pick;
    struct pp_background background;
    struct pp_rgb search; /* the colour of frames that match a search */
    bool inverted;        /* an icicle graph: the root at the top */
    bool negate;          /* show changes as their opposites */
    bool script;          /* false: a picture with tooltips only */
    bool fluid;           /* the script makes it as wide as the window */
    bool cut_left;        /* of names too long for their frames, show the end */
    bool diffusion;       /* the wider a frame, the redder */
    bool pretty;          /* each element on a line of its own, indented */
    enum pp_svg_theme theme;
    const struct pp_rgb *ui, *stroke; /* of the buttons, and around frames; NULL: as usual */
    const char *encoding;             /* to declare, see pp_is_encoding(); NULL: UTF-8 */
    const char *hint;                 /* where more frames can be seen; NULL: nowhere */
    const struct pp_rgb *colors;      /* of each frame of the profile; NULL: by the palette */
    struct pp_color_map *map;         /* NULL, or colours that go first; new ones are added */
    struct pp_frame_attrs *attrs;     /* NULL, or what is said of some functions */
};

/* Between the frames and the edges of the picture, at the left and at the right. */
enum { PP_SVG_PAD = 10, PP_SVG_LEAST_WIDTH = 100 };

/* The defaults of flamegraph.pl. */
extern const struct pp_svg_options pp_svg_defaults;

/*
 * The layout of a picture that looks so, unless something else is asked for: as wide as the
 * picture, without what is narrower than a tenth of a pixel, and with the 10,000 widest frames.
 */
struct pp_layout_options pp_svg_layout(const struct pp_svg_options *options);

/*
 * Whether a file may declare this encoding: one in which ASCII is ASCII. What is not ASCII is
 * written as a reference, and so holds in all of them.
 */
bool pp_is_encoding(const char *name);

/*
 * Writes the picture of `l`, which was laid out from `p`. Where nothing was counted it is one
 * that says so.
 */
void pp_svg_write(const struct pp_profile *p, const struct pp_layout *l,
                  const struct pp_svg_options *options, struct pp_out *out);

#endif
