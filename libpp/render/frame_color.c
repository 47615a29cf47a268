#include "render/frame_color.h"

struct pp_rgb pp_lasting_color(const struct pp_svg_options *look, pp_id frame,
                               const struct pp_named_frame *n, uint64_t *seed)
{
    const struct pp_rgb *known = look->map ? pp_color_map_find(look->map, n) : NULL;
    if (known)
        return *known;
    bool separates = pp_is(n->name, "-") || pp_is(n->name, "--");
    struct pp_rgb color = look->colors && !separates
                              ? look->colors[frame]
                              : pp_frame_color(look->palette, look->pick, n, seed);
    if (look->map)
        pp_color_map_set(look->map, n, color);
    return color;
}
