/* describe.h - a frame as it is drawn: its name, and what kind of code it is. */
#ifndef PP_RENDER_DESCRIBE_H
#define PP_RENDER_DESCRIBE_H

#include "model/profile.h"
#include "render/palette.h"

/*
 * The name of `frame` and its mark, which may stand behind the name, as in "vfs_read_[k]", or be
 * known from the frame's kind. The name is borrowed from the profile.
 */
struct pp_named_frame pp_describe_frame(const struct pp_profile *p, pp_id frame);

/*
 * What to call what `column` counts: `given`, or if that is NULL, its unit, such as "bytes"; of
 * mere counts their type, such as "samples".
 */
struct pp_span pp_count_name(const struct pp_profile *p, unsigned column, const char *given);

#endif
