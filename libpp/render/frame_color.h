/* frame_color.h - the colour that a frame always has, wherever it is drawn. */
#ifndef PP_RENDER_FRAME_COLOR_H
#define PP_RENDER_FRAME_COLOR_H

#include "render/svg.h"

/*
 * The colour of `frame`, which pp_describe_frame() describes as `n`: the one that the map of `look`
 * knows, else that of its rules, else that of its palette. New ones are added to the map. `*seed`
 * is moved on by PP_PICK_RANDOM; begin with 0.
 */
struct pp_rgb pp_lasting_color(const struct pp_svg_options *look, pp_id frame,
                               const struct pp_named_frame *n, uint64_t *seed);

#endif
