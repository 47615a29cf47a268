/* frame_name.h - what a writer calls a frame, in a format whose frames must have names. */
#ifndef PP_READER_FRAME_NAME_H
#define PP_READER_FRAME_NAME_H

#include "base/out.h"
#include "model/profile.h"

/*
 * The name of its function, with a mark such as "_[k]" if that is part of it; else "[app]" for one in
 * the file /usr/bin/app, or "[unknown]". `room` holds what is made for that, until the next call.
 */
struct pp_span pp_name_of_frame(const struct pp_profile *p, pp_id frame, struct pp_out *room);

/*
 * The text of the first label with this key, a number as digits; empty if there is none. `room` as
 * above.
 */
struct pp_span pp_text_of_label(const struct pp_profile *p, pp_id labels, const char *key,
                                struct pp_out *room);

#endif
