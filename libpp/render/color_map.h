/*
 * color_map.h - colours that frames had in an earlier graph: flamegraph.pl's palette.map. One line
 * for each, "NAME->rgb(205,12,3)", where the name may contain an arrow, as C++'s "operator->" does.
 */
#ifndef PP_RENDER_COLOR_MAP_H
#define PP_RENDER_COLOR_MAP_H

#include "base/out.h"
#include "base/table.h"
#include "render/palette.h"

struct pp_color_map {
    struct pp_strings names;
    struct pp_color {
        struct pp_rgb rgb;
        bool given;
    } * colors; /* by the id of the name */
    size_t cap;
};

void pp_color_map_init(struct pp_color_map *m);
void pp_color_map_release(struct pp_color_map *m);

/* Adds the colours in `text`; warns about other lines, with `file` as their place. */
void pp_color_map_read(struct pp_color_map *m, struct pp_span text, const char *file,
                       struct pp_diag *diag);

/* The colour of `name`, which includes its mark; NULL if it has none yet. */
const struct pp_rgb *pp_color_map_find(struct pp_color_map *m, const struct pp_named_frame *name);
void pp_color_map_set(struct pp_color_map *m, const struct pp_named_frame *name,
                      struct pp_rgb color);

/* Writes the map, sorted by name. */
void pp_color_map_write(const struct pp_color_map *m, struct pp_out *out);

#endif
