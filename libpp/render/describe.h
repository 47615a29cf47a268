/* describe.h - the name and the kind of a frame, for drawing it. */
#ifndef PP_RENDER_DESCRIBE_H
#define PP_RENDER_DESCRIBE_H

#include "model/profile.h"
#include "render/palette.h"

/*
 * The name of `frame` and its mark, which may be at the end of the name, as in "vfs_read_[k]", or
 * follow from the frame's kind. The name belongs to the profile.
 */
struct pp_named_frame pp_describe_frame(const struct pp_profile *p, pp_id frame);

/*
 * What `column` counts: `given`, or if that is NULL, its unit, such as "bytes"; or for plain counts
 * its type, such as "samples".
 */
struct pp_span pp_count_name(const struct pp_profile *p, unsigned column, const char *given);

#endif
