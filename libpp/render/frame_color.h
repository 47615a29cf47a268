/* frame_color.h - the colour of a frame, which is the same wherever the frame is drawn. */
#ifndef PP_RENDER_FRAME_COLOR_H
#define PP_RENDER_FRAME_COLOR_H

#include "render/svg.h"

/*
 * The colour of `frame`, which pp_describe_frame() describes as `n`: that in the map of `look`,
 * else that of its rules, else that of its palette. New colours are added to the map.
 * PP_PICK_RANDOM changes `*seed`; begin with 0.
 */
struct pp_rgb pp_lasting_color(const struct pp_svg_options *look, pp_id frame,
                               const struct pp_named_frame *n, uint64_t *seed);

#endif
