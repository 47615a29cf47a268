/*
 * svg.h - writes a flame graph as a self-contained SVG, with a style and a script to search and
 * zoom. docs/flamegraph.md describes its contents.
 */
#ifndef PP_RENDER_SVG_H
#define PP_RENDER_SVG_H

#include "base/out.h"
#include "render/color_map.h"
#include "render/frame_attrs.h"
#include "render/layout.h"

/* Colours around the frames: as the viewer prefers, or fixed. */
enum pp_svg_theme { PP_THEME_AUTO, PP_THEME_LIGHT, PP_THEME_DARK };

/* Everything is text: nothing can become markup, style or script. */
struct pp_svg_options {
    const char *title, *subtitle; /* NULL: none */
    const char *notes;            /* a comment in the file; NULL: none */
    const char *count_name;       /* what is counted; NULL: see pp_count_name() */
    const char *name_type;        /* precedes the name in the details: "Function:" */
    const char *font;
    double font_size, font_width; /* in pixels; the width of a letter relative to the size */
    unsigned width, height;       /* of the picture, and of a frame */
    double factor;                /* a factor for printed counts */
    const struct pp_palette *palette;
    enum pp_pick pick;
    struct pp_background background;
    struct pp_rgb search; /* the colour of frames that match a search */
    bool inverted;        /* an icicle graph: the root at the top */
    bool negate;          /* show changes with the opposite sign */
    bool script;          /* false: a picture with tooltips only */
    bool fluid;           /* the script makes it as wide as the window */
    bool cut_left;        /* show the end of names that are too long for their frames */
    bool diffusion;       /* the wider a frame, the redder */
    bool pretty;          /* each element on its own line, indented */
    enum pp_svg_theme theme;
    const struct pp_rgb *ui, *stroke; /* of buttons, and around frames; NULL: the default */
    const char *encoding;             /* to declare, see pp_is_encoding(); NULL: UTF-8 */
    const char *hint;                 /* where to see more frames; NULL: nowhere */
    const struct pp_rgb *colors;      /* of each frame of the profile, and first that of the
                                         rectangle of all; NULL: from the palette */
    const struct pp_legend {
        struct pp_span name;
        struct pp_rgb color;
    } * legend; /* what the colours stand for, the most important first */
    size_t nlegend;
    struct pp_color_map *map;     /* NULL, or colours with priority; new ones are added */
    struct pp_frame_attrs *attrs; /* NULL, or attributes of some functions */
};

/* The space between the frames and the left and right edges. */
enum { PP_SVG_PAD = 10, PP_SVG_LEAST_WIDTH = 100 };

/* The defaults of flamegraph.pl. */
extern const struct pp_svg_options pp_svg_defaults;

/*
 * The default layout of such a picture: as wide as the picture, without frames narrower than a
 * tenth of a pixel, and with the 10,000 widest frames.
 */
struct pp_layout_options pp_svg_layout(const struct pp_svg_options *options);

/*
 * Whether a file may declare this encoding: it must be compatible with ASCII. Other characters are
 * written as references, which are valid in all of them.
 */
bool pp_is_encoding(const char *name);

/* Writes the picture of `l`, a layout of `p`. If nothing was counted, the picture says so. */
void pp_svg_write(const struct pp_profile *p, const struct pp_layout *l,
                  const struct pp_svg_options *options, struct pp_out *out);

#endif
