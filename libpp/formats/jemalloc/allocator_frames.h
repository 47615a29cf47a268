/* allocator_frames.h - which frames are jemalloc's own: what called them has asked for memory. */
#ifndef PP_FORMATS_ALLOCATOR_FRAMES_H
#define PP_FORMATS_ALLOCATOR_FRAMES_H

/* For about.drop_frames. */
extern const char pp_allocator_frames[];

#endif
