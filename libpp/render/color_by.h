/* color_by.h - colours for groups of functions: of one module, file or package, alike. */
#ifndef PP_RENDER_COLOR_BY_H
#define PP_RENDER_COLOR_BY_H

#include "render/palette.h"

/*
 * The colour of the function `name` in its group: the hue is that of the group, always the same
 * for the same text, and the lightness by the name. Grey where the group is not known.
 */
struct pp_rgb pp_group_color(struct pp_span group, struct pp_span name);

/*
 * The package of a function, as its name says it: "std" of "std::vec::push", "net/http" of
 * "net/http.(*Server).Serve", "java/util" of "java/util/HashMap.get", "java.util" of
 * "java.util.HashMap.get"; empty if it says none.
 */
struct pp_span pp_package_of(struct pp_span name);

/* The module of a function whose name says it: "libc.so.6" of "libc.so.6`read" and "[libc.so.6]".
 */
struct pp_span pp_module_of(struct pp_span name);

#endif
