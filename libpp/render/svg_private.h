/* svg_private.h - shared by the files of the SVG writer. */
#ifndef PP_RENDER_SVG_PRIVATE_H
#define PP_RENDER_SVG_PRIVATE_H

#include "render/amount.h"
#include "render/svg.h"

/* What is drawn, and where; lengths are in pixels. */
struct pp_canvas {
    const struct pp_profile *p;
    const struct pp_layout *l;
    const struct pp_svg_options *o;
    struct pp_out *out;
    double scale, total;        /* pixels per unit; units in all */
    double top, bottom, footer; /* space above and below the frames; part of it is the footer */
    double height;
    unsigned decimals;
    double one;            /* 10^decimals: what 1 of the column's unit is stored as */
    struct pp_steps steps; /* the units of short numbers; none if none fit */
    uint64_t seed;         /* for random colours */
    bool chain;
    uint32_t wakers;          /* in a chain, frames deeper than this are above a frame "--" */
    struct pp_svg_seen *seen; /* a cache by frame of the profile */
};

/* svg_put.c: attributes, each with a blank before it */
void pp_svg_name(struct pp_out *out, const char *name); /* up to the opening quote */
void pp_svg_text(struct pp_out *out, const char *name, const char *value);
void pp_svg_number(struct pp_out *out, const char *name, int64_t value, unsigned decimals);
void pp_svg_pixels(struct pp_out *out, const char *name, double value);

/* svg_put.c: a length in tenths of a pixel, and a colour, without a name */
void pp_svg_tenths(struct pp_out *out, int64_t v);
void pp_svg_rgb(struct pp_out *out, struct pp_rgb c);

/* svg_frames.c: the group of all frames; and "1,234 samples" or "227.1 ms (227,113,500 ns)" */
void pp_svg_frames(struct pp_canvas *c);
void pp_svg_amount(struct pp_canvas *c, int64_t value);

/*
 * svg_time.c: of a chart in time. The axis, below the frames or, if inverted, above them; and the
 * second line of a title, "from 1.2 s for 30 ms".
 */
double pp_svg_axis_height(const struct pp_canvas *c);
void pp_svg_axis(struct pp_canvas *c);
void pp_svg_put_time(struct pp_out *out, double ns);
void pp_svg_when(struct pp_canvas *c, const struct pp_rect *r);

/* svg_legend.c: the number of lines about colours and sides; writes them, with the first at `y` */
unsigned pp_svg_legend_lines(struct pp_canvas *c);
void pp_svg_legend(struct pp_canvas *c, double y);

/*
 * svg_fit.c: how many letters of a name fit, with two dots, into this room, or into that of
 * `letters` of the usual width; SIZE_MAX if all of it fits. `even`: all letters have one width.
 */
size_t pp_svg_fit(struct pp_span name, size_t room, double letters, bool even);

/* svg_footer.c: the number of lines about what is not shown; writes them, with the last at `y` */
unsigned pp_svg_footer_lines(const struct pp_canvas *c);
void pp_svg_footer(struct pp_canvas *c, double y);

/* svg_after.c: rewrites the file in another encoding, or indented */
void pp_svg_put_ascii(struct pp_out *out, struct pp_span text);
void pp_svg_put_pretty(struct pp_out *out, struct pp_span text);

#endif
