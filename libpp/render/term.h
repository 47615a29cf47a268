/* term.h - a flame graph as text for a terminal: the root at the top, a line for each depth. */
#ifndef PP_RENDER_TERM_H
#define PP_RENDER_TERM_H

#include "base/out.h"
#include "render/svg.h"

enum pp_term_colors {
    PP_TERM_PLAIN, /* no colours: frames are in brackets */
    PP_TERM_256,   /* the nearest of the 256 colours of nearly all terminals */
    PP_TERM_RGB,
};

struct pp_term_options {
    const struct pp_svg_options *look; /* of these: title, what is counted, factor, colours of
                                          frames, and whether changes are negated */
    unsigned width;                    /* columns */
    enum pp_term_colors colors;
    const char *hint; /* how to see what is left out; NULL: none */
};

/* The minimum width in which a name with its share is readable, and a bound for lines. */
enum { PP_TERM_LEAST_WIDTH = 20, PP_TERM_MOST_WIDTH = 10000 };

/*
 * Writes the graph of `l`, a complete layout of `p`: frames narrower than a column are left out
 * here, and a last line has their number and share.
 *
 * Names cannot control the terminal or break a line: control characters, bytes that are not UTF-8,
 * and characters of uncertain width are "?".
 */
void pp_term_write(const struct pp_profile *p, const struct pp_layout *l,
                   const struct pp_term_options *options, struct pp_out *out);

/* The width of `c` in columns of a terminal: 1 or 2; 0 if uncertain. */
unsigned pp_term_cells(uint32_t c);

#endif
