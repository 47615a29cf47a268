/* palette.h - the colours of frames and of the background. */
#ifndef PP_RENDER_PALETTE_H
#define PP_RENDER_PALETTE_H

#include "base/span.h"

struct pp_rgb {
    uint8_t r, g, b;
};

/* The inputs of a palette: the name and what else is known. */
struct pp_named_frame {
    struct pp_span name; /* without a mark such as _[k] */
    char mark;           /* k kernel, j JIT, i inlined, w waker, or 0 */
};

/* How a colour is picked from the palette's range for a frame. */
enum pp_pick {
    PP_PICK_NAME,   /* by the whole name */
    PP_PICK_HASH,   /* by its first and last letters: similar names get similar colours */
    PP_PICK_RANDOM, /* at random, but the same in each run */
};

struct pp_palette {
    const char *name, *title;
    struct pp_hue {
        uint8_t base[3], range[3];
        uint8_t value[3]; /* which of the three picked values moves each of red, green, blue */
    } const *hue;         /* NULL: `rule` gives one for each frame */
    const struct pp_hue *(*rule)(const struct pp_named_frame *frame);
    const char *background; /* its background: see pp_background_named() */
};

/* All palettes, "hot" first. The last has no name. */
extern const struct pp_palette pp_palettes[];

/* The palette of this name, or NULL. */
const struct pp_palette *pp_palette_named(const char *name);

/* The colour of a frame. PP_PICK_RANDOM changes `*seed`; begin with 0. */
struct pp_rgb pp_frame_color(const struct pp_palette *palette, enum pp_pick pick,
                             const struct pp_named_frame *frame, uint64_t *seed);

/* Red for growth and blue for shrinking, by `share`, from -1 to 1, of the largest change. */
struct pp_rgb pp_change_color(double share);

struct pp_background {
    struct pp_rgb top, bottom;
};

/* yellow, blue, green, grey, or a colour for pp_parse_color(). False if it is neither. */
bool pp_background_named(const char *name, struct pp_background *background);

/* #rgb, #rrggbb or rgb(r,g,b). */
bool pp_parse_color(const char *text, struct pp_rgb *color);

/*
 * True if white text on `color` is easier to read than black: one of them has a contrast of 4.5:1.
 */
bool pp_is_dark(struct pp_rgb color);

#endif
