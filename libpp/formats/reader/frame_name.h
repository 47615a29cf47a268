/* frame_name.h - names of frames for writers of formats in which every frame has a name. */
#ifndef PP_READER_FRAME_NAME_H
#define PP_READER_FRAME_NAME_H

#include "base/out.h"
#include "model/profile.h"

/*
 * The name of the frame's function, with a mark such as "_[k]" if it has one; otherwise "[app]" for
 * a frame in the file /usr/bin/app, or "[unknown]". It may lie in `room`, where it is valid until
 * the next call.
 */
struct pp_span pp_name_of_frame(const struct pp_profile *p, pp_id frame, struct pp_out *room);

/*
 * The text of the first label with this key, or its number as digits; empty if there is none. It
 * may lie in `room`, as above.
 */
struct pp_span pp_text_of_label(const struct pp_profile *p, pp_id labels, const char *key,
                                struct pp_out *room);

#endif
