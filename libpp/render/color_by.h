/* color_by.h - colours for groups of functions: those of one module, file or package are alike. */
#ifndef PP_RENDER_COLOR_BY_H
#define PP_RENDER_COLOR_BY_H

#include "render/palette.h"

/*
 * The colour of the function `name` in its group: the hue depends only on the text of the group,
 * and the lightness on the name. Grey if the group is unknown.
 */
struct pp_rgb pp_group_color(struct pp_span group, struct pp_span name);

/*
 * The package in the name of a function: "std" of "std::vec::push", "net/http" of
 * "net/http.(*Server).Serve", "java/util" of "java/util/HashMap.get", "java.util" of
 * "java.util.HashMap.get"; empty if there is none.
 */
struct pp_span pp_package_of(struct pp_span name);

/* The module in the name of a function: "libc.so.6" of "libc.so.6`read" and "[libc.so.6]". */
struct pp_span pp_module_of(struct pp_span name);

#endif
