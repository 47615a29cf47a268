/* term.h - a flame graph as text, for a terminal: the root at the top, a line for each depth. */
#ifndef PP_RENDER_TERM_H
#define PP_RENDER_TERM_H

#include "base/out.h"
#include "render/svg.h"

enum pp_term_colors {
    PP_TERM_PLAIN, /* none: frames are in brackets */
    PP_TERM_256,   /* the nearest of the 256 that almost all terminals have */
    PP_TERM_RGB,
};

struct pp_term_options {
    const struct pp_svg_options *look; /* of it the title, what is counted, the factor, the
                                          colours of frames, and if changes are negated */
    unsigned width;                    /* columns */
    enum pp_term_colors colors;
};

/* The least width that a name with its share can be read in; what is asked for may not be less. */
enum { PP_TERM_LEAST_WIDTH = 20 };

/*
 * Writes the graph of `l`, laid out from `p` with nothing left out: frames that would not get a
 * column are left out here, and a last line says how many, and how much of all they are.
 *
 * Names are printed so that they cannot steer the terminal or break a line: control characters,
 * bytes that are no UTF-8, and characters of which it isn't sure how wide a terminal draws them
 * are "?".
 */
void pp_term_write(const struct pp_profile *p, const struct pp_layout *l,
                   const struct pp_term_options *options, struct pp_out *out);

/* How many columns a terminal needs for `c`: 1 or 2; 0 if that is not sure. */
unsigned pp_term_cells(uint32_t c);

#endif
