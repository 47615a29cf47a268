/* palette.h - the colours of frames and of what is behind them. */
#ifndef PP_RENDER_PALETTE_H
#define PP_RENDER_PALETTE_H

#include "base/span.h"

struct pp_rgb {
    uint8_t r, g, b;
};

/* What a palette may go by: the name, and what is known beside it. */
struct pp_named_frame {
    struct pp_span name; /* without a mark such as _[k] */
    char mark;           /* k kernel, j JIT, i inlined, w waker, or 0 */
};

/* How a colour is picked from the range that the palette gives a frame. */
enum pp_pick {
    PP_PICK_NAME,   /* by all of the name */
    PP_PICK_HASH,   /* by its first and last letters: names that look alike, colours that do */
    PP_PICK_RANDOM, /* without a reason, but the same each time */
};

struct pp_palette {
    const char *name, *title;
    struct pp_hue {
        uint8_t base[3], range[3];
        uint8_t value[3]; /* which of the three picked values moves each of red, green, blue */
    } const *hue;         /* NULL: `rule` gives one for each frame */
    const struct pp_hue *(*rule)(const struct pp_named_frame *frame);
    const char *background; /* the one that goes with it: see pp_background_named() */
};

/* All palettes, "hot" first. The last has no name. */
extern const struct pp_palette pp_palettes[];

/* NULL if there is nothing of this name. */
const struct pp_palette *pp_palette_named(const char *name);

/* The colour of a frame. `*seed` is moved on by PP_PICK_RANDOM; begin with 0. */
struct pp_rgb pp_frame_color(const struct pp_palette *palette, enum pp_pick pick,
                             const struct pp_named_frame *frame, uint64_t *seed);

/* Red for what grew and blue for what shrank by `share`, from -1 to 1, of the most that any did. */
struct pp_rgb pp_change_color(double share);

struct pp_background {
    struct pp_rgb top, bottom;
};

/* yellow, blue, green, grey, or a colour as pp_parse_color() reads it. False if it's neither. */
bool pp_background_named(const char *name, struct pp_background *background);

/* #rgb, #rrggbb or rgb(r,g,b). */
bool pp_parse_color(const char *text, struct pp_rgb *color);

/* True if white text is easier to read on `color` than black: one has a contrast of 4.5:1. */
bool pp_is_dark(struct pp_rgb color);

#endif
