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

#endif
